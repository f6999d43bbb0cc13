//! A person in a circle: nobody has a picture here, so it is their initials.

use icondata_core::Icon as Drawing;
use leptos::prelude::*;

use super::icon::Icon;

const CIRCLE: &str =
    "inline-flex size-7 shrink-0 items-center justify-center rounded-full text-xs font-semibold";

#[component]
pub(crate) fn Avatar(#[prop(into)] name: String, #[prop(default = false)] is_you: bool) -> impl IntoView {
    let class = match is_you {
        true => "bg-accent text-on-accent",
        false => "border border-line bg-sunken",
    };
    view! {
        <span
            class=format!("{CIRCLE} {class}")
            aria-hidden="true"
        >
            {initials(&name)}
        </span>
    }
}

/// Somebody without a name, in the same circle.
#[component]
pub(crate) fn AvatarIcon(of: Drawing) -> impl IntoView {
    view! {
        <span class=format!("{CIRCLE} border border-line bg-sunken text-muted") aria-hidden="true">
            <Icon of />
        </span>
    }
}

/// The first letters of the first and of the last word.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|it| it.is_alphanumeric()));
    let first = words.next();
    let letters = first.into_iter().chain(words.next_back());
    letters.flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn names_have_initials() {
        for (name, letters) in [
            ("Ada Lovelace", "AL"),
            ("ada", "A"),
            ("Augusta Ada King (Countess)", "AC"),
            ("  ", ""),
            ("élodie", "É"),
            ("李 明", "李明"),
        ] {
            assert_eq!(initials(name), letters, "{name}");
        }
    }
}
