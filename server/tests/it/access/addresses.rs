//! The addresses that the program listens to, as its sources have them: a router does not tell.

use std::collections::BTreeSet;
use std::path::Path;

use super::case::Surface;
use crate::workspace::{root, sources};

/// Methods and paths.
pub(super) fn of(surface: Surface) -> BTreeSet<(String, String)> {
    match surface {
        Surface::Form => forms(),
        Surface::Function => functions(),
        Surface::Rest => routes(),
    }
}

/// A source without its spaces, so that it does not matter where its lines end.
fn squeezed(path: impl AsRef<Path>) -> String {
    std::fs::read_to_string(root().join(path)).unwrap().split_whitespace().collect()
}

/// The routes in a squeezed source: method and path.
fn routed(source: &str) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for rest in source.split(".route(\"").skip(1) {
        let (path, rest) = rest.split_once("\",").expect("a path is followed by what answers");
        let handlers = rest.split(';').next().unwrap_or_default();
        let known = ["get", "post", "put", "patch", "delete"];
        for method in known.into_iter().filter(|method| handlers.contains(&format!("{method}("))) {
            found.insert((method.to_uppercase(), path.to_owned()));
        }
    }
    found
}

/// What is sent to a form's address. Pages are looked at, not sent.
fn forms() -> BTreeSet<(String, String)> {
    let mut found = routed(&squeezed("server/src/forms/mod.rs"));
    found.extend(routed(&squeezed("server/src/dashboard.rs")));
    found.retain(|(method, _)| method != "GET");
    found
}

fn functions() -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for path in sources(&root().join("app/src")) {
        // `#[server(default)]` is about an argument.
        let source = squeezed(path).replace("#[server(default)]", "");
        for rest in source.split("#[server").skip(1) {
            let attributes = rest.split(']').next().unwrap_or_default();
            let (_, endpoint) = attributes.split_once("endpoint=\"").expect("a server function has a name");
            let endpoint = endpoint.split('"').next().unwrap_or_default();
            found.insert(("POST".to_owned(), format!("/_fn/{endpoint}")));
        }
    }
    found
}

/// The routes of people and their scripts, which the document of the API has: a route that it lacks cannot be made.
fn routes() -> BTreeSet<(String, String)> {
    let document = std::fs::read_to_string(root().join("docs/openapi.json")).unwrap();
    let document: serde_json::Value = serde_json::from_str(&document).unwrap();
    let mut found = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let is_managed = ["auth", "me", "orgs", "invitations", "manage"]
            .iter()
            .any(|part| path.split('/').nth(3) == Some(part) && path.starts_with("/api/v1/"));
        let methods = item.as_object().unwrap().keys().filter(|_| is_managed);
        found.extend(methods.map(|method| (method.to_uppercase(), path.clone())));
    }
    found
}
