//! The browser's program: where it is fetched from. Its address names what it consists of, so browsers may keep it for good,
//! and a page that is open over a change of the server never gets a part that fits another program.

use std::path::Path;
use std::{fs, io};

use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use leptos::config::LeptosOptions;
use leptos_axum::file_and_error_handler;
use sha2::{Digest, Sha256};
use tower_http::set_header::SetResponseHeaderLayer;

/// The folder of addresses that belongs to what is in the site's folder, such as `/program/0f3a…`.
pub(crate) fn folder(options: &LeptosOptions) -> io::Result<String> {
    let folder = Path::new(options.site_root.as_ref()).join(options.site_pkg_dir.as_ref());
    let mut files: Vec<_> =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "js" || extension == "wasm"));
    files.sort();
    let mut all = Sha256::new();
    for path in files {
        all.update(path.file_name().unwrap_or_default().as_encoded_bytes());
        all.update(Sha256::digest(fs::read(path)?));
    }
    let digest = all.finalize();
    Ok(format!("/program/{}", digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect::<String>()))
}

/// The program, in its folder. Another program's parts are not found.
pub(crate) fn router(folder: &str, options: LeptosOptions) -> Router {
    let files = Router::new().fallback(file_and_error_handler(app::missing)).with_state(options);
    let kept = |response: &Response| {
        (response.status() == StatusCode::OK)
            .then_some(HeaderValue::from_static("public, max-age=31536000, immutable"))
    };
    Router::new().nest(folder, files).layer(SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, kept))
}
