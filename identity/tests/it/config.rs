//! Configurations that cannot be used.

use std::sync::Arc;

use identity::{ConfigError, GITHUB_API_URL, GITHUB_WEB_URL, Kind, ProviderConfig, Providers, Secret};

fn with_public_url(config: ProviderConfig, public_url: &str) -> Result<(), ConfigError> {
    Providers::new(vec![config], public_url, Arc::new(|| 0)).map(|_| ())
}

fn check(config: ProviderConfig) -> Result<(), ConfigError> {
    with_public_url(config, "https://flags.example.com")
}

fn oidc(issuer: &str) -> ProviderConfig {
    ProviderConfig::oidc("sso", "Example", issuer, "client", "secret")
}

#[test]
fn the_known_providers_are_fine() {
    let configs = vec![
        ProviderConfig::google("client", "secret"),
        ProviderConfig::github("client", "secret"),
        oidc("https://login.example.com/realms/one"),
    ];
    let providers = Providers::new(configs, "https://flags.example.com/below/", Arc::new(|| 0)).unwrap();
    let ids: Vec<_> = providers.list().into_iter().map(|listed| listed.id).collect();
    assert_eq!(ids, ["google", "github", "sso"]);
    let google = providers.get("google").unwrap();
    assert_eq!(google.callback_url(), "https://flags.example.com/below/auth/google/callback");
    let github = ProviderConfig::github("client", "secret").kind;
    let expected = Kind::GitHub { web_url: GITHUB_WEB_URL.to_owned(), api_url: GITHUB_API_URL.to_owned() };
    assert_eq!(github, expected);
}

#[test]
fn no_provider_is_fine_too() {
    assert!(Providers::new(Vec::new(), "http://127.0.0.1:3000", Arc::new(|| 0)).unwrap().list().is_empty());
}

#[test]
fn an_id_is_part_of_an_address() {
    for id in ["", "Google", "a/b", "a b", "ä", ".", &"a".repeat(33)] {
        let config = ProviderConfig { id: id.to_owned(), ..oidc("https://login.example.com") };
        assert_eq!(check(config), Err(ConfigError::Id(id.to_owned())));
    }
}

#[test]
fn an_id_is_there_once() {
    let configs = vec![oidc("https://one.example.com"), oidc("https://two.example.com")];
    let result = Providers::new(configs, "https://flags.example.com", Arc::new(|| 0));
    assert_eq!(result.unwrap_err(), ConfigError::Twice("sso".to_owned()));
}

#[test]
fn nothing_may_be_empty() {
    let good = || oidc("https://login.example.com");
    let cases = [
        (ProviderConfig { label: " ".to_owned(), ..good() }, "the label"),
        (ProviderConfig { client_id: String::new(), ..good() }, "the client id"),
        (ProviderConfig { client_secret: Secret::new("\n"), ..good() }, "the client secret"),
    ];
    for (config, what) in cases {
        assert_eq!(check(config), Err(ConfigError::Empty { provider: "sso".to_owned(), what }));
    }
}

#[test]
fn addresses_are_plain() {
    let cases = [
        ("", ""),
        ("login.example.com", "login.example.com"),
        ("ftp://login.example.com", "ftp://login.example.com"),
        ("https://", "https://"),
        ("https://login.example.com/?a=b", "https://login.example.com/?a=b"),
        ("https://login.example.com/#a", "https://login.example.com/#a"),
        ("https://ada@login.example.com", "https://login.example.com"),
        ("https://:hunter2@login.example.com", "https://login.example.com"),
        ("https://ada:hunter2@login.example.com", "https://login.example.com"),
    ];
    for (address, shown) in cases {
        let url = shown.to_owned();
        let expected = ConfigError::Url { what: "sso: the issuer".to_owned(), url };
        assert_eq!(check(oidc(address)), Err(expected));
        let expected = ConfigError::Url { what: "our own address".to_owned(), url: shown.to_owned() };
        assert_eq!(with_public_url(oidc("https://login.example.com"), address), Err(expected));
    }
}

#[test]
fn both_addresses_of_github_are_checked() {
    let (good, bad) = ("https://github.example.com".to_owned(), "http://github.example.com".to_owned());
    let cases = [(bad.clone(), good.clone(), "github: the site"), (good, bad.clone(), "github: the API")];
    for (web_url, api_url, what) in cases {
        let kind = Kind::GitHub { web_url, api_url };
        let config = ProviderConfig { kind, ..ProviderConfig::github("client", "secret") };
        assert_eq!(check(config), Err(ConfigError::Insecure { what: what.to_owned(), url: bad.clone() }));
    }
}

#[test]
fn without_tls_only_on_this_machine() {
    for host in ["127.0.0.1", "127.1.2.3", "[::1]", "localhost", "login.localhost"] {
        assert_eq!(check(oidc(&format!("http://{host}:8080"))), Ok(()), "{host}");
    }
    for host in ["login.example.com", "10.0.0.1", "[::2]", "localhost.example.com", "127.0.0.1.example.com"] {
        let url = format!("http://{host}:8080");
        let what = "sso: the issuer".to_owned();
        assert_eq!(check(oidc(&url)), Err(ConfigError::Insecure { what, url: url.clone() }), "{host}");
        assert_eq!(with_public_url(oidc(&url), "http://flags.internal:3000"), Ok(()), "{host}");
    }
}
