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
    #[arg(long, env = "TOGGLEBIT_PURGE_URL", hide_env_values = true, value_parser = address, global = true)]
    purge_url: Option<String>,

    /// The method of that request
    #[arg(long, env = "TOGGLEBIT_PURGE_METHOD", default_value = "POST", global = true)]
    purge_method: Method,

    /// A header of that request, such as "Authorization: Bearer TOKEN"
    #[arg(long, env = "TOGGLEBIT_PURGE_HEADER", hide_env_values = true, value_parser = header, global = true)]
    purge_header: Option<(HeaderName, String)>,

    /// The body of that request, such as {"tags":["{tag}"]}; JSON is said to be JSON
    #[arg(long, env = "TOGGLEBIT_PURGE_BODY", default_value = "", global = true)]
    purge_body: String,
}

fn address(text: &str) -> Result<String, String> {
    let address: Uri = text.replace(TAG, "tag").parse().map_err(|_| "is not an address".to_owned())?;
    match (address.scheme_str(), address.host()) {
        (Some("http" | "https"), Some(_)) => Ok(text.to_owned()),
        _ => Err("must begin with http:// or https://".to_owned()),
    }
}

fn header(text: &str) -> Result<(HeaderName, String), String> {
    let unreadable = || "must be NAME: VALUE".to_owned();
    let (name, value) = text.split_once(':').ok_or_else(unreadable)?;
    let name = name.trim().parse().map_err(|_| unreadable())?;
    let value = value.trim().to_owned();
    HeaderValue::try_from(&value).map_err(|_| unreadable())?;
    Ok((name, value))
}

impl Caches {
    /// Tells a cache, where there is one, of all that this node served and that is not true any more, until it is told to
    /// stop.
    ///
    /// Each node does so once it serves what is new: when the last one has, no cache can be filled with what was before.
    pub(crate) async fn keep_told(&self, delivery: &Delivery, outbound: &Outbound, stop: &CancellationToken) {
        let Some(url) = &self.purge_url else { return };
        loop {
            let outdated = tokio::select! {
                biased;
                outdated = delivery.outdated() => outdated,
                () = stop.cancelled() => return,
            };
            stream::iter(outdated)
                .for_each_concurrent(AT_A_TIME, async |outdated| self.tell(url, &outdated, outbound).await)
                .await;
        }
    }

    async fn tell(&self, url: &str, outdated: &Outdated, outbound: &Outbound) {
        let mut pauses = PAUSES.into_iter();
        loop {
            let failure = match self.request(url, outdated) {
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

    fn request(
        &self,
        url: &str,
        Outdated { tag, .. }: &Outdated,
    ) -> Result<Request<Vec<u8>>, axum::http::Error> {
        let fill = |template: &str| template.replace(TAG, tag);
        let mut request = Request::builder().method(&self.purge_method).uri(fill(url));
        let body = fill(&self.purge_body);
        if serde_json::from_str::<serde::de::IgnoredAny>(&body).is_ok() {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        if let Some((name, value)) = &self.purge_header {
            request = request.header(name, fill(value));
        }
        request.body(body.into_bytes())
    }
}
