//! Passwords: hashed with Argon2id, aside from the threads that answer requests.

use argon2::password_hash::phc::PasswordHash;
use argon2::{ARGON2ID_IDENT, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use domain::Error as Refusal;
use domain::accounts::Password;
use tokio::sync::Semaphore;

use crate::error::{Error, Result};

/// How many passwords are hashed at once: each takes 19 MiB and a core.
static HASHING: Semaphore = Semaphore::const_new(4);

/// How many wait for that at most, and those that are hashed: about as many as are done in a few seconds.
static WAITING: Semaphore = Semaphore::const_new(100);

/// A hash that no password has, to compare with where there is no account: so that this takes as long.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// What a password was to a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) is_right: bool,
    /// The hash was made with other parameters than today's.
    pub(super) is_outdated: bool,
}

/// Hashes a password with the parameters that OWASP's cheat sheet on password storage recommends: Argon2id with 19 MiB,
/// two passes and one lane, which are the library's defaults. The result is a PHC string.
pub(super) async fn hash(password: Password) -> Result<String> {
    let salt: [u8; 16] = rand::random();
    aside(move || {
        let hash = Argon2::default().hash_password_with_salt(password.0.as_bytes(), &salt);
        hash.map(|hash| hash.to_string()).map_err(|_| Error::Invariant("a password cannot be hashed"))
    })
    .await?
}

/// Compares a password with a hash, and takes as long where there is none.
pub(super) async fn verify(password: Password, stored: Option<String>) -> Result<Verdict> {
    aside(move || {
        let known = stored.is_some();
        let hash = PasswordHash::new(stored.as_deref().unwrap_or(NOBODY))
            .map_err(|_| Error::Invariant("a stored hash is none"))?;
        let is_right = Argon2::default().verify_password(password.0.as_bytes(), &hash).is_ok() && known;
        Ok(Verdict { is_right, is_outdated: !is_current(&hash) })
    })
    .await?
}

fn is_current(hash: &PasswordHash) -> bool {
    let today = Params::default();
    let costs = |params: &Params| (params.m_cost(), params.t_cost(), params.p_cost());
    hash.algorithm == ARGON2ID_IDENT
        && hash.version == Some(Version::V0x13.into())
        && Params::try_from(hash).is_ok_and(|params| costs(&params) == costs(&today))
}

/// Refuses a password that is easily guessed: below 3 of 4 by zxcvbn, which knows the lists of common ones. What is known
/// of the person counts as known to whoever guesses.
pub(super) async fn check_strength(path: &'static str, password: Password, known: Vec<String>) -> Result<()> {
    let weakness = aside(move || {
        let known: Vec<_> = known.iter().map(String::as_str).chain(["togglebit"]).collect();
        let entropy = zxcvbn::zxcvbn(&password.0, &known);
        (entropy.score() < zxcvbn::Score::Three).then(|| {
            let warning = entropy.feedback().and_then(zxcvbn::feedback::Feedback::warning);
            warning.map_or_else(|| "Too easy to guess.".to_owned(), |warning| warning.to_string())
        })
    })
    .await?;
    match weakness {
        None => Ok(()),
        Some(why) => {
            Err(Refusal::invalid(path, format!("{why} Try a few words that nobody would expect together."))
                .into())
        }
    }
}

async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    in_turn(&WAITING, &HASHING, work).await
}

async fn in_turn<T: Send + 'static>(
    waiting: &'static Semaphore,
    turns: &'static Semaphore,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    let place = waiting.try_acquire().map_err(|_| Refusal::TooMany { retry_after: 1 })?;
    let turn = turns.acquire().await.map_err(|_| Error::Invariant("the turns to hash are closed"))?;
    let work = move || {
        // Held until it is done: whoever hangs up in the meantime makes no room for another.
        let _held = (place, turn);
        work()
    };
    tokio::task::spawn_blocking(work).await.map_err(|_| Error::Invariant("hashing panicked"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_is_what_owasp_recommends_and_nobodys_is_alike() {
        let password = || Password("correct horse".into());
        let hash = hash(password()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        let right = Verdict { is_right: true, is_outdated: false };
        assert_eq!(verify(password(), Some(hash.clone())).await.unwrap(), right);
        let wrong = Verdict { is_right: false, is_outdated: false };
        assert_eq!(verify(Password("other".into()), Some(hash)).await.unwrap(), wrong);
        assert_eq!(verify(password(), None).await.unwrap(), wrong);
    }

    #[tokio::test]
    async fn too_many_at_once_are_sent_away() {
        static WAITING: Semaphore = Semaphore::const_new(2);
        static TURNS: Semaphore = Semaphore::const_new(1);
        let (waiting, turns) = (&WAITING, &TURNS);
        let turn = turns.acquire().await.unwrap();
        let mut wait = std::pin::pin!(async {
            tokio::join!(in_turn(waiting, turns, || 1), in_turn(waiting, turns, || 2))
        });
        assert!(std::future::poll_fn(|cx| std::task::Poll::Ready(wait.as_mut().poll(cx))).await.is_pending());
        let refusal = in_turn(waiting, turns, || 3).await.unwrap_err();
        assert!(matches!(refusal, Error::Refused(Refusal::TooMany { retry_after: 1 })));
        drop(turn);
        let (first, second) = wait.await;
        assert_eq!((first.unwrap(), second.unwrap()), (1, 2));
        assert_eq!(in_turn(waiting, turns, || 3).await.unwrap(), 3);

        // Whoever hangs up keeps their place until the work is done.
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let (begun, has_begun) = tokio::sync::oneshot::channel();
        let gone = tokio::spawn(in_turn(waiting, turns, move || (begun.send(()), wait.recv().is_ok())));
        has_begun.await.unwrap();
        gone.abort();
        assert!(gone.await.unwrap_err().is_cancelled());
        assert_eq!(turns.available_permits(), 0);
        go.send(()).unwrap();
        assert_eq!(in_turn(waiting, turns, || 4).await.unwrap(), 4);
    }

    #[tokio::test]
    async fn a_hash_with_other_parameters_is_outdated() {
        let params = Params::new(8192, 1, 1, None).unwrap();
        let weaker = Argon2::new(argon2::Algorithm::Argon2id, Version::V0x13, params);
        let hash = weaker.hash_password_with_salt(b"correct horse", &[7; 16]).unwrap().to_string();
        let verdict = verify(Password("correct horse".into()), Some(hash)).await.unwrap();
        assert_eq!(verdict, Verdict { is_right: true, is_outdated: true });
    }
}
