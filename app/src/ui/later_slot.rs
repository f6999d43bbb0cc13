//! Keeps what stands in a place as long as the page has the place: a view of nothing.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::attr::Attribute;
use leptos::attr::any_attribute::AnyAttribute;
use leptos::prelude::{AddAnyAttr, Render, RenderHtml};
use leptos::tachys::hydration::Cursor;
use leptos::tachys::renderer::types::{Element, Node};
use leptos::tachys::view::any_view::AnyViewState;
use leptos::tachys::view::{Mountable, Position, PositionState};
use send_wrapper::SendWrapper;

type Shared = SendWrapper<Rc<RefCell<Option<AnyViewState>>>>;

/// What stands in the place of a [`Later`](super::later::Later). A page that is drawn anew hands it over.
pub(super) struct Slot(pub(super) Shared);

/// Ends what stands in the place when the page loses it: its effects read what ends at the same time.
pub(super) struct Held(Shared);

impl Drop for Held {
    fn drop(&mut self) {
        let ended = self.0.borrow_mut().take();
        drop(ended);
    }
}

impl Render for Slot {
    type State = Held;

    fn build(self) -> Held {
        Held(self.0)
    }

    fn rebuild(self, state: &mut Held) {
        let before = state.0.borrow_mut().take();
        self.0.replace(before);
        *state = Held(self.0);
    }
}

impl Mountable for Held {
    fn unmount(&mut self) {}

    fn mount(&mut self, _parent: &Element, _marker: Option<&Node>) {}

    fn insert_before_this(&self, _child: &mut dyn Mountable) -> bool {
        false
    }

    fn elements(&self) -> Vec<Element> {
        Vec::new()
    }
}

impl AddAnyAttr for Slot {
    type Output<SomeNewAttr: Attribute> = Self;

    fn add_any_attr<NewAttr: Attribute>(self, _attr: NewAttr) -> Self {
        self
    }
}

impl RenderHtml for Slot {
    type AsyncOutput = Self;
    type Owned = Self;

    /// Nothing is written, and no marker is looked for: it has no place among the nodes.
    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(
        self,
        _buf: &mut String,
        _position: &mut Position,
        _escape: bool,
        _mark_branches: bool,
        _extra_attrs: Vec<AnyAttribute>,
    ) {
    }

    fn hydrate<const FROM_SERVER: bool>(self, _cursor: &Cursor, _position: &PositionState) -> Held {
        self.build()
    }

    fn into_owned(self) -> Self {
        self
    }
}
