//! `togglebit restored`: after a backup was put in the place of the database.

use std::io::{self, Write};

use crate::config::Config;
use crate::failure::Failure;
use crate::startup;

/// Gives the database another epoch. Servers that run see it within a second, and tell whoever follows them everything anew.
pub(crate) async fn tell(config: &Config) -> Result<(), Failure> {
    let services = startup::open(config).await?;
    services.database_was_restored().await?;
    writeln!(io::stdout(), "Whoever follows this database gets everything anew.")?;
    Ok(services.close().await?)
}
