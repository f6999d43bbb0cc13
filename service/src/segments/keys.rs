//! Keys from a text or a table that arrives in pieces. Nothing is kept of it but the keys.

use std::collections::HashMap;

use csv_core::{ReadFieldResult, Reader};
use domain::segments::{KEY_BYTES, LIST_KEYS};
use domain::{Error, Result};

use super::upload::{LIMIT, too_large};

/// How keys are written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyFormat {
    /// A key in each line.
    Text,
    /// Comma-separated values (RFC 4180): a key in each record.
    Csv,
}

/// The bytes of a line, or of a field, that are read at most: spaces around a key do not count.
const LONGEST: usize = 4 * KEY_BYTES;

/// The byte order mark that some editors begin a file with.
const BOM: char = '\u{feff}';

/// Reads keys.
pub(super) struct KeyReader {
    format: Format,
    keys: Keys,
    bytes: usize,
}

enum Format {
    Text(Lines),
    Csv(Box<Records>),
}

impl KeyReader {
    /// Begins to read. A table's column may be named; then the first record has the names.
    pub(super) fn new(format: KeyFormat, column: Option<String>, header: bool) -> Result<Self> {
        let format = match format {
            KeyFormat::Text if column.is_some() => {
                return Err(Error::invalid("column", "is for text/csv"));
            }
            KeyFormat::Text if header => return Err(Error::invalid("header", "is for text/csv")),
            KeyFormat::Text => Format::Text(Lines { rest: Vec::new(), line: 1 }),
            KeyFormat::Csv => Format::Csv(Box::new(Records::new(column, header))),
        };
        Ok(Self { format, keys: Keys::default(), bytes: 0 })
    }

    /// Reads the next bytes, wherever they were cut.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<()> {
        self.bytes = self.bytes.saturating_add(bytes.len());
        if self.bytes > LIMIT {
            return Err(too_large());
        }
        match &mut self.format {
            Format::Text(lines) => lines.push(bytes, &mut self.keys),
            Format::Csv(records) => records.push(bytes, &mut self.keys),
        }
    }

    /// How many keys were read, and each of them once, in the order in which they came.
    pub(super) fn finish(mut self) -> Result<(u64, Vec<String>)> {
        match &mut self.format {
            Format::Text(lines) => lines.end(&mut self.keys)?,
            Format::Csv(records) => records.end(&mut self.keys)?,
        }
        let mut keys: Vec<_> = self.keys.places.into_iter().collect();
        keys.sort_unstable_by_key(|(_, place)| *place);
        Ok((self.keys.read, keys.into_iter().map(|(key, _)| key).collect()))
    }
}

/// The keys by the place where they came first.
#[derive(Default)]
struct Keys {
    places: HashMap<String, usize>,
    read: u64,
}

impl Keys {
    fn take(&mut self, line: u64, bytes: &[u8]) -> Result<()> {
        if bytes.len() > LONGEST {
            return Err(too_long(line));
        }
        let text = text(line, bytes)?;
        match text {
            "" => return Ok(()),
            key if key.len() > KEY_BYTES => return Err(too_long(line)),
            key if key.contains('\0') => return Err(at(line, "contains a NUL character")),
            _ => {}
        }
        self.read += 1;
        if !self.places.contains_key(text) {
            if self.places.len() == LIST_KEYS {
                return Err(at(line, &format!("is one more than {LIST_KEYS} keys")));
            }
            self.places.insert(text.to_owned(), self.places.len());
        }
        Ok(())
    }
}

fn text(line: u64, bytes: &[u8]) -> Result<&str> {
    let text = std::str::from_utf8(bytes).map_err(|_| at(line, "is not UTF-8"))?;
    let text = if line == 1 { text.trim_start_matches(BOM) } else { text };
    Ok(text.trim())
}

fn at(line: u64, message: &str) -> Error {
    Error::invalid(format!("line {line}"), message)
}

fn too_long(line: u64) -> Error {
    at(line, &format!("has more than {KEY_BYTES} bytes"))
}

/// A text with a key in each line.
struct Lines {
    /// The beginning of a line whose end has not arrived.
    rest: Vec<u8>,
    line: u64,
}

impl Lines {
    fn push(&mut self, bytes: &[u8], keys: &mut Keys) -> Result<()> {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            if self.rest.len() + piece.len() > LONGEST + 1 {
                return Err(too_long(self.line));
            }
            self.rest.extend_from_slice(piece);
            if self.rest.pop_if(|last| *last == b'\n').is_some() {
                self.end(keys)?;
                self.line += 1;
            }
        }
        Ok(())
    }

    fn end(&mut self, keys: &mut Keys) -> Result<()> {
        keys.take(self.line, &self.rest)?;
        self.rest.clear();
        Ok(())
    }
}

/// A table with a key in each record.
struct Records {
    reader: Reader,
    /// The column that has the keys by its name, until it is found.
    named: Option<String>,
    /// Whether the record that is read has the columns' names.
    is_header: bool,
    /// The column that has the keys.
    column: usize,
    /// The column that is read.
    at: usize,
    field: Vec<u8>,
    length: usize,
}

impl Records {
    fn new(named: Option<String>, header: bool) -> Self {
        let is_header = header || named.is_some();
        // One more than a field may have, so that one that is as long as can be is not taken for longer.
        let field = vec![0; LONGEST + 1];
        Self { reader: Reader::new(), named, is_header, column: 0, at: 0, field, length: 0 }
    }

    fn push(&mut self, mut bytes: &[u8], keys: &mut Keys) -> Result<()> {
        // Nothing means the end to the reader.
        while !bytes.is_empty() {
            let (result, read) = self.read(bytes);
            let (done, rest) = bytes.split_at(read);
            // The line that ends with the record is the record's.
            let line = self.reader.line() - u64::from(done.last() == Some(&b'\n'));
            bytes = rest;
            self.heed(result, line, keys)?;
        }
        Ok(())
    }

    fn end(&mut self, keys: &mut Keys) -> Result<()> {
        loop {
            let (result, _) = self.read(&[]);
            let is_end = matches!(result, ReadFieldResult::End);
            self.heed(result, self.reader.line(), keys)?;
            if is_end {
                break;
            }
        }
        match &self.named {
            Some(name) => Err(Error::invalid("column", format!("no column `{name}`"))),
            None => Ok(()),
        }
    }

    fn read(&mut self, bytes: &[u8]) -> (ReadFieldResult, usize) {
        let free = self.field.get_mut(self.length..).unwrap_or_default();
        let (result, read, written) = self.reader.read_field(bytes, free);
        self.length += written;
        (result, read)
    }

    fn heed(&mut self, result: ReadFieldResult, line: u64, keys: &mut Keys) -> Result<()> {
        match result {
            ReadFieldResult::InputEmpty | ReadFieldResult::End => Ok(()),
            ReadFieldResult::OutputFull if !self.is_header && self.at == self.column => Err(too_long(line)),
            ReadFieldResult::OutputFull => {
                self.length = 0;
                Ok(())
            }
            ReadFieldResult::Field { record_end } => {
                let field = self.field.get(..self.length).unwrap_or_default();
                if self.is_header {
                    let is_named = |name: &mut String| text(line, field).is_ok_and(|it| it == name.trim());
                    if self.named.take_if(is_named).is_some() {
                        self.column = self.at;
                    }
                } else if self.at == self.column {
                    keys.take(line, field)?;
                }
                self.length = 0;
                self.at += 1;
                if record_end {
                    self.at = 0;
                    self.is_header = false;
                    if let Some(name) = &self.named {
                        return Err(Error::invalid("column", format!("no column `{name}`")));
                    }
                }
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a text in pieces of each of some lengths, which must make no difference.
    fn read(
        format: KeyFormat,
        column: Option<&str>,
        header: bool,
        bytes: &[u8],
    ) -> Result<(u64, Vec<String>)> {
        let results = [1, 2, 3, 7, 4096, usize::MAX].map(|length| {
            let mut reader = KeyReader::new(format, column.map(str::to_owned), header)?;
            for piece in bytes.chunks(length) {
                reader.push(piece)?;
            }
            reader.finish()
        });
        assert!(results.iter().all(|result| *result == results[0]), "{results:?}");
        results.into_iter().next().unwrap()
    }

    fn lines(text: &str) -> Vec<String> {
        read(KeyFormat::Text, None, false, text.as_bytes()).unwrap().1
    }

    fn column(column: Option<&str>, header: bool, text: &str) -> Vec<String> {
        read(KeyFormat::Csv, column, header, text.as_bytes()).unwrap().1
    }

    fn fault(format: KeyFormat, bytes: &[u8]) -> String {
        read(format, None, false, bytes).unwrap_err().to_string()
    }

    #[test]
    fn a_text_has_a_key_in_each_line() {
        assert_eq!(lines("a\nb\r\n\n  c d \n\t\na"), ["a", "b", "c d"]);
        assert_eq!(lines("\u{feff}ä\n日本\n"), ["ä", "日本"]);
        assert_eq!(lines(""), [""; 0]);
        assert_eq!(lines(&format!("{}{}\n", " ".repeat(2_000), "x".repeat(1_000))), ["x".repeat(1_000)]);
        assert_eq!(read(KeyFormat::Text, None, false, b"a\na\nb").unwrap().0, 3);
    }

    #[test]
    fn a_table_has_a_key_in_each_record() {
        assert_eq!(column(None, false, "a,1\r\n\"b \"\"x\"\", y\",2\r\n,3\n\nc"), ["a", "b \"x\", y", "c"]);
        assert_eq!(column(None, true, "id,plan\na,pro\n"), ["a"]);
        assert_eq!(
            column(Some("id"), false, "\u{feff}plan, id \npro,a\nteam\nfree,\"b\nb\"\n"),
            ["a", "b\nb"]
        );
        assert_eq!(column(Some("plan"), true, "\u{feff}plan,id\npro,a"), ["pro"]);
        let long = "y".repeat(10_000);
        assert_eq!(column(None, false, &format!("a,{long}\nb,{long}")), ["a", "b"]);
        let missing = read(KeyFormat::Csv, Some("id"), false, b"a,b\n1,2").unwrap_err();
        assert_eq!(missing, Error::invalid("column", "no column `id`"));
        assert!(read(KeyFormat::Csv, Some("id"), false, b"").is_err());
    }

    #[test]
    fn what_is_wrong_is_named_by_its_line() {
        for (text, line) in [
            (b"a\nb\xff\nc".to_vec(), "line 2: is not UTF-8"),
            (b"a\n\nb\0".to_vec(), "line 3: contains a NUL character"),
            ([b"a\n", &b"x".repeat(1_001)[..]].concat(), "line 2: has more than 1000 bytes"),
            ([b"a\n", &b"x".repeat(100_000)[..]].concat(), "line 2: has more than 1000 bytes"),
            ([b"a\r\n", &b"x".repeat(1_001)[..], b"\r\nb"].concat(), "line 2: has more than 1000 bytes"),
        ] {
            assert_eq!(fault(KeyFormat::Text, &text), line);
            assert_eq!(fault(KeyFormat::Csv, &text), line);
        }
        let column = KeyReader::new(KeyFormat::Text, Some("id".into()), false).err().unwrap();
        assert_eq!(column, Error::invalid("column", "is for text/csv"));
    }

    #[test]
    fn there_is_an_end_to_it() {
        let mut reader = KeyReader::new(KeyFormat::Text, None, false).unwrap();
        let piece = [&b"x".repeat(999)[..], b"\n"].concat().repeat(1_000);
        let refused = (0..100).find_map(|_| reader.push(&piece).err()).unwrap();
        assert_eq!(refused, too_large());
        let mut reader = KeyReader::new(KeyFormat::Text, None, false).unwrap();
        let numbers: String = (0..=LIST_KEYS).map(|number| format!("{number}\n")).collect();
        let refused = reader.push(numbers.as_bytes()).unwrap_err();
        assert_eq!(refused.to_string(), "line 1000001: is one more than 1000000 keys");
    }
}
