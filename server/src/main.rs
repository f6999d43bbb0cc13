//! The `togglebit` binary.

mod caches;
mod config;
mod connections;
mod dashboard;
mod docs;
mod failed;
mod failure;
mod forms;
mod healthcheck;
mod landing;
mod live;
mod program;
mod rates;
mod refusals;
mod restored;
mod serve;
mod session;
mod shutdown;
mod startup;
mod user;

use std::process::ExitCode;

use config::Command;
use failure::Failure;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print();
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Failure> {
    let Some((command, config)) = config::read()? else { return Ok(()) };
    match command {
        Command::Serve => serve::serve(config).await,
        Command::Healthcheck => healthcheck::check(config.addr).await,
        Command::Restored => restored::tell(&config).await,
        Command::User(command) => user::run(command, &config).await,
    }
}
