import { expect, expectAccessible, expectNoHorizontalOverflow, gotoHydrated, signInAs, test } from "../support/test.js";

// How often a flag is evaluated, what it serves and why: drawn, as a table, and with an address for each view.

const flag = "checkout-v2";
const insights = (key: string, query = "") => `/o/demo/default/flags/${key}/insights${query}`;

test("what an application evaluates is seen by variation and reason", async ({ page, server }) => {
  await signInAs(page, "member");
  const { reason } = await server.evaluate(flag);
  // Counters are written down every few seconds.
  await expect(async () => {
    await gotoHydrated(page, insights(flag, "?env=dev"));
    await expect(page.getByRole("img", { name: /Evaluations by day and variation: .* in all/ })).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 30_000 });
  await expect(page.getByRole("table").getByText(reason, { exact: true })).toBeVisible();
  const versions = page.locator("section").filter({ has: page.getByRole("heading", { name: "Versions" }) });
  await expect(versions.getByText("now", { exact: true })).toBeVisible();
  await expectAccessible(page);
  await page.getByText("Show the figures as a table").click();
  await expect(page.getByRole("region", { name: /as a table/ })).toBeVisible();
});

test("each view has an address", async ({ page }) => {
  await signInAs(page, "member");
  await gotoHydrated(page, insights(flag));
  await page.getByRole("navigation", { name: "Time", exact: true }).getByRole("link", { name: "24 hours" }).click();
  await expect(page).toHaveURL(/range=24h/);
  await page.getByRole("navigation", { name: "Environment" }).last().getByRole("link", { name: "prod" }).click();
  await expect(page).toHaveURL(/range=24h.*env=prod|env=prod.*range=24h/);
  await page.reload();
  await expect(page.getByRole("link", { name: "24 hours" })).toHaveAttribute("aria-current", "page");
  expect((await page.request.get(insights(flag, "?env=nowhere"))).status()).toBe(404);
  const year = await page.request.get(insights(flag, "?range=12m"));
  expect(year.status()).toBe(400);
  expect(await year.text()).toContain("“12m” is no range: choose 24 hours, or 7, 30 or 90 days.");
  expect((await page.request.get(insights("no-such-flag"))).status()).toBe(404);
});

test("where nothing was evaluated there is a way to the code", async ({ browser, startServer }) => {
  const server = await startServer();
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: server.baseURL });
  const page = await context.newPage();
  await signInAs(page, "owner");
  await page.goto(insights("dark-mode", "?env=staging"));
  await expect(page.getByText("Not evaluated in staging yet")).toBeVisible();
  await expect(page.getByRole("link", { name: /ask the playground/ })).toHaveAttribute("href", /\/playground\?env=staging&flag=dark-mode$/);
  await expect(page.getByRole("link", { name: "See the code" })).toHaveAttribute("href", /\/flags\/dark-mode\/code\?env=staging$/);
  await expect(page.getByRole("main").getByRole("link", { name: "Quickstart" })).toHaveAttribute("href", /\/quickstart\?env=staging$/);
  await context.close();
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`insights are accessible in ${colorScheme}, and fit a phone`, async ({ page, server }) => {
    await page.emulateMedia({ colorScheme });
    await signInAs(page, "member");
    await server.evaluate(flag);
    for (const query of ["?env=dev&range=24h", "?env=staging"]) {
      await gotoHydrated(page, insights(flag, query));
      await expectAccessible(page);
      await page.setViewportSize({ width: 360, height: 740 });
      await expectNoHorizontalOverflow(page);
      await page.setViewportSize({ width: 1280, height: 720 });
    }
  });
}
