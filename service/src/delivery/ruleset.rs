//! An environment's flags and segments as one text, for whoever evaluates by themselves: written and compressed once for
//! each revision, however many ask.

use std::io::{self, Read, Write};
use std::sync::OnceLock;

use bytes::Bytes;
use engine::ruleset::FORMAT;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::{Serialize, Serializer};

use super::held::{Documents, Kind};
use crate::error::{Error, Result};

/// An environment's flags and segments, as they are sent: an [`engine::ruleset::Ruleset`], whose documents are written as
/// they are stored.
#[derive(Serialize)]
struct Ruleset<'a> {
    format: u32,
    environment: &'a str,
    revision: u64,
    flags: Part<'a>,
    segments: Part<'a>,
}

/// The documents of one kind.
struct Part<'a>(&'a Documents, Kind);

impl Serialize for Part<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let Self(documents, kind) = self;
        let of_kind = documents.iter().filter(|held| held.kind == *kind);
        let present = of_kind.filter_map(|held| Some((&*held.key, held.document.as_ref()?)));
        serializer.collect_map(present)
    }
}

/// How a text is compressed. The strongest first, which is what a server may choose where the client leaves it the choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Brotli (RFC 7932).
    Brotli,
    /// Zstandard (RFC 8878).
    Zstd,
    /// gzip (RFC 1952).
    Gzip,
    /// Not at all.
    Identity,
}

impl Encoding {
    /// Each of them, the strongest first.
    pub const ALL: [Self; 4] = [Self::Brotli, Self::Zstd, Self::Gzip, Self::Identity];

    /// Its name in HTTP.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Zstd => "zstd",
            Self::Gzip => "gzip",
            Self::Identity => "identity",
        }
    }
}

/// Out of 11 for Brotli, 22 for Zstandard and 9 for gzip: what takes tens of milliseconds for a megabyte.
const BROTLI_QUALITY: u32 = 5;
const ZSTD_LEVEL: i32 = 6;
const GZIP_LEVEL: u32 = 6;

/// The window that Brotli's decoders expect for texts of the web: 4 MiB.
const BROTLI_WINDOW: u32 = 22;

/// The text of one revision, in each encoding that was asked for.
#[derive(Debug, Default)]
pub(super) struct Texts([OnceLock<Bytes>; Encoding::ALL.len()]);

impl Texts {
    /// The text in an encoding. Takes as long as writing or compressing it where nobody has asked before.
    pub(super) fn get(
        &self,
        encoding: Encoding,
        environment: &str,
        revision: u64,
        documents: &Documents,
    ) -> Result<Bytes> {
        if let Some(text) = self.ready(encoding) {
            return Ok(text);
        }
        let text = match encoding {
            Encoding::Identity => {
                let (flags, segments) = (Part(documents, Kind::Flag), Part(documents, Kind::Segment));
                let ruleset = Ruleset { format: FORMAT, environment, revision, flags, segments };
                serde_json::to_vec(&ruleset).map_err(|_| Error::Invariant("documents are JSON"))?.into()
            }
            _ => {
                let plain = self.get(Encoding::Identity, environment, revision, documents)?;
                compress(encoding, &plain).map_err(|_| Error::Invariant("memory can be written to"))?
            }
        };
        // Who was first has written the same.
        Ok(self.0[encoding as usize].get_or_init(|| text).clone())
    }

    /// The text in an encoding, where somebody asked for it before.
    pub(super) fn ready(&self, encoding: Encoding) -> Option<Bytes> {
        self.0.get(encoding as usize)?.get().cloned()
    }
}

fn compress(encoding: Encoding, plain: &[u8]) -> io::Result<Bytes> {
    Ok(match encoding {
        Encoding::Identity => plain.to_vec(),
        Encoding::Gzip => {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::new(GZIP_LEVEL));
            encoder.write_all(plain)?;
            encoder.finish()?
        }
        Encoding::Zstd => zstd::encode_all(plain, ZSTD_LEVEL)?,
        Encoding::Brotli => {
            let mut text = Vec::new();
            brotli::CompressorReader::new(plain, 4096, BROTLI_QUALITY, BROTLI_WINDOW)
                .read_to_end(&mut text)?;
            text
        }
    }
    .into())
}
