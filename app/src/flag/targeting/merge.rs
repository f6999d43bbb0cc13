//! Two changes of one configuration, put together.
//!
//! They are merged as documents, part by part: a part that one of two people changed is as they want it. What both
//! changed, and not to the same, is for somebody to decide.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// What became of two changes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Merged {
    pub(super) document: Value,
    /// What both changed, by its path, with a name for it.
    pub(super) both: Vec<(String, String)>,
}

/// Puts what I changed on top of what they changed. Of what both changed theirs stays, but for the paths in `mine_wins`.
pub(super) fn merge(base: &Value, mine: &Value, theirs: &Value, mine_wins: &BTreeSet<String>) -> Merged {
    let fields = |document: &Value| document.as_object().cloned().unwrap_or_default();
    let (base, mine, theirs) = (fields(base), fields(mine), fields(theirs));
    let mut merge = Merge { mine_wins, both: Vec::new() };
    let names: BTreeSet<_> = base.keys().chain(mine.keys()).chain(theirs.keys()).collect();
    let merged = names.into_iter().filter_map(|name| {
        let three = Three { base: base.get(name), mine: mine.get(name), theirs: theirs.get(name) };
        Some((name.clone(), merge.field(name, three)?))
    });
    let document = Value::Object(merged.collect());
    Merged { document, both: merge.both }
}

/// A part as it was, and as it is now for both.
#[derive(Clone, Copy)]
struct Three<'v> {
    base: Option<&'v Value>,
    mine: Option<&'v Value>,
    theirs: Option<&'v Value>,
}

struct Merge<'m> {
    mine_wins: &'m BTreeSet<String>,
    both: Vec<(String, String)>,
}

/// The items of a list by their names.
type Named<'v> = Vec<(String, &'v Value)>;

impl Merge<'_> {
    fn field(&mut self, name: &str, three: Three<'_>) -> Option<Value> {
        let all = (named(name, three.base), named(name, three.mine), named(name, three.theirs));
        match all {
            (Some(base), Some(mine), Some(theirs)) => Some(self.list(name, &base, &mine, &theirs)),
            _ => self.one(name.to_owned(), three),
        }
    }

    fn one(&mut self, path: String, three: Three<'_>) -> Option<Value> {
        let Three { base, mine, theirs } = three;
        let is_mine = match (mine == base || mine == theirs, theirs == base) {
            (true, _) => false,
            (false, true) => true,
            (false, false) => self.decide(path, mine.or(theirs)),
        };
        if is_mine { mine.cloned() } else { theirs.cloned() }
    }

    /// Whether mine wins where both changed something.
    fn decide(&mut self, path: String, shown: Option<&Value>) -> bool {
        let wins = self.mine_wins.contains(&path);
        let words = words(&path, shown);
        self.both.push((path, words));
        wins
    }

    fn list(&mut self, name: &str, base: &Named<'_>, mine: &Named<'_>, theirs: &Named<'_>) -> Value {
        let (moved_by_me, moved_by_them) = (is_moved(base, mine), is_moved(base, theirs));
        let mine_leads = match (moved_by_me, moved_by_them) {
            (true, true) if is_moved(theirs, mine) => self.decide(name.to_owned(), None),
            (moved, _) => moved,
        };
        let (lead, other) = if mine_leads { (mine, theirs) } else { (theirs, mine) };
        let mut order: Vec<&String> = lead.iter().map(|(name, _)| name).collect();
        let mut before = None;
        for (name, _) in other {
            if !order.contains(&name) {
                let place = before.and_then(|before| order.iter().position(|known| *known == before));
                order.insert(place.map_or(0, |place| place + 1), name);
            }
            before = Some(name);
        }
        let find = |items: &Named<'_>| -> BTreeMap<String, Value> {
            items.iter().map(|(name, item)| (name.clone(), (*item).clone())).collect()
        };
        let (base, mine, theirs) = (find(base), find(mine), find(theirs));
        let items = order.into_iter().filter_map(|item| {
            let three = Three { base: base.get(item), mine: mine.get(item), theirs: theirs.get(item) };
            self.one(format!("{name}[{item}]"), three)
        });
        Value::Array(items.collect())
    }
}

/// The items of a list by what they are known by; none of what is no such list, and where two would be the same.
fn named<'v>(field: &str, list: Option<&'v Value>) -> Option<Named<'v>> {
    let name = |item: &'v Value| match field {
        "rules" => item.get("id")?.as_str().map(str::to_owned),
        "prerequisites" => item.get("flag")?.as_str().map(str::to_owned),
        "overrides" => item.get("match").map(Value::to_string),
        _ => None,
    };
    let items = list?.as_array()?.iter().map(|item| Some((name(item)?, item)));
    let items: Named<'v> = items.collect::<Option<_>>()?;
    let distinct: BTreeSet<_> = items.iter().map(|(name, _)| name).collect();
    let is_known = matches!(field, "rules" | "prerequisites" | "overrides");
    (is_known && distinct.len() == items.len()).then_some(items)
}

/// Whether what is in both lists is in another order.
fn is_moved(before: &Named<'_>, after: &Named<'_>) -> bool {
    let order = |list: &Named<'_>, other: &Named<'_>| -> Vec<String> {
        let is_in_both = |name: &&String| other.iter().any(|(known, _)| known == *name);
        list.iter().map(|(name, _)| name).filter(is_in_both).cloned().collect()
    };
    order(before, after) != order(after, before)
}

/// What a part is called.
fn words(path: &str, shown: Option<&Value>) -> String {
    let text = |field: &str| shown.and_then(|item| item.get(field)).and_then(Value::as_str);
    let item = path.split_once('[').map(|(_, item)| item.trim_end_matches(']'));
    match (path.split('[').next().unwrap_or_default(), item) {
        ("rules", Some(id)) => format!("Rule “{}”", text("name").unwrap_or(id)),
        ("rules", None) => "The order of the rules".to_owned(),
        ("overrides", Some(attributes)) => format!("The override for {attributes}"),
        ("overrides", None) => "The order of the overrides".to_owned(),
        ("prerequisites", Some(flag)) => format!("The prerequisite {flag}"),
        ("prerequisites", None) => "The order of the prerequisites".to_owned(),
        ("fallthrough", _) => "Everyone else".to_owned(),
        ("off_variation", _) => "While off".to_owned(),
        ("window", _) => "Time window".to_owned(),
        (other, _) => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rule(id: &str, variation: &str) -> Value {
        json!({"id": id, "name": null, "when": {"all": []}, "serve": {"variation": variation}})
    }

    fn document(rules: &[Value], fallthrough: &str) -> Value {
        json!({"rules": rules, "fallthrough": {"variation": fallthrough}, "window": null, "overrides": []})
    }

    fn paths(merged: &Merged) -> Vec<&str> {
        merged.both.iter().map(|(path, _)| path.as_str()).collect()
    }

    #[test]
    fn what_does_not_touch_is_kept_of_both() {
        let base = document(&[rule("a", "on"), rule("b", "on")], "off");
        let mine = document(&[rule("a", "off"), rule("b", "on"), rule("new", "on")], "off");
        let theirs = document(&[rule("b", "off")], "on");
        let merged = merge(&base, &mine, &theirs, &BTreeSet::new());
        // They removed what I changed; of the rest nothing touches.
        assert_eq!(paths(&merged), ["rules[a]"]);
        assert_eq!(merged.document, document(&[rule("b", "off"), rule("new", "on")], "on"));
        let mine_wins = BTreeSet::from(["rules[a]".to_owned()]);
        let merged = merge(&base, &mine, &theirs, &mine_wins);
        assert_eq!(merged.document, document(&[rule("a", "off"), rule("b", "off"), rule("new", "on")], "on"));
    }

    #[test]
    fn what_both_changed_to_the_same_is_no_clash() {
        let base = document(&[], "off");
        let same = document(&[rule("a", "on")], "on");
        let merged = merge(&base, &same, &same, &BTreeSet::new());
        assert_eq!(merged, Merged { document: same, both: Vec::new() });
    }

    #[test]
    fn theirs_stays_unless_mine_is_chosen() {
        let three = [document(&[], "off"), document(&[], "on"), document(&[], "beta")];
        let [base, mine, theirs] = &three;
        let merged = merge(base, mine, theirs, &BTreeSet::new());
        assert_eq!(merged.both, [("fallthrough".to_owned(), "Everyone else".to_owned())]);
        assert_eq!(&merged.document, theirs);
        let merged = merge(base, mine, theirs, &BTreeSet::from(["fallthrough".to_owned()]));
        assert_eq!(&merged.document, mine);
    }

    #[test]
    fn an_order_is_one_persons() {
        let of = |ids: &[&str]| document(&ids.iter().map(|id| rule(id, "on")).collect::<Vec<_>>(), "off");
        let merged = |mine: &[&str], theirs: &[&str]| {
            let merged = merge(&of(&["a", "b", "c"]), &of(mine), &of(theirs), &BTreeSet::new());
            let ids = merged.document["rules"].as_array().unwrap().iter();
            (ids.map(|rule| rule["id"].as_str().unwrap()).collect::<String>(), merged.both.len())
        };
        assert_eq!(merged(&["c", "a", "b"], &["a", "b", "d", "c"]), ("cabd".to_owned(), 0));
        assert_eq!(merged(&["a", "x", "b", "c"], &["c", "b", "a"]), ("cbax".to_owned(), 0));
        assert_eq!(merged(&["b", "a", "c"], &["a", "c", "b"]), ("acb".to_owned(), 1));
        assert_eq!(merged(&["a", "c"], &["a", "b", "c"]), ("ac".to_owned(), 0));
    }

    #[test]
    fn lists_with_two_of_a_name_are_one_part() {
        let of = |variation: &str| json!({"rules": [rule("a", variation), rule("a", "on")]});
        let merged = merge(&of("on"), &of("off"), &of("beta"), &BTreeSet::new());
        assert_eq!(paths(&merged), ["rules"]);
        assert_eq!(merged.document, of("beta"));
    }

    #[test]
    fn parts_have_names() {
        let named = json!({"name": "Paying"});
        for (path, shown, name) in [
            ("rules[rule-1]", Some(&named), "Rule “Paying”"),
            ("rules[rule-1]", None, "Rule “rule-1”"),
            ("prerequisites[menu]", None, "The prerequisite menu"),
            ("rules", None, "The order of the rules"),
            ("window", None, "Time window"),
        ] {
            assert_eq!(words(path, shown), name);
        }
    }
}
