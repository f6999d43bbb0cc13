import type { BrowserContext, Page } from "@playwright/test";
import {
  expect,
  expectAccessible,
  flagsPage,
  gotoHydrated,
  hydrated,
  isOn,
  signInAs,
  switchOf,
  test as base,
  watchForProblems,
} from "../support/test.js";

const flag = "checkout-v2";
const word = (on: boolean) => (on ? "on" : "off");

const test = base.extend<{ another: () => Promise<Page> }>({
  /** A page of another browser, with cookies of its own. */
  another: async ({ browser, server, problems }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async () => {
      const context = await browser.newContext({ baseURL: server.baseURL, reducedMotion: "reduce" });
      watchForProblems(context, problems);
      contexts.push(context);
      return context.newPage();
    });
    for (const context of contexts) await context.close();
  },
});

/** The page hears of changes. */
async function live(page: Page) {
  await hydrated(page);
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
}

/** Which of a browser's streams are open, by their addresses. */
function streams(context: BrowserContext) {
  const open = new Set<unknown>();
  context.on("request", (request) => {
    if (new URL(request.url()).pathname === "/live") open.add(request);
  });
  for (const end of ["requestfinished", "requestfailed"] as const) {
    context.on(end as "requestfinished", (request) => void open.delete(request));
  }
  return () => open.size;
}

/** Shows a page, or hides it behind another, as far as it knows. */
async function setHidden(page: Page, hidden: boolean) {
  await page.evaluate((hidden) => {
    Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
}

test("what somebody else switches is there without reloading, with a note of who did it", async ({ page, another }) => {
  await signInAs(page, "owner");
  await gotoHydrated(page, flagsPage("dev"));
  await live(page);
  const grace = await another();
  await signInAs(grace, "developer");
  await gotoHydrated(grace, flagsPage("dev"));
  await live(grace);

  // What is chosen and has the focus stays so.
  await page.evaluate(() => ((window as unknown as { loaded: boolean }).loaded = true));
  const box = page.getByRole("checkbox", { name: `Choose ${flag}`, exact: true });
  await box.check();
  await box.focus();

  const [here, there] = [switchOf(page, flag), switchOf(grace, flag)];
  const initially = await isOn(there);
  await there.click();
  // Nobody is told what they did themselves. Said for some seconds only, so it is looked for first.
  await expect(grace.getByRole("status").getByText(`${flag} is ${word(!initially)} in dev`)).toBeVisible();
  await expect(grace.getByText(`switched ${flag}`)).toHaveCount(0);
  await expect(here).toHaveAttribute("aria-checked", String(!initially));
  await expect(page.getByRole("status").getByText(`switched ${flag} ${word(!initially)} in dev`)).toBeVisible();
  await expect(box).toBeChecked();
  await expect(box).toBeFocused();
  expect(await page.evaluate(() => (window as unknown as { loaded?: boolean }).loaded)).toBe(true);
  await expectAccessible(page);

  await there.click();
  await expect(here).toHaveAttribute("aria-checked", String(initially));
});

test("a draft is not lost when somebody else saves the same", async ({ page, another }) => {
  const key = "maintenance-banner";
  const address = `/o/demo/default/flags/${key}`;
  const dev = (page: Page) => page.getByRole("region", { name: "dev", exact: true });
  const toggle = (page: Page) => dev(page).getByRole("switch", { name: key, exact: true });
  await signInAs(page, "developer");
  await gotoHydrated(page, address);
  await live(page);
  const grace = await another();
  await signInAs(grace, "owner");
  await gotoHydrated(grace, address);
  await live(grace);

  // Without a draft the column is what it is now.
  const initially = await isOn(toggle(grace));
  await toggle(grace).click();
  await expect(toggle(page)).toHaveAttribute("aria-checked", String(!initially));

  await dev(page).getByRole("button", { name: "Add a rule" }).click();
  await expect(dev(page).getByText(/not saved/).first()).toBeVisible();
  await toggle(grace).click();
  const banner = dev(page).getByText(/changed this a moment ago/);
  await expect(banner).toBeVisible();
  await expect(dev(page).getByRole("listitem", { name: "Rule 1" })).toBeVisible();
  await expect(toggle(page), "what the draft was made over stays until it is thrown away").toHaveAttribute(
    "aria-checked",
    String(!initially),
  );
  await banner.click();
  await expect(dev(page).getByText(`It is switched ${word(initially)}.`)).toBeVisible();
  await expectAccessible(page);

  await dev(page).getByRole("button", { name: "Take theirs" }).click();
  await expect(banner).toHaveCount(0);
  await expect(toggle(page)).toHaveAttribute("aria-checked", String(initially));
});

test("what changes before a page is taken over is there after it", async ({ page, another }) => {
  const address = "/o/demo/default/flags/maintenance-banner";
  const toggle = (page: Page) => page.getByRole("region", { name: "staging", exact: true }).getByRole("switch");
  const grace = await another();
  await signInAs(grace, "owner");
  await gotoHydrated(grace, address);
  const initially = await isOn(toggle(grace));

  await signInAs(page, "developer");
  let arrive = () => {};
  const late = new Promise<void>((resolve) => (arrive = resolve));
  await page.route("**/program/**/columns_in_targeting*.wasm", async (route) => {
    await late;
    await route.continue();
  });
  await page.goto(address, { waitUntil: "commit" });
  await expect(page.getByText("Live", { exact: true }), "the rest of the page waits for nothing").toBeVisible();
  const told = page.waitForResponse((answer) => new URL(answer.url()).pathname === "/_fn/flag");
  await toggle(grace).click();
  await told;
  await expect(page.locator("[data-late]")).toBeAttached();
  await expect(toggle(page), "the column stays as the server drew it").toHaveAttribute("aria-checked", String(initially));
  arrive();
  await hydrated(page);
  await expect(toggle(page)).toHaveAttribute("aria-checked", String(!initially));
});

test("whoever is somewhere in a page stays there when it is drawn anew", async ({ page }) => {
  await signInAs(page, "owner");
  const data = { key: "drawn-anew", name: "Before" };
  const made = await page.request.post("/api/v1/manage/segments", { data });
  expect(made.status()).toBe(201);
  await gotoHydrated(page, "/o/demo/default/segments/drawn-anew");
  await live(page);
  const many = page.getByText("Many included keys at once");
  await many.focus();
  const rename = async (name: string) => {
    const renamed = await page.request.patch("/api/v1/manage/segments/drawn-anew", { data: { name } });
    expect(renamed.status()).toBe(200);
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  };
  await rename("After");
  await expect(many).toBeFocused();
  await rename("Long after");
  await expect(many).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("The included keys, one in each line")).toBeVisible();
  await page.getByRole("textbox", { name: "Included", exact: true }).fill("user-1");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("drawn-anew is saved in dev"), "its fields work").toBeVisible();
});

test("a flag that somebody creates is there, and one that comes later says how busy it is", async ({
  page,
  another,
  server,
  baseURL,
}) => {
  await signInAs(page, "member");
  await gotoHydrated(page, `${flagsPage("dev")}&tag=growth`);
  await live(page);
  const grace = await another();
  await signInAs(grace, "developer");
  const headers = { origin: baseURL!, "X-Org-Id": "demo", "X-Project": "default" };
  const create = async (key: string, tags: string[]) => {
    const created = await grace.request.post("/api/v1/manage/flags", { headers, data: { name: key, key, tags } });
    expect(created.status(), await created.text()).toBe(201);
  };
  const row = (key: string) => page.locator(`tr[data-flag="${key}"]`);
  await create("newcomer", ["growth"]);
  await expect(row("newcomer")).toContainText("never");

  await create("latecomer", []);
  const latecomer = "/api/v1/manage/flags/latecomer";
  await expect.poll(async () => (await server.evaluate("latecomer")).reason).toBe("flag_disabled");
  // Counters are written down every few seconds.
  const evaluated = async () => (await (await grace.request.get(latecomer, { headers })).json()).environments.dev.last_evaluated_at;
  await expect.poll(evaluated, { timeout: 30_000 }).not.toBeNull();
  await expect(row("latecomer"), "it is not among those that are asked for").toHaveCount(0);
  const tagged = await grace.request.patch(latecomer, { headers, data: { tags: ["growth"] } });
  expect(tagged.status(), await tagged.text()).toBe(200);
  await expect(row("latecomer").getByRole("img", { name: /^[1-9]\d* evaluations? in \d+ days$/ })).toBeVisible();
  await expect(row("newcomer").getByRole("img"), "where nothing was asked there is nothing to draw").toHaveCount(0);
});

test("that a flag was killed is said on its page, and that it is on again", async ({ page, another }) => {
  const key = "legacy-export-api";
  const address = `/o/demo/default/flags/${key}`;
  await signInAs(page, "member");
  await gotoHydrated(page, address);
  await live(page);
  const grace = await another();
  await signInAs(grace, "owner");
  await gotoHydrated(grace, address);
  const there = grace.getByRole("region", { name: "staging", exact: true }).getByRole("switch", { name: key, exact: true });
  const killed = page.getByRole("list", { name: "Switched off" }).getByRole("listitem").filter({ hasText: "Off in staging" });
  if (!(await isOn(there))) {
    await there.click();
    await expect(there).toHaveAttribute("aria-checked", "true");
  }
  await expect(killed).toHaveCount(0);
  await there.click();
  await expect(killed).toContainText("switched off by Demo owner");
  await expectAccessible(page);
  await there.click();
  await expect(killed).toHaveCount(0);
});

test("two tabs of a browser share a connection, and a tab that is hidden leaves it to the other", async ({
  page,
  context,
  another,
}) => {
  const open = streams(context);
  await signInAs(page, "member");
  await live(page);
  const second = await context.newPage();
  await gotoHydrated(second, flagsPage("dev"));
  await live(second);
  await expect.poll(open).toBe(1);

  const grace = await another();
  await signInAs(grace, "developer");
  await gotoHydrated(grace, flagsPage("dev"));
  const there = switchOf(grace, flag);
  const flip = async (pages: Page[]) => {
    const next = !(await isOn(there));
    await there.click();
    for (const page of pages) await expect(switchOf(page, flag)).toHaveAttribute("aria-checked", String(next));
  };
  await flip([page, second]);

  await setHidden(page, true);
  await live(second);
  await expect.poll(open, "the other tab has it now").toBe(1);
  await flip([second]);

  await setHidden(second, true);
  await expect.poll(open, "nobody looks").toBe(0);
  const next = !(await isOn(there));
  await there.click();
  await expect(there).toHaveAttribute("aria-checked", String(next));

  // Whoever is seen again learns what they missed.
  await setHidden(page, false);
  await expect(switchOf(page, flag)).toHaveAttribute("aria-checked", String(next));
  await setHidden(second, false);
  await expect(switchOf(second, flag)).toHaveAttribute("aria-checked", String(next));
  await expect.poll(open).toBe(1);
});

test("each page hears by itself where the browser has no locks", async ({ page, context, another }) => {
  await context.addInitScript(() => Object.defineProperty(Navigator.prototype, "locks", { value: undefined }));
  const open = streams(context);
  await signInAs(page, "member");
  await live(page);
  const second = await context.newPage();
  await gotoHydrated(second, flagsPage("dev"));
  await live(second);
  await expect.poll(open).toBe(2);
  const grace = await another();
  await signInAs(grace, "developer");
  await gotoHydrated(grace, flagsPage("dev"));
  const there = switchOf(grace, flag);
  const next = !(await isOn(there));
  await there.click();
  for (const each of [page, second]) await expect(switchOf(each, flag)).toHaveAttribute("aria-checked", String(next));
});

test("the audit log says that there is more, and shows it when it is asked for", async ({ page, another }) => {
  await signInAs(page, "member");
  await gotoHydrated(page, "/o/demo/default/audit");
  await live(page);
  const grace = await another();
  await signInAs(grace, "developer");
  await gotoHydrated(grace, flagsPage("dev"));
  const entries = page.getByRole("main").getByRole("listitem");
  await expect(entries.first()).toBeVisible();
  const there = switchOf(grace, flag);
  for (const count of ["1 new entry", "2 new entries"]) {
    const next = !(await isOn(there));
    await there.click();
    await expect(there).toHaveAttribute("aria-checked", String(next));
    await expect(page.getByRole("button", { name: count })).toBeVisible();
  }
  await page.getByRole("button", { name: "2 new entries" }).click();
  await expect(page.getByRole("button", { name: /new entr/ })).toHaveCount(0);
  await expect(entries.first()).toContainText(flag);
});
