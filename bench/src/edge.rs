//! `unleash-edge`, offline: it evaluates the flags of a file for frontends.

use std::io::Result;
use std::net::SocketAddr;
use std::process::Command;

use crate::cores::{self, Core};
use crate::flags;
use crate::folder::Folder;
use crate::process::{Process, free_address};
use crate::question::Question;

const TOKEN: &str = "*:development.bench";

/// A running `unleash-edge`.
pub(crate) struct Edge {
    pub(crate) process: Process,
    address: SocketAddr,
    _folder: Folder,
}

impl Edge {
    /// Starts it on the server's core with so many flags.
    pub(crate) async fn start(count: usize) -> Result<Self> {
        let binary =
            std::env::var_os("UNLEASH_EDGE_BIN").unwrap_or_else(|| "target/tools/bin/unleash-edge".into());
        let (folder, address) = (Folder::new()?, free_address()?);
        let file = folder.path().join("features.json");
        std::fs::write(&file, flags::features(count).to_string())?;
        let mut command = Command::new(binary);
        command.args(["--interface", &address.ip().to_string(), "--port", &address.port().to_string()]);
        command.arg("offline").arg("--bootstrap-file").arg(&file).args(["--frontend-tokens", TOKEN]);
        // Offline it wants one of these, too.
        command.args(["--client-tokens", "*:development.unused"]);
        let mut process = cores::on(Core::Server, || Process::start(&mut command))?;
        process.ready(&format!("http://{address}/internal-backstage/health")).await?;
        Ok(Self { process, address, _folder: folder })
    }

    /// The question for all flags that are on.
    pub(crate) fn all(&self) -> Question {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("userId", flags::USER);
        for (name, value) in flags::ATTRIBUTES {
            query.append_pair(&format!("properties[{name}]"), value);
        }
        Question {
            address: self.address,
            path: format!("/api/frontend?{}", query.finish()),
            fields: vec![("Authorization", TOKEN.to_owned())],
        }
    }
}
