// Where the focus is, and whether somebody who looks at the page can tell.

/** What is known of the focus: on which side of an element it is, and what is wrong with how it shows. */
export interface Focus {
  place: "here" | "above" | "below";
  /** What has the focus without being seen to, and why; nothing where all is well. */
  hidden: string | null;
}

/**
 * Looks at the focus from an element, in the page. It is seen by an outline or a ring of what has it or of something
 * around that, in the window, and not under something else.
 */
export function focusAnd(target: Element): Focus {
  const focused = document.activeElement;
  if (!focused || focused === document.body || focused === document.documentElement) {
    return { place: "below", hidden: null };
  }
  const isAbove = focused.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_PRECEDING;
  const place = focused === target ? "here" : isAbove ? "above" : "below";
  const hasRing = (element: Element) => {
    const { outlineStyle, outlineWidth, outlineColor, boxShadow } = getComputedStyle(element);
    const isClear = (color: string) => color === "transparent" || /[,/] ?0\)$/.test(color);
    const hasOutline = outlineStyle !== "none" && Number.parseFloat(outlineWidth) > 0 && !isClear(outlineColor);
    // What is raised above the page has a shadow at all times, so that of something around it says nothing.
    return hasOutline || (element === focused && boxShadow !== "none");
  };
  // The calendar of a date is a part of its field that the browser draws, and rings, by itself.
  if (focused.matches("input[type^=date]:not(:focus)")) return { place, hidden: null };
  // What is there for screen readers alone has no room of its own: what is around it shows for it.
  const hasRoom = (element: Element) => element.getBoundingClientRect().width > 2;
  let shown: Element | null = focused;
  while (shown && !(hasRing(shown) && hasRoom(shown))) shown = shown.parentElement;
  const text = focused.getAttribute("aria-label") ?? focused.textContent?.trim().slice(0, 40);
  const name = [focused.tagName.toLowerCase(), focused.id && `#${focused.id}`, text].filter(Boolean).join(" ");
  if (!shown) return { place, hidden: `${name}: nothing around it has an outline or a ring` };

  const box = shown.getBoundingClientRect();
  const across = [box.left + 2, (box.left + box.right) / 2, box.right - 2];
  const down = [box.top + 2, (box.top + box.bottom) / 2, box.bottom - 2];
  const points = across.flatMap((x) => down.map((y) => [x, y] as const));
  // Toasts go by themselves: whether one is above it depends on how fast the keys are.
  const isToast = (element: Element) => element.closest("[role=status]") !== null;
  const onTop = (x: number, y: number) => document.elementsFromPoint(x, y).find((it) => isToast(focused) || !isToast(it));
  const isSeen = points.some(([x, y]) => shown.contains(onTop(x, y) ?? null));
  return { place, hidden: isSeen ? null : `${name}: it is out of the window or under something else` };
}
