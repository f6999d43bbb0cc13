import {
  expect,
  expectAccessible,
  forgive,
  expectNoHorizontalOverflow,
  gotoHydrated,
  hydrated,
  signInAs,
  test,
} from "../support/test.js";
import type { Page } from "@playwright/test";

// What would somebody be served, and why: by a form or by JSON, of all flags or of one, now and at another time.

const address = (query = "") => `/o/demo/default/playground?env=dev${query}`;
const answer = (page: Page) => page.getByRole("region", { name: "Answer" });
const rowOf = (page: Page, flag: string) => answer(page).locator(`tr[data-flag="${flag}"]`);
const attribute = (page: Page, place: number) => page.getByLabel(`Attribute ${place}`, { exact: true });
const value = (page: Page, place: number) => page.getByLabel(`Value ${place}`, { exact: true });
const evaluate = (page: Page) => page.getByRole("button", { name: "Evaluate" }).click();

test("a context is evaluated for all flags, and one flag is explained", async ({ page, server }) => {
  await signInAs(page, "member");
  await hydrated(page);
  await page.getByRole("link", { name: "Playground" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Playground" })).toBeVisible();
  await expect(rowOf(page, "ai-summaries")).toContainText("No rule matches");

  await page.getByLabel("User id").fill("user-1");
  await attribute(page, 1).fill("plan");
  await value(page, 1).fill("pro");
  await evaluate(page);
  await expect(page).toHaveURL(/user=user-1&n0=plan&v0=pro/);
  await expect(rowOf(page, "ai-summaries")).toContainText("A rule matches, then by percentage");
  await expect(rowOf(page, "ai-summaries")).toContainText("Rule 1, “Paying plans”");

  await rowOf(page, "ai-summaries").getByRole("link", { name: "ai-summaries" }).click();
  await expect(page).toHaveURL(/flag=ai-summaries&user=user-1&n0=plan&v0=pro/);
  await expect(answer(page).getByRole("heading", { level: 2, name: "ai-summaries" })).toBeVisible();
  const steps = answer(page).getByRole("listitem");
  await expect(steps.filter({ hasText: "Switched on in dev" })).toContainText("passed");
  const rule = steps.filter({ hasText: "Rule 1, “Paying plans”" }).first();
  await expect(rule).toContainText(`plan is one of "pro", "team", "enterprise"`);
  await expect(rule).toContainText("matches");
  const served = await server.evaluate("ai-summaries", { context: { plan: "pro" } });
  await expect(answer(page)).toContainText(`So it serves “${served.variation}”.`);
  await expect(answer(page).getByText("Decided by").locator("..")).toContainText("Rule 1, “Paying plans”");
  await expect(answer(page).getByText("Rule id").locator(".."), "what applications are told").toContainText("paying");
  await expect(answer(page).getByRole("img", { name: /^User id “user-1” falls into bucket .+ of 100.000/ })).toBeVisible();

  await value(page, 1).fill("free");
  await evaluate(page);
  await expect(rule).toContainText("does not match");
  await expect(rule).toContainText(`It is "free"`);
  await page.goBack();
  await expect(value(page, 1), "the form follows the address").toHaveValue("pro");
  await expect(rule).toContainText(`It is "pro"`);
});

test("form and JSON say the same, and nothing typed is lost", async ({ page, problems }) => {
  await signInAs(page, "member");
  await gotoHydrated(page, address());
  const json = page.getByLabel("Context, as applications send it");
  await page.getByLabel("User id").fill("user-1");
  await attribute(page, 1).fill("org.size");
  await value(page, 1).fill("40");
  await expect(page.getByText("number", { exact: true })).toBeVisible();
  await page.getByText("JSON", { exact: true }).click();
  expect(JSON.parse(await json.inputValue())).toEqual({ userId: "user-1", "org.size": 40 });

  await json.fill(`{"plan": "pro",`);
  await page.getByText("Form", { exact: true }).click();
  await expect(value(page, 1)).toHaveValue("40");
  await page.getByText("JSON", { exact: true }).click();
  await expect(json, "what is no JSON yet stays").toHaveValue(`{"plan": "pro",`);
  await evaluate(page);
  await expect(json).toHaveAccessibleDescription(/no JSON.*line 1/);
  await expect(answer(page)).toContainText("Mend what is marked");
  expect((await page.request.get(page.url())).status()).toBe(400);
  await page.reload();
  await hydrated(page);
  await expect(json).toHaveValue(`{"plan": "pro",`);

  await json.fill(`{"plan": "50% </textarea><b>"}`);
  await evaluate(page);
  await expect(answer(page).getByRole("table")).toBeVisible();
  await page.reload();
  await hydrated(page);
  await expect(json).toHaveValue(`{"plan": "50% </textarea><b>"}`);
  await page.getByText("Form", { exact: true }).click();
  await expect(value(page, 1)).toHaveValue("50% </textarea><b>");
  forgive(problems, "status of 400");
});

test("fields say what is wrong with them", async ({ page, problems }) => {
  await signInAs(page, "member");
  await gotoHydrated(page, address());
  await value(page, 1).fill("nameless");
  await page.getByLabel("Time (UTC)").fill("yesterday");
  await page.getByLabel("or revision").fill("minus one");
  await page.getByLabel("Flag", { exact: true }).fill("no/key");
  await evaluate(page);
  await expect(page.getByText("This value has no attribute")).toBeVisible();
  await expect(page.getByLabel("Time (UTC)")).toHaveAccessibleDescription(/A time in UTC/);
  await expect(page.getByLabel("or revision")).toHaveAccessibleDescription(/A whole number/);
  await expect(page.getByLabel("Flag", { exact: true })).toHaveAccessibleDescription(/no flag key/);
  await expectAccessible(page);

  await gotoHydrated(page, address("&flag=nowhere"));
  await expect(page.getByLabel("Flag", { exact: true })).toHaveAccessibleDescription(/There is no such flag\./);
  await expect(answer(page), "it is said once").toContainText("Mend what is marked");
  await gotoHydrated(page, address("&flag=checkout-v2&revision=0"));
  await expect(page.getByLabel("Flag", { exact: true })).toHaveAccessibleDescription(/There was no such flag then\./);
  await gotoHydrated(page, address("&revision=999999"));
  await expect(page.getByLabel("or revision")).toHaveAccessibleDescription(/no revision 999999/);
  expect((await page.request.get("/o/demo/default/playground?env=nowhere")).status()).toBe(404);
  forgive(problems, "status of 404");
});

test("what was served at a past revision is told", async ({ page }) => {
  await signInAs(page, "member");
  await gotoHydrated(page, address("&revision=0"));
  await expect(answer(page)).toContainText("There were no flags then.");
  await answer(page).getByRole("link", { name: "Back to now" }).click();
  await expect(rowOf(page, "checkout-v2")).toBeVisible();
  await page.getByLabel("or revision").fill("0");
  await evaluate(page);
  await expect(answer(page)).toContainText("There were no flags then.");
  await gotoHydrated(page, address("&at=2001-01-01 00:00"));
  await expect(answer(page)).toContainText("evaluated for 2001-01-01 00:00 UTC");
});

test("an override is named, and recent contexts are offered", async ({ page }) => {
  await signInAs(page, "member");
  await gotoHydrated(page, address("&flag=checkout-v2&user=support-desk"));
  await expect(answer(page)).toContainText("Override by userId serves off");
  await gotoHydrated(page, address("&flag=checkout-v2"));
  const recent = page.getByRole("region", { name: "Recent" });
  await recent.getByRole("link", { name: "support-desk" }).click();
  await expect(page).toHaveURL(/flag=checkout-v2&user=support-desk/);
  await expect(page.getByLabel("User id")).toHaveValue("support-desk");
  await recent.getByRole("button", { name: "Forget" }).click();
  await expect(recent).toBeHidden();
  // Whoever evaluates a context again is offered it again.
  await gotoHydrated(page, address("&flag=checkout-v2"));
  await expect(recent).toBeHidden();
});

test("flags are found by their keys, for the context that is asked about", async ({ page }) => {
  await signInAs(page, "member");
  await gotoHydrated(page, address("&user=user-1&n0=plan&v0=pro"));
  await expect(rowOf(page, "dark-mode")).toBeVisible();
  // What is being typed into the form is not lost.
  await value(page, 1).fill("free");
  await page.getByRole("searchbox", { name: "Filter by key" }).fill("SUMMARIES");
  await expect(page).toHaveURL(/q=SUMMARIES&user=user-1&n0=plan&v0=pro$/);
  await expect(answer(page).locator("tr[data-flag]")).toHaveCount(1);
  await expect(rowOf(page, "ai-summaries")).toContainText("A rule matches");
  await expect(answer(page)).toContainText("1 flag.");
  await expect(value(page, 1)).toHaveValue("free");
  await evaluate(page);
  await expect(rowOf(page, "ai-summaries")).toContainText("No rule matches");
  await expect(page).toHaveURL(/v0=free.*q=SUMMARIES/);
  await rowOf(page, "ai-summaries").getByRole("link").click();
  await expect(answer(page).getByRole("heading", { level: 2, name: "ai-summaries" })).toBeVisible();
  await answer(page).getByRole("link", { name: "All flags" }).click();
  await expect(page.getByRole("searchbox", { name: "Filter by key" })).toHaveValue("SUMMARIES");
  await gotoHydrated(page, address("&q=no-such-key"));
  await expect(answer(page)).toContainText("No key has “no-such-key” in it.");
  await answer(page).getByRole("link", { name: "Show all flags" }).click();
  await expect(rowOf(page, "dark-mode")).toBeVisible();
});

test("on a phone the answer comes into sight", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signInAs(page, "member");
  await gotoHydrated(page, address());
  const row = rowOf(page, "ai-summaries");
  await expect(row).not.toBeInViewport();
  await evaluate(page);
  await expect(row).toBeInViewport();
  await row.getByRole("link").click();
  await expect(answer(page).getByRole("heading", { level: 2, name: "ai-summaries" })).toBeInViewport();
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`the playground is accessible in ${colorScheme}, and fits a phone`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await signInAs(page, "member");
    const long = `&user=${"long-".repeat(60)}&n0=plan&v0=pro`;
    for (const query of [long, `${long}&flag=ai-summaries`, `${long}&flag=homepage-headline`]) {
      await page.setViewportSize({ width: 1280, height: 800 });
      await gotoHydrated(page, address(query));
      await expectAccessible(page);
      await page.setViewportSize({ width: 360, height: 740 });
      await expectNoHorizontalOverflow(page);
    }
  });
}

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a context is typed either way, and evaluated", async ({ page }) => {
    await signInAs(page, "member");
    await page.goto(address());
    await page.getByLabel("User id").fill("user-1");
    await attribute(page, 2).fill("plan");
    await value(page, 2).fill("pro");
    await evaluate(page);
    await expect(rowOf(page, "ai-summaries")).toContainText("A rule matches");
    await page.getByText("JSON", { exact: true }).click();
    const json = page.getByLabel("Context, as applications send it");
    await json.fill(`{"plan": "free"}`);
    await page.getByLabel("Flag", { exact: true }).fill("ai-summaries");
    await evaluate(page);
    await expect(answer(page)).toContainText(`It is "free"`);
    await expect(json, "it is still there").toHaveValue(`{"plan": "free"}`);
    await page.getByText("Form", { exact: true }).click();
    await expect(value(page, 1)).toHaveValue("pro");
  });

  test("flags are found by their keys", async ({ page }) => {
    await signInAs(page, "member");
    await page.goto(address("&user=user-1&n0=plan&v0=pro"));
    await page.getByRole("searchbox", { name: "Filter by key" }).fill("summaries");
    await page.getByRole("button", { name: "Apply" }).click();
    await expect(answer(page).locator("tr[data-flag]")).toHaveCount(1);
    await expect(rowOf(page, "ai-summaries"), "the context is the same").toContainText("A rule matches");
    await evaluate(page);
    await expect(answer(page).locator("tr[data-flag]"), "what is looked for stays").toHaveCount(1);
  });
});
