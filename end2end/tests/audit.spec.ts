import {
  expect,
  expectAccessible,
  expectNoHorizontalOverflow,
  flagsPage,
  gotoHydrated,
  isOn,
  signInAs,
  switchOf,
  test,
} from "../support/test.js";
import type { Page } from "@playwright/test";

// Who did what, when, where and why; and whether nobody changed it since.

const log = "/o/demo/default/audit";
const entries = (page: Page) => page.locator("li[data-entry]");

/** Switches the first flag in dev, and says which it is and whether it is on then. */
async function flip(page: Page) {
  await gotoHydrated(page, flagsPage("dev"));
  const control = page.locator("tr[data-flag]").first().getByRole("switch");
  const key = (await control.getAttribute("aria-label"))!;
  const on = !(await isOn(switchOf(page, key)));
  await switchOf(page, key).click();
  await expect(page.getByRole("status").getByText(`${key} is ${on ? "on" : "off"} in dev`)).toBeVisible();
  return { key, on };
}

test("a switch is an entry that says what changed", async ({ page }) => {
  await signInAs(page, "developer");
  const { key, on } = await flip(page);
  await gotoHydrated(page, log);

  const first = entries(page).first();
  await expect(first).toContainText(new RegExp(`switched\\s*${key}\\s*${on ? "on" : "off"}\\s*in\\s*dev`));
  await first.locator("summary").first().click();
  const change = first.getByRole("listitem").filter({ has: page.getByText("Switch", { exact: true }) });
  await expect(change.locator("del")).toContainText(on ? "off" : "on");
  await expect(change.locator("ins")).toContainText(on ? "on" : "off");
  await expect(first.getByText("Request", { exact: true })).toBeVisible();
  await expect(first.getByRole("link", { name: `Open ${key}` })).toHaveAttribute("href", /\/flags\/.*env=dev/);
  await expectAccessible(page);

  await first.getByRole("link", { name: `All about ${key}` }).click();
  await expect(page).toHaveURL((url) => url.searchParams.get("kind") === "flag" && url.searchParams.get("key") === key);
  await expect(entries(page).first()).toContainText(key);
  await expect(page.getByLabel("What it happened to")).toHaveValue("flag");
  await page.getByRole("link", { name: `Only ${key}` }).click();
  await expect(page).toHaveURL((url) => url.searchParams.get("kind") === "flag" && !url.searchParams.has("key"));
  await expect(page.getByRole("link", { name: `Only ${key}` })).toHaveCount(0);
});

test("what is typed is looked for in what people see, and in the file", async ({ page, server }) => {
  await signInAs(page, "owner");
  const word = `Maud${Date.now()}`;
  const flag = { name: `Flag of ${word}`, key: `searched-${word.toLowerCase()}` };
  const headers = { origin: server.baseURL, "X-Org-Id": "demo" };
  const made = await page.request.post("/api/v1/manage/flags", { headers, data: flag });
  expect(made.status()).toBe(201);

  await gotoHydrated(page, log);
  await page.keyboard.press("/");
  const box = page.getByRole("searchbox");
  await expect(box).toBeFocused();
  await box.pressSequentially(word.toUpperCase());
  await expect(page).toHaveURL((url) => url.searchParams.get("q") === word.toUpperCase());
  await expect(entries(page)).toHaveCount(1);
  await expect(entries(page)).toContainText(new RegExp(`Demo owner created the flag ${flag.key}`));
  await expectAccessible(page);
  const href = await page.locator('a[href*="audit/export"][href*="format=jsonl"]').getAttribute("href");
  const lines = (await (await page.request.get(href!)).text()).trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line).resource.key)).toEqual([flag.key]);

  await box.fill("demo owner");
  await expect(page).toHaveURL(/q=demo/);
  await expect(entries(page).first()).toContainText("Demo owner");
  for (const text of await entries(page).allInnerTexts()) expect(text).toContain("Demo owner");
  await box.fill(`${word}_%`);
  await expect(page.getByText("No entries match")).toBeVisible();
});

test("filters are in the address, work without script, and are those of the file", async ({ browser, server }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: server.baseURL });
  const page = await context.newPage();
  await signInAs(page, "owner");
  await page.goto(log);
  const before = await entries(page).count();
  expect(before, "the demo has a past").toBeGreaterThan(0);

  await page.getByLabel("Action", { exact: true }).selectOption("flag.created");
  await page.getByRole("searchbox").fill("CHECKOUT");
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page).toHaveURL(/action=flag\.created/);
  await expect(page.getByLabel("Action", { exact: true })).toHaveValue("flag.created");
  await expect(page.getByRole("searchbox")).toHaveValue("CHECKOUT");
  await expect(entries(page).filter({ hasText: "created the flag checkout-v2" })).toHaveCount(1);
  for (const text of await entries(page).allInnerTexts()) expect(text).toContain("created the flag");

  const href = await page.locator('a[href*="audit/export"][href*="format=jsonl"]').getAttribute("href");
  const file = await page.request.get(href!);
  expect(file.status()).toBe(200);
  expect(file.headers()["content-disposition"]).toContain("attachment");
  const lines = (await file.text()).trimEnd().split("\n").map((line) => JSON.parse(line));
  expect(lines.length).toBe(await entries(page).count());
  for (const line of lines) expect(line.project).toBe("default");
  for (const line of lines) expect(line.action).toBe("flag.created");

  await page.goto(`${log}?from=2001-01-01&to=2001-01-02`);
  await expect(page.getByText("No entries match")).toBeVisible();
  await context.close();
});

test("the whole organization has more entries than the project", async ({ page }) => {
  await signInAs(page, "owner");
  await gotoHydrated(page, log);
  await page.getByRole("navigation", { name: "Scope" }).getByRole("link", { name: "Whole organization" }).click();
  await expect(page).toHaveURL(/scope=organization/);
  await expect(page.getByRole("link", { name: "Whole organization" })).toHaveAttribute("aria-current", "page");
  await expect(page.getByLabel("Environment", { exact: true })).toHaveCount(0);
});

test("the log verifies", async ({ page }) => {
  await signInAs(page, "member");
  await gotoHydrated(page, log);
  await page.getByRole("link", { name: "Verify the log" }).click();
  await expect(page.getByText("The log is whole")).toBeVisible();
  await expectAccessible(page);
});

test("nothing is wider than a phone", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await signInAs(page, "owner");
  await gotoHydrated(page, log);
  await entries(page).first().locator("summary").first().click();
  await expectNoHorizontalOverflow(page);
});
