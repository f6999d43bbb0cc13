import type { Page } from "@playwright/test";
import { signInQuietly } from "../support/pages.mjs";
import type { Togglebit } from "../support/server.mjs";
import {
  expect,
  expectAccessible,
  expectNoHorizontalOverflow,
  gotoHydrated,
  hydrated,
  test as base,
} from "../support/test.js";

// A project with 500 flags: its list is paged, searched, sorted and narrowed, and the palette finds any of them.

const project = "many";
const count = 500;
const list = (query = "") => `/o/demo/${project}/flags?env=dev${query}`;
const keyOf = (place: number) => `flag-${String(place).padStart(3, "0")}`;
const allKeys = Array.from({ length: count }, (_, place) => keyOf(place));

/** Every tenth is on in dev, and has a tag of its own. */
function flagOf(place: number) {
  const isTenth = place % 10 === 0;
  const configuration = {
    enabled: isTenth,
    off_variation: "off",
    track_events: false,
    window: null,
    prerequisites: [],
    overrides: [],
    rules: [],
    fallthrough: { variation: "on" },
  };
  return {
    // Names sort the other way round than keys.
    name: `Number ${String(count - place).padStart(3, "0")}`,
    kind: "boolean",
    value_type: "boolean",
    variations: [
      { key: "on", value: true },
      { key: "off", value: false },
    ],
    tags: isTenth ? ["tenth"] : [],
    environments: { dev: configuration },
  };
}

const making = new WeakMap<Togglebit, Promise<void>>();
async function make(page: Page, { baseURL }: Togglebit) {
  const headers = { origin: baseURL, "X-Org-Id": "demo", "X-Project": project };
  const created = await page.request.post("/api/v1/manage/projects", { headers, data: { name: "Many", key: project } });
  expect(created.status(), await created.text()).toBe(201);
  const flags = Object.fromEntries(allKeys.map((key, place) => [key, flagOf(place)]));
  const environments = [{ key: "dev", name: "Development", color: "sky" }];
  const data = { format: 1, project: { name: "Many" }, environments, flags };
  const imported = await page.request.post("/api/v1/manage/import", { headers, data });
  expect(imported.status(), await imported.text()).toBe(200);
}

const test = base.extend<{ many: void }>({
  /** The project is there, and the page is its owner's. */
  many: async ({ server, page }, use) => {
    await signInQuietly(page.request, server.baseURL, "owner");
    const begun = making.get(server) ?? make(page, server);
    making.set(server, begun);
    await begun;
    await use();
  },
});

const rows = (page: Page) => page.locator("tr[data-flag]");
const keysOf = (page: Page) => rows(page).evaluateAll((all) => all.map((row) => row.getAttribute("data-flag")!));

/** Goes from one part of the list to the next, and gives the keys in their order. */
async function walk(page: Page) {
  const seen: string[] = [];
  for (;;) {
    await hydrated(page);
    const here = await keysOf(page);
    expect(here.length).toBeGreaterThan(0);
    seen.push(...here);
    expect(seen.length, "it ends").toBeLessThanOrEqual(count);
    const next = page.getByRole("main").getByRole("link", { name: "Next page" });
    if ((await next.count()) === 0) return seen;
    await page.goto((await next.getAttribute("href"))!);
  }
}

test("the list says how many there are, and has every flag once", async ({ page, many: _ }) => {
  test.slow();
  await gotoHydrated(page, list("&sort=key"));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Flags\s*500$/);
  await expect(page.getByText("Showing 50 of 500 flags")).toBeVisible();
  expect(await walk(page)).toEqual(allKeys);
});

test("the list is sorted as a whole, not page by page", async ({ page, many: _ }) => {
  const first = async (sort: string) => {
    await gotoHydrated(page, list(`&sort=${sort}`));
    return (await keysOf(page)).slice(0, 3);
  };
  expect(await first("key")).toEqual(allKeys.slice(0, 3));
  expect(await first("-key")).toEqual(allKeys.slice(-3).reverse());
  expect(await first("name")).toEqual(allKeys.slice(-3).reverse());
  expect(await first("-name")).toEqual(allKeys.slice(0, 3));
});

test("the list is narrowed as a whole", async ({ page, many: _ }) => {
  const tenths = allKeys.filter((_, place) => place % 10 === 0);
  for (const query of ["&state=on", "&tag=tenth"]) {
    await gotoHydrated(page, list(`${query}&sort=key`));
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Flags\s*50$/);
    await expect(page.getByText("50 flags match")).toBeVisible();
    expect(await walk(page), query).toEqual(tenths);
  }
  await gotoHydrated(page, list());
  await page.getByRole("searchbox").fill("flag-49");
  await expect(page).toHaveURL(/q=flag-49/);
  await expect(rows(page)).toHaveCount(10);
  expect((await keysOf(page)).sort()).toEqual(allKeys.slice(490));
  await gotoHydrated(page, list("&q=Number%20001"));
  expect(await keysOf(page)).toEqual([keyOf(499)]);
  await gotoHydrated(page, list("&q=no-such-flag"));
  await expect(rows(page)).toHaveCount(0);
});

test("the palette finds one of many, and leads there", async ({ page, many: _ }) => {
  await gotoHydrated(page, list());
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Search" });
  await palette.getByRole("combobox").fill("flag-377");
  await expect(palette.getByRole("option", { name: "flag-377" })).toBeVisible();
  await expect(palette.getByRole("option", { name: /flag-\d+/ })).toHaveCount(1);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/flags\/flag-377\?env=dev$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Number 123");
});

test("the playground has a page of them at a time, and finds any", async ({ page, many: _ }) => {
  const playground = (query = "") => `/o/demo/${project}/playground?env=dev&user=user-1${query}`;
  const answer = page.getByRole("region", { name: "Answer" });
  const html = await (await page.request.get(playground())).text();
  expect(html.length, "what is not seen is not sent").toBeLessThan(200_000);
  expect(html.match(/data-flag="/g)).toHaveLength(50);

  await gotoHydrated(page, playground());
  await expect(answer.getByText("1–50 of 500 flags.")).toBeVisible();
  expect(await keysOf(page)).toEqual(allKeys.slice(0, 50));
  await expect(answer.getByRole("link", { name: "Previous" })).toHaveCount(0);
  await answer.getByRole("link", { name: "Next" }).click();
  await expect(page).toHaveURL(/user=user-1&page=2#answer$/);
  await expect(answer.getByText("51–100 of 500 flags.")).toBeVisible();
  expect(await keysOf(page)).toEqual(allKeys.slice(50, 100));
  await answer.getByRole("link", { name: keyOf(50) }).click();
  await expect(answer.getByRole("heading", { level: 2, name: keyOf(50) })).toBeVisible();
  await answer.getByRole("link", { name: "All flags" }).click();
  await expect(answer.getByText("51–100 of 500 flags."), "it is the page that one came from").toBeVisible();

  await page.getByRole("searchbox", { name: "Filter by key" }).fill("flag-4");
  await expect(answer.getByText("1–50 of 100 flags.")).toBeVisible();
  await answer.getByRole("link", { name: "Next" }).click();
  await expect(answer.getByText("51–100 of 100 flags.")).toBeVisible();
  await expect(answer.getByRole("link", { name: "Next" })).toHaveCount(0);
  expect(await keysOf(page)).toEqual(allKeys.slice(450));
  await gotoHydrated(page, playground("&page=99"));
  await expect(answer.getByText("451–500 of 500 flags."), "there is none behind the last one").toBeVisible();
});

test("a long list is accessible, and fits a phone", async ({ page, many: _ }) => {
  test.slow();
  for (const address of [list(), `/o/demo/${project}/playground?env=dev`, `/o/demo/${project}/audit`]) {
    await gotoHydrated(page, address);
    await page.setViewportSize({ width: 1440, height: 900 });
    await expectAccessible(page);
    await page.setViewportSize({ width: 360, height: 740 });
    await expectNoHorizontalOverflow(page);
  }
});
