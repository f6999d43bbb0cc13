//! The dashboard's routes and layers. The API for machines has none of these layers.

use std::sync::Arc;

use api::manage::who::{self, RequestId};
use app::entrance::Entrance;
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Method, Request, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Extension, Router};
use identity::Providers;
use leptos::config::LeptosOptions;
use leptos::prelude::{IntoView, provide_context};
use leptos_axum::{LeptosRoutes, file_and_error_handler, generate_route_list, render_app_async_with_context};
use service::{Services, SignUpPolicy};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::trace::TraceLayer;
use tower_http_csrf::csrf::CsrfLayer;

use crate::config::Config;
use crate::forms::{self, Forms, Pages};
use crate::landing::{self, Door};
use crate::{docs, failed, live, program, refusals, session};

/// The dashboard: pages, server functions, signing in and out, static files.
pub(crate) fn router(
    services: &Services,
    options: LeptosOptions,
    config: &Config,
    providers: Providers,
    demo: bool,
    // Where the browser's program is.
    program: &str,
) -> Router {
    let secure = config.is_secure();
    let identify = who::Identify { services: services.clone(), proxies: config.proxies };
    let context = {
        let (services, entrance) = (services.clone(), entrance(services, &providers, demo));
        move || {
            provide_context(services.clone());
            provide_context(entrance.clone());
        }
    };
    let shell = {
        let (options, program) = (options.clone(), program.to_owned());
        move || app::shell(options.clone(), program.clone())
    };
    let again = again(context.clone(), shell.clone());
    let pages = Router::new()
        .leptos_routes_with_context(&options, generate_route_list(app::App), context, shell)
        .with_state(options.clone());
    let door = Door { services: services.clone(), options: options.clone(), demo, url: config.public_url() };
    let mut doors = Router::new()
        .route("/o/{organization}", get(session::organization))
        .route("/o/{organization}/{project}/audit/export", get(api::manage::download_audit_log))
        .route("/o/{organization}/{project}/export", get(api::manage::download_project))
        .route("/live", get(live::stream).layer(Extension(live::Streams::default())));
    if demo {
        doors = doors.route("/sign-in/demo", post(session::sign_in_to_demo));
    }
    let forms = Forms { services: services.clone(), secure, providers, pages: again };
    let people = pages
        .merge(doors.with_state(services.clone()))
        .route("/", get(landing::front).with_state(door))
        .merge(forms::router(forms))
        .merge(api::manage::router(services.clone()))
        .layer(from_fn_with_state(identify, who::identify))
        .layer(session::layer(services, secure))
        .layer(CsrfLayer::new().with_rejection_response(refusals::elsewhere))
        .layer(CompressionLayer::new())
        .layer(SetResponseHeaderLayer::if_not_present(
            header::CACHE_CONTROL,
            HeaderValue::from_static("no-store"),
        ));
    // Names stay the same over releases, so browsers ask each time whether what they have is still right.
    let files = Router::new()
        .fallback(file_and_error_handler(app::missing))
        .with_state(options.clone())
        .layer(SetResponseHeaderLayer::if_not_present(
            header::CACHE_CONTROL,
            HeaderValue::from_static("no-cache"),
        ));
    let open = docs::router().merge(landing::router()).layer(CompressionLayer::new());
    let mut all = people
        .merge(program::router(program, options.clone()))
        .merge(files)
        .merge(open)
        .layer(CatchPanicLayer::custom(refusals::panicked))
        .layer(from_fn_with_state(options, failed::as_page));
    if secure {
        all = all.layer(always(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"));
    }
    // Nobody may frame the dashboard: a frame over it could borrow the visitor's clicks.
    all.layer(always(header::X_FRAME_OPTIONS, "DENY"))
        .layer(always(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(always(header::REFERRER_POLICY, "same-origin"))
        // Whoever fails logs the cause itself.
        .layer(TraceLayer::new_for_http().make_span_with(span).on_failure(()))
        .layer(from_fn(number))
}

/// Pages as the answers of forms. They are asked for as if they were looked at.
fn again<V: IntoView + 'static>(
    context: impl Fn() + Clone + Send + Sync + 'static,
    shell: impl Fn() -> V + Clone + Send + Sync + 'static,
) -> Pages {
    Arc::new(move |mut asked, flash| {
        let context = context.clone();
        let context = move || {
            context();
            provide_context(flash.clone());
        };
        asked.method = Method::GET;
        let render = render_app_async_with_context(context, shell.clone());
        Box::pin(async move { render(Request::from_parts(asked, Body::empty())).await })
    })
}

/// The ways in that the instance has.
fn entrance(services: &Services, providers: &Providers, demo: bool) -> Entrance {
    let settings = services.settings();
    Entrance {
        demo,
        local_accounts: settings.local_accounts,
        sign_up: settings.sign_up != SignUpPolicy::Invited,
        letters: services.sends_letters(),
        providers: providers.list().into_iter().map(|provider| (provider.id, provider.label)).collect(),
        signed_in: None,
    }
}

fn always(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
}

/// Gives each request an id, which its answer, the log and the audit log show.
async fn number(mut request: axum::extract::Request, next: Next) -> Response {
    let id = service::random_token();
    let header = HeaderValue::try_from(&id);
    request.extensions_mut().insert(RequestId(id));
    let mut response = next.run(request).await;
    if let Ok(header) = header {
        response.headers_mut().insert("x-request-id", header);
    }
    response
}

/// Names a request in the log by its path alone: queries may hold what people typed, and tokens of links.
fn span<B>(request: &Request<B>) -> tracing::Span {
    let id = request.extensions().get::<RequestId>().map(|id| id.0.as_str()).unwrap_or_default();
    tracing::info_span!("request", request.id = id, http.method = %request.method(), http.path = request.uri().path())
}
