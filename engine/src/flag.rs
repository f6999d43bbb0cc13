//! Flags, compiled.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::Reason;
use crate::condition::{Compiler, Condition, Named};
use crate::operators::Patterns;
use crate::overrides::Overrides;
use crate::rollout::Rollout;
use crate::ruleset::{self, FORMAT, Flag, Kind, SEMANTICS, Window};
use crate::warning::{Subject, Warning};

/// One flag, ready to be evaluated among the flags and segments that it names.
#[derive(Debug)]
pub struct CompiledFlag {
    key: Box<str>,
    warnings: Vec<Warning>,
    pub(crate) body: Result<Body, Reason>,
}

#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) version: u64,
    pub(crate) flag_version: u64,
    pub(crate) kind: Kind,
    pub(crate) client_side: bool,
    pub(crate) track_events: bool,
    pub(crate) enabled: bool,
    pub(crate) window: Option<Window>,
    pub(crate) variations: Box<[Variation]>,
    pub(crate) off: usize,
    pub(crate) prerequisites: Box<[Prerequisite]>,
    pub(crate) overrides: Overrides,
    pub(crate) rules: Box<[Rule]>,
    pub(crate) fallthrough: Serve,
    /// The segments that the rules name.
    pub(crate) segments: Box<[Box<str>]>,
}

#[derive(Debug)]
pub(crate) struct Variation {
    pub(crate) key: Box<str>,
    pub(crate) value: Box<RawValue>,
}

#[derive(Debug)]
pub(crate) struct Prerequisite {
    pub(crate) flag: Box<str>,
    pub(crate) variations: Box<[Box<str>]>,
}

#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) id: Box<str>,
    /// What people call it. Only explanations read it.
    pub(crate) name: Option<Box<str>>,
    /// Its place among the document's rules, those that are out of service included.
    pub(crate) place: usize,
    pub(crate) when: Condition,
    pub(crate) serve: Serve,
}

#[derive(Debug)]
pub(crate) enum Serve {
    Fixed(usize),
    Rollout(Box<Rollout>),
}

impl CompiledFlag {
    /// Compiles a document. Never fails: what cannot be read answers with its reason.
    pub(crate) fn from_document(key: &str, document: &str, patterns: &mut Patterns) -> Self {
        match serde_json::from_str::<Flag>(document) {
            Ok(flag) => Self::with_patterns(key, &flag, patterns),
            Err(error) if is_newer(document) => {
                Self::unusable(key, Reason::UnknownType, format!("written by a later version: {error}"))
            }
            Err(error) => Self::unusable(key, Reason::MalformedFlag, format!("cannot be read: {error}")),
        }
    }

    /// Compiles a flag by itself, to see its warnings.
    pub fn new(key: &str, flag: &Flag) -> Self {
        Self::with_patterns(key, flag, &mut Patterns::default())
    }

    pub(crate) fn with_patterns(key: &str, flag: &Flag, patterns: &mut Patterns) -> Self {
        if flag.format > FORMAT || flag.semantics > SEMANTICS {
            return Self::unusable(key, Reason::UnknownType, "written by a later version".to_owned());
        }
        let mut warnings = Vec::new();
        let warn = |message| warnings.push(Warning::new(Subject::Flag, key, message));
        match Body::compile(flag, patterns, warn) {
            Ok(body) => Self { key: key.into(), warnings, body: Ok(body) },
            Err(message) => Self::unusable(key, Reason::MalformedFlag, message),
        }
    }

    fn unusable(key: &str, reason: Reason, message: String) -> Self {
        Self { key: key.into(), warnings: vec![Warning::new(Subject::Flag, key, message)], body: Err(reason) }
    }

    /// The flag's key.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Whether browser keys may see the flag.
    pub fn client_side(&self) -> bool {
        self.body.as_ref().is_ok_and(|body| body.client_side)
    }

    /// The version that the flag itself has in all environments; none for a flag that cannot be read.
    pub fn version(&self) -> Option<u64> {
        self.body.as_ref().ok().map(|body| body.flag_version)
    }

    /// The version that the flag has in the environment, which evaluation answers; none for a flag that cannot be read.
    pub fn configured_version(&self) -> Option<u64> {
        self.body.as_ref().ok().map(|body| body.version)
    }

    /// Whether clients that speak LaunchDarkly's format are to report each evaluation.
    pub fn tracks_events(&self) -> bool {
        self.body.as_ref().is_ok_and(|body| body.track_events)
    }

    /// The keys of the variations in their order; none for a flag that cannot be read.
    pub fn variations(&self) -> impl Iterator<Item = &str> {
        self.body.iter().flat_map(|body| body.variations.iter().map(|variation| &*variation.key))
    }

    /// Whether the flag names other flags or segments.
    pub fn names_others(&self) -> bool {
        self.body.as_ref().is_ok_and(|body| !body.prerequisites.is_empty() || !body.segments.is_empty())
    }

    /// What cannot do what its document says, whatever the other flags and the segments are.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }
}

/// Whether a document that could not be read says that a later version wrote it.
fn is_newer(document: &str) -> bool {
    // As floats: any number is one, however a later version writes it.
    #[derive(Deserialize)]
    struct Stamp {
        #[serde(default)]
        format: f64,
        #[serde(default)]
        semantics: f64,
    }
    serde_json::from_str::<Stamp>(document)
        .is_ok_and(|stamp| stamp.format > f64::from(FORMAT) || stamp.semantics > f64::from(SEMANTICS))
}

impl Body {
    fn compile(flag: &Flag, patterns: &mut Patterns, mut warn: impl FnMut(String)) -> Result<Self, String> {
        let find = |key: &str| flag.variations.iter().position(|variation| variation.key == key);
        let off = find(&flag.off_variation)
            .ok_or_else(|| format!("off_variation: no variation `{}`", flag.off_variation))?;
        let serve = |serve: &ruleset::Serve| Serve::compile(serve, &flag.key, find);
        let fallthrough = serve(&flag.fallthrough).map_err(|message| format!("fallthrough: {message}"))?;
        let variations = flag.variations.iter().map(Variation::compile).collect::<Result<_, _>>();
        let mut compiler = Compiler { patterns, segments: Named::default() };
        let mut rules = Vec::with_capacity(flag.rules.len());
        for (place, rule) in flag.rules.iter().enumerate() {
            let named = compiler.segments.len();
            let compiled = compiler
                .condition(&rule.when)
                .map_err(|message| format!("rules[{place}].when: {message}"))
                .and_then(|when| {
                    let serve =
                        serve(&rule.serve).map_err(|message| format!("rules[{place}].serve: {message}"))?;
                    let name = rule.name.as_deref().map(Into::into);
                    Ok(Rule { id: rule.id.as_str().into(), name, place, when, serve })
                });
            match compiled {
                Ok(rule) => rules.push(rule),
                Err(message) => {
                    compiler.segments.truncate(named);
                    warn(message);
                }
            }
        }
        Ok(Self {
            version: flag.version,
            flag_version: flag.flag_version,
            kind: flag.kind,
            client_side: flag.client_side,
            track_events: flag.track_events,
            enabled: flag.enabled,
            window: flag.window,
            variations: variations.map_err(|error| format!("variations: {error}"))?,
            off,
            prerequisites: flag.prerequisites.iter().map(Prerequisite::compile).collect(),
            overrides: Overrides::compile(&flag.overrides, find, &mut warn),
            rules: rules.into(),
            fallthrough,
            segments: compiler.segments.into_keys(),
        })
    }
}

impl Variation {
    fn compile(variation: &ruleset::Variation) -> serde_json::Result<Self> {
        let value = serde_json::value::to_raw_value(&variation.value)?;
        Ok(Self { key: variation.key.as_str().into(), value })
    }
}

impl Prerequisite {
    fn compile(prerequisite: &ruleset::Prerequisite) -> Self {
        let variations = prerequisite.variations.iter().map(|variation| variation.as_str().into()).collect();
        Self { flag: prerequisite.flag.as_str().into(), variations }
    }
}

impl Serve {
    fn compile(
        serve: &ruleset::Serve,
        key: &str,
        find: impl Fn(&str) -> Option<usize>,
    ) -> Result<Self, String> {
        match serve {
            ruleset::Serve::Variation(variation) => {
                find(variation).map(Self::Fixed).ok_or_else(|| format!("no variation `{variation}`"))
            }
            ruleset::Serve::Rollout(rollout) => {
                Rollout::compile(rollout, key, find).map(|rollout| Self::Rollout(Box::new(rollout)))
            }
        }
    }
}
