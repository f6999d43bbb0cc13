//! `togglebit user`: what the instance's operator does about accounts, on the machine that it runs on.

use std::io::{self, Write};

use service::Actor;

use crate::config::{Config, User};
use crate::failure::Failure;
use crate::startup;

/// Runs a command, beside a server that may be running.
pub(crate) async fn run(command: User, config: &Config) -> Result<(), Failure> {
    let services = startup::open(config).await?;
    let User::ResetLink { email } = command;
    let operator = Actor::system("command line");
    let (token, _) = services.accounts().make_reset_link(&operator, &email).await?;
    writeln!(io::stdout(), "{}/reset-password?token={token}", config.public_url())?;
    Ok(services.close().await?)
}
