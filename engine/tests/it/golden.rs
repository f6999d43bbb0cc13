//! Runs every case in `spec/cases`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use engine::ruleset::{Flag, Ruleset};
use engine::{Change, Compiled, Context, Detail, Reason};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::NOW;

/// The files that hold documents with faults, which compiling warns of. In the others a warning is a mistake.
const FAULTY: [&str; 13] = [
    "coercion-faults",
    "documents",
    "faults",
    "limits",
    "operators-network",
    "operators-pattern",
    "operators-time",
    "operators-version",
    "overrides",
    "prerequisite-faults",
    "prerequisites",
    "ramp-faults",
    "segment-faults",
];

/// One file of cases: a ruleset, or documents as raw text.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    #[serde(rename = "description")]
    _description: String,
    pub(crate) ruleset: Option<Value>,
    documents: Option<BTreeMap<String, String>>,
    #[serde(default)]
    segments: BTreeMap<String, String>,
    now: Option<i64>,
    pub(crate) cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    name: String,
    pub(crate) flag: String,
    pub(crate) context: Box<RawValue>,
    now: Option<i64>,
    expect: Answer,
}

/// What is compared. An absent field is null.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    #[serde(default)]
    value: Value,
    variation: Option<String>,
    enabled: bool,
    reason: Reason,
    rule: Option<String>,
    bucket: Option<u32>,
    version: Option<u64>,
}

impl From<Detail<'_>> for Answer {
    fn from(detail: Detail<'_>) -> Self {
        Self {
            value: detail.value.map_or(Value::Null, |value| serde_json::from_str(value.get()).unwrap()),
            variation: detail.variation.map(str::to_owned),
            enabled: detail.enabled,
            reason: detail.reason,
            rule: detail.rule.map(str::to_owned),
            bucket: detail.bucket,
            version: detail.version,
        }
    }
}

impl File {
    /// The flag with a key, where its document can be read.
    pub(crate) fn flag(&self, key: &str) -> Option<Flag> {
        match (&self.ruleset, &self.documents) {
            (Some(ruleset), _) => Flag::deserialize(ruleset["flags"].get(key)?).ok(),
            (None, documents) => serde_json::from_str(documents.as_ref()?.get(key)?).ok(),
        }
    }
}

/// Every file in `spec/cases`, by name.
pub(crate) fn files() -> Vec<(String, File)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/cases");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    assert!(paths.len() >= 10, "{} holds {} files only", folder.display(), paths.len());
    paths.iter().map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), read(path))).collect()
}

fn read(path: &Path) -> File {
    let text = std::fs::read_to_string(path).unwrap();
    let file: File =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert_ne!(file.ruleset.is_some(), file.documents.is_some(), "{}: ruleset or documents", path.display());
    file
}

fn typed(name: &str, ruleset: &Value) -> Ruleset {
    Ruleset::deserialize(ruleset).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The ways in which a ruleset reaches the engine; they must not differ.
fn compile(name: &str, file: &File) -> Vec<(&'static str, Compiled)> {
    if let Some(flags) = &file.documents {
        return vec![("documents", from_texts(1, flags, &file.segments))];
    }
    let value = file.ruleset.as_ref().unwrap();
    let ruleset = typed(name, value);
    let written = |part: &str| texts(value[part].as_object().into_iter().flatten());
    vec![
        ("from_ruleset", Compiled::from_ruleset(&ruleset)),
        ("from_documents as written", from_texts(ruleset.revision, &written("flags"), &written("segments"))),
        (
            "from_documents as stored",
            from_texts(ruleset.revision, &texts(&ruleset.flags), &texts(&ruleset.segments)),
        ),
    ]
}

fn texts<'d, T: Serialize + 'd>(
    documents: impl IntoIterator<Item = (&'d String, &'d T)>,
) -> BTreeMap<String, String> {
    let text = |(key, document): (&String, &T)| (key.clone(), serde_json::to_string(document).unwrap());
    documents.into_iter().map(text).collect()
}

fn from_texts(
    revision: u64,
    flags: &BTreeMap<String, String>,
    segments: &BTreeMap<String, String>,
) -> Compiled {
    let flags = flags.iter().map(|(key, text)| Change::Flag(key, Some(text)));
    let segments = segments.iter().map(|(key, text)| Change::Segment(key, Some(text)));
    Compiled::from_documents(revision, flags.chain(segments))
}

#[test]
fn every_case_answers_as_specified() {
    let mut failures = Vec::new();
    let mut count = 0;
    for (name, file) in files() {
        for (way, compiled) in compile(&name, &file) {
            for case in &file.cases {
                count += 1;
                let now = case.now.or(file.now).unwrap_or(NOW);
                let text = case.context.get();
                let tree: Map<String, Value> = serde_json::from_str(text).unwrap();
                let contexts =
                    [("text", Context::from_json(text.as_bytes()).unwrap()), ("tree", Context::from(&tree))];
                for (form, context) in contexts {
                    let detail = compiled.evaluate(&case.flag, &context, now);
                    assert_eq!(detail.revision, compiled.revision(), "{name}: {}", case.name);
                    assert_eq!(
                        detail.variation.is_some(),
                        detail.variation_index.is_some(),
                        "{name}: {}",
                        case.name
                    );
                    let answer = Answer::from(detail);
                    if answer != case.expect {
                        failures.push(format!(
                            "{name}: {} ({way}, context as {form})\n  expected {:?}\n  answered {answer:?}",
                            case.name, case.expect
                        ));
                    }
                }
            }
        }
    }
    assert!(failures.is_empty(), "{} of {count} runs failed:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn names_are_unique_and_cases_can_be_told_apart() {
    for (name, file) in files() {
        assert!(!file.cases.is_empty(), "{name} has no cases");
        let mut seen = BTreeSet::new();
        for case in &file.cases {
            assert!(seen.insert(&case.name), "{name}: two cases are called {:?}", case.name);
        }
    }
}

#[test]
fn every_flag_of_a_file_is_asked_for() {
    for (name, file) in files() {
        let asked: BTreeSet<_> = file.cases.iter().map(|case| case.flag.as_str()).collect();
        let flags: Vec<&String> = match (&file.ruleset, &file.documents) {
            (Some(ruleset), _) => ruleset["flags"].as_object().unwrap().keys().collect(),
            (None, documents) => documents.iter().flat_map(BTreeMap::keys).collect(),
        };
        for flag in flags {
            assert!(asked.contains(flag.as_str()), "{name}: no case asks for `{flag}`");
        }
    }
}

#[test]
fn flags_carry_the_key_that_they_are_filed_under() {
    for (name, file) in files() {
        for (key, flag) in file.ruleset.iter().flat_map(|ruleset| typed(&name, ruleset).flags) {
            assert_eq!(key, flag.key, "{name}");
        }
    }
}

#[test]
fn every_reason_has_a_case() {
    let expected: BTreeSet<_> =
        files().iter().flat_map(|(_, file)| file.cases.iter().map(|case| case.expect.reason)).collect();
    let without: Vec<_> = Reason::ALL.into_iter().filter(|reason| !expected.contains(reason)).collect();
    assert_eq!(without, []);
}

#[test]
fn the_ways_in_warn_of_the_same_things() {
    for (name, file) in files() {
        let all = compile(&name, &file);
        let (_, first) = all.first().unwrap();
        for (way, compiled) in &all {
            assert!(compiled.warnings().eq(first.warnings()), "{name}: {way} warns of other things");
        }
        let faulty = FAULTY.contains(&name.strip_suffix(".json").unwrap_or(&name));
        let warnings: Vec<_> = first.warnings().collect();
        assert_eq!(!warnings.is_empty(), faulty, "{name}: {warnings:?}");
    }
}
