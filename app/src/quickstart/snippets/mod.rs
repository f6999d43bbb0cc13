//! How applications ask, in several languages: with nothing, and with OpenFeature's providers, which know no vendor.

mod compiled;

use domain::EnvironmentKey;
use domain::api_keys::{ApiKeyView, KeyKind};
use domain::flags::FlagView;
use domain::ruleset::ValueType;
use serde_json::Value;

use crate::ui::code::{Language, Sample};
use compiled::{dotnet, go, java};

/// What the snippets are about.
#[derive(Clone, Debug)]
pub(super) struct About {
    url: String,
    flag: String,
    value_type: ValueType,
    /// Whether every value is a whole number.
    is_whole: bool,
    /// Whether browsers may ask for the flag.
    for_browsers: bool,
    server_key: String,
    browser_key: String,
}

impl About {
    pub(super) fn new(
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
        let is_whole = |flag: &FlagView| {
            flag.variations.iter().all(|variation| variation.value.is_i64() || variation.value.is_u64())
        };
        Self {
            url: url.to_owned(),
            flag: flag.map_or_else(|| "my-flag".to_owned(), |flag| flag.key.to_string()),
            value_type: flag.map_or(ValueType::Boolean, |flag| flag.value_type),
            is_whole: flag.is_some_and(is_whole),
            for_browsers: flag.is_none_or(|flag| flag.client_side),
            server_key: key(KeyKind::Server),
            browser_key: key(KeyKind::Browser),
        }
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
    let ask = about.by_type(
        "getBooleanValue(FLAG, false, context)",
        "getStringValue(FLAG, \"\", context)",
        "getNumberValue(FLAG, 0, context)",
        "getObjectValue(FLAG, {}, context)",
    );
    let ask = ask.replace("FLAG", &quoted(flag));
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
    let (hook, call) = about.by_type(
        ("useBooleanFlagValue", "useBooleanFlagValue(FLAG, false)"),
        ("useStringFlagValue", "useStringFlagValue(FLAG, \"\")"),
        ("useNumberFlagValue", "useNumberFlagValue(FLAG, 0)"),
        ("useObjectFlagValue", "useObjectFlagValue(FLAG, {})"),
    );
    let call = call.replace("FLAG", &quoted(flag));
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
    Language { id: "web", name: "Web, React", samples, note: Some(note) }
}

fn python(about: &About) -> Language {
    let About { url, flag, server_key, .. } = about;
    let number = if about.is_whole {
        "get_integer_value(FLAG, 0, context)"
    } else {
        "get_float_value(FLAG, 0.0, context)"
    };
    let ask = about.by_type(
        "get_boolean_value(FLAG, False, context)",
        "get_string_value(FLAG, \"\", context)",
        number,
        "get_object_value(FLAG, {}, context)",
    );
    let ask = ask.replace("FLAG", &quoted(flag));
    let text = format!(
        r#"from openfeature import api
from openfeature.contrib.provider.ofrep import OFREPProvider
from openfeature.evaluation_context import EvaluationContext

KEY = "{server_key}"
api.set_provider(
    OFREPProvider("{url}", headers_factory=lambda: {{"Authorization": f"Bearer {{KEY}}"}})
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
