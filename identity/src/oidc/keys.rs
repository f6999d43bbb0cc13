//! The keys that a provider signs with (RFC 7517; their parts: RFC 7518, part 6).

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::Deserialize;
use serde_json::Value;

/// The algorithms that are accepted. There is no `none`, and none that the client's secret could be the key of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// ECDSA on P-256 with SHA-256.
    Es256,
}

impl Algorithm {
    /// The algorithm of this name (RFC 7518, part 3.1).
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "RS256" => Some(Self::Rs256),
            "ES256" => Some(Self::Es256),
            _ => None,
        }
    }
}

/// The document.
#[derive(Deserialize)]
pub(super) struct Document {
    keys: Vec<Value>,
}

/// One key of it.
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

/// The keys that can be used.
pub(super) struct Keys(Vec<Key>);

/// A key that can be used.
pub(super) struct Key {
    name: Option<String>,
    material: Material,
}

enum Material {
    Rsa {
        modulus: Vec<u8>,
        exponent: Vec<u8>,
    },
    /// An uncompressed point: 4, x, y.
    P256(Vec<u8>),
}

impl Keys {
    /// Takes what can be used. A provider may have other keys beside, for other things or of kinds that are yet to come.
    pub(super) fn read(document: Document) -> Self {
        let key = |value| Key::read(serde_json::from_value(value).ok()?);
        Self(document.keys.into_iter().filter_map(key).collect())
    }

    /// The keys that a signature by this algorithm can be from: all of the right kind where none is named.
    pub(super) fn find(&self, algorithm: Algorithm, name: Option<&str>) -> impl Iterator<Item = &Key> {
        self.0.iter().filter(move |key| {
            key.algorithm() == algorithm && name.is_none_or(|name| key.name.as_deref() == Some(name))
        })
    }
}

impl Key {
    fn read(jwk: Jwk) -> Option<Self> {
        let Jwk { kty, kid, alg, purpose, crv, n, e, x, y } = jwk;
        if purpose.is_some_and(|purpose| purpose != "sig") {
            return None;
        }
        let material = match (kty.as_str(), crv.as_deref()) {
            ("RSA", _) => Material::Rsa { modulus: number(&n?)?, exponent: number(&e?)? },
            ("EC", Some("P-256")) => {
                let point = [vec![4], coordinate(&x?)?, coordinate(&y?)?].concat();
                Material::P256(point)
            }
            _ => return None,
        };
        let key = Self { name: kid, material };
        // A key that is for one algorithm is for no other.
        let fits = alg.is_none_or(|alg| Algorithm::named(&alg) == Some(key.algorithm()));
        fits.then_some(key)
    }

    fn algorithm(&self) -> Algorithm {
        match &self.material {
            Material::Rsa { .. } => Algorithm::Rs256,
            Material::P256(_) => Algorithm::Es256,
        }
    }

    /// Whether the signature of the message is by this key.
    pub(super) fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        let checked =
            match &self.material {
                Material::Rsa { modulus, exponent } => RsaPublicKeyComponents { n: modulus, e: exponent }
                    .verify(&RSA_PKCS1_2048_8192_SHA256, message, signature),
                Material::P256(point) => {
                    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature)
                }
            };
        checked.is_ok()
    }
}

/// A number of any size. Zeros before it are not allowed but do occur, and ring refuses them.
fn number(text: &str) -> Option<Vec<u8>> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
    Some(bytes.into_iter().skip_while(|&byte| byte == 0).collect())
}

/// A coordinate on P-256: exactly 32 bytes.
fn coordinate(text: &str) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(text).ok().filter(|bytes| bytes.len() == 32)
}
