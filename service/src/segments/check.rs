//! Whether evaluation can do what a segment's author wrote: asked of the engine, before it is stored.

use domain::{Error as Refusal, FieldError};
use engine::Subject;

use super::store::Stored;
use crate::change::{ChangeTx, ChangingEnvironment};
use crate::error::Result;
use crate::flags::check::{Changed, Fault, faults};

impl Stored {
    /// Refuses what evaluation would leave out, here among the environment's other segments, or of flags and segments that
    /// use this one.
    pub(crate) async fn check_compiles(
        &self,
        tx: &ChangeTx,
        environment: &ChangingEnvironment,
    ) -> Result<()> {
        let changes = vec![Changed::Segment(self.segment.key.clone(), Some(self.bare_document()?))];
        let faults = faults(tx, environment, changes).await?;
        let is_own = |fault: &&Fault| fault.subject == Subject::Segment && fault.key == self.segment.key;
        let mut details: Vec<_> = faults.iter().filter(is_own).map(|fault| fault.detail.clone()).collect();
        if details.is_empty() {
            let above = |fault: &Fault| FieldError { path: "when".to_owned(), message: fault.to_string() };
            details = faults.iter().map(above).collect();
        }
        Ok(Refusal::refuse(details)?)
    }
}
