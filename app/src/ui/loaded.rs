//! What a page shows and the server knows: loaded with the page, and anew when what is asked for changes.
//!
//! A resource of leptos for each type would be in the browser's program once for each. This is one resource for all of them;
//! what is in it becomes its type when it is read.

use std::any::Any;
use std::future::pending;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};

use leptos::logging::error;
use leptos::prelude::*;
use leptos::server::codee::{Decoder, Encoder};
use serde::Serialize;
use serde::de::DeserializeOwned;

type Later<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// What is loaded, whether it is there already or not; `await` waits for it.
pub(crate) struct Loaded<T> {
    resource: Resource<Anything, AsJson>,
    kind: PhantomData<fn() -> T>,
}

impl<T> Clone for Loaded<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Loaded<T> {}

impl<T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static> Loaded<T> {
    /// Loads for each answer of `asked` that differs from the one before.
    pub(crate) fn new<S, F>(
        asked: impl Fn() -> S + Send + Sync + 'static,
        load: impl Fn(S) -> F + Send + Sync + 'static,
    ) -> Self
    where
        S: PartialEq + Clone + Send + Sync + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        Self::with(asked, load, false)
    }

    /// As [`new`](Self::new), and the server's answer begins when it is there, so that it has the right status.
    pub(crate) fn blocking<S, F>(
        asked: impl Fn() -> S + Send + Sync + 'static,
        load: impl Fn(S) -> F + Send + Sync + 'static,
    ) -> Self
    where
        S: PartialEq + Clone + Send + Sync + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        Self::with(asked, load, true)
    }

    fn with<S, F>(
        asked: impl Fn() -> S + Send + Sync + 'static,
        load: impl Fn(S) -> F + Send + Sync + 'static,
        blocks: bool,
    ) -> Self
    where
        S: PartialEq + Clone + Send + Sync + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        let load = move |Asked(asked): Asked| -> Later<Anything> {
            let Some(asked) = asked.as_any().downcast_ref::<S>().cloned() else { return Box::pin(pending()) };
            let loading = load(asked);
            Box::pin(async move { Anything::from(loading.await) })
        };
        let resource = resource(Box::new(move || Asked(Arc::new(asked()))), Box::new(load), blocks);
        Self { resource, kind: PhantomData }
    }

    /// Loads it again.
    pub(crate) fn refetch(self) {
        self.resource.refetch();
    }
}

impl<T: Clone + DeserializeOwned + Send + Sync + 'static> IntoFuture for Loaded<T> {
    type Output = T;
    type IntoFuture = Later<T>;

    fn into_future(self) -> Later<T> {
        let loading = self.resource.into_future();
        Box::pin(async move {
            match loading.await.read() {
                Some(loaded) => loaded,
                // This cannot be: page and program are of one build.
                None => {
                    error!("what came with the page cannot be read");
                    pending().await
                }
            }
        })
    }
}

/// Once for all types.
fn resource(
    asked: Box<dyn Fn() -> Asked + Send + Sync>,
    load: Box<dyn Fn(Asked) -> Later<Anything> + Send + Sync>,
    blocks: bool,
) -> Resource<Anything, AsJson> {
    Resource::new_with_options(asked, load, blocks)
}

/// What it is loaded for, of any type.
#[derive(Clone)]
struct Asked(Arc<dyn Question>);

impl PartialEq for Asked {
    fn eq(&self, other: &Self) -> bool {
        self.0.is(other.0.as_any())
    }
}

trait Question: Send + Sync {
    fn as_any(&self) -> &dyn Any;
    fn is(&self, other: &dyn Any) -> bool;
}

impl<S: PartialEq + Send + Sync + 'static> Question for S {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn is(&self, other: &dyn Any) -> bool {
        other.downcast_ref::<S>().is_some_and(|other| self == other)
    }
}

/// Something of any type, or the JSON that it came as.
#[derive(Clone)]
struct Anything(Arc<Inner>);

struct Inner {
    value: OnceLock<Box<dyn Any + Send + Sync>>,
    json: String,
    #[cfg(feature = "ssr")]
    write: fn(&dyn Any) -> serde_json::Result<String>,
}

impl Anything {
    fn from<T: Serialize + Send + Sync + 'static>(value: T) -> Self {
        Self(Arc::new(Inner {
            value: OnceLock::from(Box::new(value) as Box<dyn Any + Send + Sync>),
            json: String::new(),
            #[cfg(feature = "ssr")]
            write: |value| serde_json::to_string(&value.downcast_ref::<T>()),
        }))
    }

    fn read<T: Clone + DeserializeOwned + Send + Sync + 'static>(&self) -> Option<T> {
        if let Some(value) = self.0.value.get() {
            return value.downcast_ref().cloned();
        }
        let value: T = serde_json::from_str(&self.0.json).ok()?;
        // Whoever was first has put the same.
        let _ = self.0.value.set(Box::new(value.clone()));
        Some(value)
    }
}

/// How it comes with the page.
struct AsJson;

impl Encoder<Anything> for AsJson {
    type Error = serde_json::Error;
    type Encoded = String;

    #[cfg(feature = "ssr")]
    fn encode(Anything(inner): &Anything) -> Result<String, Self::Error> {
        inner.value.get().map_or_else(|| Ok(inner.json.clone()), |value| (inner.write)(value.as_ref()))
    }

    /// Only the server sends pages.
    #[cfg(not(feature = "ssr"))]
    fn encode(Anything(inner): &Anything) -> Result<String, Self::Error> {
        Ok(inner.json.clone())
    }
}

impl Decoder<Anything> for AsJson {
    type Error = serde_json::Error;
    type Encoded = str;

    fn decode(json: &str) -> Result<Anything, Self::Error> {
        Ok(Anything(Arc::new(Inner {
            value: OnceLock::new(),
            json: json.to_owned(),
            #[cfg(feature = "ssr")]
            write: |_| Ok(String::new()),
        })))
    }
}
