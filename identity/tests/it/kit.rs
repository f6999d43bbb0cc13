//! A provider, its client and a clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use identity::{
    Begun, Callback, Clock, Failure, Identity, Kind, Pending, Provider, ProviderConfig, Providers,
};
use serde_json::Value;

use crate::mock::{CLIENT_ID, CLIENT_SECRET, Mock};

/// When every test begins, in epoch milliseconds.
pub(crate) const START: i64 = 1_800_000_000_000;
pub(crate) const PUBLIC_URL: &str = "https://flags.example.com";
pub(crate) const SECOND: i64 = 1000;
pub(crate) const MINUTE: i64 = 60 * SECOND;
pub(crate) const HOUR: i64 = 60 * MINUTE;

pub(crate) struct Kit {
    pub(crate) mock: Mock,
    pub(crate) providers: Providers,
    /// Our own clock.
    pub(crate) now: Arc<AtomicI64>,
}

impl Kit {
    /// A client of the provider's OpenID Connect.
    pub(crate) async fn oidc() -> Self {
        let mock = Mock::start().await;
        let config = ProviderConfig::oidc("sso", "Example", &mock.url, CLIENT_ID, CLIENT_SECRET);
        Self::new(mock, config)
    }

    /// A client of its imitation of GitHub.
    pub(crate) async fn github() -> Self {
        let mock = Mock::start().await;
        let mut config = ProviderConfig::github(CLIENT_ID, CLIENT_SECRET);
        config.kind = Kind::GitHub { web_url: format!("{}/", mock.url), api_url: mock.url.clone() };
        Self::new(mock, config)
    }

    pub(crate) fn new(mock: Mock, config: ProviderConfig) -> Self {
        let now = Arc::new(AtomicI64::new(START));
        mock.world().now = START / SECOND;
        let clock: Clock = {
            let now = Arc::clone(&now);
            Arc::new(move || now.load(Ordering::Relaxed))
        };
        let providers = Providers::new(vec![config], PUBLIC_URL, clock).unwrap();
        Self { mock, providers, now }
    }

    pub(crate) fn provider(&self) -> &Provider {
        let listed = self.providers.list();
        self.providers.get(&listed[0].id).unwrap()
    }

    /// Time passes for both sides.
    pub(crate) fn pass(&self, milliseconds: i64) {
        let now = self.now.fetch_add(milliseconds, Ordering::Relaxed) + milliseconds;
        self.mock.world().now = now.div_euclid(SECOND);
    }

    /// The person is sent away and says yes.
    pub(crate) async fn consent(&self) -> (Pending, Callback) {
        let Begun { redirect_to, pending } = self.provider().begin().await.unwrap();
        let callback = self.mock.consent(&redirect_to);
        (pending, callback)
    }

    /// A whole sign-in.
    pub(crate) async fn sign_in(&self) -> Result<Identity, Failure> {
        let (pending, callback) = self.consent().await;
        self.provider().complete(pending, callback).await
    }

    /// A whole sign-in in which something is done to the ID token's header and claims.
    pub(crate) async fn sign_in_with(
        &self,
        tweak: impl Fn(&mut Value, &mut Value) + Send + 'static,
    ) -> Result<Identity, Failure> {
        self.mock.world().tweak = Box::new(tweak);
        self.sign_in().await
    }
}

/// The same sign-in again, as a session that was copied would have it.
pub(crate) fn copy(pending: &Pending) -> Pending {
    serde_json::from_str(&serde_json::to_string(pending).unwrap()).unwrap()
}

/// The sign-in with one thing of it replaced.
pub(crate) fn with(pending: &Pending, field: &str, value: impl Into<Value>) -> Pending {
    let mut json = serde_json::to_value(pending).unwrap();
    assert!(json.get(field).is_some());
    json[field] = value.into();
    serde_json::from_value(json).unwrap()
}
