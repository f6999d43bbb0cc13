//! `togglebit serve`.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::serve::ListenerExt;
use identity::Providers;
use leptos::config::{LeptosOptions, get_configuration};
use sea_orm_migration::MigratorTrait;
use service::{Services, Watcher};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

use crate::config::Config;
use crate::failure::Failure;
use crate::{dashboard, shutdown, startup};

/// How long requests in flight may take after the signal to stop.
const GRACE: Duration = Duration::from_secs(10);

/// What is logged unless `RUST_LOG` says otherwise.
const LOG: &str = "info,sqlx=error,sea_orm_migration=warn,tower_sessions_core=off,fred=error";

/// Serves until a signal says to stop.
pub(crate) async fn serve(config: Config) -> Result<(), Failure> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(LOG));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(false).init();

    // Whatever cannot work fails here, before anything is written.
    let options = leptos_options(config.addr)?;
    let listener = listen(config.addr).await?;
    let clock: identity::Clock = std::sync::Arc::new(|| service::Clock::now(&service::SystemClock).0);
    let providers = Providers::new(config.providers()?, &config.public_url(), clock)
        .map_err(|error| Failure::Arguments(error.to_string()))?;
    let services = startup::open(&config).await?;
    let demo = config.demo && service::demo::ensure(&services).await?;
    if demo && !config.addr.ip().is_loopback() {
        tracing::warn!("the demo is on: whoever reaches {} can sign in", config.addr);
    }
    let watcher = Watcher::start(&services);

    let machines = api::Api {
        services: services.clone(),
        schema_steps: migration::Migrator::migrations().len() as u64,
        proxies: config.proxies,
    };
    let app = api::router(machines).merge(dashboard::router(&services, options, &config, providers, demo));
    announce(&config, &services, demo);
    let result = run(listener, app).await;

    watcher.stop().await;
    let closed = services.close().await;
    result?;
    Ok(closed?)
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

/// Answers requests. After the signal, those in flight are finished, within the time of grace.
async fn run(listener: TcpListener, app: Router) -> Result<(), Failure> {
    let listener = listener.tap_io(|connection| {
        // Answers are small and wanted at once.
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps its delay");
        }
    });
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, app).with_graceful_shutdown(shutdown::signal());
    tokio::select! {
        result = server => Ok(result?),
        () = shutdown::signal_and(GRACE) => {
            tracing::warn!("stopping although requests are still in flight");
            Ok(())
        }
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
