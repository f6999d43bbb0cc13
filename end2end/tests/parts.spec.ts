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
