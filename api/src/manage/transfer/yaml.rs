//! YAML: what is written can be read again as it was, and what is read cannot blow up.

use domain::Error;
use domain::transfer::ProjectDocument;
use serde_json::Value;

use crate::envelope::Result;

/// The most values that a document has, with those that its aliases repeat.
const NODES: usize = 4_000_000;

/// The deepest that values lie within each other, as in JSON.
const DEPTH: usize = 127;

/// The document as text.
pub(super) fn write(document: &ProjectDocument) -> Result<String> {
    // Texts in one line each: so a line more or less in the end cannot get lost.
    let options = serde_saphyr::ser_options! { prefer_block_scalars: false };
    let text = serde_saphyr::to_string_with_options(document, options);
    Ok(text.map_err(|_| service::Error::Invariant("a document cannot be written as YAML").expose())?)
}

/// Any value. It is read as JSON would be, so that what is wrong with it is named in the same way.
pub(super) fn read(bytes: &[u8]) -> Result<Value> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_nodes: NODES,
            max_events: 3 * NODES,
            max_depth: DEPTH,
            max_documents: 1,
            max_total_scalar_bytes: crate::body::IMPORT_LIMIT,
        },
        with_snippet: false,
    };
    let read = serde_saphyr::from_slice_with_options(bytes, options);
    Ok(read.map_err(|error| Error::invalid("", error.to_string()))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever a text is, it is still the same text afterwards, as a value and as a key.
    #[test]
    fn texts_survive() {
        for text in [
            "",
            " ",
            "no",
            "true",
            "null",
            "~",
            "1",
            "1e3",
            "0x10",
            "-",
            "- a",
            "a: b",
            "#x",
            "a #b",
            "\n",
            "a\nb\n",
            "a\n\n",
            "\t",
            "\u{85}",
            "\u{2028}",
            "\u{feff}",
            "'",
            "\"",
            "\\",
            "---",
            "*a",
            "&a",
            "!t",
            "|",
            "<<",
            "2024-01-01",
            ".inf",
            "trailing ",
            "\r\n",
            "\u{1}",
            "\u{1F600}",
        ] {
            let value = serde_json::json!({"a": text, text: [text, {"b": text}]});
            let options = serde_saphyr::ser_options! { prefer_block_scalars: false };
            let written = serde_saphyr::to_string_with_options(&value, options).unwrap_or_default();
            assert_eq!(read(written.as_bytes()).ok(), Some(value), "{written}");
        }
    }

    /// A document that is small and repeats itself is refused before it is large; so are others that are none.
    #[test]
    fn what_blows_up_is_refused() {
        let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
        for level in 1..12 {
            let aliases = vec![format!("*a{}", level - 1); 10].join(",");
            bomb.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
        }
        let deep = "[".repeat(100_000);
        for text in
            [&*bomb, &deep, "a: 1\na: 2", "a: .nan", "a: 1\n---\nb: 2", "a: *b", "a: [", "\u{0}", "a: 1e400"]
        {
            assert!(read(text.as_bytes()).is_err(), "{}", &text[..text.len().min(40)]);
        }
        assert!(read(b"\xff\xfe\xfa").is_err());
    }
}
