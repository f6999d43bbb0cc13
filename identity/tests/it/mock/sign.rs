//! Keys of providers, and tokens signed with them.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ring::hmac;
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};

/// Made for these tests with `openssl genpkey`; it guards nothing.
const RSA_FOR_TESTS_ONLY: &[u8] = include_bytes!("../../keys/rsa-for-tests-only.pk8");

/// What a token is signed with.
pub(crate) enum Signer {
    Rsa(RsaKeyPair),
    P256(EcdsaKeyPair),
    /// With a secret that both sides know, which must not be accepted.
    Hmac(Vec<u8>),
    /// Not at all.
    None,
}

impl Signer {
    pub(crate) fn rsa() -> Self {
        Self::Rsa(RsaKeyPair::from_pkcs8(RSA_FOR_TESTS_ONLY).unwrap())
    }

    /// A new key each time.
    pub(crate) fn p256() -> Self {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &random);
        Self::P256(pair.unwrap())
    }

    pub(crate) fn algorithm(&self) -> &'static str {
        match self {
            Self::Rsa(_) => "RS256",
            Self::P256(_) => "ES256",
            Self::Hmac(_) => "HS256",
            Self::None => "none",
        }
    }

    /// The public key, as a provider publishes it.
    pub(crate) fn public(&self, kid: &str) -> Value {
        match self {
            Self::Rsa(pair) => {
                let key = PublicKeyComponents::<Vec<u8>>::from(pair.public_key());
                json!({ "kty": "RSA", "use": "sig", "kid": kid, "n": encode(&key.n), "e": encode(&key.e) })
            }
            Self::P256(_) => {
                let (x, y) = self.point();
                json!({ "kty": "EC", "use": "sig", "kid": kid, "crv": "P-256", "x": encode(x), "y": encode(y) })
            }
            Self::Hmac(_) | Self::None => panic!("there is no public key"),
        }
    }

    /// The coordinates of the public key.
    pub(crate) fn point(&self) -> (Vec<u8>, Vec<u8>) {
        let Self::P256(pair) = self else { panic!("only a curve has points") };
        let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
        (x.to_vec(), y.to_vec())
    }

    /// The modulus of the public key, for those who would take it for a secret.
    pub(crate) fn modulus(&self) -> Vec<u8> {
        let Self::Rsa(pair) = self else { panic!("only RSA has one") };
        PublicKeyComponents::<Vec<u8>>::from(pair.public_key()).n
    }

    pub(crate) fn token(&self, header: &Value, claims: &Value) -> String {
        let signed = format!("{}.{}", encode(header.to_string()), encode(claims.to_string()));
        let signature = self.sign(signed.as_bytes());
        format!("{signed}.{}", encode(signature))
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self {
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).unwrap();
                signature
            }
            Self::P256(pair) => pair.sign(&random, message).unwrap().as_ref().to_vec(),
            Self::Hmac(secret) => {
                hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message).as_ref().to_vec()
            }
            Self::None => Vec::new(),
        }
    }
}

pub(crate) fn encode(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}
