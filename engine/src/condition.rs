//! Conditions, compiled: everything that depends on the rule alone is done once.

use std::collections::HashSet;

use crate::context::{Context, Number, Value};
use crate::ruleset::{self, Operator, Test};

/// A condition tree, ready to be asked.
#[derive(Debug)]
pub(crate) enum Condition {
    All(Box<[Condition]>),
    Any(Box<[Condition]>),
    Not(Box<Condition>),
    Test { path: Box<str>, negate: bool, matcher: Matcher },
}

/// What one value must be like.
#[derive(Debug)]
pub(crate) enum Matcher {
    Exists,
    OneOf(OneOf),
    Text { part: Part, needles: Box<[Box<str>]> },
    Order { order: Order, bounds: Box<[Number]> },
}

/// Equal to any of a set. Texts, whole numbers and booleans cost one look-up each, however long the list is.
#[derive(Debug, Default)]
pub(crate) struct OneOf {
    texts: HashSet<Box<str>>,
    ints: HashSet<i128>,
    floats: Vec<f64>,
    yes: bool,
    no: bool,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Part {
    Contains,
    Start,
    End,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Order {
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

impl Condition {
    /// Compiles a condition tree.
    ///
    /// # Errors
    /// A sentence that says what cannot be compiled.
    pub(crate) fn compile(condition: &ruleset::Condition) -> Result<Self, String> {
        let list =
            |parts: &[ruleset::Condition]| parts.iter().map(Self::compile).collect::<Result<Box<[_]>, _>>();
        match condition {
            ruleset::Condition::All { all } => Ok(Self::All(list(all)?)),
            ruleset::Condition::Any { any } => Ok(Self::Any(list(any)?)),
            ruleset::Condition::Not { not } => Ok(Self::Not(Box::new(Self::compile(not)?))),
            ruleset::Condition::Test(test) => Self::compile_test(test),
        }
    }

    fn compile_test(test: &Test) -> Result<Self, String> {
        let Some(path) = test.attribute.as_deref().filter(|_| !test.op.is_segment()) else {
            return Err(format!("`{}` is not supported here", name(test.op)));
        };
        if test.op.takes_values() && test.values.is_empty() {
            return Err(format!("`{}` needs values", name(test.op)));
        }
        let text = |part| Ok(Matcher::Text { part, needles: texts(test)? });
        let order = |order| Ok(Matcher::Order { order, bounds: numbers(test)? });
        let matcher = match test.op {
            Operator::Exists | Operator::NotExists => Ok(Matcher::Exists),
            Operator::Eq | Operator::Neq | Operator::In | Operator::NotIn => {
                OneOf::compile(test).map(Matcher::OneOf)
            }
            Operator::Contains | Operator::NotContains => text(Part::Contains),
            Operator::StartsWith => text(Part::Start),
            Operator::EndsWith => text(Part::End),
            Operator::Gt => order(Order::Greater),
            Operator::Gte => order(Order::GreaterOrEqual),
            Operator::Lt => order(Order::Less),
            Operator::Lte => order(Order::LessOrEqual),
            other => Err(format!("`{}` is not supported by this version", name(other))),
        }?;
        Ok(Self::Test { path: path.into(), negate: test.op.is_negative(), matcher })
    }

    /// Whether the condition holds.
    pub(crate) fn holds(&self, context: &Context<'_>) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(context)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(context)),
            Self::Not(part) => !part.holds(context),
            Self::Test { path, negate, matcher } => {
                let held = context.get(path).is_some_and(|value| matcher.holds_for_any(&value));
                held != *negate
            }
        }
    }
}

impl Matcher {
    /// An array holds where any of its elements does.
    fn holds_for_any(&self, value: &Value<'_>) -> bool {
        if let (Some(tree), false) = (value.tree(), matches!(self, Self::Exists)) {
            return tree.as_array().is_some_and(|elements| {
                elements
                    .iter()
                    .any(|element| self.holds(&Value::from_tree(std::borrow::Cow::Borrowed(element))))
            });
        }
        self.holds(value)
    }

    fn holds(&self, value: &Value<'_>) -> bool {
        match self {
            Self::Exists => !matches!(value, Value::Null),
            Self::OneOf(set) => set.holds(value),
            Self::Text { part, needles } => value.text().is_some_and(|text| {
                needles.iter().any(|needle| match part {
                    Part::Contains => text.contains(&**needle),
                    Part::Start => text.starts_with(&**needle),
                    Part::End => text.ends_with(&**needle),
                })
            }),
            Self::Order { order, bounds } => value.number().is_some_and(|number| {
                bounds.iter().any(|bound| match order {
                    Order::Greater => number > *bound,
                    Order::GreaterOrEqual => number >= *bound,
                    Order::Less => number < *bound,
                    Order::LessOrEqual => number <= *bound,
                })
            }),
        }
    }
}

impl OneOf {
    fn compile(test: &Test) -> Result<Self, String> {
        let mut set = Self::default();
        for value in &test.values {
            match value {
                serde_json::Value::String(text) => {
                    set.texts.insert(text.as_str().into());
                }
                serde_json::Value::Bool(true) => set.yes = true,
                serde_json::Value::Bool(false) => set.no = true,
                serde_json::Value::Number(number) => match Number::parse(&number.to_string()) {
                    Some(Number::Int(int)) => {
                        set.ints.insert(int);
                    }
                    Some(Number::Float(float)) => set.floats.push(float),
                    None => return Err(format!("{number} is no number that can be compared")),
                },
                other => return Err(format!("`{}` cannot compare with {other}", name(test.op))),
            }
        }
        Ok(set)
    }

    /// Texts compare as text. Numbers compare as numbers only where the rule's value is one, so that ids such as
    /// "00042" stay what they are.
    fn holds(&self, value: &Value<'_>) -> bool {
        let as_text = !self.texts.is_empty() && value.text().is_some_and(|text| self.texts.contains(&*text));
        as_text || self.holds_number(value) || self.holds_bool(value)
    }

    fn holds_number(&self, value: &Value<'_>) -> bool {
        if self.ints.is_empty() && self.floats.is_empty() {
            return false;
        }
        match value.number() {
            Some(Number::Int(int)) => self.ints.contains(&int),
            Some(Number::Float(float)) => self.floats.contains(&float),
            None => false,
        }
    }

    fn holds_bool(&self, value: &Value<'_>) -> bool {
        match value {
            Value::Bool(true) => self.yes,
            Value::Bool(false) => self.no,
            Value::Text(text) => (self.yes && text == "true") || (self.no && text == "false"),
            _ => false,
        }
    }
}

fn texts(test: &Test) -> Result<Box<[Box<str>]>, String> {
    let text = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) => Ok(text.as_str().into()),
        serde_json::Value::Number(number) => match Number::parse(&number.to_string()) {
            // As the attribute's own numbers are written: 42.0 is 42.
            Some(number) => Ok(Value::Number(number).text().unwrap_or_default().into()),
            None => Err(format!("{number} is no number that can be compared")),
        },
        other => Err(format!("`{}` cannot compare with {other}", name(test.op))),
    };
    test.values.iter().map(text).collect()
}

fn numbers(test: &Test) -> Result<Box<[Number]>, String> {
    let number = |value: &serde_json::Value| {
        let parsed = match value {
            serde_json::Value::Number(number) => Number::parse(&number.to_string()),
            serde_json::Value::String(text) => Number::parse(text),
            _ => None,
        };
        parsed.ok_or_else(|| format!("`{}` cannot compare with {value}, which is no number", name(test.op)))
    };
    test.values.iter().map(number).collect()
}

fn name(op: Operator) -> String {
    serde_json::to_value(op).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}
