//! What the browser is sent.

use crate::workspace::tree;

const BROWSER: &[&str] = &["-p", "frontend", "--target", "wasm32-unknown-unknown"];

/// What never reaches the browser: the beginning of a crate's name, and why.
const NEVER: &[(&str, &str)] = &[
    ("sea-orm", "the database is the server's"),
    ("sea-query", "the database is the server's"),
    ("sqlx", "the database is the server's"),
    ("libsqlite3-sys", "the database is the server's"),
    ("axum", "HTTP is served by the server"),
    ("hyper", "HTTP is served by the server"),
    ("tower", "HTTP is served by the server"),
    ("leptos_axum", "HTTP is served by the server"),
    ("tokio", "the browser has its own loop"),
    ("mio", "the browser has its own loop"),
    ("rustls", "the browser has its own TLS"),
    ("tracing-subscriber", "the browser has its own console"),
    ("hmac", "secrets are the server's"),
    ("md-5", "comes with the engine's feature `eval`: the browser does not evaluate"),
    ("utoipa", "the API is described by the server"),
    ("service", "the application is the server's"),
    ("entity", "the tables are the server's"),
    ("migration", "the tables are the server's"),
];

/// The browser is sent nothing that belongs to the server.
#[test]
fn the_browser_is_sent_nothing_of_the_server() {
    let tree = tree(BROWSER);
    for needed in ["frontend", "app", "domain", "engine", "leptos"] {
        assert!(
            tree.iter().any(|name| name == needed),
            "{needed} is missing: is this the browser's tree? {tree:?}"
        );
    }
    for (start, why) in NEVER {
        let found: Vec<_> = tree.iter().filter(|name| name.starts_with(start)).collect();
        assert!(found.is_empty(), "{found:?}: {why}");
    }
    // And the list is not made of names that no crate has.
    let server = crate::workspace::tree(&["-p", "server"]);
    for (start, _) in NEVER {
        assert!(server.iter().any(|name| name.starts_with(start)), "nothing is called {start}");
    }
}

/// The wire types alone bring nothing that evaluation needs: regular expressions and tables of time are large. (leptos
/// and validator have regexes in the browser's tree, and the linker throws them away.)
#[test]
fn the_wire_types_bring_nothing_of_evaluation() {
    for features in [&[][..], &["--features", "eval"]] {
        let tree = tree(&[&["-p", "engine"], features].concat());
        assert!(tree.iter().any(|name| name == "serde_json"), "{tree:?}");
        for name in ["regex-automata", "md-5", "time"] {
            assert_eq!(tree.iter().any(|other| other == name), !features.is_empty(), "{name} in {tree:?}");
        }
    }
}
