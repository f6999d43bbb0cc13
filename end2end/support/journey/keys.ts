// The environments that a project begins with: prod is protected, and each gets a key, which is shown once.

import { record } from "../secrets.mjs";
import { expect, hydrated } from "../test.js";
import { type Environment, environments, type Walk } from "./walk.js";

/** From now on whoever changes prod has to look at the change, and to say why. */
export async function protect(walk: Walk) {
  const { page, hand } = walk;
  await hand.go("Environments");
  await walk.look("environments");
  const row = page.locator('tr[data-environment="prod"]');
  await expect(row).toContainText("Open to developers");
  await hand.press(row.getByRole("link", { name: "Production" }));
  await expect(page.getByRole("heading", { level: 1, name: "Production" })).toBeVisible();
  await walk.look("an environment");
  await hand.press(page.getByRole("button", { name: "Protect prod" }));
  await expect(page.getByText("The environment is protected from now on.")).toBeVisible();
  await hydrated(page);
  await walk.look("a protected environment");
}

export async function makeKeys(walk: Walk) {
  for (const environment of environments) await makeKey(walk, environment);
  const { page, hand } = walk;
  await hand.press(page.getByRole("navigation", { name: "Environment" }).getByRole("link", { name: "All" }));
  await expect(page.locator("tr[data-key]")).toHaveCount(environments.length);
  await page.reload();
  await hydrated(page);
  await expect(page.locator("tr[data-key]")).toHaveCount(environments.length);
  for (const raw of walk.keys.values()) await expect(page.locator("html"), "it is shown once").not.toContainText(raw);
  await expect(page.getByLabel("Your new API key")).toHaveCount(0);
}

async function makeKey(walk: Walk, environment: Environment) {
  const { page, hand } = walk;
  await hand.go("API keys");
  await walk.look("API keys");
  await hand.press(page.getByRole("link", { name: /^(New API key|Create one)$/ }).first());
  await expect(page.getByRole("heading", { level: 1, name: "New API key" })).toBeVisible();
  await walk.look("a new key");
  await hand.fill(page.getByRole("textbox", { name: "Name", exact: true }), `Shop in ${environment}`);
  await hand.check(page.getByRole("radio", { name: new RegExp(`^${environment}\\b`) }));
  await hand.press(page.getByRole("button", { name: "Create API key" }));
  await expect(page.getByText(`The key “Shop in ${environment}” is made for ${environment}.`)).toBeVisible();
  await hydrated(page);
  await walk.look("a key that is shown once");
  const raw = await page.getByLabel("Your new API key").inputValue();
  expect(raw).toMatch(new RegExp(`^tb_${environment}_`));
  record("API key", raw);
  walk.keys.set(environment, raw);
}
