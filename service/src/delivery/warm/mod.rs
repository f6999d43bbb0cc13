//! Warm starts: what is served is kept in a file, so that a node can start while the database is down and answers as it
//! did before, saying how old that is.

mod file;

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use domain::{EnvironmentId, Millis, OrgId};
use engine::Compiled;
use serde::{Deserialize, Serialize};

use super::Delivery;
use super::delta::Past;
use super::held::{Documents, Held};
use super::key_rows::KeyRow;
use super::snapshot::{LiveEnvironment, Rules};

/// What a node served at a time.
#[derive(Serialize, Deserialize)]
pub struct Warm {
    /// When the database was seen last to be what this is.
    looked_at: Millis,
    /// The database's epoch.
    pub(crate) epoch: String,
    /// Names the secret that the keys are hashed with.
    hmac_key_id: String,
    environments: Vec<Environment>,
    keys: Vec<KeyRow>,
}

#[derive(Serialize, Deserialize)]
struct Environment {
    id: EnvironmentId,
    org_id: OrgId,
    key: String,
    revision: u64,
    documents: Vec<Arc<Held>>,
}

impl Warm {
    /// When the database was seen last to be what this is.
    pub fn looked_at(&self) -> Millis {
        self.looked_at
    }
}

/// Where a node keeps what it serves.
#[derive(Clone, Debug)]
pub struct WarmFile(PathBuf);

impl WarmFile {
    /// A file in a folder that is there, or can be made.
    pub fn at(path: PathBuf) -> Self {
        Self(path)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// What was kept; none where nothing was.
    ///
    /// # Errors
    /// When the file cannot be read, is not whole, or is of another version.
    pub fn read(&self) -> io::Result<Option<Warm>> {
        file::read(&self.0)
    }
}

impl Delivery {
    /// Keeps what is served, where it is not what was kept last.
    ///
    /// # Errors
    /// When it cannot be written. What was kept before stays.
    pub async fn keep(&self, file: &WarmFile) -> io::Result<()> {
        if !self.0.is_unkept.swap(false, Ordering::AcqRel) {
            return Ok(());
        }
        let (warm, path) = (self.warm().await, file.0.clone());
        let written = tokio::task::spawn_blocking(move || file::write(&path, &warm)).await;
        let written = written.map_err(io::Error::other).and_then(|written| written);
        if written.is_err() {
            self.0.is_unkept.store(true, Ordering::Release);
        }
        written
    }

    async fn warm(&self) -> Warm {
        let keys = self.0.seen.lock().await.keys.clone();
        let environments = self.0.environments.load();
        let environment = |live: &Arc<LiveEnvironment>| {
            let snapshot = live.snapshot();
            Environment {
                id: live.id,
                org_id: snapshot.meter().org_id(),
                key: live.key().to_owned(),
                revision: snapshot.revision(),
                documents: snapshot.rules.documents.iter().cloned().collect(),
            }
        };
        Warm {
            looked_at: Millis(self.0.looked_at.load(Ordering::Relaxed)),
            epoch: self.0.epoch.load().to_string(),
            hmac_key_id: self.0.secrets.key_id().to_owned(),
            environments: environments.values().map(environment).collect(),
            keys,
        }
    }

    /// Serves what was kept. The next look that succeeds replaces it.
    pub(crate) async fn serve_warm(&self, warm: Warm) {
        let mut live = HashMap::with_capacity(warm.environments.len());
        for kept in warm.environments {
            let environment =
                LiveEnvironment::new(kept.id, &kept.key, self.0.meters.begin(kept.org_id, kept.id));
            let documents = Documents::from(kept.documents);
            let compiled = Compiled::from_documents(kept.revision, documents.changes());
            let past = Past::begins_at(kept.revision);
            environment.replace(Rules { compiled, documents, past }, self.now().0);
            live.insert(kept.id, Arc::new(environment));
        }
        self.0.environments.store(Arc::new(live));
        // Hashes of another secret find nothing.
        let keys = if warm.hmac_key_id == self.0.secrets.key_id() { warm.keys } else { Vec::new() };
        let mut seen = self.0.seen.lock().await;
        self.serve_keys(&keys);
        seen.keys = keys;
        self.0.looked_at.store(warm.looked_at.0, Ordering::Relaxed);
        self.0.is_unkept.store(false, Ordering::Release);
    }
}
