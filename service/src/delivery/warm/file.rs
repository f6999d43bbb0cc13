//! The file: a line that names its version, a line with the checksum of the rest, and the rest, which is compressed JSON.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::Warm;
use crate::secrets::hex;

/// The first line. Another version of the format has another one, and is not read.
const VERSION: &str = "togglebit snapshots 1";

/// Out of 22: fast.
const ZSTD_LEVEL: i32 = 3;

/// Writes a draft beside the file and puts it in its place: whoever reads finds the old one or the new one, and both whole.
pub(super) fn write(path: &Path, warm: &Warm) -> io::Result<()> {
    let content = zstd::encode_all(serde_json::to_vec(warm)?.as_slice(), ZSTD_LEVEL)?;
    let draft = path.with_extension(format!("{}.draft", std::process::id()));
    let written = write_draft(&draft, &content).and_then(|()| fs::rename(&draft, path));
    if written.is_err() {
        // What could be written of it takes room that others need.
        let _ = fs::remove_file(&draft);
    }
    written
}

fn write_draft(draft: &Path, content: &[u8]) -> io::Result<()> {
    // For its owner alone: rules may name people.
    let mut file = OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(draft)?;
    let checksum = hex(&Sha256::digest(content));
    file.write_all(format!("{VERSION}\n{checksum}\n").as_bytes())?;
    file.write_all(content)?;
    file.sync_all()
}

pub(super) fn read(path: &Path) -> io::Result<Option<Warm>> {
    let mut bytes = Vec::new();
    match File::open(path).and_then(|mut file| io::Read::read_to_end(&mut file, &mut bytes)) {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    }
    let rest = line(&bytes, VERSION).ok_or_else(|| invalid("it is no file of this version"))?;
    let (checksum, content) = rest.split_at_checked(64).ok_or_else(|| invalid("it is not whole"))?;
    let content = content.strip_prefix(b"\n").ok_or_else(|| invalid("it is not whole"))?;
    if hex(&Sha256::digest(content)).as_bytes() != checksum {
        return Err(invalid("its checksum is another"));
    }
    Ok(Some(serde_json::from_slice(&zstd::decode_all(content)?)?))
}

fn line<'b>(bytes: &'b [u8], text: &str) -> Option<&'b [u8]> {
    bytes.strip_prefix(text.as_bytes())?.strip_prefix(b"\n")
}

fn invalid(what: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, what)
}
