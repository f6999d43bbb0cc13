// Writes screenshots of every page in the sizes and themes that a page is judged by: node screenshots.mjs FOLDER [NAME…]
// (through scripts/screenshots, which finds a browser and builds the server). Names leave pages that begin so.
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { chromium } from "@playwright/test";
import { chromiumOptions } from "./support/browser.mjs";
import { pages, prepare, signInQuietly, visit } from "./support/pages.mjs";
import { Togglebit } from "./support/server.mjs";

const sizes = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
];
const themes = /** @type {const} */ (["light", "dark"]);

const [to = "screenshots", ...names] = process.argv.slice(2);
const folder = path.resolve(to);
await mkdir(folder, { recursive: true });

const server = await Togglebit.start();
try {
  const browser = await chromium.launch(chromiumOptions());
  const contexts = {
    visitor: await open(browser, "visitor"),
    member: await open(browser, "member"),
    developer: await open(browser, "developer"),
    owner: await open(browser, "owner"),
  };
  const made = await prepare(contexts.owner.request, server.baseURL);
  const wanted = pages(made).filter(({ name }) => names.length === 0 || names.some((start) => name.startsWith(start)));
  for (const of of wanted) {
    const page = await contexts[of.as].newPage();
    await visit(page, of);
    for (const colorScheme of themes) {
      await page.emulateMedia({ colorScheme });
      for (const viewport of sizes) {
        await page.setViewportSize(viewport);
        const file = path.join(folder, `${of.name}-${viewport.width}x${viewport.height}-${colorScheme}.png`);
        await page.screenshot({ path: file, fullPage: true });
        console.log(file);
      }
    }
    await page.close();
  }
  await browser.close();
} finally {
  await server.stop();
}

/**
 * A browser of somebody's own.
 * @param {import("@playwright/test").Browser} browser
 * @param {import("./support/pages.mjs").Reader} who
 */
async function open(browser, who) {
  const context = await browser.newContext({ baseURL: server.baseURL, reducedMotion: "reduce" });
  if (who !== "visitor") await signInQuietly(context.request, server.baseURL, who);
  return context;
}
