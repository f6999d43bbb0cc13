// One flag of each type of values, made in the dialog above the list; and the first switch that is taken back.

import { expect, switchOf } from "../test.js";
import { environments, type Walk } from "./walk.js";

export interface Flag {
  name: string;
  key: string;
  /** What it is made of unless it is on or off: what the type is called, and the values by their names as they are typed. */
  values?: { type: string; typed: Record<string, string> };
  /** Whether it begins in dev; otherwise nowhere. */
  onInDev?: boolean;
  /** What it is then in dev, staging and prod: the first value where it is on, the last where it is not. */
  served: [dev: unknown, staging: unknown, prod: unknown];
}

const paid = { exports: [100, null] };

/** One of each type. */
export const search: Flag = { name: "New search", key: "new-search", served: [false, false, false] };
export const greeting: Flag = {
  name: "Greeting",
  key: "greeting",
  values: { type: "Text", typed: { warm: "Hello there", cool: "Good day" } },
  onInDev: true,
  served: ["Hello there", "Good day", "Good day"],
};
export const pages: Flag = {
  name: "Page size",
  key: "page-size",
  values: { type: "Number", typed: { small: "10", medium: "25", large: "50" } },
  served: [50, 50, 50],
};
export const limits: Flag = {
  name: "Limits",
  key: "limits",
  values: { type: "JSON", typed: { free: '{"exports": 3}', paid: '{"exports": [100, null]}' } },
  served: [paid, paid, paid],
};
export const flags = [search, greeting, pages, limits];

export async function make(walk: Walk, flag: Flag) {
  const { page, hand } = walk;
  const { name, key, values, onInDev = false, served } = flag;
  await hand.go("Flags");
  // The first one is asked for in the middle of the page, which leads to the form; later ones in a dialog.
  const isFirst = flag === flags[0];
  await hand.press(page.getByRole("link", { name: isFirst ? "Create the first one" : "New flag" }));
  const form = isFirst ? page.getByRole("main") : page.getByRole("dialog", { name: "New flag" });
  await expect(page.getByRole("heading", { name: "New flag" })).toBeVisible();
  await walk.look(isFirst ? "a first flag" : "a new flag");
  await hand.fill(form.getByRole("textbox", { name: "Name", exact: true }), name);
  await expect(form.getByRole("textbox", { name: "Key", exact: true }), "the key is made from the name").toHaveValue(key);
  if (values) {
    await hand.check(form.getByRole("radio", { name: /^Several values/ }));
    await hand.check(form.getByRole("radio", { name: new RegExp(`^${values.type}`) }));
    const all = Object.entries(values.typed);
    for (const [place, [called, value]] of all.entries()) {
      if (place > 1) await hand.press(form.getByRole("button", { name: "Add a value" }));
      await hand.fill(form.getByRole("textbox", { name: `Name of value ${place + 1}`, exact: true }), called);
      await hand.fill(form.getByRole("textbox", { name: `Value ${place + 1}`, exact: true }), value);
    }
  }
  if (onInDev) {
    await hand.check(form.getByRole("radio", { name: /^On in one environment/ }));
    await expect(form.getByRole("combobox", { name: "Environment" })).toHaveValue("dev");
  }
  await walk.look(values ? `values: ${values.type}` : "no values");
  await hand.press(form.getByRole("button", { name: "Create the flag" }));
  await expect(walk.told(`${key} is created, and ${onInDev ? "on in dev" : "off everywhere"}`)).toBeVisible();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  for (const environment of environments) {
    await expect(page.getByRole("region", { name: environment, exact: true })).toBeVisible();
  }
  await walk.look("a flag");
  await walk.expectServed(key, served);
}

/** Switches a flag on in the list, takes that back from the toast, and switches it on for good. */
export async function toggle(walk: Walk) {
  const { page, hand } = walk;
  const { key } = search;
  await hand.go("Flags");
  await expect(page.locator("tr[data-flag]")).toHaveCount(flags.length);
  await walk.look("the flags");
  const control = switchOf(page, key);
  const expectSwitched = async (on: boolean) => {
    await expect(walk.told(`${key} is ${on ? "on" : "off"} in dev`)).toBeVisible();
    await expect(control).toHaveAttribute("aria-checked", String(on));
    await walk.expectServed(key, [on, false, false]);
  };
  await expect(control).toHaveAttribute("aria-checked", "false");
  await hand.press(control);
  await expectSwitched(true);
  await hand.press(page.getByRole("status").getByRole("button", { name: "Undo" }).last());
  await expectSwitched(false);
  await hand.press(control);
  await expectSwitched(true);
}
