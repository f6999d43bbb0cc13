// Measures how soon pages are there in a browser, and how soon the browser's program has taken over: node measure.mjs ORIGIN
// PATH... (through scripts/bench, which starts a server with the demo and makes its data).
import { chromium } from "@playwright/test";
import { chromiumOptions } from "./support/browser.mjs";

/** How many times each page is opened by a browser that knows nothing, and then again by the same one. */
const rounds = 9;

/** What taking over may take, in milliseconds. */
const budget = 1000;

const [origin, ...paths] = process.argv.slice(2);
if (!origin || paths.length === 0) throw new Error("give an origin and the pages' paths");

const browser = await chromium.launch(chromiumOptions());
try {
  // What the server does only once is not measured, nor what the browser does.
  for (const path of paths) await visits(path);
  console.log("| page | cache | first byte, ms | first paint | taken over: least | median | greatest | within a second |");
  console.log("|---|---|--:|--:|--:|--:|--:|---|");
  for (const path of paths) {
    /** @type {Awaited<ReturnType<typeof visits>>[]} */
    const all = [];
    for (let round = 0; round < rounds; round++) all.push(await visits(path));
    for (const cache of /** @type {const} */ (["cold", "warm"])) {
      const of = (/** @type {keyof Visit} */ field) => sorted(all.map((visit) => visit[cache][field]));
      const hydrated = of("hydrated");
      const figures = [middle(of("firstByte")), middle(of("firstPaint")), hydrated[0], middle(hydrated), hydrated.at(-1)];
      const verdict = (middle(hydrated) ?? NaN) <= budget ? "yes" : "**no**";
      console.log(`| \`${path}\` | ${cache} | ${figures.map((figure) => figure?.toFixed(0)).join(" | ")} | ${verdict} |`);
    }
  }
} finally {
  await browser.close();
}

/**
 * When things happened, in milliseconds since the navigation began.
 * @typedef {{ firstByte: number, firstPaint: number, hydrated: number }} Visit
 */

/**
 * Opens a page with an empty cache, and once more with what is then in it. The member is signed in without opening a page.
 * @param {string} path
 * @returns {Promise<{ cold: Visit, warm: Visit }>}
 */
async function visits(path) {
  const context = await browser.newContext({ baseURL: origin });
  try {
    await context.addInitScript(note);
    const signedIn = await context.request.post("/sign-in/demo", { form: { role: "owner" }, maxRedirects: 0 });
    if (signedIn.status() !== 303) throw new Error(`signing in: ${signedIn.status()}`);
    return { cold: await visit(context, path), warm: await visit(context, path) };
  } finally {
    await context.close();
  }
}

/**
 * @param {import("@playwright/test").BrowserContext} context
 * @param {string} path
 * @returns {Promise<Visit>}
 */
async function visit(context, path) {
  const page = await context.newPage();
  const response = await page.goto(path);
  if (!response?.ok() || new URL(page.url()).pathname !== new URL(path, origin).pathname) {
    throw new Error(`${path}: ${response?.status()}, and the browser is at ${page.url()}`);
  }
  const marks = await page.waitForFunction(() => {
    const [paint] = performance.getEntriesByName("first-contentful-paint");
    const [hydrated] = performance.getEntriesByName("hydrated");
    const [navigation] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
    if (!paint || !hydrated || !navigation) return null;
    return { firstByte: navigation.responseStart, firstPaint: paint.startTime, hydrated: hydrated.startTime };
  });
  const measured = await marks.jsonValue();
  await page.close();
  if (!measured) throw new Error(`${path} was not measured`);
  return measured;
}

/** Notes when the browser's program says that it has taken over. Runs in the page, before anything else does. */
function note() {
  const observer = new MutationObserver(() => {
    if (!document.querySelector("html[data-hydrated]:not(:has([data-late]))")) return;
    performance.mark("hydrated");
    observer.disconnect();
  });
  observer.observe(document, { subtree: true, attributeFilter: ["data-hydrated", "data-late"] });
}

/** @param {number[]} figures */
function sorted(figures) {
  return [...figures].sort((one, other) => one - other);
}

/** @param {number[]} figures In their order. */
function middle(figures) {
  return figures[Math.floor(figures.length / 2)];
}
