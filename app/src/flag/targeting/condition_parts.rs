//! The parts of a condition, by their paths from the root.

use domain::ruleset::Condition;

/// Where a part is: its place in each group from the root on. What is denied is place 0 of its denial.
pub(super) type Path = Vec<usize>;

/// What a tree looks like, whatever its tests say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    All(Vec<Shape>),
    Any(Vec<Shape>),
    Not(Box<Shape>),
    Test,
}

impl Shape {
    pub(super) fn of(condition: &Condition) -> Self {
        match condition {
            Condition::All { all } => Self::All(all.iter().map(Self::of).collect()),
            Condition::Any { any } => Self::Any(any.iter().map(Self::of).collect()),
            Condition::Not { not } => Self::Not(Box::new(Self::of(not))),
            Condition::Test(_) => Self::Test,
        }
    }
}

pub(super) fn find<'c>(condition: &'c Condition, path: &[usize]) -> Option<&'c Condition> {
    let Some((first, rest)) = path.split_first() else { return Some(condition) };
    match condition {
        Condition::All { all: parts } | Condition::Any { any: parts } => find(parts.get(*first)?, rest),
        Condition::Not { not } => find(not, rest),
        Condition::Test(_) => None,
    }
}

pub(super) fn find_mut<'c>(condition: &'c mut Condition, path: &[usize]) -> Option<&'c mut Condition> {
    let Some((first, rest)) = path.split_first() else { return Some(condition) };
    match condition {
        Condition::All { all: parts } | Condition::Any { any: parts } => {
            find_mut(parts.get_mut(*first)?, rest)
        }
        Condition::Not { not } => find_mut(not, rest),
        Condition::Test(_) => None,
    }
}

pub(super) fn parts_of(condition: &mut Condition) -> Option<&mut Vec<Condition>> {
    match condition {
        Condition::All { all: parts } | Condition::Any { any: parts } => Some(parts),
        _ => None,
    }
}

/// Takes a part out of its group; a denial goes with what it denies.
pub(super) fn remove(root: &mut Condition, path: &[usize]) {
    let Some((place, above)) = path.split_last() else { return };
    match find_mut(root, above) {
        Some(Condition::Not { .. }) => remove(root, above),
        Some(group) => {
            if let Some(parts) = parts_of(group).filter(|parts| *place < parts.len()) {
                parts.remove(*place);
            }
        }
        None => {}
    }
}

pub(super) fn push(part: &mut Condition, new: Condition) {
    if let Some(parts) = parts_of(part) {
        parts.push(new);
    }
}

/// Whether each test says what it is about.
pub(crate) fn is_finished(condition: &Condition) -> bool {
    match condition {
        Condition::All { all: parts } | Condition::Any { any: parts } => parts.iter().all(is_finished),
        Condition::Not { not } => is_finished(not),
        Condition::Test(test) => {
            let has_attribute = test.attribute.as_ref().is_some_and(|name| !name.is_empty());
            (test.op.is_segment() || has_attribute) && (!test.op.takes_values() || !test.values.is_empty())
        }
    }
}

/// The same condition as a group, to which others can be added.
pub(crate) fn grouped(condition: Condition) -> Condition {
    match condition {
        group @ (Condition::All { .. } | Condition::Any { .. }) => group,
        single => Condition::All { all: vec![single] },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn tree() -> Condition {
        serde_json::from_value(json!({"all": [
            {"attribute": "a", "op": "exists"},
            {"any": [{"attribute": "b", "op": "exists"}, {"not": {"attribute": "c", "op": "exists"}}]}
        ]}))
        .unwrap()
    }

    #[test]
    fn parts_are_found_by_their_paths() {
        let attribute = |path: &[usize]| match find(&tree(), path) {
            Some(Condition::Test(test)) => test.attribute.clone(),
            _ => None,
        };
        assert_eq!(attribute(&[0]).as_deref(), Some("a"));
        assert_eq!(attribute(&[1, 0]).as_deref(), Some("b"));
        assert_eq!(attribute(&[1, 1, 0]).as_deref(), Some("c"));
        assert_eq!((attribute(&[2]), attribute(&[0, 0])), (None, None));
    }

    #[test]
    fn a_denial_goes_with_what_it_denies() {
        let mut root = tree();
        remove(&mut root, &[1, 1, 0]);
        assert_eq!(json!(root)["all"][1], json!({"any": [{"attribute": "b", "op": "exists"}]}));
        remove(&mut root, &[7]);
        remove(&mut root, &[]);
        assert_eq!(json!(root)["all"].as_array().unwrap().len(), 2);
    }
}
