//! Whether evaluation can do what a flag's author wrote: asked of the engine, before it is stored.

use std::collections::HashSet;

use domain::{Error as Refusal, FieldError};
use engine::{Compiled, CompiledFlag, Subject, Warning};

use super::store::Stored;
use crate::change::{ChangeTx, ChangingEnvironment};
use crate::documents::{self, Document};
use crate::error::{Error, Result};

impl Stored {
    /// Refuses what evaluation would leave out, here among the environment's other flags and segments, or of flags that
    /// need this one.
    pub(super) async fn check_compiles(
        &self,
        tx: &ChangeTx,
        environment: &ChangingEnvironment,
    ) -> Result<()> {
        let (flag, document) = (self.flag_document()?, self.document()?);
        let own = aside(move || CompiledFlag::new(&flag.key, &flag)).await?;
        Refusal::refuse(own.warnings().iter().map(fault).collect())?;
        if !own.names_others() {
            return Ok(());
        }
        let others = documents::newest(tx.db(), environment.row.id, 0, i64::MAX).await?;
        let key = self.flag.key.clone();
        Ok(Refusal::refuse(aside(move || faults(&key, &document, &others)).await?)?)
    }
}

/// Does work that takes a while where nobody waits for a thread meanwhile.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Error::Invariant("compiling a flag panicked"))
}

/// What is wrong with a flag among the others, or else with those that need it.
fn faults(key: &str, document: &str, others: &[Document]) -> Vec<FieldError> {
    let before = Compiled::from_documents(0, others.iter().map(Document::change));
    let after = before.with_changes(0, [(key, document)]);
    let is_own = |warning: &&Warning| warning.subject == Subject::Flag && warning.key == key;
    let own: Vec<_> = after.warnings().filter(is_own).map(fault).collect();
    if !own.is_empty() {
        return own;
    }
    let known: HashSet<_> = before.warnings().collect();
    let above = |warning: &Warning| FieldError {
        path: "configuration.prerequisites".to_owned(),
        message: warning.to_string(),
    };
    after.warnings().filter(|warning| !known.contains(warning)).map(above).collect()
}

/// A warning begins with the path of what it is about.
fn fault(warning: &Warning) -> FieldError {
    let (path, message) = warning.message.split_once(": ").unwrap_or(("", &warning.message));
    FieldError { path: format!("configuration.{path}"), message: message.to_owned() }
}
