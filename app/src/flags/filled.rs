//! What the form of a new flag says. Pages read it while it is filled in, and the server once it is sent, so that both say
//! the same of it.

mod values;

use std::collections::BTreeMap;

use domain::flags::{AnyRule, FirstRollout, NewFlag, Percentage, StartFlag, StartOf};
use domain::ruleset::{Kind, Operator, Test, ValueType};
use domain::templates::FlagFromTemplate;
use domain::{EnvironmentKey, Error, FieldError, FlagKey, Millis, TemplateKey};
use serde_json::Value;

use values::place_of;
pub(crate) use values::{key_of, value_of};

/// The form, as its handler and its page know it.
pub const FORM: &str = "new-flag";

/// Its fields, but for those of variations, of which there may be any number.
pub(crate) const NAMES: [&str; 18] = [
    "name",
    "key",
    "description",
    "template",
    "kind",
    "value_type",
    "attribute",
    "op",
    "values",
    "rollout_pct",
    "start",
    "start_environment",
    "start_share",
    "start_comment",
    "tags",
    "client_side",
    "temporary",
    "expires_at",
];

const KEY: &str =
    "Letters, digits, dots, hyphens, underscores and @, beginning with a letter or a digit; 200 at most.";
const SHARE: &str = "A number from 0 to 100, with three decimals at most.";

/// The fields as they were filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled(BTreeMap<String, String>);

impl Filled {
    /// These fields.
    pub fn of(fields: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(fields.into_iter().collect())
    }

    /// What they are, to be sent.
    pub(crate) fn fields(self) -> BTreeMap<String, String> {
        self.0
    }

    /// The flag that they describe. Only those of its type count: the others are filled in and not seen.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every field that is wrong.
    pub fn read(&self) -> domain::Result<StartFlag> {
        let mut faults = self.unknown();
        if self.text("name").is_none() {
            faults.push(fault("name", "Say what it is called."));
        }
        faults.extend(self.faults(true));
        Error::refuse(faults)?;
        let flag = match self.template()? {
            Some(template) => StartOf::Template(template, Box::new(self.templated()?)),
            None => StartOf::New(Box::new(self.new_flag()?)),
        };
        Ok(StartFlag { flag, first: self.first()? })
    }

    /// What is wrong with what is filled in. Unless all of it has to be whole, what is left empty is no fault yet.
    pub(crate) fn faults(&self, is_whole: bool) -> Vec<FieldError> {
        let mut found = Vec::new();
        note(&mut found, self.key());
        note(&mut found, self.tags());
        note(&mut found, self.expires_at());
        note(&mut found, self.template());
        note(&mut found, self.first());
        if self.text("template").is_none() {
            note(&mut found, self.kind());
            note(&mut found, self.value_type());
            note(&mut found, self.rule());
            if is_whole || self.text("rollout_pct").is_some() {
                note(&mut found, self.share());
            }
            found.extend(self.faults_of_variations(is_whole));
        }
        found
    }

    /// A refusal in the terms of the form.
    pub fn placed(&self, error: Error) -> Error {
        let rows: Vec<u32> = self.rows().iter().map(|row| row.place).collect();
        match error {
            Error::Invalid { details } => {
                let details = details.into_iter().map(|detail| FieldError {
                    path: place(&detail.path, &rows).unwrap_or(detail.path),
                    message: detail.message,
                });
                Error::Invalid { details: details.collect() }
            }
            // Nothing else of a flag that is not there yet clashes with what is.
            Error::Conflict { message, .. } => Error::invalid("key", message),
            Error::NotFound { what } if what.starts_with("template") => {
                Error::invalid("template", format!("There is no {what}."))
            }
            other => other,
        }
    }

    /// What a field says, without the spaces around it; none where that is nothing.
    fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|text| text.trim()).filter(|text| !text.is_empty())
    }

    fn unknown(&self) -> Vec<FieldError> {
        let is_known = |name: &String| NAMES.contains(&name.as_str()) || place_of(name).is_some();
        let unknown = self.0.keys().filter(|name| !is_known(name));
        unknown.map(|name| fault(name, "there is no such field")).collect()
    }

    fn new_flag(&self) -> domain::Result<NewFlag> {
        let (kind, value_type) = (self.kind()?, self.value_type()?);
        let variations = (value_type != ValueType::Boolean).then(|| self.variations(value_type));
        Ok(NewFlag {
            name: self.text("name").unwrap_or_default().to_owned(),
            key: self.key()?,
            description: self.text("description").unwrap_or_default().to_owned(),
            kind: Some(kind),
            value_type: Some(value_type),
            variations,
            client_side: self.text("client_side").is_some(),
            tags: self.tags()?,
            owner: None,
            temporary: self.text("temporary").is_some(),
            expires_at: self.expires_at()?,
            configuration: None,
            rollout_pct: self.share()?,
            rules: self.rule()?,
        })
    }

    fn templated(&self) -> domain::Result<FlagFromTemplate> {
        let tags = self.tags()?;
        Ok(FlagFromTemplate {
            key: self.key()?,
            name: self.text("name").unwrap_or_default().to_owned(),
            description: self.text("description").unwrap_or_default().to_owned(),
            // The template's, unless there are others.
            tags: (!tags.is_empty()).then_some(tags),
            owner: None,
            temporary: self.text("temporary").is_some(),
            expires_at: self.expires_at()?,
        })
    }

    fn key(&self) -> domain::Result<Option<FlagKey>> {
        self.text("key").map(|key| key.parse().map_err(|_| Error::invalid("key", KEY))).transpose()
    }

    fn template(&self) -> domain::Result<Option<TemplateKey>> {
        let wrong = |_| Error::invalid("template", "There is no such template.");
        self.text("template").map(|key| key.parse().map_err(wrong)).transpose()
    }

    fn kind(&self) -> domain::Result<Kind> {
        let Some(name) = self.text("kind") else { return Ok(Kind::Boolean) };
        Kind::from_name(name).ok_or_else(|| Error::invalid("kind", "is no type"))
    }

    fn value_type(&self) -> domain::Result<ValueType> {
        let is_plain = self.kind().is_ok_and(|kind| kind == Kind::Boolean);
        let Some(name) = self.text("value_type").filter(|_| !is_plain) else { return Ok(ValueType::Boolean) };
        ValueType::from_name(name).ok_or_else(|| Error::invalid("value_type", "is no type"))
    }

    fn tags(&self) -> domain::Result<Vec<String>> {
        let tags = self.text("tags").unwrap_or_default().split(',').map(str::trim);
        let tags: Vec<_> = tags.filter(|tag| !tag.is_empty()).map(str::to_owned).collect();
        if tags.len() > 40 {
            return Err(Error::invalid("tags", "40 tags at most."));
        }
        match tags.iter().all(|tag| tag.chars().count() <= 50) {
            true => Ok(tags),
            false => Err(Error::invalid("tags", "A tag has 50 characters at most.")),
        }
    }

    fn expires_at(&self) -> domain::Result<Option<Millis>> {
        let text = self.text("expires_at").filter(|_| self.text("temporary").is_some());
        let wrong = || Error::invalid("expires_at", "A date, such as 2026-01-31.");
        text.map(|text| Millis::of_date(text).ok_or_else(wrong)).transpose()
    }

    /// The share of everybody, or of those whom a rule names.
    fn share(&self) -> domain::Result<Option<Percentage>> {
        match self.kind() {
            Ok(Kind::Percentage | Kind::Combined) => self.percentage("rollout_pct").map(Some),
            _ => Ok(None),
        }
    }

    fn percentage(&self, name: &str) -> domain::Result<Percentage> {
        let text = self.text(name).unwrap_or_default();
        let number = text.parse::<serde_json::Number>().ok().map(Value::Number);
        let share = number.and_then(|number| serde_json::from_value(number).ok());
        share.ok_or_else(|| Error::invalid(name, SHARE))
    }

    /// The test that whoever is served has to pass; none where no attribute is named: it can be said later.
    fn rule(&self) -> domain::Result<Option<Vec<AnyRule>>> {
        let has_rule = self.kind().is_ok_and(|kind| matches!(kind, Kind::Segment | Kind::Combined));
        let Some(attribute) = self.text("attribute").filter(|_| has_rule) else { return Ok(None) };
        let op = self.text("op").and_then(Operator::from_name);
        let op = op.ok_or_else(|| Error::invalid("op", "is no operator"))?;
        let values = self.text("values").unwrap_or_default().split(',').map(str::trim);
        let values = values.filter(|value| !value.is_empty()).map(|value| Value::String(value.to_owned()));
        let test = Test { attribute: Some(attribute.to_owned()), op, values: values.collect() };
        Ok(Some(vec![AnyRule::Test(test)]))
    }

    /// Where it begins to be served.
    fn first(&self) -> domain::Result<Option<FirstRollout>> {
        let has_share = self.text("template").is_none()
            && self.kind().is_ok_and(|kind| matches!(kind, Kind::Boolean | Kind::Percentage));
        let share = match self.text("start") {
            Some("on") => None,
            Some("share") if has_share => Some(self.percentage("start_share")?),
            None | Some("off" | "share") => return Ok(None),
            Some(_) => return Err(Error::invalid("start", "is no way to begin")),
        };
        let environment = self.text("start_environment").and_then(|key| key.parse::<EnvironmentKey>().ok());
        let environment =
            environment.ok_or_else(|| Error::invalid("start_environment", "Choose an environment."))?;
        Ok(Some(FirstRollout { environment, share, comment: self.text("start_comment").map(str::to_owned) }))
    }
}

fn fault(path: impl Into<String>, message: impl Into<String>) -> FieldError {
    FieldError { path: path.into(), message: message.into() }
}

fn note<T>(found: &mut Vec<FieldError>, part: domain::Result<T>) {
    if let Err(Error::Invalid { details }) = part {
        found.extend(details);
    }
}

/// The field that a path of the command is about, where it is another one.
fn place(path: &str, rows: &[u32]) -> Option<String> {
    if let Some((place, field)) = path.strip_prefix("variations[").and_then(|rest| rest.split_once("].")) {
        let row = rows.get(place.parse::<usize>().ok()?)?;
        return Some(if field == "key" { key_of(*row) } else { value_of(*row) });
    }
    if let Some(field) = path.strip_prefix("first.") {
        return Some(format!("start_{field}"));
    }
    let rest = path.strip_prefix("rules")?;
    Some(if rest.ends_with("attribute") { "attribute" } else { "values" }.to_owned())
}

#[cfg(test)]
mod tests;
