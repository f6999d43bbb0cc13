//! Parts of a page that few need, such as windows: their part of the program is fetched when they are drawn first.
//! docs/decisions/0018.

use leptos::prelude::*;

use super::waiting::Waiting;

/// What is drawn; or that what draws it could not be fetched.
pub(crate) type Fetched = Result<AnyView, Unfetched>;

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
            Ok($body)
        }
    };
}
pub(crate) use later;

/// What is fetched first, and where that fails, a way to try again. For what the server does not draw.
#[component]
pub(crate) fn Later<F>(fetch: impl Fn() -> F + Send + Sync + 'static) -> impl IntoView
where
    F: Future<Output = Fetched> + Send + 'static,
{
    let again = RwSignal::new(());
    let drawn = move || {
        again.track();
        let fetching = fetch();
        Suspend::new(async move {
            match fetching.await {
                Ok(view) => view,
                Err(Unfetched) => view! {
                    <div role="alert" class="flex flex-wrap items-center gap-2 py-2 text-sm">
                        <p class="text-danger">"This part of the page could not be fetched."</p>
                        <button type="button" class="button h-7 px-2 text-xs" on:click=move |_| again.notify()>"Try again"</button>
                    </div>
                }
                .into_any(),
            }
        })
    };
    view! { <Suspense fallback=Waiting>{drawn}</Suspense> }.into_any()
}
