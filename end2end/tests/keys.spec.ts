import {
  expect,
  expectAccessible,
  expectNoHorizontalOverflow,
  gotoHydrated,
  hydrated,
  signInAs,
  test,
} from "../support/test.js";
import type { Page } from "@playwright/test";

const keys = "/o/demo/default/keys";

/** Makes a key, and returns what is shown once. */
async function create(page: Page, name: string, environment: string) {
  await page.goto(`${keys}/new?env=${environment}`);
  await expect(page.getByRole("radio", { name: new RegExp(`^${environment}\\b`) })).toBeChecked();
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("button", { name: "Create API key" }).click();
  await expect(page.getByText(`The key “${name}” is made for ${environment}.`)).toBeVisible();
  return page.getByLabel("Your new API key").inputValue();
}

/** The row of a key, by what is shown of it: its kind, its environment and six characters. */
function row(page: Page, raw: string) {
  const prefix = /^tbc?_[a-z]+_.{6}/.exec(raw)![0];
  return page.locator(`tr[data-key="${prefix}"]`);
}

test("a key is made, shown once, copied, rotated and revoked", async ({ page, context, server }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await signInAs(page, "owner");
  const raw = await create(page, "Checkout", "dev");
  expect(raw).toMatch(/^tb_dev_/);
  await hydrated(page);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Copy Your new API key" }).click();
  await expect(page.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(raw);
  await expect(page.getByRole("button", { name: "Copied" }), "it says so for two seconds").toHaveCount(0);
  expect((await server.evaluate("checkout-v2", { apiKey: raw })).key).toBe("checkout-v2");
  await page.reload();
  await expect(page.getByLabel("Your new API key"), "it is shown once").toHaveCount(0);
  await expect(row(page, raw)).toContainText("Active");

  await row(page, raw).getByRole("link", { name: "Checkout" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Checkout" })).toBeVisible();
  const crumbs = page.getByRole("navigation", { name: "Breadcrumb" });
  await expect(crumbs.locator("[aria-current=page]")).toHaveText("Checkout");
  await expect(crumbs.getByRole("link", { name: "API keys" })).toHaveAttribute("href", keys);
  await expectAccessible(page);
  await page.getByLabel("The old key works on for").selectOption("an hour");
  await page.getByRole("button", { name: "Rotate key" }).click();
  const successor = await page.getByLabel("The key that takes the other's place").inputValue();
  expect(successor).not.toBe(raw);
  await expect(row(page, raw)).toContainText("rotated");
  await expect(row(page, raw)).toContainText(/ends in \d+ min/);
  for (const apiKey of [raw, successor]) {
    expect((await server.evaluate("checkout-v2", { apiKey })).key, "both work").toBe("checkout-v2");
  }

  await row(page, raw).getByRole("link", { name: "Checkout" }).click();
  await expect(page.getByText("is in its place already: rotate that one")).toBeVisible();
  await page.getByLabel("Name or prefix").fill("something else");
  await page.getByRole("button", { name: "Revoke key" }).click();
  await expect(page.getByText(/^type “Checkout” or/)).toBeVisible();
  expect((await server.evaluate("checkout-v2", { apiKey: raw })).key, "nothing is revoked by mistake").toBe("checkout-v2");
  await page.getByLabel("Name or prefix").fill("Checkout");
  await page.getByRole("button", { name: "Revoke key" }).click();
  await expect(page.getByText("The key is revoked: whoever asks with it is refused.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Revoke key" })).toHaveCount(0);
  await expect(server.evaluate("checkout-v2", { apiKey: raw })).rejects.toThrow("401");
  expect((await server.evaluate("checkout-v2", { apiKey: successor })).key).toBe("checkout-v2");
});

test("a key's name and bounds are changed, and what is wrong is said beside it", async ({ page }) => {
  await signInAs(page, "owner");
  const raw = await create(page, "Bounded", "staging");
  await row(page, raw).getByRole("link", { name: "Bounded" }).click();
  await page.getByLabel("Networks").fill("10.0.0.0/8, everywhere");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("“everywhere” is no network")).toBeVisible();
  await expect(page.getByLabel("Networks"), "what was typed is still there").toHaveValue("10.0.0.0/8, everywhere");
  await page.getByLabel("Networks").fill("10.0.0.0/8, 192.0.2.7");
  await page.getByLabel("Requests a second").fill("200");
  await page.getByLabel("Expires").fill("2999-12-31");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("The key is changed.")).toBeVisible();
  await expect(page.getByText("2999-12-31 23:59 UTC")).toBeVisible();
  await gotoHydrated(page, `${keys}?env=staging`);
  await expect(row(page, raw)).toContainText("2 networks · 200/s");
  for (const width of [1440, 390, 360]) {
    await page.setViewportSize({ width, height: 900 });
    await expectNoHorizontalOverflow(page);
  }
});

test("the list is of one environment or of all, by links", async ({ page }) => {
  await signInAs(page, "owner");
  await create(page, "Of prod", "prod");
  await gotoHydrated(page, keys);
  const environments = page.getByRole("navigation", { name: "Environment" });
  await expect(environments.getByRole("link", { name: "All" })).toHaveAttribute("aria-current", "page");
  await expect(page.getByRole("link", { name: "Demo", exact: true })).toBeVisible();
  await environments.getByRole("link", { name: "prod" }).click();
  await expect(page).toHaveURL(`${keys}?env=prod`);
  await expect(page.getByRole("link", { name: "Of prod" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Demo", exact: true })).toHaveCount(0);
});

test("a developer sees keys, and why they are not theirs to manage", async ({ page }) => {
  await signInAs(page, "developer");
  await gotoHydrated(page, keys);
  await expect(page.getByText(/A developer may not manage API keys/).first()).toBeAttached();
  await expect(page.getByRole("link", { name: /New API key/ })).toHaveCount(0);
  await page.getByRole("link", { name: "Demo", exact: true }).click();
  await expect(page.getByText(/A developer may not manage API keys/).first()).toBeVisible();
  await expect(page.getByRole("button", { name: "Revoke key" })).toBeDisabled();
  await expectAccessible(page);
  await page.goto(`${keys}/new`);
  await expect(page.getByRole("button", { name: "Create API key" })).toBeDisabled();
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a key is made and revoked", async ({ page }) => {
    await signInAs(page, "owner");
    const raw = await create(page, "Plain", "dev");
    await row(page, raw).getByRole("link", { name: "Plain" }).click();
    await page.getByLabel("Name or prefix").fill("Plain");
    await page.getByRole("button", { name: "Revoke key" }).click();
    await expect(page.getByText("The key is revoked: whoever asks with it is refused.")).toBeVisible();
    await page.goto(keys);
    await expect(row(page, raw)).toContainText("Revoked");
  });
});
