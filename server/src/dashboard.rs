//! The dashboard's routes and layers. The API for machines has none of these layers.

use axum::Router;
use axum::http::{HeaderName, HeaderValue, Request, header};
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use leptos::config::LeptosOptions;
use leptos::prelude::provide_context;
use leptos_axum::{LeptosRoutes, file_and_error_handler, generate_route_list};
use service::Services;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::trace::TraceLayer;
use tower_http_csrf::csrf::CsrfLayer;

use crate::config::Config;
use crate::session;

/// The dashboard: pages, server functions, signing in and out, static files.
pub(crate) fn router(services: &Services, options: LeptosOptions, config: &Config, demo: bool) -> Router {
    let secure = config.public_url().starts_with("https:");
    let context = {
        let services = services.clone();
        move || {
            provide_context(services.clone());
            provide_context(app::server::DemoOn(demo));
        }
    };
    let shell = {
        let options = options.clone();
        move || app::shell(options.clone())
    };
    let pages = Router::new()
        .leptos_routes_with_context(&options, generate_route_list(app::App), context, shell)
        .with_state(options.clone());
    let mut entrance =
        Router::new().route("/", get(session::home)).route("/sign-out", post(session::sign_out));
    if demo {
        entrance = entrance.route("/sign-in/demo", post(session::sign_in_to_demo));
    }
    let people = pages
        .merge(entrance.with_state(services.clone()))
        .layer(from_fn_with_state(services.clone(), session::authenticate))
        .layer(session::layer(services, secure))
        .layer(CsrfLayer::new())
        .layer(CompressionLayer::new())
        .layer(SetResponseHeaderLayer::if_not_present(
            header::CACHE_CONTROL,
            HeaderValue::from_static("no-store"),
        ));
    // Names stay the same over releases, so browsers ask each time whether what they have is still right.
    let files = Router::new().fallback(file_and_error_handler(app::missing)).with_state(options).layer(
        SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    );
    // Nobody may frame the dashboard: a frame over it could borrow the visitor's clicks.
    people
        .merge(files)
        .layer(always(header::X_FRAME_OPTIONS, "DENY"))
        .layer(always(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(always(header::REFERRER_POLICY, "same-origin"))
        .layer(CatchPanicLayer::new())
        // Whoever fails logs the cause itself.
        .layer(TraceLayer::new_for_http().make_span_with(span).on_failure(()))
}

fn always(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
}

/// Names a request in the log by its path alone: queries may hold what people typed.
fn span<B>(request: &Request<B>) -> tracing::Span {
    tracing::info_span!("request", http.method = %request.method(), http.path = request.uri().path())
}
