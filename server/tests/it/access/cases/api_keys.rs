//! What applications sign in with.

use domain::access::Action;

use super::super::case::{About, Case};
use super::{LOOK, rest, shown};

const KEYS: &str = "/api/v1/manage/keys";
const KEY: &str = "/api/v1/manage/keys/{api_key}";

const NEW_KEY: &[(&str, &str)] = &[("name", "New"), ("environment", "prod"), ("kind", "server")];

pub(super) const CASES: &[Case] = &[
    shown(LOOK, About::ApiKey, KEYS),
    rest(Action::ManageApiKeys, About::Nothing, "POST", KEYS, NEW_KEY),
    shown(LOOK, About::ApiKey, KEY),
    rest(Action::ManageApiKeys, About::ApiKey, "PATCH", KEY, &[("name", "{new-slug}")]),
    rest(Action::ManageApiKeys, About::ApiKey, "POST", "/api/v1/manage/keys/{api_key}/revoke", &[]),
    rest(Action::ManageApiKeys, About::ApiKey, "POST", "/api/v1/manage/keys/{api_key}/rotate", &[]),
];
