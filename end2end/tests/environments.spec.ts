import {
  expect,
  expectAccessible,
  expectNoHorizontalOverflow,
  flagsPage,
  gotoHydrated,
  hydrated,
  signInAs,
  test,
} from "../support/test.js";
import type { Page } from "@playwright/test";

const environments = "/o/demo/default/environments";

const row = (page: Page, key: string) => page.locator(`tr[data-environment="${key}"]`);

async function expectOrder(page: Page, keys: string[]) {
  const shown = () => page.locator("tr[data-environment]").evaluateAll((rows) => rows.map((row) => row.getAttribute("data-environment")));
  await expect.poll(shown).toEqual(keys);
}

test("an environment is made, moved, changed, protected and deleted", async ({ page }) => {
  await signInAs(page, "owner");
  await gotoHydrated(page, environments);
  await expectAccessible(page);
  await expectOrder(page, ["dev", "staging", "prod"]);

  await page.getByLabel("Name", { exact: true }).fill("Load test");
  await expect(page.getByLabel("Key", { exact: true })).toHaveAttribute("placeholder", "load-test");
  await page.getByRole("radio", { name: "violet" }).check();
  await page.getByLabel("Flags and segments").selectOption("dev");
  await page.getByRole("button", { name: "Create environment" }).click();
  await expect(page.getByText("The environment “load-test” is made.")).toBeVisible();
  await expectOrder(page, ["dev", "staging", "prod", "load-test"]);
  await expect(row(page, "load-test")).toContainText("Open to developers");

  await page.getByRole("button", { name: "Move load-test up" }).click();
  await expectOrder(page, ["dev", "staging", "load-test", "prod"]);
  await expect(page.getByRole("button", { name: "Move dev up" })).toBeDisabled();
  await expect(page.getByRole("button", { name: "Move prod down" })).toBeDisabled();

  await row(page, "load-test").getByRole("link", { name: "Load test" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Load test" })).toBeVisible();
  await hydrated(page);
  await expectAccessible(page);
  await page.getByLabel("Name", { exact: true }).fill("Soak test");
  await page.getByRole("radio", { name: "teal" }).check();
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("The environment is changed.")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1, name: "Soak test" })).toBeVisible();
  await expect(page.getByRole("radio", { name: "teal" })).toBeChecked();

  await page.getByRole("button", { name: "Protect load-test" }).click();
  await expect(page.getByText("The environment is protected from now on.")).toBeVisible();
  await page.getByRole("button", { name: "Stop protecting load-test" }).click();
  await expect(page.getByText("The environment is no longer protected.")).toBeVisible();

  await page.getByLabel("Key", { exact: true }).fill("prod");
  await page.getByRole("button", { name: "Delete environment" }).click();
  await expect(page.getByText("type “load-test”")).toBeVisible();
  await page.getByLabel("Key", { exact: true }).fill("load-test");
  await page.getByRole("button", { name: "Delete environment" }).click();
  await expect(page.getByText("The environment “load-test” is deleted.")).toBeVisible();
  await expectOrder(page, ["dev", "staging", "prod"]);
  const gone = await page.request.get(`${environments}/load-test`);
  expect(gone.status()).toBe(404);
  expect(await gone.text()).toContain("There is no environment “load-test”, or none that you may see.");
  expect(await gone.text()).toContain("See all environments");
});

test("a key that is taken is refused beside the form", async ({ page }) => {
  await signInAs(page, "owner");
  await gotoHydrated(page, environments);
  await page.getByLabel("Name", { exact: true }).fill("Another");
  await page.getByLabel("Key", { exact: true }).fill("dev");
  await page.getByRole("button", { name: "Create environment" }).click();
  await expect(page.getByRole("alert")).toContainText("An environment has the key “dev” already");
  await expect(page.getByLabel("Name", { exact: true }), "what was typed is still there").toHaveValue("Another");
});

test("purging takes a revision, and what is served stays the same", async ({ page, server }) => {
  await signInAs(page, "developer");
  await gotoHydrated(page, `${environments}/dev`);
  const before = await server.evaluate("checkout-v2");
  await page.getByLabel("Why? (optional)").fill("stale prices");
  await page.getByRole("button", { name: "Purge caches" }).click();
  await expect(page.getByText(`Caches are purged: the revision is ${before.revision + 1} now, and`)).toBeVisible();
  await expect.poll(async () => (await server.evaluate("checkout-v2")).revision).toBe(before.revision + 1);
  expect((await server.evaluate("checkout-v2")).value).toEqual(before.value);
  await expect(page.getByText(/A developer may not manage environments/), "it is said once").toHaveCount(1);
  await expect(page.getByRole("button", { name: "Save changes" })).toBeDisabled();
  await expect(page.getByRole("button", { name: "Delete environment" })).toBeDisabled();
});

test("a member sees environments, and nothing overflows", async ({ page }) => {
  await signInAs(page, "member");
  await gotoHydrated(page, flagsPage("staging"));
  await page.keyboard.press("g");
  await page.keyboard.press("e");
  await expect(page.getByRole("heading", { level: 1, name: "Environments" })).toBeVisible();
  await expect(page.getByText(/A member may not manage environments/).last()).toBeVisible();
  await expect(page.getByRole("link", { name: "New environment" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Move staging up" })).toBeDisabled();
  await expect(page.getByRole("button", { name: "Create environment" })).toBeDisabled();
  for (const url of [environments, `${environments}/prod`]) {
    await gotoHydrated(page, url);
    await expectAccessible(page);
    for (const width of [1440, 390, 360]) {
      await page.setViewportSize({ width, height: 900 });
      await expectNoHorizontalOverflow(page);
    }
  }
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("an environment is made and deleted", async ({ page }) => {
    await signInAs(page, "owner");
    await page.goto(environments);
    await page.getByLabel("Name", { exact: true }).fill("Plain");
    await page.getByRole("button", { name: "Create environment" }).click();
    await row(page, "plain").getByRole("link", { name: "Plain", exact: true }).click();
    await page.getByLabel("Key", { exact: true }).fill("plain");
    await page.getByRole("button", { name: "Delete environment" }).click();
    await expect(page.getByText("The environment “plain” is deleted.")).toBeVisible();
  });
});
