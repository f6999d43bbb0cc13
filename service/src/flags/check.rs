//! Whether evaluation can do what a flag's author wrote: asked of the engine, before it is stored.

use std::collections::HashSet;
use std::fmt;

use domain::{Error as Refusal, FieldError};
use engine::{Change, Compiled, CompiledFlag, Subject, Warning};

pub(super) use super::precise::precise;
use super::store::Stored;
use crate::change::{ChangeTx, ChangingEnvironment};
use crate::documents::{self, Document};
use crate::error::{Error, Result};

/// What is wrong with one flag or segment. The path begins at its document.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    /// What it is wrong with.
    pub(crate) subject: Subject,
    /// The flag's or the segment's key.
    pub(crate) key: String,
    /// Where, and what.
    pub(crate) detail: FieldError,
}

impl Stored {
    /// Refuses what evaluation would leave out, with paths below `configuration`. See [`Self::compile_faults`].
    pub(crate) async fn check_compiles(
        &self,
        tx: &ChangeTx,
        environment: &ChangingEnvironment,
    ) -> Result<()> {
        let faults = self.compile_faults(tx, environment).await?;
        Ok(Refusal::refuse(faults).map_err(|error| error.below("configuration"))?)
    }

    /// What evaluation would leave out, here among the environment's other flags and segments, or of flags that need this
    /// one. The paths begin at the configuration.
    pub(crate) async fn compile_faults(
        &self,
        tx: &ChangeTx,
        environment: &ChangingEnvironment,
    ) -> Result<Vec<FieldError>> {
        let flag = self.flag_document()?;
        let (own, names_others) = aside(move || {
            let compiled = CompiledFlag::new(&flag.key, &flag);
            let own = compiled.warnings().iter().map(|warning| precise(&flag, fault(warning).detail));
            (own.collect::<Vec<_>>(), compiled.names_others())
        })
        .await?;
        if !own.is_empty() || !names_others {
            return Ok(own);
        }
        let changes = vec![Changed::Flag(self.flag.key.clone(), Some(self.document()?))];
        let faults = faults(tx, environment, changes).await?;
        let is_own = |fault: &&Fault| fault.subject == Subject::Flag && fault.key == self.flag.key;
        let own: Vec<_> = faults.iter().filter(is_own).map(|it| it.detail.clone()).collect();
        if !own.is_empty() {
            let flag = self.flag_document()?;
            return aside(move || own.into_iter().map(|fault| precise(&flag, fault)).collect()).await;
        }
        let above =
            |fault: &Fault| FieldError { path: "prerequisites".to_owned(), message: fault.to_string() };
        Ok(faults.iter().map(above).collect())
    }
}

/// A document that is about to change, or to be removed where there is no text.
#[derive(Clone, Debug)]
pub(crate) enum Changed {
    /// A flag's key and document.
    Flag(String, Option<String>),
    /// A segment's key and document.
    Segment(String, Option<String>),
}

/// What evaluation would leave out with these changes and does not leave out without them: of what changes, and of all
/// else in the environment, which may need it.
pub(crate) async fn faults(
    tx: &ChangeTx,
    environment: &ChangingEnvironment,
    changes: Vec<Changed>,
) -> Result<Vec<Fault>> {
    if let Some(served) = tx.served(environment) {
        return aside(move || new_faults(&changes, served.compiled())).await;
    }
    let others = documents::newest(tx.db(), environment.row.id, 0, i64::MAX).await?;
    aside(move || {
        let before = Compiled::from_documents(0, others.iter().map(Document::change));
        new_faults(&changes, &before)
    })
    .await
}

/// Does work that takes a while where nobody waits for a thread meanwhile.
pub(crate) async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Error::Invariant("work done aside panicked"))
}

fn new_faults(changes: &[Changed], before: &Compiled) -> Vec<Fault> {
    let after = before.with_changes(0, changes.iter().map(Changed::change));
    let known: HashSet<_> =
        before.warnings().filter(|warning| !changes.iter().any(|it| it.is(warning))).collect();
    after.warnings().filter(|warning| !known.contains(warning)).map(fault).collect()
}

impl Changed {
    fn change(&self) -> Change<'_> {
        match self {
            Self::Flag(key, document) => Change::Flag(key, document.as_deref()),
            Self::Segment(key, document) => Change::Segment(key, document.as_deref()),
        }
    }

    /// Whether a warning is about this one.
    fn is(&self, warning: &Warning) -> bool {
        match self {
            Self::Flag(key, _) => warning.subject == Subject::Flag && warning.key == *key,
            Self::Segment(key, _) => warning.subject == Subject::Segment && warning.key == *key,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subject = match self.subject {
            Subject::Flag => "flag",
            Subject::Segment => "segment",
        };
        let FieldError { path, message } = &self.detail;
        write!(f, "{subject} `{}`: {path}: {message}", self.key)
    }
}

/// A warning begins with the path of what it is about.
fn fault(warning: &Warning) -> Fault {
    let (path, message) = warning.message.split_once(": ").unwrap_or(("", &warning.message));
    let detail = FieldError { path: path.to_owned(), message: message.to_owned() };
    Fault { subject: warning.subject, key: warning.key.clone(), detail }
}
