//! Caches in front: how long they may keep what is public, and the call that has them forget it.

use std::time::Duration;

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, HeaderValue, Method, Request, Uri};
use clap::Args;
use futures_util::{StreamExt, stream};
use outbound::Outbound;
use service::Delivery;
use service::delivery::Outdated;
use tokio_util::sync::CancellationToken;

use crate::failure::Failure;

/// How many calls are made at a time.
const AT_A_TIME: usize = 8;

/// How long is waited before a call that failed is made again.
const PAUSES: [Duration; 3] = [Duration::from_millis(250), Duration::from_secs(1), Duration::from_secs(4)];

/// What stands for the cache tag of the environment that changed, in all that is sent.
const TAG: &str = "{tag}";

/// What the server is told about caches in front.
#[derive(Args)]
pub(crate) struct Caches {
    /// For how many seconds caches in front may keep what browser keys in addresses are answered; 0 for not at all
    #[arg(
        long, env = "TOGGLEBIT_SHARED_MAX_AGE", default_value_t = 0, global = true,
        value_parser = clap::value_parser!(u32).range(0..=86_400)
    )]
    pub(crate) shared_max_age: u32,

    /// Where to ask a cache to forget what has changed, such as <https://cdn.example.com/purge/{tag}>
    #[arg(long, env = "TOGGLEBIT_PURGE_URL", hide_env_values = true, global = true)]
    purge_url: Option<String>,

    /// The method of that request
    #[arg(long, env = "TOGGLEBIT_PURGE_METHOD", default_value = "POST", global = true)]
    purge_method: Method,

    /// A header of that request, such as "Authorization: Bearer TOKEN"
    #[arg(long, env = "TOGGLEBIT_PURGE_HEADER", hide_env_values = true, global = true)]
    purge_header: Option<String>,

    /// The body of that request, such as {"tags":["{tag}"]}; JSON is said to be JSON
    #[arg(long, env = "TOGGLEBIT_PURGE_BODY", default_value = "", global = true)]
    purge_body: String,
}

/// The call that has a cache forget.
pub(crate) struct Purge {
    url: String,
    method: Method,
    header: Option<(HeaderName, String)>,
    body: String,
}

impl Caches {
    /// The call, where one is configured. What is wrong with it is said without what was given, which may hold a secret.
    pub(crate) fn purge(&self) -> Result<Option<Purge>, Failure> {
        let wrong = |what: &str| Failure::Arguments(what.to_owned());
        let header = self.purge_header.as_deref().map(header);
        let header = header.map(|it| it.ok_or_else(|| wrong("TOGGLEBIT_PURGE_HEADER must be NAME: VALUE")));
        let header = header.transpose()?;
        let (method, body) = (self.purge_method.clone(), self.purge_body.clone());
        match &self.purge_url {
            None if header.is_none() && body.is_empty() => Ok(None),
            None => Err(wrong("TOGGLEBIT_PURGE_URL is missing: where is the cache asked to forget?")),
            Some(url) if is_address(url) => Ok(Some(Purge { url: url.clone(), method, header, body })),
            Some(_) => {
                Err(wrong("TOGGLEBIT_PURGE_URL must begin with http:// or https://, and be an address"))
            }
        }
    }
}

fn is_address(text: &str) -> bool {
    let address = text.replace(TAG, "tag").parse::<Uri>();
    address.is_ok_and(|it| matches!(it.scheme_str(), Some("http" | "https")) && it.host().is_some())
}

fn header(text: &str) -> Option<(HeaderName, String)> {
    let (name, value) = text.split_once(':')?;
    let (name, value) = (name.trim().parse().ok()?, value.trim());
    HeaderValue::try_from(value).is_ok().then(|| (name, value.to_owned()))
}

impl Purge {
    /// Tells the cache of all that this node served and that is not true any more, until it is told to
    /// stop.
    ///
    /// Each node does so once it serves what is new: when the last one has, no cache can be filled with what was before.
    pub(crate) async fn keep_told(&self, delivery: &Delivery, outbound: &Outbound, stop: &CancellationToken) {
        loop {
            let outdated = tokio::select! {
                biased;
                outdated = delivery.outdated() => outdated,
                () = stop.cancelled() => return,
            };
            stream::iter(outdated)
                .for_each_concurrent(AT_A_TIME, async |outdated| self.tell(&outdated, outbound).await)
                .await;
        }
    }

    async fn tell(&self, outdated: &Outdated, outbound: &Outbound) {
        let mut pauses = PAUSES.into_iter();
        loop {
            let failure = match self.request(outdated) {
                Ok(request) => match outbound.send(request).await {
                    Ok(answer) if answer.status().is_success() => return,
                    Ok(answer) => format!("status {}", answer.status().as_u16()),
                    Err(failure) => failure.to_string(),
                },
                Err(error) => error.to_string(),
            };
            let Some(pause) = pauses.next() else {
                let Outdated { environment, revision, .. } = outdated;
                tracing::error!(%environment, revision, failure, "a cache in front keeps what is not true any more");
                return;
            };
            tokio::time::sleep(pause).await;
        }
    }

    fn request(&self, Outdated { tag, .. }: &Outdated) -> Result<Request<Vec<u8>>, axum::http::Error> {
        let fill = |template: &str| template.replace(TAG, tag);
        let mut request = Request::builder().method(&self.method).uri(fill(&self.url));
        let body = fill(&self.body);
        if serde_json::from_str::<serde::de::IgnoredAny>(&body).is_ok() {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        if let Some((name, value)) = &self.header {
            request = request.header(name, fill(value));
        }
        request.body(body.into_bytes())
    }
}
