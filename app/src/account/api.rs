//! What the page asks of the server.

use domain::Millis;
use domain::accounts::{AccountView, SessionView, TokenView};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::UiError;
use crate::form::{Form, Json, arguments};

arguments!(LoadAccount);

/// An account with its sessions and tokens.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Account {
    pub(crate) now: Millis,
    pub(crate) account: AccountView,
    pub(crate) sessions: Vec<SessionView>,
    pub(crate) tokens: Vec<TokenView>,
    /// The providers that can be connected: name in addresses, and name for people.
    pub(crate) providers: Vec<(String, String)>,
    /// Whether a letter can be sent to the address.
    pub(crate) letters: bool,
}

/// One's own account.
#[server(endpoint = "account", input = Form, output = Json)]
pub(crate) async fn load_account() -> Result<Account, UiError> {
    let (services, actor) = crate::server::request()?;
    let load = async || {
        let accounts = services.accounts();
        Ok(Account {
            now: services.now(),
            account: accounts.account(&actor).await?,
            sessions: accounts.sign_ins(&actor).await?,
            tokens: accounts.tokens(&actor).await?,
            providers: crate::server::entrance().providers,
            letters: crate::server::entrance().letters,
        })
    };
    load().await.map_err(crate::server::reject)
}
