//! What was not tested, for whoever runs the tests.

use std::io::Write;

/// Tells whoever runs the tests what was not tested: in the summary of `make test`, and on standard error.
#[expect(clippy::print_stderr, reason = "cargo shows it with --nocapture")]
pub(crate) fn note(text: &str) {
    eprintln!("{text}");
    if let Some(path) = std::env::var_os("TOGGLEBIT_TEST_NOTES") {
        let file = std::fs::OpenOptions::new().append(true).create(true).open(path);
        writeln!(file.unwrap(), "{text}").unwrap();
    }
}
