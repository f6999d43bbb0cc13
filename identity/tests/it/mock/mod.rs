//! A provider: OpenID Connect and GitHub at once, which does what the protocol asks of it unless told otherwise.

mod sign;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::Response;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::{HeaderMap, Method, StatusCode, Uri};
use identity::Callback;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use url::Url;

pub(crate) use sign::{Signer, encode};

pub(crate) const CLIENT_ID: &str = "togglebit client";
/// With characters that have to be encoded in a header.
pub(crate) const CLIENT_SECRET: &str = "s3cret:with/+% & more";
pub(crate) const KID: &str = "first";

/// A running provider. It ends with the test's runtime.
#[derive(Clone)]
pub(crate) struct Mock {
    pub(crate) url: String,
    world: Arc<Mutex<World>>,
    /// Told of each request that is never answered.
    pub(crate) hanging: Arc<Notify>,
}

type Tweak = Box<dyn Fn(&mut Value, &mut Value) + Send>;

/// What the provider does.
pub(crate) struct World {
    /// Replaces and adds to what is said at discovery; null takes away.
    pub(crate) discovery: Value,
    /// What is said of the person, in the ID token.
    pub(crate) claims: Value,
    /// What is said of the person when asked with the access token.
    pub(crate) user: Value,
    /// GitHub's list.
    pub(crate) emails: Value,
    /// Changes header and claims of the ID token before it is signed.
    pub(crate) tweak: Tweak,
    /// Changes the ID token after it was signed.
    pub(crate) forge: Box<dyn Fn(String) -> String + Send>,
    pub(crate) signer: Signer,
    pub(crate) keys: Vec<Value>,
    /// Whether the client has to show its secret in the form.
    pub(crate) secret_in_form: bool,
    /// Answers for paths that answer something else.
    pub(crate) instead: HashMap<&'static str, Instead>,
    /// By the provider's clock, in seconds.
    pub(crate) now: i64,
    pub(crate) seen: Vec<Seen>,
    codes: HashMap<String, Asked>,
}

/// An answer that is not the provider's usual one.
#[derive(Clone)]
pub(crate) enum Instead {
    Answer { status: u16, headers: Vec<(&'static str, String)>, body: String },
    Hang,
}

impl Instead {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        let headers = vec![("content-type", "application/json".to_owned())];
        Self::Answer { status, headers, body: body.to_string() }
    }

    pub(crate) fn status(status: u16) -> Self {
        Self::Answer { status, headers: Vec::new(), body: String::new() }
    }

    pub(crate) fn redirect(status: u16, to: &str) -> Self {
        Self::Answer { status, headers: vec![("location", to.to_owned())], body: String::new() }
    }
}

/// A request that came.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) path: String,
    pub(crate) query: Option<String>,
    pub(crate) headers: HeaderMap,
}

/// What a code was given for.
struct Asked {
    challenge: String,
    redirect_uri: String,
    nonce: Option<String>,
}

impl Mock {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let signer = Signer::rsa();
        let world = World {
            discovery: json!({}),
            claims: json!({ "sub": "ada-1", "email": "ada@example.com", "email_verified": true, "name": "Ada" }),
            user: json!({ "sub": "ada-1" }),
            emails: json!([]),
            tweak: Box::new(|_, _| {}),
            forge: Box::new(|token| token),
            keys: vec![signer.public(KID)],
            signer,
            secret_in_form: false,
            instead: HashMap::new(),
            now: 0,
            seen: Vec::new(),
            codes: HashMap::new(),
        };
        let mock = Self { url, world: Arc::new(Mutex::new(world)), hanging: Arc::default() };
        let router = Router::new().fallback(answer).with_state(mock.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        mock
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    /// Has one key from now on.
    pub(crate) fn sign_with(&self, signer: Signer, kid: &str) {
        let mut world = self.world();
        world.keys = vec![signer.public(kid)];
        world.signer = signer;
    }

    /// How often a path was asked for.
    pub(crate) fn count(&self, path: &str) -> usize {
        self.world().seen.iter().filter(|seen| seen.path == path).count()
    }

    /// The person says yes: what the browser brings back.
    pub(crate) fn consent(&self, redirect_to: &str) -> Callback {
        let asked = parameters(redirect_to);
        assert_eq!(asked["response_type"], "code");
        assert_eq!(asked["client_id"], CLIENT_ID);
        assert_eq!(asked["code_challenge_method"], "S256");
        let mut world = self.world();
        let code = format!("code-{}", world.codes.len() + world.seen.len());
        let given = Asked {
            challenge: asked["code_challenge"].clone(),
            redirect_uri: asked["redirect_uri"].clone(),
            nonce: asked.get("nonce").cloned(),
        };
        world.codes.insert(code.clone(), given);
        Callback { code: Some(code), state: asked.get("state").cloned(), ..Callback::default() }
    }

    fn token(&self, headers: &HeaderMap, body: &[u8]) -> (u16, Value) {
        let mut form = form(body);
        let mut world = self.world();
        let shown = if world.secret_in_form {
            assert!(!headers.contains_key("authorization"));
            form.remove("client_id").zip(form.remove("client_secret"))
        } else {
            assert!(!form.contains_key("client_secret"));
            basic(headers)
        };
        if shown != Some((CLIENT_ID.to_owned(), CLIENT_SECRET.to_owned())) {
            return (401, json!({ "error": "invalid_client" }));
        }
        let refused = (400, json!({ "error": "invalid_grant", "error_description": "no such code" }));
        let Some(asked) = world.codes.remove(&form["code"]) else { return refused };
        let challenge = encode(digest(&SHA256, form["code_verifier"].as_bytes()));
        if form["grant_type"] != "authorization_code"
            || asked.redirect_uri != form["redirect_uri"]
            || asked.challenge != challenge
        {
            return refused;
        }
        let mut answer =
            json!({ "access_token": "access-token-1", "token_type": "Bearer", "expires_in": 3600 });
        if let Some(nonce) = asked.nonce {
            let mut header = json!({ "alg": world.signer.algorithm(), "kid": KID, "typ": "JWT" });
            let mut claims = json!({
                "iss": self.url, "aud": CLIENT_ID, "iat": world.now, "exp": world.now + 3600, "nonce": nonce,
            });
            merge(&mut claims, &world.claims);
            (world.tweak)(&mut header, &mut claims);
            answer["id_token"] = (world.forge)(world.signer.token(&header, &claims)).into();
        }
        (200, answer)
    }

    fn discovery(&self) -> Value {
        let url = &self.url;
        let mut document = json!({
            "issuer": url,
            "authorization_endpoint": format!("{url}/authorize?tenant=1"),
            "token_endpoint": format!("{url}/token"),
            "jwks_uri": format!("{url}/keys"),
            "userinfo_endpoint": format!("{url}/userinfo"),
            "response_types_supported": ["code"],
        });
        merge(&mut document, &self.world().discovery);
        document
    }
}

async fn answer(
    State(mock): State<Mock>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let (path, query) = (uri.path().to_owned(), uri.query().map(str::to_owned));
    mock.world().seen.push(Seen { path: path.clone(), query, headers: headers.clone() });
    let instead = mock.world().instead.get(path.as_str()).cloned();
    match instead {
        Some(Instead::Answer { status, headers, body }) => {
            let builder = Response::builder().status(status);
            let builder = headers.iter().fold(builder, |builder, (name, value)| builder.header(*name, value));
            return builder.body(Body::from(body)).unwrap();
        }
        Some(Instead::Hang) => {
            mock.hanging.notify_one();
            return std::future::pending().await;
        }
        None => {}
    }
    let authorized = headers.get("authorization").is_some_and(|value| value == "Bearer access-token-1");
    let (status, body) = match (method, path.as_str()) {
        (Method::GET, "/.well-known/openid-configuration") => (200, mock.discovery()),
        (Method::GET, "/keys") => (200, json!({ "keys": mock.world().keys })),
        (Method::POST, "/token" | "/login/oauth/access_token") => mock.token(&headers, &body),
        (Method::GET, "/userinfo" | "/user") if authorized => (200, mock.world().user.clone()),
        (Method::GET, "/user/emails") if authorized => (200, mock.world().emails.clone()),
        (Method::GET, "/userinfo" | "/user" | "/user/emails") => (401, json!({})),
        _ => (404, json!({})),
    };
    Response::builder()
        .status(StatusCode::from_u16(status).unwrap())
        .header("content-type", "application/json; charset=utf-8")
        .body(Body::from(body.to_string()))
        .unwrap()
}

/// The query of an address.
pub(crate) fn parameters(url: &str) -> HashMap<String, String> {
    Url::parse(url).unwrap().query_pairs().into_owned().collect()
}

/// Replaces and adds; null takes away.
pub(crate) fn merge(into: &mut Value, from: &Value) {
    let into = into.as_object_mut().unwrap();
    for (name, value) in from.as_object().unwrap() {
        if value.is_null() {
            into.remove(name);
        } else {
            into.insert(name.clone(), value.clone());
        }
    }
}

fn form(body: &[u8]) -> HashMap<String, String> {
    url::form_urlencoded::parse(body).into_owned().collect()
}

/// The client's id and secret, each encoded like a form (RFC 6749, part 2.3.1).
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get("authorization")?.to_str().ok()?.strip_prefix("Basic ")?;
    let text = String::from_utf8(BASE64_STANDARD.decode(value).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    let decode = |text: &str| form(format!("x={text}").as_bytes()).remove("x");
    decode(id).zip(decode(secret))
}
