import { readFileSync } from "node:fs";
import type { APIRequestContext, Page } from "@playwright/test";
import { pages, prepare, type ProductPage, signInQuietly, visit } from "../support/pages.mjs";
import type { Togglebit } from "../support/server.mjs";
import { expect, expectAccessible, expectNoHorizontalOverflow, test } from "../support/test.js";

// What is true of every page of the product, in all its states, sizes and themes.

const sizes = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
];
type Made = Awaited<ReturnType<typeof prepare>>;

/** The pages as far as they are known before there is a server. */
const listed = pages({ invitation: "token", apiKey: "id", revokedKey: "id", version: 2 });

/** What part of the product a page is of. */
function areaOf({ route }: ProductPage) {
  const [, list, one] = /^\/o\/:organization\/:project\/(\w+)(\/:)?/.exec(route ?? "") ?? [];
  return list ? `${one ? "one of " : ""}${list}` : "outside of projects";
}
const areas = [...new Set(listed.map(areaOf))];

/** What the pages of a server are about is made once. */
const making = new WeakMap<Togglebit, Promise<Made>>();
function made(server: Togglebit, request: APIRequestContext) {
  const begun = making.get(server) ?? signInQuietly(request, server.baseURL, "owner").then(() => prepare(request, server.baseURL));
  making.set(server, begun);
  return begun;
}

/** Goes on after a fault, so that one run tells all of them. */
async function faultsOf(checks: (() => Promise<void>)[]) {
  const faults: string[] = [];
  for (const check of checks) await check().catch((error: Error) => faults.push(error.message));
  return faults;
}

/** What must be so at each size and in each theme. Where widths are enough, axe is not asked: it takes longest. */
async function look(page: Page, isFirstOfRoute: boolean) {
  const faults: string[] = [];
  for (const viewport of sizes) {
    await page.setViewportSize(viewport);
    faults.push(...(await faultsOf([() => expectNoHorizontalOverflow(page)])));
  }
  // The last size is the narrow one. Themes change colours alone, so each size is judged once; and each theme, of the pages
  // that are not another state of one before.
  await page.emulateMedia({ colorScheme: "dark" });
  faults.push(...(await faultsOf([() => expectAccessible(page)])));
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(sizes[0]!);
  if (isFirstOfRoute) faults.push(...(await faultsOf([() => expectAccessible(page)])));
  return faults;
}

test("every route has a page here", () => {
  const source = readFileSync(new URL("../../app/src/lib.rs", import.meta.url), "utf8");
  const parent = /<ParentRoute path=path!\("([^"]+)"\)/.exec(source)![1]!;
  const routes = [...source.matchAll(/<Route path=path!\("([^"]+)"\)/g)].map(([, path]) => path!);
  expect(routes.length).toBeGreaterThan(30);
  const expected = routes.map((path) => (path.startsWith("/") ? path : `${parent}/${path}`));
  const routesHere = new Set(listed.flatMap(({ route }) => route ?? []));
  expect([...routesHere].sort()).toEqual(expected.sort());
});

test("names are unlike", () => {
  expect(new Set(listed.map(({ name }) => name)).size).toBe(listed.length);
});

for (const area of areas) {
  test(`pages are whole: ${area}`, async ({ server, problems, page, request }) => {
    test.slow();
    const all = pages(await made(server, request));
    const faults: string[] = [];
    const seen = new Set<string | undefined>();
    let signedInAs: string | undefined;
    for (const of of all.filter((each) => areaOf(each) === area)) {
      await test.step(of.name, async () => {
        if (signedInAs !== of.as) {
          await page.context().clearCookies();
          if (of.as !== "visitor") await signInQuietly(page.request, server.baseURL, of.as);
          signedInAs = of.as;
        }
        const found = await faultsOf([
          async () => expect(await visit(page, of), "its status").toBe(of.status),
          async () => expect(await page.getByRole("heading", { level: 1 }).allInnerTexts(), "one h1").toHaveLength(1),
        ]);
        found.push(...(await look(page, !seen.has(of.route))));
        seen.add(of.route);
        // The browser reports every answer that is an error, which here are meant.
        found.push(...problems.splice(0).filter((problem) => !problem.includes(`status of ${of.status} `)));
        faults.push(...found.map((fault) => `${of.name} (${of.url}): ${fault}`));
      });
    }
    expect(faults).toEqual([]);
  });
}

test("every page has a title of its own", async ({ server, request, playwright }) => {
  const all = pages(await made(server, request));
  const titles = new Map<string, Set<string>>();
  const readers = new Map<string, APIRequestContext>();
  for (const { url, as, status, isPosted } of all) {
    if (status !== 200 || isPosted) continue;
    if (!readers.has(as)) {
      const reader = await playwright.request.newContext({ baseURL: server.baseURL });
      if (as !== "visitor") await signInQuietly(reader, server.baseURL, as);
      readers.set(as, reader);
    }
    const text = await (await readers.get(as)!.get(url)).text();
    const title = /<title>([^<]*)<\/title>/.exec(text)?.[1] ?? "";
    expect(title, url).toMatch(/Togglebit/);
    // A page in another state is the same page, and so is that of another project.
    const path = new URL(url, server.baseURL).pathname.replace(/^\/o\/demo\/(default|empty)\//, "");
    titles.set(title, (titles.get(title) ?? new Set()).add(path));
  }
  for (const reader of readers.values()) await reader.dispose();
  const shared = [...titles].filter(([, paths]) => paths.size > 1).map(([title, paths]) => ({ title, paths: [...paths] }));
  expect(shared).toEqual([]);
});

test("what is not there says so in its title, too", async ({ server, request, page }) => {
  // The playground is there, whatever it is asked.
  const isPage = (name: string) => !name.startsWith("playground");
  const missing = pages(await made(server, request)).filter(
    ({ name, status, as }) => status === 404 && as === "owner" && isPage(name),
  );
  expect(missing.length).toBeGreaterThan(6);
  await signInQuietly(page.request, server.baseURL, "owner");
  for (const { url } of missing) {
    const text = await (await page.request.get(url)).text();
    expect(/<title>([^<]*)<\/title>/.exec(text)?.[1], url).toMatch(/^There is no such [\w ]+ · Togglebit$/);
  }
});
