//! Dragging a rule to another place, with a mouse, a pen or a finger. The browser's own drag and drop knows no fingers.

use leptos::ev::PointerEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::draft::Draft;
use super::rules::put;
use crate::ui::icon::Icon;

/// So near to the window's edges the page scrolls, and so far with each frame.
const EDGE: f64 = 96.0;
const STEP: f64 = 12.0;
/// A press that moves less than this is no drag.
const FAR: f32 = 4.0;

/// What is dragged in a list of rules.
#[derive(Clone, Copy, Debug)]
pub(super) struct Drag {
    rule: RwSignal<Option<String>>,
    /// The rule whose place it would get.
    over: RwSignal<Option<String>>,
    /// Where the pointer is in the window; before it is far enough for a drag, where it was pressed.
    at: StoredValue<(f32, f32)>,
}

impl Drag {
    pub(super) fn new() -> Self {
        Self { rule: RwSignal::new(None), over: RwSignal::new(None), at: StoredValue::new((0.0, 0.0)) }
    }

    pub(super) fn is_over(self, id: &str) -> bool {
        self.over.read().as_deref() == Some(id)
    }

    fn end(self) {
        self.rule.try_set(None);
        self.over.try_set(None);
    }

    /// Finds out over which rule it is. Other environments have lists of their own.
    fn look(self, list: &Element) {
        let (x, y) = self.at.get_value();
        let below = document().element_from_point(x, y).filter(|below| list.contains(Some(below)));
        let rule = below.and_then(|below| below.closest("[data-rule]").ok().flatten());
        let over = rule.and_then(|rule| rule.get_attribute("data-rule")).filter(|id| !self.is_dragged(id));
        if *self.over.read_untracked() != over {
            self.over.set(over);
        }
    }

    fn is_dragged(self, id: &str) -> bool {
        self.rule.read_untracked().as_deref() == Some(id)
    }

    /// Scrolls for as long as the pointer holds the handle at an edge of the window.
    fn scroll(self, list: Element, handle: Element, pointer: i32) {
        request_animation_frame(move || {
            // It may have been let go, and the list may be gone.
            if self.rule.try_get_untracked().flatten().is_none() {
                return;
            }
            // A handle that goes with its rule is not told that it was let go.
            if !handle.has_pointer_capture(pointer) {
                return self.end();
            }
            let y = f64::from(self.at.get_value().1);
            let height = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_default();
            let by = if y < EDGE {
                -STEP
            } else if y > height - EDGE {
                STEP
            } else {
                0.0
            };
            if by != 0.0 {
                window().scroll_by_with_x_and_y(0.0, by);
                self.look(&list);
            }
            self.scroll(list, handle, pointer);
        });
    }
}

/// What a rule is dragged by: its number. The keyboard has buttons for it.
#[component]
pub(super) fn Handle(
    draft: Draft,
    drag: Drag,
    /// The rule's id.
    rule: StoredValue<String>,
    #[prop(into)] number: Signal<usize>,
    disabled: Signal<bool>,
) -> impl IntoView {
    let handle = |event: &PointerEvent| event.current_target()?.dyn_into::<Element>().ok();
    let take = move |event: PointerEvent| {
        if event.button() != 0 || disabled.get_untracked() {
            return;
        }
        // What was typed last is taken over first: told in the middle of the move, it would disturb the list.
        if let Some(focused) = document().active_element().and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
            let _ = focused.blur();
        }
        if let Some(handle) = handle(&event) {
            let _ = handle.set_pointer_capture(event.pointer_id());
        }
        drag.at.set_value(place(&event));
    };
    let carry = move |event: PointerEvent| {
        let pointer = event.pointer_id();
        let Some(handle) = handle(&event).filter(|handle| handle.has_pointer_capture(pointer)) else {
            return;
        };
        let Some(list) = handle.closest("ol").ok().flatten() else { return };
        let is_begun = drag.is_dragged(&rule.read_value());
        let ((from_x, from_y), (x, y)) = (drag.at.get_value(), place(&event));
        let begins = (x - from_x).hypot(y - from_y) >= FAR
            && drag.rule.read_untracked().is_none()
            && !disabled.get_untracked();
        if !is_begun && !begins {
            return;
        }
        drag.at.set_value((x, y));
        if !is_begun {
            drag.rule.set(Some(rule.get_value()));
            drag.scroll(list.clone(), handle, pointer);
        }
        drag.look(&list);
    };
    let drop = move |_| {
        let (dragged, over) = (drag.rule.get_untracked(), drag.over.get_untracked());
        drag.end();
        if let Some((dragged, over)) = dragged.zip(over) {
            draft.edit(|edited| {
                if let Some(to) = edited.rules.iter().position(|rule| rule.id == over) {
                    put(&mut edited.rules, &dragged, to);
                }
            });
        }
    };
    view! {
        <span
            class=move || {
                let held = match disabled.get() {
                    true => "pl-1.5",
                    false => "cursor-grab touch-none hover:bg-sunken active:cursor-grabbing",
                };
                format!("inline-flex h-8 shrink-0 items-center rounded-md pr-1.5 font-mono text-xs text-muted select-none {held}")
            }
            title=move || (!disabled.get()).then_some("Drag to another place")
            on:pointerdown=take
            on:pointermove=carry
            on:pointerup=drop
            on:lostpointercapture=move |_| drag.end()
        >
            {move || (!disabled.get()).then(|| view! { <Icon of=icondata_lu::LuGripVertical /> })}
            {number}
        </span>
    }
    .into_any()
}

/// Where a pointer is in the window.
#[expect(clippy::cast_precision_loss, reason = "no window is that large")]
fn place(event: &PointerEvent) -> (f32, f32) {
    (event.client_x() as f32, event.client_y() as f32)
}
