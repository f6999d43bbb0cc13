//! A request that is sent many times.

use std::io::Result;
use std::net::SocketAddr;

use crate::http_client::{Answer, Client, Field};

/// What is asked, where, and with which fields.
#[derive(Clone)]
pub(crate) struct Question {
    pub(crate) address: SocketAddr,
    /// The path and the query.
    pub(crate) path: String,
    pub(crate) fields: Vec<Field>,
}

impl Question {
    pub(crate) fn url(&self) -> String {
        format!("http://{}{}", self.address, self.path)
    }

    /// Asks once. Not by a kept connection: the server may have closed it while something else was measured.
    pub(crate) async fn ask(&self) -> Result<Answer> {
        Client::new().get(&self.url(), &self.fields).await
    }

    /// The path alone.
    pub(crate) fn route(&self) -> &str {
        self.path.split('?').next().unwrap_or(&self.path)
    }

    /// The same of another server.
    pub(crate) fn at(&self, address: SocketAddr) -> Self {
        Self { address, ..self.clone() }
    }

    /// The request on the wire.
    pub(crate) fn wire(&self) -> Vec<u8> {
        let mut text = format!("GET {} HTTP/1.1\r\nHost: {}\r\n", self.path, self.address);
        for (name, value) in &self.fields {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str("\r\n");
        text.into_bytes()
    }
}
