//! Which crate may know which.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::DependencyKind;

use crate::workspace::{metadata, ours, root, sources};

/// Each crate, and the crates of ours that it may depend on. `docs/ARCHITECTURE.md` shows the same.
const LAYERS: &[(&str, &[&str])] = &[
    ("engine", &[]),
    ("domain", &["engine"]),
    ("entity", &["domain"]),
    ("migration", &[]),
    ("service", &["domain", "engine", "entity", "mail"]),
    ("api", &["domain", "engine", "service"]),
    ("app", &["domain", "service"]),
    ("frontend", &["app"]),
    ("identity", &["outbound"]),
    ("mail", &[]),
    ("outbound", &[]),
    ("server", &["api", "app", "domain", "engine", "identity", "mail", "migration", "outbound", "service"]),
    ("testkit", &["domain", "engine", "mail", "migration", "service"]),
    ("bench", &[]),
];

/// The crate that tests may depend on beside those.
const FOR_TESTS: &str = "testkit";

/// A dependency that must not enable a feature: evaluating needs much that the wire types do not.
const WITHOUT: &[(&str, &str, &str)] =
    &[("domain", "engine", "eval"), ("app", "engine", "eval"), ("frontend", "engine", "eval")];

/// A dependency that is there with one feature alone.
const ONLY_WITH: &[(&str, &str, &str)] = &[("app", "service", "ssr")];

/// The crates that may speak of the tables.
const KNOW_TABLES: &[&str] = &["entity", "service"];

fn layers() -> BTreeMap<String, BTreeSet<String>> {
    let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    LAYERS.iter().map(|(name, may)| ((*name).to_owned(), owned(may))).collect()
}

/// Every crate has its place, and depends on nothing of ours but what is below it.
#[test]
fn crates_know_only_what_is_below_them() {
    let layers = layers();
    let metadata = metadata();
    let names: BTreeSet<_> = metadata.packages.iter().map(|package| package.name.to_string()).collect();
    assert_eq!(
        names,
        layers.keys().cloned().collect(),
        "a crate without a place, or a place without its crate"
    );
    for package in &metadata.packages {
        let may = &layers[package.name.as_str()];
        for kind in [DependencyKind::Normal, DependencyKind::Build] {
            for dependency in ours(package, kind) {
                assert!(may.contains(&dependency.name), "{} depends on {}", package.name, dependency.name);
            }
        }
        for dependency in ours(package, DependencyKind::Development) {
            let fine = dependency.name == FOR_TESTS || may.contains(&dependency.name);
            assert!(fine, "the tests of {} depend on {}", package.name, dependency.name);
        }
    }
}

/// No crate asks for a feature that it must do without, neither itself nor by a feature of its own.
#[test]
fn crates_do_without_what_is_not_for_them() {
    let metadata = metadata();
    for &(name, dependency, feature) in WITHOUT {
        let package = metadata.packages.iter().find(|package| *package.name == name).unwrap();
        let asked = ours(package, DependencyKind::Normal)
            .filter(|found| found.name == dependency)
            .flat_map(|found| found.features.clone());
        let forwarded = package.features.values().flatten().map(|enabled| enabled.replace('?', ""));
        let wanted = [feature.to_owned(), format!("{dependency}/{feature}")];
        let found: Vec<_> = asked.chain(forwarded).filter(|found| wanted.contains(found)).collect();
        assert!(found.is_empty(), "{name} enables {feature} of {dependency}");
    }
}

/// What belongs to the server alone is optional, and one feature brings it.
#[test]
fn what_is_for_the_server_comes_with_its_feature() {
    let metadata = metadata();
    for &(name, dependency, feature) in ONLY_WITH {
        let package = metadata.packages.iter().find(|package| *package.name == name).unwrap();
        let found = ours(package, DependencyKind::Normal).find(|found| found.name == dependency).unwrap();
        assert!(found.optional, "{dependency} is not optional in {name}");
        let brings = |enabled: &[String]| {
            enabled.iter().any(|enabled| {
                let enabled = enabled.strip_prefix("dep:").unwrap_or(enabled);
                enabled.split('/').next() == Some(dependency)
            })
        };
        let features: Vec<_> =
            package.features.iter().filter(|(_, enabled)| brings(enabled)).map(|(name, _)| name).collect();
        assert_eq!(features, [feature], "what brings {dependency} into {name}");
        assert!(
            !package.features.get("default").is_some_and(|default| default.contains(&feature.to_owned()))
        );
    }
}

/// Outside the crates that know the tables no source speaks of them.
#[test]
fn nobody_else_speaks_of_the_tables() {
    let path = concat!("entity", "::");
    let speaks = |text: &str| {
        let is_inside = |before: char| before.is_alphanumeric() || before == '_';
        text.match_indices(path).any(|(place, _)| !text[..place].ends_with(is_inside))
    };
    let mut seen = 0;
    for (name, _) in LAYERS {
        for source in sources(&root().join(name)) {
            let text = std::fs::read_to_string(&source).unwrap();
            seen += 1;
            let may = KNOW_TABLES.contains(name);
            assert!(may || !speaks(&text), "{} speaks of {path}", source.display());
        }
    }
    assert!(seen > 100, "only {seen} sources");
    assert!(speaks(&std::fs::read_to_string(root().join("service/src/change.rs")).unwrap()));
}

/// The map in `docs/ARCHITECTURE.md` shows the layers as they are.
#[test]
fn the_map_shows_the_layers() {
    let text = std::fs::read_to_string(root().join("docs/ARCHITECTURE.md")).unwrap();
    let layers = layers();
    let quoted = |cell: &str| {
        let words = cell.split('`').skip(1).step_by(2);
        words.filter(|word| layers.contains_key(*word)).map(str::to_owned).collect::<BTreeSet<_>>()
    };
    let rows = text.lines().filter_map(|line| {
        let cells: Vec<_> = line.split('|').map(str::trim).collect();
        let ["", name, _, may, ""] = cells.as_slice() else { return None };
        let name = name.strip_prefix('`')?.strip_suffix('`')?;
        layers.contains_key(name).then(|| (name.to_owned(), quoted(may)))
    });
    assert_eq!(rows.collect::<BTreeMap<_, _>>(), layers);
}
