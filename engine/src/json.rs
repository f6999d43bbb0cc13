//! Looking into JSON text without making a tree of it: nothing is kept but what is asked for, and nothing is allocated.
//!
//! Written by hand, because serde_json allocates where it skips what is nested, and where a visitor stops early. The text
//! was read once before and is well-formed; of any other the answer is arbitrary, but there is one.

/// The member of an object with this name; of several the last. None where the text is no object.
pub(crate) fn member<'a>(object: &'a str, name: &str) -> Option<&'a str> {
    let mut items = Items { rest: object.strip_prefix('{')? };
    let mut found = None;
    while let (Some(key), Some(value)) = (items.next(), items.next()) {
        if is(key, name) {
            found = Some(value);
        }
    }
    found
}

/// Calls `f` with the name, as it is written, and the value of each member of an object until it returns false. Nothing
/// where the text is no object.
pub(crate) fn each_member<'a>(object: &'a str, mut f: impl FnMut(&'a str, &'a str) -> bool) -> bool {
    let Some(rest) = object.strip_prefix('{') else { return true };
    let mut items = Items { rest };
    while let (Some(name), Some(value)) = (items.next(), items.next()) {
        if !f(name, value) {
            return false;
        }
    }
    true
}

/// Calls `f` with each element of an array until it returns false. Nothing where the text is no array.
pub(crate) fn each_element<'a>(array: &'a str, f: impl FnMut(&'a str) -> bool) {
    let items = array.strip_prefix('[').map(|rest| Items { rest });
    let _ = items.into_iter().flatten().all(f);
}

/// Whether a name, as it is written, is this one. Only one with escapes is decoded.
fn is(written: &str, name: &str) -> bool {
    match written.as_bytes() {
        [b'"', inner @ .., b'"'] if !inner.contains(&b'\\') => inner == name.as_bytes(),
        _ => serde_json::from_str::<String>(written).is_ok_and(|written| written == name),
    }
}

/// What is inside an array, or the names and the values of an object by turns.
struct Items<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Items<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let rest = self.rest.trim_start_matches([' ', '\n', '\t', '\r', ',', ':']);
        let (item, rest) = rest.split_at_checked(length(rest.as_bytes()))?;
        self.rest = rest;
        Some(item).filter(|item| !item.is_empty())
    }
}

/// The length of the value that the text begins with; 0 where a bracket closes.
fn length(text: &[u8]) -> usize {
    let (mut depth, mut is_text, mut is_escaped) = (0_usize, false, false);
    for (place, byte) in text.iter().enumerate() {
        let is_end = match byte {
            _ if is_escaped => {
                is_escaped = false;
                false
            }
            b'\\' => {
                is_escaped = true;
                false
            }
            b'"' => {
                is_text = !is_text;
                !is_text
            }
            _ if is_text => false,
            b'{' | b'[' => {
                depth += 1;
                false
            }
            b' ' | b'\n' | b'\t' | b'\r' | b',' | b':' | b'}' | b']' if depth == 0 => return place,
            b'}' | b']' => {
                depth -= 1;
                true
            }
            _ => false,
        };
        if is_end && depth == 0 {
            return place + 1;
        }
    }
    text.len()
}
