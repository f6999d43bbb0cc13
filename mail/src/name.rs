//! Names that people have chosen, as a letter can carry them.
//!
//! Whoever can invite can have a letter sent to anybody. Its words must stay ours: a name may not look like a sentence
//! of the letter, and a mail program may not make a link of it.

/// The most characters that are shown of a name. A heading with more is not read.
const LENGTH: usize = 60;
/// Joins what stands on both sides, and is not seen (U+2060).
const WORD_JOINER: char = '\u{2060}';

/// The name on one line, without characters that are not seen or turn the text around, and not too long.
pub(crate) fn clean(name: &str) -> String {
    let visible: String = name
        .chars()
        // Before the others are taken out: a line's end separates words.
        .map(|letter| if letter.is_whitespace() { ' ' } else { letter })
        .filter(|&letter| !is_hidden(letter))
        .collect();
    let name = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    match name.char_indices().nth(LENGTH) {
        // One less, for the mark.
        Some(_) => {
            let kept: String = name.chars().take(LENGTH - 1).collect();
            format!("{}…", kept.trim_end())
        }
        None => name,
    }
}

/// The name so that mail programs find no address in it.
pub(crate) fn unlinked(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    let mut letters = name.chars().peekable();
    while let Some(letter) = letters.next() {
        text.push(letter);
        if matches!(letter, '.' | ':' | '/' | '@') && letters.peek().is_some_and(|&next| next != ' ') {
            text.push(WORD_JOINER);
        }
    }
    text
}

/// Whether a character is not seen, or changes how its neighbours are. The two joiners (U+200C, U+200D) are not among them:
/// Persian and emoji need them.
fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            // Soft hyphen, and what turns the text around.
            '\u{ad}' | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
            // Without width.
            | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{3164}'
            | '\u{feff}' | '\u{ffa0}'
            // Deprecated controls, annotations, tags.
            | '\u{206a}'..='\u{206f}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_line_of_visible_characters() {
        let cases = [
            ("Ada Lovelace", "Ada Lovelace"),
            ("  Ada\t \n Lovelace ", "Ada Lovelace"),
            ("Ada\r\nBcc: eve@example.com", "Ada Bcc: eve@example.com"),
            ("Ada\u{2028}Bcc\u{85}x", "Ada Bcc x"),
            ("Ada\u{0}\u{1b}[31m\u{7f}", "Ada[31m"),
            ("\u{202e}evoL\u{202c} \u{2067}a\u{2069}\u{200f}", "evoL a"),
            ("A\u{200b}d\u{ad}a\u{feff}\u{e0041}", "Ada"),
            ("می\u{200c}خواهم 👩\u{200d}💻", "می\u{200c}خواهم 👩\u{200d}💻"),
            ("\u{200b}\n", ""),
        ];
        for (name, expected) in cases {
            assert_eq!(clean(name), expected, "{name:?}");
        }
    }

    #[test]
    fn long_names_are_cut() {
        let longest = "é".repeat(LENGTH);
        assert_eq!(clean(&longest), longest);
        assert_eq!(clean(&"é".repeat(LENGTH + 1)), format!("{}…", "é".repeat(LENGTH - 1)));
        assert_eq!(
            clean(&format!("{} {}", "a".repeat(LENGTH - 2), "b c d")),
            format!("{}…", "a".repeat(LENGTH - 2))
        );
    }

    #[test]
    fn nothing_in_a_name_is_a_link() {
        assert_eq!(unlinked("Dr. No & Co."), "Dr. No & Co.");
        let expected = "https:\u{2060}/\u{2060}/\u{2060}evil.\u{2060}example";
        assert_eq!(unlinked("https://evil.example"), expected);
        assert_eq!(unlinked("a@b"), "a@\u{2060}b");
    }
}
