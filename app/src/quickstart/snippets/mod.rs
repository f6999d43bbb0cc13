//! How applications ask, in several languages: with nothing, and with OpenFeature's providers, which know no vendor.

mod compiled;

use domain::EnvironmentKey;
use domain::api_keys::{ApiKeyView, KeyKind};
use domain::flags::FlagView;
use domain::ruleset::ValueType;
use serde_json::Value;

use crate::ui::code::{Language, Sample};
use compiled::{dotnet, go, java};

/// What to know before the code is copied.
pub(crate) const ABOUT: &str = "Plain HTTP, or OpenFeature's own providers: there is no SDK of ours to install. Where a key ends in dots, \
                                put your whole key.";

/// The most letters of a text that code names as its default.
const FALLBACK: usize = 60;

/// What the snippets are about.
#[derive(Clone, Debug)]
pub(crate) struct About {
    url: String,
    flag: String,
    value_type: ValueType,
    /// Whether every value is a whole number.
    is_whole: bool,
    /// Whether browsers may ask for the flag.
    for_browsers: bool,
    server_key: String,
    browser_key: String,
    /// What is answered where nothing can be asked: a text, as all languages write it, and a number.
    text: String,
    number: String,
}

impl About {
    pub(crate) fn new(
        url: &str,
        flag: Option<&FlagView>,
        keys: &[ApiKeyView],
        environment: &EnvironmentKey,
    ) -> Self {
        let key = |kind: KeyKind| {
            let found = keys.iter().find(|key| key.kind == kind).map(|key| key.prefix.clone());
            // The prefix of a real one, so that it can be told which one is meant. The rest was shown once.
            format!("{}...", found.unwrap_or_else(|| format!("{}_{environment}_", kind.prefix())))
        };
        // As large as the smallest whole number among these languages.
        let fits = |value: &Value| value.as_i64().is_some_and(|number| i32::try_from(number).is_ok());
        let is_whole = |flag: &FlagView| flag.variations.iter().all(|variation| fits(&variation.value));
        Self {
            url: url.to_owned(),
            flag: flag.map_or_else(|| "my-flag".to_owned(), |flag| flag.key.to_string()),
            value_type: flag.map_or(ValueType::Boolean, |flag| flag.value_type),
            is_whole: flag.is_some_and(is_whole),
            for_browsers: flag.is_none_or(|flag| flag.client_side),
            server_key: key(KeyKind::Server),
            browser_key: key(KeyKind::Browser),
            text: quoted(""),
            number: "0".to_owned(),
        }
    }

    /// The same, with the value of a variation for where nothing can be asked, unless it is too long to be read.
    #[must_use]
    pub(crate) fn with_fallback(mut self, flag: &FlagView, variation: &str) -> Self {
        let found = flag.variations.iter().find(|known| known.key == variation);
        match found.map(|found| &found.value) {
            Some(Value::String(text)) if text.chars().count() <= FALLBACK => self.text = quoted(text),
            Some(Value::Number(number)) => self.number = number.to_string(),
            _ => {}
        }
        self
    }

    /// The number, in languages that tell whole ones from others.
    fn fraction(&self) -> String {
        let is_one = self.number.contains(['.', 'e', 'E']);
        if is_one { self.number.clone() } else { format!("{}.0", self.number) }
    }

    /// One of four words, by the type of the flag's values.
    fn by_type<T>(&self, boolean: T, string: T, number: T, json: T) -> T {
        match self.value_type {
            ValueType::Boolean => boolean,
            ValueType::String => string,
            ValueType::Number => number,
            ValueType::Json => json,
        }
    }
}

/// Those by which a flag can be asked for: browsers are told of it only where it is marked for them.
pub(crate) fn of_flag(about: &About) -> Vec<Language> {
    let mut found = all(about);
    found.retain(|language| about.for_browsers || language.id != WEB);
    found
}

const WEB: &str = "web";

/// All of them.
pub(super) fn all(about: &About) -> Vec<Language> {
    vec![curl(about), typescript(about), web(about), python(about), go(about), java(about), dotnet(about)]
}

fn sample(title: &'static str, text: String) -> Sample {
    Sample { title, text }
}

fn curl(about: &About) -> Language {
    let About { url, flag, server_key, .. } = about;
    let text = format!(
        r#"KEY="{server_key}"
curl -s "{url}/ofrep/v1/evaluate/flags/{flag}" \
  -H "Authorization: Bearer $KEY" \
  -d '{{"context": {{"targetingKey": "user-1", "plan": "pro"}}}}'"#
    );
    Language { id: "curl", name: "curl", samples: vec![sample("Ask", text)], note: None }
}

fn typescript(about: &About) -> Language {
    let About { url, flag, server_key, .. } = about;
    let install =
        "npm install @openfeature/server-sdk @openfeature/core @openfeature/ofrep-provider".to_owned();
    let (name, text, number) = (quoted(flag), &about.text, &about.number);
    let ask = about.by_type(
        format!("getBooleanValue({name}, false, context)"),
        format!("getStringValue({name}, {text}, context)"),
        format!("getNumberValue({name}, {number}, context)"),
        format!("getObjectValue({name}, {{}}, context)"),
    );
    let text = format!(
        r#"import {{ OpenFeature }} from "@openfeature/server-sdk";
import {{ OFREPProvider }} from "@openfeature/ofrep-provider";

await OpenFeature.setProviderAndWait(
  new OFREPProvider({{
    baseUrl: "{url}",
    headers: [["Authorization", "Bearer {server_key}"]],
  }}),
);

const context = {{ targetingKey: "user-1", plan: "pro" }};
const value = await OpenFeature.getClient().{ask};
console.log(value);"#
    );
    let samples = vec![sample("Install", install), sample("Evaluate", text)];
    Language { id: "typescript", name: "TypeScript", samples, note: None }
}

fn web(about: &About) -> Language {
    let About { url, flag, browser_key, .. } = about;
    let install = "npm install @openfeature/react-sdk @openfeature/web-sdk @openfeature/core \\\n  \
                   @openfeature/ofrep-web-provider";
    let (hook, fallback) = about.by_type(
        ("useBooleanFlagValue", "false"),
        ("useStringFlagValue", about.text.as_str()),
        ("useNumberFlagValue", about.number.as_str()),
        ("useObjectFlagValue", "{}"),
    );
    let call = format!("{hook}({}, {fallback})", quoted(flag));
    let text = format!(
        r#"import {{ OpenFeature, OpenFeatureProvider, {hook} }} from "@openfeature/react-sdk";
import {{ OFREPWebProvider }} from "@openfeature/ofrep-web-provider";

await OpenFeature.setContext({{ targetingKey: "user-1", plan: "pro" }});
OpenFeature.setProvider(
  new OFREPWebProvider({{
    baseUrl: "{url}",
    headers: [["Authorization", "Bearer {browser_key}"]],
  }}),
);

function Page() {{
  const value = {call};
  return <pre>{{JSON.stringify(value)}}</pre>;
}}

export function App() {{
  return (
    <OpenFeatureProvider>
      <Page />
    </OpenFeatureProvider>
  );
}}"#
    );
    let mut note = "It takes a browser key, which whoever opens the page can read. Without React, \
                    OpenFeature.getClient() of @openfeature/web-sdk asks the same."
        .to_owned();
    if !about.for_browsers {
        note.push_str(&format!(
            " {flag} is not marked for browsers: they would be told that there is no such flag."
        ));
    }
    let samples = vec![sample("Install", install.to_owned()), sample("Evaluate", text)];
    Language { id: WEB, name: "Web, React", samples, note: Some(note) }
}

fn python(about: &About) -> Language {
    let About { url, flag, server_key, .. } = about;
    let (name, text) = (quoted(flag), &about.text);
    let number = match about.is_whole {
        true => format!("get_integer_value({name}, {}, context)", about.number),
        false => format!("get_float_value({name}, {}, context)", about.fraction()),
    };
    let ask = about.by_type(
        format!("get_boolean_value({name}, False, context)"),
        format!("get_string_value({name}, {text}, context)"),
        number,
        format!("get_object_value({name}, {{}}, context)"),
    );
    let text = format!(
        r#"from openfeature import api
from openfeature.contrib.provider.ofrep import OFREPProvider
from openfeature.evaluation_context import EvaluationContext

KEY = "{server_key}"
api.set_provider(
    OFREPProvider(
        "{url}",
        headers_factory=lambda: {{"Authorization": f"Bearer {{KEY}}"}},
    )
)

context = EvaluationContext("user-1", {{"plan": "pro"}})
print(api.get_client().{ask})"#
    );
    let install = "pip install openfeature-sdk openfeature-provider-ofrep".to_owned();
    let samples = vec![sample("Install", install), sample("Evaluate", text)];
    Language { id: "python", name: "Python", samples, note: None }
}

/// A text as all of these languages write it. Keys have no letter that any of them reads otherwise.
fn quoted(text: &str) -> String {
    Value::String(text.to_owned()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(value_type: ValueType) -> About {
        let mut about = About::new("https://flags.example.com", None, &[], &"dev".parse().unwrap());
        about.flag = "checkout-v2".to_owned();
        about.value_type = value_type;
        about
    }

    #[test]
    fn every_language_names_the_instance_the_flag_and_a_key() {
        for value_type in [ValueType::Boolean, ValueType::String, ValueType::Number, ValueType::Json] {
            for language in all(&about(value_type)) {
                let all = language.samples.iter().map(|sample| sample.text.as_str()).collect::<String>();
                let key = if language.id == "web" { "tbc_dev_..." } else { "tb_dev_..." };
                for part in ["https://flags.example.com", "checkout-v2", key] {
                    assert!(all.contains(part), "{part} is missing in {}:\n{all}", language.id);
                }
                assert!(!all.contains("FLAG") && !all.contains("{{"), "{}:\n{all}", language.id);
            }
        }
    }

    #[test]
    fn code_names_the_value_of_the_flag_while_it_is_off() {
        let mut about = about(ValueType::String);
        about.text = quoted("plain \"blue\"");
        for language in all(&about).iter().filter(|language| language.id != "curl") {
            assert!(language.samples[1].text.contains(r#""plain \"blue\"""#), "{}", language.id);
        }
        about.value_type = ValueType::Number;
        about.number = "5".to_owned();
        assert!(python(&about).samples[1].text.contains("get_float_value(\"checkout-v2\", 5.0, context)"));
        assert!(typescript(&about).samples[1].text.contains("getNumberValue(\"checkout-v2\", 5, context)"));
    }

    #[test]
    fn browsers_are_told_of_flags_that_are_marked() {
        let mut about = about(ValueType::Boolean);
        assert!(of_flag(&about).iter().any(|language| language.id == WEB));
        about.for_browsers = false;
        assert!(!of_flag(&about).iter().any(|language| language.id == WEB));
    }

    #[test]
    fn numbers_are_asked_for_as_what_they_are() {
        let mut about = about(ValueType::Number);
        assert!(
            all(&about)
                .iter()
                .any(|language| language.samples[1..].iter().any(|it| it.text.contains("get_float_value")))
        );
        about.is_whole = true;
        assert!(python(&about).samples[1].text.contains("get_integer_value"));
    }
}
