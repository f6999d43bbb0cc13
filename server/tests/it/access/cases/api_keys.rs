//! What applications sign in with.

use domain::access::Action;

use super::super::case::{About, Case, Does};
use super::{LOOK, form, function, rest, shown};

const KEYS: &str = "/api/v1/manage/keys";
const KEY: &str = "/api/v1/manage/keys/{api_key}";

const NEW_KEY: &[(&str, &str)] = &[("name", "New"), ("environment", "prod"), ("kind", "server")];

const FORMS: &str = "/o/{organization}/{project}/keys";

pub(super) const CASES: &[Case] = &[
    form(Action::ManageApiKeys, About::Nothing, FORMS, NEW_KEY),
    form(
        Action::ManageApiKeys,
        About::ApiKey,
        "/o/{organization}/{project}/keys/{id}/update",
        &[("{id}", "{api_key}"), ("name", "{new-slug}"), ("allowed_networks", "10.0.0.0/8, 192.0.2.7")],
    ),
    form(
        Action::ManageApiKeys,
        About::ApiKey,
        "/o/{organization}/{project}/keys/{id}/rotate",
        &[("{id}", "{api_key}"), ("overlap_s", "3600")],
    ),
    form(
        Action::ManageApiKeys,
        About::ApiKey,
        "/o/{organization}/{project}/keys/{id}/revoke",
        &[("{id}", "{api_key}"), ("confirm", "Application")],
    ),
    function(
        Does::Show(LOOK),
        About::ApiKey,
        "/_fn/keys",
        &[("organization", "{organization}"), ("project", "{project}"), ("environment", "dev")],
    ),
    function(
        Does::Show(LOOK),
        About::ApiKey,
        "/_fn/keys/one",
        &[("organization", "{organization}"), ("project", "{project}"), ("id", "{api_key}")],
    ),
    function(
        Does::Show(LOOK),
        About::ApiKey,
        "/_fn/keys/name",
        &[("organization", "{organization}"), ("project", "{project}"), ("id", "{api_key}")],
    ),
    shown(LOOK, About::ApiKey, KEYS),
    rest(Action::ManageApiKeys, About::Nothing, "POST", KEYS, NEW_KEY),
    shown(LOOK, About::ApiKey, KEY),
    rest(Action::ManageApiKeys, About::ApiKey, "PATCH", KEY, &[("name", "{new-slug}")]),
    rest(Action::ManageApiKeys, About::ApiKey, "POST", "/api/v1/manage/keys/{api_key}/revoke", &[]),
    rest(Action::ManageApiKeys, About::ApiKey, "POST", "/api/v1/manage/keys/{api_key}/rotate", &[]),
];
