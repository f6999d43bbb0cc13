//! From documents to something that answers fast.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::Reason;
use crate::condition::Condition;
use crate::overrides::Overrides;
use crate::ruleset::{
    self, Algorithm, FORMAT, FULL_WEIGHT, Flag, Kind, Rollout, Ruleset, SEMANTICS, Serve, Window,
};

/// The flags of one environment at one revision, ready to be evaluated.
#[derive(Debug, Default)]
pub struct Compiled {
    pub(crate) revision: u64,
    flags: BTreeMap<Box<str>, Arc<CompiledFlag>>,
}

/// Something in a document that cannot do what it says. The rest of the document works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The flag's key.
    pub flag: String,
    /// The place and what is wrong with it.
    pub message: String,
}

/// One flag, ready to be evaluated.
#[derive(Debug)]
pub struct CompiledFlag {
    key: Box<str>,
    warnings: Vec<Warning>,
    pub(crate) body: Result<Body, Reason>,
}

#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) version: u64,
    pub(crate) kind: Kind,
    pub(crate) client_side: bool,
    pub(crate) enabled: bool,
    pub(crate) window: Option<Window>,
    pub(crate) variations: Box<[CompiledVariation]>,
    pub(crate) off: usize,
    pub(crate) overrides: Overrides,
    pub(crate) rules: Box<[CompiledRule]>,
    pub(crate) fallthrough: CompiledServe,
}

#[derive(Debug)]
pub(crate) struct CompiledVariation {
    pub(crate) key: Box<str>,
    pub(crate) value: Box<RawValue>,
}

#[derive(Debug)]
pub(crate) struct CompiledRule {
    pub(crate) id: Box<str>,
    pub(crate) when: Condition,
    pub(crate) serve: CompiledServe,
}

#[derive(Debug)]
pub(crate) enum CompiledServe {
    Fixed(usize),
    Rollout { by: Option<Box<str>>, seed: Box<str>, algorithm: Algorithm, weights: Box<[(usize, u32)]> },
}

impl Compiled {
    /// Compiles documents, one flag each, as they are stored. A document that cannot be used takes only its own flag
    /// out of service.
    pub fn from_documents<'d>(
        revision: u64,
        documents: impl IntoIterator<Item = (&'d str, &'d str)>,
    ) -> Self {
        let compile = |(key, document): (&str, &str)| {
            (key.into(), Arc::new(CompiledFlag::from_document(key, document)))
        };
        Self { revision, flags: documents.into_iter().map(compile).collect() }
    }

    /// Compiles a whole ruleset.
    pub fn from_ruleset(ruleset: &Ruleset) -> Self {
        let compile =
            |(key, flag): (&String, &Flag)| (key.as_str().into(), Arc::new(CompiledFlag::new(key, flag)));
        Self { revision: ruleset.revision, flags: ruleset.flags.iter().map(compile).collect() }
    }

    /// The same with some flags changed, or removed where there is no document. The others are shared, not compiled
    /// again.
    #[must_use]
    pub fn with_changes<'d>(
        &self,
        revision: u64,
        changes: impl IntoIterator<Item = (&'d str, Option<&'d str>)>,
    ) -> Self {
        let mut flags = self.flags.clone();
        for (key, document) in changes {
            match document {
                Some(document) => {
                    flags.insert(key.into(), Arc::new(CompiledFlag::from_document(key, document)))
                }
                None => flags.remove(key),
            };
        }
        Self { revision, flags }
    }

    /// The environment's revision.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The flag with this key.
    pub fn flag(&self, key: &str) -> Option<&CompiledFlag> {
        self.flags.get(key).map(AsRef::as_ref)
    }

    /// All flags in the order of their keys.
    pub fn flags(&self) -> impl Iterator<Item = &CompiledFlag> {
        self.flags.values().map(AsRef::as_ref)
    }

    /// What cannot do what it says.
    pub fn warnings(&self) -> impl Iterator<Item = &Warning> {
        self.flags().flat_map(|flag| &flag.warnings)
    }
}

impl CompiledFlag {
    /// Compiles a document. Never fails: what cannot be read answers with its reason.
    pub fn from_document(key: &str, document: &str) -> Self {
        match serde_json::from_str::<Flag>(document) {
            Ok(flag) => Self::new(key, &flag),
            Err(error) if is_newer(document) => {
                Self::unusable(key, Reason::UnknownType, format!("written by a later version: {error}"))
            }
            Err(error) => Self::unusable(key, Reason::MalformedFlag, format!("cannot be read: {error}")),
        }
    }

    /// Compiles a flag.
    pub fn new(key: &str, flag: &Flag) -> Self {
        if flag.format > FORMAT || flag.semantics > SEMANTICS {
            return Self::unusable(key, Reason::UnknownType, "written by a later version".to_owned());
        }
        let mut warnings = Vec::new();
        let warn = |message| warnings.push(Warning { flag: key.to_owned(), message });
        match Body::compile(flag, warn) {
            Ok(body) => Self { key: key.into(), warnings, body: Ok(body) },
            Err((reason, message)) => Self::unusable(key, reason, message),
        }
    }

    fn unusable(key: &str, reason: Reason, message: String) -> Self {
        let warnings = vec![Warning { flag: key.to_owned(), message }];
        Self { key: key.into(), warnings, body: Err(reason) }
    }

    /// The flag's key.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Whether browser keys may see the flag.
    pub fn client_side(&self) -> bool {
        self.body.as_ref().is_ok_and(|body| body.client_side)
    }

    /// The keys of the variations in their order; none for a flag that cannot be read.
    pub fn variations(&self) -> impl Iterator<Item = &str> {
        self.body.iter().flat_map(|body| body.variations.iter().map(|variation| &*variation.key))
    }

    /// What cannot do what it says.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }
}

/// Whether a document that could not be read says that a later version wrote it.
fn is_newer(document: &str) -> bool {
    #[derive(Deserialize)]
    struct Stamp {
        #[serde(default)]
        format: u32,
        #[serde(default)]
        semantics: u32,
    }
    serde_json::from_str::<Stamp>(document)
        .is_ok_and(|stamp| stamp.format > FORMAT || stamp.semantics > SEMANTICS)
}

impl Body {
    fn compile(flag: &Flag, mut warn: impl FnMut(String)) -> Result<Self, (Reason, String)> {
        if !flag.prerequisites.is_empty() {
            return Err((Reason::UnknownType, "prerequisites are not supported by this version".to_owned()));
        }
        if let Serve::Rollout(Rollout { ramp: Some(_), .. }) = flag.fallthrough {
            return Err((Reason::UnknownType, "ramps are not supported by this version".to_owned()));
        }
        let malformed = |message| (Reason::MalformedFlag, message);
        let find = |key: &str| flag.variations.iter().position(|variation| variation.key == key);
        let off = find(&flag.off_variation)
            .ok_or_else(|| malformed(format!("off_variation: no variation `{}`", flag.off_variation)))?;
        let serve = |serve: &Serve| CompiledServe::compile(serve, &flag.key, find);
        let fallthrough =
            serve(&flag.fallthrough).map_err(|message| malformed(format!("fallthrough: {message}")))?;
        let variations = flag.variations.iter().map(CompiledVariation::compile).collect::<Result<_, _>>();
        let mut rules = Vec::with_capacity(flag.rules.len());
        for (place, rule) in flag.rules.iter().enumerate() {
            let compiled = Condition::compile(&rule.when)
                .map_err(|message| format!("rules[{place}].when: {message}"))
                .and_then(|when| {
                    let serve =
                        serve(&rule.serve).map_err(|message| format!("rules[{place}].serve: {message}"))?;
                    Ok(CompiledRule { id: rule.id.as_str().into(), when, serve })
                });
            match compiled {
                Ok(rule) => rules.push(rule),
                Err(message) => warn(message),
            }
        }
        Ok(Self {
            version: flag.version,
            kind: flag.kind,
            client_side: flag.client_side,
            enabled: flag.enabled,
            window: flag.window,
            variations: variations.map_err(|error| malformed(format!("variations: {error}")))?,
            off,
            overrides: Overrides::compile(&flag.overrides, find, &mut warn),
            rules: rules.into(),
            fallthrough,
        })
    }
}

impl CompiledVariation {
    fn compile(variation: &ruleset::Variation) -> serde_json::Result<Self> {
        let value = serde_json::value::to_raw_value(&variation.value)?;
        Ok(Self { key: variation.key.as_str().into(), value })
    }
}

impl CompiledServe {
    fn compile(serve: &Serve, key: &str, find: impl Fn(&str) -> Option<usize>) -> Result<Self, String> {
        let find = |variation: &str| find(variation).ok_or_else(|| format!("no variation `{variation}`"));
        let rollout = match serve {
            Serve::Variation(variation) => return find(variation).map(Self::Fixed),
            Serve::Rollout(rollout) => rollout,
        };
        if rollout.ramp.is_some() {
            return Err("ramps are not supported by this version".to_owned());
        }
        let weights: Box<[_]> = rollout
            .weights
            .iter()
            .map(|weight| Ok((find(&weight.variation)?, weight.weight)))
            .collect::<Result<_, String>>()?;
        let sum: u64 = weights.iter().map(|(_, weight)| u64::from(*weight)).sum();
        if sum != u64::from(FULL_WEIGHT) {
            return Err(format!("the weights add up to {sum}, not {FULL_WEIGHT}"));
        }
        Ok(Self::Rollout {
            by: rollout.bucket_by.as_deref().map(Into::into),
            seed: rollout.seed.as_deref().unwrap_or(key).into(),
            algorithm: rollout.algorithm,
            weights,
        })
    }
}
