// How somebody uses a page: what the steps of the journey are done with, whoever does them.

import { expect, type Locator, type Page } from "@playwright/test";

export interface Hand {
  /** Presses a link, a button or a switch, or opens what can be opened. */
  press(what: Locator): Promise<void>;
  /** Puts a text in the place of what a field holds. */
  fill(field: Locator, text: string): Promise<void>;
  /** Chooses from a list, by the choice's value. */
  choose(list: Locator, value: string): Promise<void>;
  /** Marks a radio button or a checkbox. */
  check(choice: Locator): Promise<void>;
  /** Goes to a page of the project, by its name. */
  go(section: string): Promise<void>;
}

/** A mouse on a desk, where the sidebar is in sight. */
export class Mouse implements Hand {
  constructor(protected readonly page: Page) {}

  async press(what: Locator) {
    await what.click();
  }

  async fill(field: Locator, text: string) {
    await field.fill(text);
  }

  async choose(list: Locator, value: string) {
    await list.selectOption(value);
  }

  async check(choice: Locator) {
    await choice.check();
  }

  async go(section: string) {
    const sidebar = this.page.getByRole("complementary", { name: "Sidebar" });
    await this.press(sidebar.getByRole("link", { name: section, exact: true }));
    await arrived(this.page, section);
  }
}

/** A finger on a phone, where the sidebar is a drawer. */
export class Finger extends Mouse {
  override async press(what: Locator) {
    await what.tap();
  }

  override async check(choice: Locator) {
    await choice.tap();
    await expect(choice).toBeChecked();
  }

  override async go(section: string) {
    const drawer = this.page.getByRole("complementary", { name: "Sidebar" });
    await expect(drawer, "the page is in sight").toBeHidden();
    await this.press(this.page.getByRole("button", { name: "Menu", exact: true }));
    await expect(drawer).toBeVisible();
    await super.go(section);
    await expect(drawer, "the drawer closes behind who has chosen").toBeHidden();
  }
}

/** Waits for a page of the project. */
export async function arrived(page: Page, section: string) {
  await expect(page.getByRole("heading", { level: 1, name: section })).toBeVisible();
}
