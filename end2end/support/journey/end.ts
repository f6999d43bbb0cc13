// The end of a flag: it is archived, applications get their defaults, and it is deleted.

import { expect, hydrated } from "../test.js";
import { flags, pages, search } from "./flags.js";
import { environments, type Walk } from "./walk.js";

const { key, name } = pages;
const reason = "its work is done";

export async function end(walk: Walk) {
  const { page, hand } = walk;
  const part = (title: string) =>
    page.locator("section").filter({ has: page.getByRole("heading", { level: 2, name: title, exact: true }) });
  await hand.go("Flags");
  await hand.press(page.locator(`tr[data-flag="${key}"]`).getByRole("link", { name, exact: true }));
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await hand.press(page.getByLabel("More about this flag"));
  await hand.press(page.getByRole("link", { name: "Archive…" }));
  await expect(page).toHaveURL(/\/settings#archive$/);
  await expect(part("Archive").getByText("Applications still ask for it.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Delete the flag" }), "it is archived first").toBeDisabled();
  await walk.look("a flag's settings");
  await hand.fill(part("Archive").getByLabel(/Why\?/), reason);
  await hand.press(page.getByRole("button", { name: "Archive the flag" }));
  await expect(page.getByText(`${key} is archived: no environment serves it any more.`)).toBeVisible();
  await hydrated(page);
  await walk.look("an archived flag");
  for (const environment of environments) {
    const answer = await walk.ask(key, environment);
    expect(answer, "applications get their defaults").toMatchObject({ value: null, reason: "flag_not_found" });
  }

  await hand.fill(part("Delete").getByLabel("Its key"), key);
  await hand.press(page.getByRole("button", { name: "Delete the flag" }));
  await expect(page).toHaveURL(/\/flags$/);
  await expect(page.getByText(`The flag ${key} is deleted.`)).toBeVisible();
  await hydrated(page);
  await expect(page.locator("tr[data-flag]")).toHaveCount(flags.length - 1);
  await expect(page.locator(`tr[data-flag="${key}"]`)).toHaveCount(0);
  await walk.expectServed(search.key, [true, false, false]);

  await hand.go("Audit log");
  const entries = page.locator("li[data-entry] > details > summary");
  await expect(entries.nth(0)).toContainText(`Ada deleted the flag ${key}`);
  await expect(entries.nth(1)).toContainText(new RegExp(`Ada archived the flag ${key}.*${reason}`));
}
