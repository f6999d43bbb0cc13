//! Parts of a page that are fetched after it: windows that few open, and what takes long to take over. docs/decisions/0018.

use std::pin::Pin;

use leptos::prelude::*;

#[cfg(not(feature = "ssr"))]
use super::later_in_browser::draw;

/// What is drawn; or that what draws it could not be fetched.
pub(crate) type Fetched = Result<AnyView, Unfetched>;

/// What a place carries while what the server has drawn there is not taken over.
#[cfg(not(feature = "ssr"))]
pub(super) const LATE: &str = "data-late";

/// What draws it, asked for once more by each call.
pub(super) type Fetch = Box<dyn Fn() -> Pin<Box<dyn Future<Output = Fetched> + Send>> + Send + Sync>;

/// That a part of the program could not be fetched. It is asked for anew when it is needed again.
#[derive(Debug)]
pub(crate) struct Unfetched;

impl From<leptos::wasm_split::SplitLoaderError> for Unfetched {
    fn from(_: leptos::wasm_split::SplitLoaderError) -> Self {
        Self
    }
}

/// Makes a function a part of the program, called `WHAT_in_PART`: it leaves out what the pages of `PART` have
/// (`scripts/join-program`), which alone draw it. What calls it waits for it.
macro_rules! later {
    ($part:ident: $vis:vis fn $name:ident($($argument:ident: $type:ty),* $(,)?) $body:block) => {
        #[cfg(all(feature = "split", target_arch = "wasm32"))]
        #[::leptos::wasm_split::wasm_split($part, wasm_split_path = ::leptos::wasm_split, fallible)]
        $vis fn $name($($argument: $type),*) -> $crate::ui::later::Fetched {
            Ok($body)
        }

        #[cfg(not(all(feature = "split", target_arch = "wasm32")))]
        $vis async fn $name($($argument: $type),*) -> $crate::ui::later::Fetched {
            // What the server draws is needed at once: the page's head names it.
            #[cfg(feature = "split")]
            ::leptos::prefetch_lazy_fn_on_server(stringify!($part));
            Ok($body)
        }
    };
}
pub(crate) use later;

/// What is fetched after the page, and where that fails, a way to try again. What the server has drawn of it stays, and is
/// taken over once it is fetched: so it begins with what the server knew, and hears of what has changed since by effects.
/// Nothing that the server draws in it may be loaded or wait: the browser would not find what came with the page.
#[component]
pub(crate) fn Later<F>(
    fetch: impl Fn() -> F + Send + Sync + 'static,
    /// Whether nothing is said while it is fetched: nobody looks at it yet.
    #[prop(optional)]
    quiet: bool,
) -> impl IntoView
where
    F: Future<Output = Fetched> + Send + 'static,
{
    draw(Box::new(move || Box::pin(fetch())), quiet)
}

/// The server has it, and draws it with the page.
#[cfg(feature = "ssr")]
fn draw(fetch: Fetch, _quiet: bool) -> AnyView {
    use futures_util::FutureExt;
    let drawn = fetch().now_or_never().and_then(Result::ok);
    view! { <div class="contents" data-late="">{drawn}</div> {None::<AnyView>} }.into_any()
}
