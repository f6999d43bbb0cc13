//! How whoever asks proves who they are.

use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};

/// Adds the ways that operations name.
pub(super) fn describe(api: &mut OpenApi) {
    let bearer = |format: &str, description: &str| {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format(format);
        SecurityScheme::Http(scheme.description(Some(description)).build())
    };
    let session = "The session that signing in begins: the cookie `togglebit`, or `__Host-togglebit` where the instance is \
                   reached by HTTPS. A browser's request from another site that would change something is refused.";
    let token = "A personal token (`tbp_…`), which acts as its person as far as its scope goes, or the token of a session \
                 (`tbs_…`), which is worth what the cookie is.";
    let key = "An environment's API key: `tb_<environment>_…` for servers, `tbc_<environment>_…` for browsers, which see \
               the flags that are marked for them.";
    let components = api.components.get_or_insert_default();
    let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description("togglebit", session)));
    components.add_security_scheme("session", cookie);
    components.add_security_scheme("token", bearer("tbp_… or tbs_…", token));
    components.add_security_scheme("environment_key", bearer("tb_… or tbc_…", key));
    let alone = "The same key, for whom `Authorization` is not free.";
    let header = SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description("X-API-Key", alone)));
    components.add_security_scheme("environment_key_header", header);
}
