// A hand that has nothing but a keyboard: the focus is moved by keys alone, and has to be seen wherever it is.

import { expect, type Locator, type Page } from "@playwright/test";
import { arrived, type Hand } from "./hand.js";
import { focusAnd } from "./focus.js";

/** How often Tab is pressed at most on the way to something: no page of the journey has so many controls. */
const MOST = 250;

/** What is pressed after `g` for a page of the project. */
const jumps: Record<string, string> = {
  Flags: "f",
  Playground: "p",
  "Audit log": "a",
  Environments: "e",
  "API keys": "k",
  Members: "m",
};

export class Keyboard implements Hand {
  constructor(private readonly page: Page) {}

  /**
   * Presses Tab, or Shift+Tab for what is further up, until something has the focus. On the way the focus may never be
   * out of sight.
   */
  async tabTo(target: Locator) {
    await expect(target).toBeVisible();
    for (let pressed = 0; pressed <= MOST; pressed += 1) {
      const { place, hidden } = await target.evaluate(focusAnd);
      // Where it was before the first key, the page may have scrolled away from it, as a link within it asks for.
      if (hidden !== null && pressed > 0) throw new Error(`The focus is not seen on ${this.page.url()}: ${hidden}`);
      if (place === "here") return;
      await this.page.keyboard.press(place === "above" ? "Shift+Tab" : "Tab");
    }
    throw new Error(`${target} does not get the focus by Tab pressed ${MOST} times on ${this.page.url()}`);
  }

  async press(what: Locator) {
    await this.tabTo(what);
    const isSwitch = (await what.getAttribute("role")) === "switch";
    await this.page.keyboard.press(isSwitch ? "Space" : "Enter");
  }

  async fill(field: Locator, text: string) {
    await this.tabTo(field);
    await this.page.keyboard.press("ControlOrMeta+A");
    await this.page.keyboard.type(text);
  }

  async choose(list: Locator, value: string) {
    await this.tabTo(list);
    const choices = await list.getByRole("option").evaluateAll((options) => (options as HTMLOptionElement[]).map((it) => it.value));
    const steps = choices.indexOf(value) - choices.indexOf(await list.inputValue());
    expect(choices, "there is such a choice").toContain(value);
    for (let step = 0; step < Math.abs(steps); step += 1) {
      await this.page.keyboard.press(steps > 0 ? "ArrowDown" : "ArrowUp");
    }
    await expect(list).toHaveValue(value);
  }

  async check(choice: Locator) {
    if (await choice.isChecked()) return;
    if ((await choice.getAttribute("type")) !== "radio") {
      await this.tabTo(choice);
      await this.page.keyboard.press("Space");
      return expect(choice).toBeChecked();
    }
    // Tab leads to the one of a group that is chosen, and arrows to the others.
    const name = await choice.getAttribute("name");
    const group = choice.locator("xpath=ancestor::form[1]").locator(`input[type=radio][name="${name}"]`);
    await this.tabTo(group.and(this.page.locator(":checked")));
    const count = await group.count();
    for (let step = 0; step < count && !(await choice.isChecked()); step += 1) {
      await this.page.keyboard.press("ArrowDown");
    }
    await expect(choice).toBeChecked();
    await expect(choice).toBeFocused();
  }

  /** By `g` and a letter, or, where these would be typed into something, by the palette. */
  async go(section: string) {
    const isTyping = await this.page.evaluate(() => document.activeElement?.matches("input, select, textarea") ?? false);
    if (!isTyping) {
      await this.page.keyboard.press("g");
      await this.page.keyboard.press(jumps[section]!);
      return arrived(this.page, section);
    }
    await this.page.keyboard.press("ControlOrMeta+k");
    const palette = this.page.getByRole("dialog", { name: "Search" });
    await expect(palette.getByRole("combobox")).toBeFocused();
    await this.page.keyboard.type(section);
    const chosen = palette.getByRole("option", { selected: true });
    await expect(chosen).toHaveAccessibleName(`${section} page`);
    await this.page.keyboard.press("Enter");
    await expect(palette).toBeHidden();
    await arrived(this.page, section);
  }
}
