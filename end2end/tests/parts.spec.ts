import type { Page } from "@playwright/test";
import { signInQuietly } from "../support/pages.mjs";
import { expect, flagsPage, gotoHydrated, hydrated, test } from "../support/test.js";

// The browser's program comes in parts, and a part may be missing: the server has another version meanwhile, or cannot be reached.

const audit = "**/program/**/audit_*.wasm";

/** How often pages were asked for. */
function visits(page: Page) {
  const visits: string[] = [];
  page.on("request", (request) => {
    if (request.isNavigationRequest()) visits.push(new URL(request.url()).pathname);
  });
  return visits;
}

test.beforeEach(async ({ page, server }) => signInQuietly(page.request, server.baseURL, "owner"));

test("a page whose part is not there any more is loaded anew", async ({ page, problems }) => {
  await gotoHydrated(page, flagsPage("dev"));
  await page.route(audit, (route) => route.fulfill({ status: 404 }), { times: 1 });
  const asked = visits(page);
  await page.getByRole("link", { name: "Audit log" }).click();
  await expect.poll(() => asked, "the page is loaded anew, with the program that there is now").toHaveLength(1);
  await hydrated(page);
  await page.getByRole("link", { name: "Audit log" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Audit log" })).toBeVisible();
  problems.length = 0;
});

test("a part that cannot be had leaves a page that works without it", async ({ page, problems }) => {
  await page.route(audit, (route) => route.fulfill({ status: 404 }));
  const asked = visits(page);
  await page.goto("/o/demo/default/audit");
  await expect.poll(() => asked, "it is tried twice, and then left alone").toHaveLength(3);
  await expect(page.getByRole("heading", { level: 1, name: "Audit log" })).toBeVisible();
  await page.getByRole("link", { name: "Flags", exact: true }).click();
  await hydrated(page);
  await expect(page.getByRole("heading", { level: 1, name: "Flags" })).toBeVisible();
  expect(asked.filter((path) => path.endsWith("/audit"))).toHaveLength(3);
  problems.length = 0;
});

test("fields that cannot be fetched are asked for again, and what was typed stays", async ({ page, problems }) => {
  await page.goto("/o/demo/default/flags/new");
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("Slow lines");
  await page.getByRole("button", { name: "Create the flag" }).click();
  await expect(page).toHaveURL(/\/flags\/slow-lines$/);
  await hydrated(page);
  await page.route("**/program/**/rule_in_columns_in_targeting*.wasm", (route) => route.fulfill({ status: 404 }), { times: 1 });
  const dev = page.getByRole("region", { name: "dev", exact: true });
  await dev.getByRole("button", { name: "Add a rule" }).click();
  await dev.getByRole("textbox", { name: "Name of rule 1" }).fill("Beta");
  await expect(dev.getByRole("alert")).toContainText("could not be fetched");
  const asked = visits(page);
  await dev.getByRole("button", { name: "Try again" }).click();
  await dev.getByRole("combobox", { name: "Attribute" }).fill("plan");
  await expect(dev.getByRole("textbox", { name: "Name of rule 1" })).toHaveValue("Beta");
  expect(asked, "the page is not loaded anew").toHaveLength(0);
  problems.length = 0;
  // Nothing here is to be asked about when the page is left.
  await dev.getByRole("button", { name: "Discard" }).click();
});

test("what cannot be taken over stays as the server made it, and is asked for again", async ({ page, problems }) => {
  await page.goto("/o/demo/default/flags/new");
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("Late columns");
  await page.getByRole("button", { name: "Create the flag" }).click();
  await expect(page).toHaveURL(/\/flags\/late-columns$/);
  const columns = "**/program/**/columns_in_targeting*.wasm";
  await page.route(columns, (route) => route.fulfill({ status: 404 }));
  const asked = visits(page);
  await page.reload();
  await expect(page.getByRole("alert")).toContainText("could not be fetched");
  const dev = page.getByRole("region", { name: "dev", exact: true });
  await dev.getByRole("switch").click();
  await expect.poll(() => asked, "its switch is a form").toContain("/_fn/flags/switch");
  await expect(dev.getByRole("switch")).toHaveAttribute("aria-checked", "true");
  await expect(page.getByRole("alert")).toContainText("could not be fetched");
  await page.unroute(columns);
  asked.length = 0;
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("alert")).toHaveCount(0);
  await hydrated(page);
  await dev.getByRole("button", { name: "Add a rule" }).click();
  await dev.getByRole("combobox", { name: "Attribute" }).fill("plan");
  expect(asked, "the page is not loaded anew").toHaveLength(0);
  problems.length = 0;
  // Nothing here is to be asked about when the page is left.
  await dev.getByRole("button", { name: "Discard" }).click();
});

test("what is typed before it is taken over stays, and nothing of another page does", async ({ page }) => {
  for (const key of ["typed-early", "typed-late"]) {
    const made = await page.request.post("/api/v1/manage/segments", { data: { key, name: `Segment ${key}` } });
    expect(made.status()).toBe(201);
  }
  let arrive = () => {};
  let late = new Promise<void>((resolve) => (arrive = resolve));
  await page.route("**/program/**/audience_in_segment*.wasm", async (route) => {
    await late;
    await route.continue();
  });
  await page.goto("/o/demo/default/segments/typed-early?env=dev", { waitUntil: "commit" });
  const field = page.getByRole("combobox", { name: "Keys are values of" });
  await field.fill("accountId");
  arrive();
  await hydrated(page);
  await expect(field).toHaveValue("accountId");
  await expect(page.getByText(/not saved/).first()).toBeVisible();
  await page.getByRole("button", { name: "Discard" }).click();

  late = new Promise<void>((resolve) => (arrive = resolve));
  await page.goto("/o/demo/default/segments/typed-late?env=dev", { waitUntil: "commit" });
  await expect(page.getByRole("heading", { name: "Who is inside in dev" })).toBeVisible();
  await expect(page.locator("html[data-hydrated]")).toBeAttached();
  await page.getByRole("navigation", { name: "Environment", exact: true }).getByRole("link", { name: "prod" }).click();
  await expect(page).toHaveURL(/env=prod/);
  await expect(page.getByRole("heading", { name: "Who is inside in dev" })).toHaveCount(0);
  arrive();
  await expect(page.getByRole("heading", { name: "Who is inside in prod" })).toBeVisible();
});

test("the fields of a rule are closed, opened again and changed", async ({ page }) => {
  await page.goto("/o/demo/default/flags/new");
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("Opened again");
  await page.getByRole("button", { name: "Create the flag" }).click();
  await expect(page).toHaveURL(/\/flags\/opened-again$/);
  await hydrated(page);
  const dev = page.getByRole("region", { name: "dev", exact: true });
  await dev.getByRole("button", { name: "Add a rule" }).click();
  const rule = dev.getByRole("listitem", { name: "Rule 1" });
  const served = rule.getByRole("combobox", { name: "What the rule serves" });
  await served.selectOption({ label: "A share of each" });
  for (const share of ["30", "60"]) {
    await rule.getByRole("button", { name: "Done rule 1" }).click();
    await rule.getByRole("button", { name: "Edit rule 1" }).click();
    const field = rule.getByRole("textbox", { name: "Share of on, in percent" });
    await field.fill(share);
    await field.blur();
    await expect(rule.getByText(`${share} % on`)).toBeVisible();
  }
  await dev.getByRole("button", { name: "Discard" }).click();
  await expect(rule).toHaveCount(0);
});
