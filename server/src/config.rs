//! Configuration: from the environment, or from arguments of the same names.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::BoolishValueParser;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, CommandFactory, Parser, Subcommand};

use identity::{Kind, ProviderConfig};
use mail::{ConfigError, MailConfig, Mailer};
use service::delivery::StreamLimits;
use service::{Settings, SignUpPolicy};

use crate::caches::Caches;
use crate::failure::Failure;
use crate::rates::Rates;

#[derive(Parser)]
#[command(name = "togglebit", version, about = "Self-hosted feature flags.")]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    config: Config,
}

/// What the binary does.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the dashboard and the API (the default)
    Serve,
    /// Ask a running server whether it is alive, and end with 0 if so
    Healthcheck,
    /// Say that the database was restored from a backup, so that nobody takes its revisions for those that they knew
    Restored,
    /// Manage people's accounts
    #[command(subcommand)]
    User(User),
}

/// What is done about an account.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum User {
    /// Print a link by which somebody chooses a new password; good for an hour and for one use
    ResetLink {
        /// The account's e-mail address
        email: String,
    },
}

/// What the server is told.
#[derive(Args)]
pub(crate) struct Config {
    /// The address to listen on
    #[arg(long, env = "TOGGLEBIT_ADDR", default_value = "127.0.0.1:3000", global = true)]
    pub(crate) addr: SocketAddr,

    /// Where people reach it, such as https://flags.example.com; cookies are marked Secure where it is https
    #[arg(long, env = "TOGGLEBIT_PUBLIC_URL", value_parser = web_address, global = true)]
    pub(crate) public_url: Option<String>,

    /// The folder of the SQLite database and of the generated secret
    #[arg(long, env = "TOGGLEBIT_DATA_DIR", default_value = "data", global = true)]
    pub(crate) data_dir: PathBuf,

    /// The database: sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME; togglebit.db in the data folder unless given
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true)]
    pub(crate) database_url: Option<String>,

    /// Redis, for hints and limits between nodes and for what the dashboard's sessions hold: redis://USER:PASSWORD@HOST, rediss:// with TLS; the database unless given
    #[arg(long, env = "REDIS_URL", hide_env_values = true, global = true)]
    pub(crate) redis_url: Option<String>,

    /// The secret that API keys are hashed with; generated into the data folder unless given
    #[arg(long, env = "TOGGLEBIT_SECRET", hide_env_values = true, global = true)]
    pub(crate) secret: Option<String>,

    /// How many proxies stand in front, each of which adds an address to X-Forwarded-For
    #[arg(long, env = "TOGGLEBIT_PROXIES", default_value_t = 0, global = true)]
    pub(crate) proxies: usize,

    /// How many applications may follow changes by one API key on this node
    #[arg(long, env = "TOGGLEBIT_STREAMS_PER_KEY", default_value_t = 10_000, global = true)]
    pub(crate) streams_per_key: usize,

    /// How many may follow changes on this node in all; never more than three quarters of the files that it may open
    #[arg(long, env = "TOGGLEBIT_STREAMS", default_value_t = 50_000, global = true)]
    pub(crate) streams: usize,

    #[command(flatten)]
    pub(crate) caches: Caches,

    #[command(flatten)]
    pub(crate) rates: Rates,

    /// Whether people may have passwords here, or sign in through providers alone
    #[arg(
        long, env = "TOGGLEBIT_LOCAL_ACCOUNTS", default_value = "true", value_parser = BoolishValueParser::new(),
        num_args = 1, global = true
    )]
    pub(crate) local_accounts: bool,

    /// Who may sign up: open, invited, or whoever has an address at one of the domains, such as example.com,example.org
    #[arg(long, env = "TOGGLEBIT_SIGN_UP", default_value = "open", value_parser = sign_up, global = true)]
    pub(crate) sign_up: SignUpPolicy,

    /// The client that Google knows this instance as; with its secret, people can sign in with Google
    #[arg(long, env = "TOGGLEBIT_GOOGLE_CLIENT_ID", global = true)]
    pub(crate) google_client_id: Option<String>,

    #[arg(
        long,
        env = "TOGGLEBIT_GOOGLE_CLIENT_SECRET",
        hide_env_values = true,
        global = true,
        help = "Its secret"
    )]
    pub(crate) google_client_secret: Option<String>,

    /// Who stands in for Google, such as a server for tests
    #[arg(long, env = "TOGGLEBIT_GOOGLE_ISSUER", default_value = identity::GOOGLE_ISSUER, global = true)]
    pub(crate) google_issuer: String,

    /// The client that GitHub knows this instance as; with its secret, people can sign in with GitHub
    #[arg(long, env = "TOGGLEBIT_GITHUB_CLIENT_ID", global = true)]
    pub(crate) github_client_id: Option<String>,

    #[arg(
        long,
        env = "TOGGLEBIT_GITHUB_CLIENT_SECRET",
        hide_env_values = true,
        global = true,
        help = "Its secret"
    )]
    pub(crate) github_client_secret: Option<String>,

    /// Where GitHub is, such as a GitHub Enterprise Server
    #[arg(long, env = "TOGGLEBIT_GITHUB_URL", default_value = identity::GITHUB_WEB_URL, global = true)]
    pub(crate) github_url: String,

    /// Where GitHub's API is, such as https://github.example.com/api/v3
    #[arg(long, env = "TOGGLEBIT_GITHUB_API_URL", default_value = identity::GITHUB_API_URL, global = true)]
    pub(crate) github_api_url: String,

    /// The issuer of an OpenID Connect provider for single sign-on, such as https://login.example.com/realms/acme
    #[arg(long, env = "TOGGLEBIT_OIDC_ISSUER", global = true)]
    pub(crate) oidc_issuer: Option<String>,

    /// The client that it knows this instance as
    #[arg(long, env = "TOGGLEBIT_OIDC_CLIENT_ID", global = true)]
    pub(crate) oidc_client_id: Option<String>,

    #[arg(
        long,
        env = "TOGGLEBIT_OIDC_CLIENT_SECRET",
        hide_env_values = true,
        global = true,
        help = "Its secret"
    )]
    pub(crate) oidc_client_secret: Option<String>,

    /// What its button says after "Continue with"
    #[arg(long, env = "TOGGLEBIT_OIDC_LABEL", default_value = "single sign-on", global = true)]
    pub(crate) oidc_label: String,

    /// The SMTP server that sends letters: smtps://USER:PASSWORD@HOST, smtp+starttls://… or smtp://… for one without TLS
    #[arg(long, env = "TOGGLEBIT_SMTP", hide_env_values = true, global = true)]
    pub(crate) smtp: Option<String>,

    /// Whom letters are from, such as "Togglebit <togglebit@example.com>"
    #[arg(long, env = "TOGGLEBIT_MAIL_FROM", global = true)]
    pub(crate) mail_from: Option<String>,

    /// Offer a demo workspace, with a sign-in for everybody, where the database is empty
    #[arg(
        long, env = "TOGGLEBIT_DEMO", default_value = "false", value_parser = BoolishValueParser::new(),
        num_args = 0..=1, default_missing_value = "true", global = true
    )]
    pub(crate) demo: bool,
}

fn sign_up(text: &str) -> Result<SignUpPolicy, String> {
    match text {
        "open" => Ok(SignUpPolicy::Open),
        "invited" => Ok(SignUpPolicy::Invited),
        domains => {
            let domains: Vec<_> = domains.split(',').map(|domain| domain.trim().to_owned()).collect();
            match domains.iter().all(|domain| domain.contains('.') && !domain.contains(['@', ' '])) {
                true => Ok(SignUpPolicy::Domains(domains)),
                false => Err("must be open, invited, or domains such as example.com,example.org".to_owned()),
            }
        }
    }
}

fn web_address(text: &str) -> Result<String, String> {
    match text.starts_with("http://") || text.starts_with("https://") {
        true => Ok(text.trim_end_matches('/').to_owned()),
        false => Err("must begin with http:// or https://".to_owned()),
    }
}

/// Reads arguments and environment; none where the answer was printed already (help, version).
pub(crate) fn read() -> Result<Option<(Command, Config)>, Failure> {
    match Cli::try_parse() {
        Ok(cli) => Ok(Some((cli.command.unwrap_or(Command::Serve), cli.config))),
        Err(answer) if matches!(answer.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
            answer.print()?;
            Ok(None)
        }
        Err(error) => {
            let text = error.to_string();
            let line = text.lines().next().unwrap_or_default().trim_start_matches("error: ");
            Err(Failure::Arguments(match variable(&error) {
                Some(variable) => format!("{line} ({variable})"),
                None => line.to_owned(),
            }))
        }
    }
}

/// The variable that stands for the argument that an error is about.
fn variable(error: &clap::Error) -> Option<String> {
    let Some(ContextValue::String(about)) = error.get(ContextKind::InvalidArg) else { return None };
    let mut command = Cli::command();
    command.build();
    let argument = command.get_arguments().find(|argument| argument.to_string() == *about)?;
    Some(argument.get_env()?.to_string_lossy().into_owned())
}

impl Config {
    /// The identity providers that are configured: buttons appear for these alone.
    pub(crate) fn providers(&self) -> Result<Vec<ProviderConfig>, Failure> {
        let pair = |name: &str, id: &Option<String>, secret: &Option<String>| match (id, secret) {
            (None, None) => Ok(None),
            (Some(id), Some(secret)) => Ok(Some((id.clone(), secret.clone()))),
            _ => Err(Failure::Arguments(format!(
                "TOGGLEBIT_{name}_CLIENT_ID and TOGGLEBIT_{name}_CLIENT_SECRET go together: one of them is missing"
            ))),
        };
        let mut providers = Vec::new();
        if let Some((id, secret)) = pair("GOOGLE", &self.google_client_id, &self.google_client_secret)? {
            let kind = Kind::Oidc { issuer: self.google_issuer.clone() };
            providers.push(ProviderConfig { kind, ..ProviderConfig::google(id, secret) });
        }
        if let Some((id, secret)) = pair("GITHUB", &self.github_client_id, &self.github_client_secret)? {
            let (web_url, api_url) = (self.github_url.clone(), self.github_api_url.clone());
            let kind = Kind::GitHub { web_url, api_url };
            providers.push(ProviderConfig { kind, ..ProviderConfig::github(id, secret) });
        }
        let oidc = pair("OIDC", &self.oidc_client_id, &self.oidc_client_secret)?;
        match (oidc, &self.oidc_issuer) {
            (None, None) => {}
            (Some((id, secret)), Some(issuer)) => {
                let label = self.oidc_label.clone();
                providers.push(ProviderConfig::oidc("sso", label, issuer.clone(), id, secret));
            }
            _ => {
                let missing = "TOGGLEBIT_OIDC_ISSUER, TOGGLEBIT_OIDC_CLIENT_ID and TOGGLEBIT_OIDC_CLIENT_SECRET go together";
                return Err(Failure::Arguments(missing.to_owned()));
            }
        }
        Ok(providers)
    }

    /// What sends letters, where it is configured.
    pub(crate) fn mailer(&self) -> Result<Option<Mailer>, Failure> {
        let (smtp, from) = match (self.smtp.clone(), self.mail_from.clone()) {
            (None, None) => return Ok(None),
            (Some(_), Some(_)) if self.public_url.is_none() && !self.addr.ip().is_loopback() => {
                let missing = "TOGGLEBIT_PUBLIC_URL is missing: the links of letters begin with it";
                return Err(Failure::Arguments(missing.to_owned()));
            }
            (Some(smtp), Some(from)) => (smtp, from),
            _ => {
                let missing = "TOGGLEBIT_SMTP and TOGGLEBIT_MAIL_FROM go together: one of them is missing";
                return Err(Failure::Arguments(missing.to_owned()));
            }
        };
        match Mailer::new(&MailConfig { smtp, from }) {
            Ok(mailer) => Ok(Some(mailer)),
            Err(ConfigError::Smtp(fault)) => {
                Err(Failure::Arguments(format!("TOGGLEBIT_SMTP is not good: {fault}")))
            }
            Err(error @ ConfigError::From) => {
                Err(Failure::Arguments(format!("TOGGLEBIT_MAIL_FROM is not good: {error}")))
            }
        }
    }

    /// What the application is told.
    pub(crate) fn settings(&self) -> Result<Settings, Failure> {
        Ok(Settings {
            local_accounts: self.local_accounts,
            sign_up: self.sign_up.clone(),
            public_url: self.public_url(),
            streams: self.stream_limits(),
            rates: self.rates.limits()?,
        })
    }

    /// How many may follow changes. Evaluation needs connections too.
    fn stream_limits(&self) -> StreamLimits {
        let files = rlimit::getrlimit(rlimit::Resource::NOFILE).map_or(1024, |(soft, _)| soft);
        let in_all = usize::try_from(files / 4 * 3).unwrap_or(usize::MAX).min(self.streams);
        StreamLimits { per_key: self.streams_per_key, in_all }
    }

    /// Whether people reach the server over TLS.
    pub(crate) fn is_secure(&self) -> bool {
        self.public_url().starts_with("https:")
    }

    /// Where people reach the server, without a slash at the end.
    pub(crate) fn public_url(&self) -> String {
        match &self.public_url {
            Some(url) => url.clone(),
            None => format!("http://{}", self.addr),
        }
    }
}
