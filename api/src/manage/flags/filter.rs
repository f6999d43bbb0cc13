//! What the query of a list of flags may say.

use domain::flags::FlagFilter;
use domain::ruleset::Kind;
use domain::{EnvironmentKey, Sort};
use utoipa::openapi::path::Parameter;

use super::super::query::{Described, field, parameter_of, text, truth, word};

impl Described for FlagFilter {
    fn fields() -> Vec<Parameter> {
        let owner = text("me").examples(["me", "0199fb2e-7c41-7d3a-9a55-3f0c2b9e1d84"]);
        let kinds: Vec<_> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
        vec![
            field(
                "q",
                "What the key, the name, the description or a tag contains, in whatever case.",
                text("checkout").max_length(Some(200)),
            ),
            field("kind", "The type: the preset that its shape follows.", word(&kinds)),
            parameter_of::<EnvironmentKey>(
                "environment",
                "The environment that `state` is about. What flags do is told of it alone.",
            ),
            field("state", "Whether it is on in that environment.", word(&["on", "off"])),
            field(
                "tag",
                "A tag that it has. For several, all of which it has: with commas between them, or the field more than once.",
                text("checkout"),
            ),
            field("owner", "Who looks after it: a person's id, or `me`.", owner),
            field("stale", "Whether it is temporary and should be gone by now.", truth(true)),
            field(
                "archived",
                "Whether archived flags are listed instead of those that are served.",
                truth(false),
            ),
            field(
                "sort",
                "The order: `key` unless said; with a `-` from the end.",
                word(&Sort::ALL.map(Sort::as_str)),
            ),
        ]
    }
}
