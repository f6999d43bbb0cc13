import type { Page } from "@playwright/test";
import { comment, every, flag, longEnvironment, longKey, longName, makeHard, project, segment, tags, texts } from "../support/hard.js";
import { signInQuietly } from "../support/pages.mjs";
import type { Togglebit } from "../support/server.mjs";
import { expect, expectAccessible, expectNoHorizontalOverflow, gotoHydrated, switchOf, test as base } from "../support/test.js";

// Whatever people call things is shown as they typed it, does nothing, and breaks no page.

const at = (path: string) => `/o/demo/${project}/${path}`;

const making = new WeakMap<Togglebit, ReturnType<typeof makeHard>>();
const test = base.extend<{ hard: Awaited<ReturnType<typeof makeHard>> }>({
  /** The project; whoever asks for it is its owner. */
  hard: async ({ server, page, problems }, use) => {
    page.on("dialog", (dialog) => {
      problems.push(`a dialog opened: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await signInQuietly(page.request, server.baseURL, "owner");
    const begun = making.get(server) ?? makeHard(page.request, server.baseURL);
    making.set(server, begun);
    await use(await begun);
  },
});

/** All that a page says, what stands in its fields included. */
function said(page: Page) {
  return page.evaluate(() => {
    const fields = [...document.querySelectorAll<HTMLInputElement>("input, textarea")].map((field) => field.value);
    const text = [...document.body.querySelectorAll("header, main, aside, dialog, [role=status]")].map((part) => part.textContent);
    return [document.title, ...text, ...fields].join("\n");
  });
}

/** What is wrong with a page; all of it, so that one run tells. */
async function faultsOf(page: Page, shows: readonly string[]) {
  const faults: string[] = [];
  const text = await said(page);
  for (const part of shows) if (!text.includes(part)) faults.push(`does not say ${part.slice(0, 60)} (${part.length})`);
  const made = await page.locator("img[src=x], svg[onload], [onerror]").count();
  if (made > 0) faults.push("an element is made of a text");
  for (const width of [1440, 390, 360]) {
    await page.setViewportSize({ width, height: 844 });
    await expectNoHorizontalOverflow(page).catch((error: Error) => faults.push(`at ${width}: ${culprits(error)}`));
  }
  await expectAccessible(page).catch((error: Error) => faults.push(culprits(error)));
  await page.setViewportSize({ width: 1440, height: 900 });
  return faults;
}

/** What a failed expectation received, without what it says around it. */
function culprits({ message }: Error) {
  return message.split("\n").filter((line) => line.includes('"')).join("; ").slice(0, 1000);
}

const name = every(200);
const description = every(2000);
const shown: Record<string, (known: { apiKey: string }) => { url: string; shows: readonly string[] }[]> = {
  "lists of flags": () => [
    { url: at("flags?env=dev"), shows: [name, longName, longKey, ...texts] },
    { url: at(`flags?env=${longEnvironment}`), shows: [name, longKey] },
    { url: at(`flags?env=dev&q=${encodeURIComponent(texts[1])}`), shows: [texts[1], name] },
    { url: at(`flags?env=dev&tag=${encodeURIComponent(texts[0])}`), shows: [name, longName] },
    { url: at(`flags?env=dev&q=${encodeURIComponent(longName)}`), shows: [longName] },
  ],
  "a flag": () => [
    { url: at(`flags/${flag}?env=dev`), shows: [name, description, ...texts, longName.repeat(3)] },
    { url: at(`flags/${longKey}?env=dev`), shows: [longName, longKey, ...tags] },
  ],
  "a flag's tabs": () => [
    { url: at(`flags/${flag}/insights?env=dev`), shows: [name] },
    { url: at(`flags/${flag}/code?env=dev`), shows: [name] },
    { url: at(`flags/${longKey}/code?env=dev`), shows: [longName, longKey] },
    { url: at(`flags/${longKey}/insights?env=${longEnvironment}`), shows: [longName] },
    { url: at(`flags/${flag}/history?env=dev`), shows: [name, comment, every(100)] },
    { url: at(`flags/${flag}/history?env=dev&version=2&against=1`), shows: [comment] },
    { url: at(`flags/${flag}/settings`), shows: [name, description, ...texts, ...tags] },
    { url: at(`flags/${longKey}/settings`), shows: [longName, longKey] },
  ],
  "dialogs of a flag": () => [
    { url: at(`flags/${flag}?compare=dev..prod`), shows: [name, texts[0]] },
    { url: at(`flags/${flag}?promote=dev..prod`), shows: [name, texts[0]] },
  ],
  segments: () => [
    { url: at("segments?env=dev"), shows: [name, longName, longKey] },
    { url: at(`segments/${segment}?env=dev`), shows: [name, description, ...texts, longName] },
    { url: at(`segments/${longKey}?env=${longEnvironment}`), shows: [longName, longKey] },
  ],
  "templates and new flags": () => [
    { url: at("templates"), shows: [name, longName, ...texts] },
    { url: at("flags/new?template=hard-template"), shows: [name] },
    { url: at(`flags/new?template=${longKey}`), shows: [longName] },
  ],
  "environments and keys": ({ apiKey }) => [
    { url: at("environments"), shows: [every(100), longName.slice(0, 100), longEnvironment, texts[3]] },
    { url: at("environments/dev"), shows: [every(100)] },
    { url: at(`environments/${longEnvironment}`), shows: [longName.slice(0, 100), longEnvironment] },
    { url: at("keys"), shows: [every(100), longName.slice(0, 100)] },
    { url: at(`keys/${apiKey}`), shows: [every(100)] },
    { url: at("keys/new?env=dev"), shows: [] },
    { url: at(`quickstart?env=${longEnvironment}`), shows: [longEnvironment] },
  ],
  "people and settings": () => [
    { url: at("members"), shows: [every(100), "w".repeat(60)] },
    { url: at("settings"), shows: [every(100)] },
    { url: at("settings?tab=transfer"), shows: [] },
    { url: at("settings?tab=organization"), shows: [every(100)] },
    { url: "/o/demo/settings", shows: [every(100)] },
    { url: "/o/demo/settings?tab=members", shows: [every(100), "w".repeat(60)] },
    { url: "/account", shows: [every(100)] },
    { url: "/welcome", shows: [every(100)] },
  ],
  "usage and audit": () => [
    { url: at("usage"), shows: [] },
    { url: at(`usage?environment=${longEnvironment}&flag=${longKey}`), shows: [longKey] },
    { url: at("audit"), shows: [every(100), comment] },
    { url: at("audit?scope=organization"), shows: [every(100)] },
  ],
  playground: () => {
    const query = `&user=${encodeURIComponent(longName)}&n0=plan&v0=${encodeURIComponent(texts[1])}`;
    return [
      { url: at(`playground?env=dev${query}`), shows: [longName, texts[1], longKey] },
      { url: at(`playground?env=dev&flag=${flag}${query}`), shows: [longName, ...texts] },
      { url: at(`playground?env=dev&flag=${flag}&user=${encodeURIComponent(texts[0])}`), shows: [texts[0], texts[1]] },
    ];
  },
};

for (const [area, list] of Object.entries(shown)) {
  test(`hard texts are shown as they were typed: ${area}`, async ({ page, hard }) => {
    test.slow();
    const faults: string[] = [];
    for (const { url, shows } of list(hard)) {
      const where = url.slice(0, 80);
      const failed = await gotoHydrated(page, url).then(() => undefined, (error: Error) => error);
      if (failed) faults.push(`${where}: ${failed.message}`);
      else faults.push(...(await faultsOf(page, shows)).map((fault) => `${where}: ${fault}`));
    }
    expect(faults).toEqual([]);
  });
}

test("the palette finds hard texts, and shows them as they were typed", async ({ page, hard: _ }) => {
  test.slow();
  await gotoHydrated(page, at("flags?env=dev"));
  const palette = page.getByRole("dialog", { name: "Search" });
  const faults: string[] = [];
  for (const [place, text] of texts.entries()) {
    await page.keyboard.press("Control+k");
    await palette.getByRole("combobox").fill(text);
    const option = palette.getByRole("option", { name: `named-${place}` });
    await expect(option).toBeVisible();
    await expect(option).toContainText(text);
    if (place === 0) faults.push(...(await faultsOf(page, [text, name])));
    await page.keyboard.press("Escape");
  }
  await page.keyboard.press("Control+k");
  await palette.getByRole("combobox").fill(longKey);
  await expect(palette.getByRole("option", { name: longKey }), "a flag and a segment").toHaveCount(2);
  faults.push(...(await faultsOf(page, [longName, longKey])));
  expect(faults).toEqual([]);
});

test("toasts say hard texts as they were typed", async ({ page, hard: _, browser, server }) => {
  const watching = await browser.newContext({ baseURL: server.baseURL, reducedMotion: "reduce" });
  await signInQuietly(watching.request, server.baseURL, "member");
  const other = await watching.newPage();
  await gotoHydrated(other, at("flags?env=dev"));
  await expect(other.getByText("Live", { exact: true })).toBeVisible();
  await gotoHydrated(page, at("flags?env=dev"));
  await page.setViewportSize({ width: 360, height: 740 });
  await other.setViewportSize({ width: 360, height: 740 });
  await switchOf(page, longKey).click();
  const mine = page.getByRole("status").getByText(`${longKey} is on in dev`);
  await expect(mine).toBeVisible();
  await expectNoHorizontalOverflow(page);
  const note = other.getByRole("status").getByText(`${every(100)} switched ${longKey} on in dev`);
  await expect(note).toBeVisible();
  expect(await other.locator("img[src=x], svg[onload]").count()).toBe(0);
  await expectNoHorizontalOverflow(other);
  await expectAccessible(other);
  await watching.close();
});
