import { expect, expectAccessible, expectNoHorizontalOverflow, gotoHydrated, signInAs, test } from "../support/test.js";

// How often what was evaluated: drawn, as a table, and with links that say which part of it.

const usage = "/o/demo/default/usage";
const flag = "checkout-v2";

test("what an application evaluates is counted", async ({ page, server }) => {
  await signInAs(page, "member");
  await server.evaluate(flag);
  // Counters are written down every few seconds.
  await expect(async () => {
    await gotoHydrated(page, `${usage}?by=flag`);
    await expect(page.getByRole("img", { name: /Evaluations by day and flag: .* in all/ })).toBeVisible({ timeout: 500 });
    await expect(page.getByRole("link", { name: flag, exact: true })).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 30_000 });
  await expectAccessible(page);

  await page.getByText("Show the figures as a table").click();
  await expect(page.getByRole("region", { name: /as a table/ }).getByRole("columnheader", { name: flag })).toBeVisible();
  await expect(page.getByRole("link", { name: flag, exact: true })).toHaveAttribute("href", /\/flags\/checkout-v2/);
});

test("each view has an address", async ({ page }) => {
  await signInAs(page, "member");
  await gotoHydrated(page, usage);
  await page.getByRole("navigation", { name: "Time", exact: true }).getByRole("link", { name: "24 hours" }).click();
  await expect(page).toHaveURL(/range=24h/);
  await page.getByRole("navigation", { name: "Environment" }).getByRole("link", { name: "prod" }).click();
  await expect(page).toHaveURL(/range=24h.*environment=prod|environment=prod.*range=24h/);
  await page.reload();
  await expect(page.getByRole("link", { name: "24 hours" })).toHaveAttribute("aria-current", "page");
  await expect(page.getByRole("link", { name: "prod", exact: true })).toHaveAttribute("aria-current", "page");
});

test("where nothing was evaluated there is a way to begin", async ({ browser, startServer }) => {
  const server = await startServer();
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: server.baseURL });
  const page = await context.newPage();
  await signInAs(page, "owner");
  await page.goto(`${usage}?environment=staging&range=24h`);
  await expect(page.getByText("Nothing was evaluated here")).toBeVisible();
  await expect(page.getByText("Streams here")).toBeVisible();
  await page.goto(`${usage}?range=12m`);
  await expect(page.getByText("whole organization, last 12 months")).toBeVisible();
  await expect(page.getByText(/kept for 90 days/), "also where there is nothing").toBeVisible();
  await context.close();
});

test("nothing is wider than a phone", async ({ page, server }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await signInAs(page, "member");
  await server.evaluate(flag);
  for (const query of ["", "?range=24h", "?range=90d&by=reason", "?range=12m"]) {
    await gotoHydrated(page, `${usage}${query}`);
    await expectNoHorizontalOverflow(page);
  }
});
