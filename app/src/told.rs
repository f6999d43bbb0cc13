//! How the server's texts are told to people: it speaks to machines, too, in the names of fields and between backticks.

use domain::FieldError;

/// A text without the marks and the terms of a programming language.
pub(crate) fn plain(text: &str) -> String {
    let text = of_serde(text).unwrap_or_else(|| text.to_owned());
    let mut is_inside = false;
    let quoted = |letter: char| match letter {
        '`' => {
            is_inside = !is_inside;
            if is_inside { '“' } else { '”' }
        }
        other => other,
    };
    text.chars().map(quoted).collect()
}

/// What is wrong with a field, and with which one.
pub(crate) fn fault(fault: &FieldError) -> String {
    let (place, message) = (place(&fault.path), plain(&fault.message));
    if place.is_empty() { message } else { format!("{place}: {message}") }
}

/// What is wrong, place by place.
pub(crate) fn faults<'a>(all: impl IntoIterator<Item = &'a FieldError>) -> String {
    all.into_iter().map(fault).collect::<Vec<_>>().join("; ")
}

/// What people call some fields.
const NAMES: [(&str, &str); 11] = [
    ("client_side", "who may see it"),
    ("comment", "why"),
    ("confirm", "what you typed"),
    ("copy_from", "the environment to copy"),
    ("expires_at", "its end"),
    ("fallthrough", "the default"),
    ("from_flag", "flag"),
    ("off_variation", "the value when it is off"),
    ("overlap_s", "how long the old one works on"),
    ("rollout_pct", "share"),
    ("value_type", "type of the values"),
];

/// Where a field is, in words. What a document calls its own parts stays.
pub(crate) fn place(path: &str) -> String {
    if let Some(inside) = path.strip_prefix("document.") {
        return inside.to_owned();
    }
    let words = path.split('.').filter(|part| !part.is_empty()).map(part).collect::<Vec<_>>().join(", ");
    crate::ui::capital(&words)
}

/// A part of a path, such as `rules[0]` or `rate_limit`. Rows of a form have their number behind their name.
fn part(part: &str) -> String {
    if let Some((name, rest)) = part.split_once('[') {
        let numbers = rest.split(['[', ']']).filter_map(|number| number.parse::<usize>().ok());
        let numbers = numbers.map(|number| (number + 1).to_string()).collect::<Vec<_>>().join(".");
        return format!("{} {numbers}", named(name.strip_suffix('s').unwrap_or(name)));
    }
    match part.rsplit_once('_').map(|(name, number)| (name, number.parse::<usize>())) {
        Some((name, Ok(number))) => format!("{} {}", named(name), number + 1),
        _ => named(part),
    }
}

fn named(name: &str) -> String {
    let known = NAMES.iter().find(|(field, _)| *field == name).map(|(_, words)| (*words).to_owned());
    known.unwrap_or_else(|| name.replace('_', " "))
}

/// What the reader of documents says is wrong, in the words of those who write them; none where it is no text of its own.
fn of_serde(text: &str) -> Option<String> {
    if let Some(name) = text.strip_prefix("missing field ") {
        return Some(format!("{name} is missing"));
    }
    if let Some(rest) = text.strip_prefix("unknown field ") {
        return Some(format!("there is no field {}", rest.split(", expected").next()?));
    }
    if let Some(name) = text.strip_prefix("duplicate field ") {
        return Some(format!("{name} is there twice"));
    }
    if let Some(rest) = text.strip_prefix("unknown variant ") {
        let (name, expected) = rest.split_once(", expected ")?;
        return Some(format!("{name} is none of the choices: {expected}"));
    }
    if let Some(rest) = text.strip_prefix("EOF while parsing ") {
        let (what, place) = rest.find(" at line ").map_or((rest, ""), |place| rest.split_at(place));
        return Some(format!("it ends within {what}{place}"));
    }
    let rest = text.strip_prefix("invalid type: ").or_else(|| text.strip_prefix("invalid value: "))?;
    let (found, expected) = rest.rsplit_once(", expected ")?;
    let (expected, place) = match expected.find(" at line ") {
        Some(place) => expected.split_at(place),
        None => (expected, ""),
    };
    Some(format!("must be {}, and is {}{place}", wanted(expected), seen(found)))
}

/// What a document has to have somewhere.
fn wanted(expected: &str) -> &str {
    match expected {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, and not below 0",
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        "a boolean" => "true or false",
        "a string" => "a text",
        "a sequence" => "a list",
        "a map" => "an object",
        other if other.starts_with("struct ") => "an object",
        other => other,
    }
}

/// What it has instead.
fn seen(found: &str) -> String {
    let (kind, value) = found.split_once(' ').unwrap_or((found, ""));
    match kind {
        "string" => format!("the text {value}"),
        "integer" | "float" => format!("the number {value}"),
        "floating" => format!("the number {}", value.strip_prefix("point ").unwrap_or(value)),
        "boolean" => value.to_owned(),
        "unit" => "nothing".to_owned(),
        "sequence" => "a list".to_owned(),
        "map" => "an object".to_owned(),
        _ => found.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_told_without_marks() {
        for (text, told) in [
            ("type `demo`", "type “demo”"),
            ("missing field `format`", "“format” is missing"),
            ("missing field `format` at line 3 column 1", "“format” at line 3 column 1 is missing"),
            ("unknown field `nam`, expected `name` or `key`", "there is no field “nam”"),
            (
                "unknown variant `blue`, expected `red` or `green`",
                "“blue” is none of the choices: “red” or “green”",
            ),
            (
                "invalid type: string \"x\", expected u32",
                "must be a whole number, and not below 0, and is the text \"x\"",
            ),
            (
                "invalid type: integer `7`, expected a string at line 1 column 4",
                "must be a text, and is the number “7” at line 1 column 4",
            ),
            (
                "invalid type: floating point `1.5`, expected i64",
                "must be a whole number, and is the number “1.5”",
            ),
            ("invalid type: null, expected a map", "must be an object, and is null"),
            ("EOF while parsing an object at line 1 column 1", "it ends within an object at line 1 column 1"),
            ("is too long", "is too long"),
        ] {
            assert_eq!(plain(text), told);
        }
    }

    #[test]
    fn places_are_named_in_words() {
        for (path, words) in [
            ("", ""),
            ("name", "Name"),
            ("rate_limit", "Rate limit"),
            ("expires_at", "Its end"),
            ("rules[0].serve", "Rule 1, serve"),
            ("variation_value_3", "Variation value 4"),
            ("prerequisites[1].variations[0]", "Prerequisite 2, variation 1"),
            ("document.flags.my_flag.name", "flags.my_flag.name"),
            ("document", "Document"),
        ] {
            assert_eq!(place(path), words, "{path}");
        }
        let all = [("name", "is needed"), ("", "`x` is not there")];
        let all =
            all.map(|(path, message)| FieldError { path: path.to_owned(), message: message.to_owned() });
        assert_eq!(faults(&all), "Name: is needed; “x” is not there");
    }
}
