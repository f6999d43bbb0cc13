//! `togglebit serve`.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::time::Duration;

use api::Front;
use identity::Providers;
use leptos::config::{LeptosOptions, get_configuration};
use outbound::Outbound;
use sea_orm_migration::MigratorTrait;
use service::{Services, Watcher};
use tokio::net::TcpListener;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

use crate::config::Config;
use crate::failure::Failure;
use crate::{connections, dashboard, program, shutdown, startup};

/// How long requests in flight may take after the signal to stop.
const GRACE: Duration = Duration::from_secs(10);

/// What is logged unless `RUST_LOG` says otherwise.
const LOG: &str = "info,sqlx=error,sea_orm_migration=warn,tower_sessions_core=off,fred=error";

/// Serves until a signal says to stop.
pub(crate) async fn serve(config: Config) -> Result<(), Failure> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(LOG));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(false).init();

    raise_file_limit();
    // Whatever cannot work fails here, before anything is written.
    let options = leptos_options(config.addr)?;
    let program = program::folder(&options).map_err(|_| Failure::Pages(options.site_root.as_ref().into()))?;
    let listener = listen(config.addr).await?;
    let clock: identity::Clock = std::sync::Arc::new(|| service::Clock::now(&service::SystemClock).0);
    let providers = Providers::new(config.providers()?, &config.public_url(), clock)
        .map_err(|error| Failure::Arguments(error.to_string()))?;
    let purge = config.caches.purge()?;
    let services = startup::open(&config).await?;
    let demo = config.demo && demo(&services).await?;
    if demo && !config.addr.ip().is_loopback() {
        tracing::warn!("the demo is on: whoever reaches {} can sign in", config.addr);
    }
    let watcher = Watcher::start(&services);

    let machines = api::Api {
        services: services.clone(),
        schema_steps: migration::Migrator::migrations().len() as u64,
        proxies: config.proxies,
        shared_max_age: config.caches.shared_max_age,
    };
    let pages = dashboard::router(&services, options, &config, providers, demo, &program);
    let app = Front::new(machines, pages);
    announce(&config, &services, demo);
    let outbound = Outbound::new().map_err(|error| Failure::Arguments(error.to_string()))?;
    let (delivery, stop) = (services.delivery().clone(), CancellationToken::new());
    let stopped = stop.clone();
    let telling = tokio::spawn(async move {
        if let Some(purge) = purge {
            purge.keep_told(&delivery, &outbound, &stopped).await;
        }
    });
    run(listener, app, &services).await;
    watcher.stop().await;
    stop.cancel();
    if timeout(GRACE, telling).await.is_err() {
        tracing::warn!("stopping although a cache in front does not answer");
    }
    Ok(services.close().await?)
}

/// Whether there is a demo to offer. Without the database there is none, and everything else goes on.
async fn demo(services: &Services) -> Result<bool, Failure> {
    match service::demo::ensure(services).await {
        Err(service::Error::Database(error)) if service::is_unreachable(&error) => Ok(false),
        ensured => Ok(ensured?),
    }
}

/// Takes as many open files as the system grants: each connection is one.
fn raise_file_limit() {
    if let Err(error) = rlimit::increase_nofile_limit(rlimit::INFINITY) {
        tracing::warn!(%error, "the limit of open files stays as it is");
    }
}

async fn listen(addr: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(addr).await.map_err(|source| match source.kind() {
        io::ErrorKind::AddrInUse => Failure::PortInUse { addr },
        _ => Failure::Listen { addr, source },
    })
}

fn leptos_options(addr: SocketAddr) -> Result<LeptosOptions, Failure> {
    let configuration = get_configuration(None).map_err(|error| Failure::Arguments(error.to_string()))?;
    let mut options = configuration.leptos_options;
    options.site_addr = addr;
    let root = std::path::PathBuf::from(options.site_root.as_ref());
    match root.join(options.site_pkg_dir.as_ref()).is_dir() {
        true => Ok(options),
        false => Err(Failure::Pages(root)),
    }
}

/// Answers requests. After the signal, streams are ended and requests in flight are finished, within the time of grace.
async fn run(listener: TcpListener, app: Front, services: &Services) {
    let stop = CancellationToken::new();
    let connections = tokio::spawn(connections::serve(listener, app, stop.clone()));
    shutdown::signal().await;
    services.delivery().end_streams();
    stop.cancel();
    if timeout(GRACE, connections).await.is_err() {
        tracing::warn!("stopping although requests are still in flight");
    }
}

/// Says that the server is ready and, with the demo, how to try it.
fn announce(config: &Config, services: &Services, demo: bool) {
    let url = config.public_url();
    let mut lines = format!("Togglebit is ready at {url}\n");
    if demo {
        let (key, flag) = (service::demo::raw_key(services), service::demo::EXAMPLE_FLAG);
        let ask = format!("'{url}/api/v1/eval/flags/{flag}?userId=user-1'");
        lines += &format!("  Sign in    {url}/sign-in (press \"Continue as demo developer\")\n");
        lines += &format!("  Evaluate   curl -s -H 'Authorization: Bearer {key}' {ask}\n");
    }
    // Nobody may be reading, which is no reason not to serve.
    let _ = io::stdout().write_all(lines.as_bytes());
}
