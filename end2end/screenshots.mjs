// Writes screenshots of every page in the sizes and themes that a page is judged by: node screenshots.mjs FOLDER
// (through scripts/screenshots, which finds a browser and builds the server).
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { chromium } from "@playwright/test";
import { chromiumOptions } from "./support/browser.mjs";
import { Togglebit } from "./support/server.mjs";

const pages = [
  { name: "landing", url: "/", signedIn: false, hydrates: false },
  { name: "landing-mistake", url: "/?percent=101", signedIn: false, hydrates: false },
  { name: "not-found", url: "/nowhere", signedIn: false, hydrates: false },
  { name: "sign-in", url: "/sign-in", signedIn: false },
  { name: "sign-up", url: "/sign-up", signedIn: false },
  { name: "invitation-unknown", url: "/invitation?token=unknown", signedIn: false },
  { name: "welcome", url: "/welcome", signedIn: true },
  { name: "account", url: "/account", signedIn: true },
  { name: "organization", url: "/o/demo/settings", signedIn: true },
  { name: "flags", url: "/o/demo/default/flags?env=dev", signedIn: true },
  { name: "flags-prod", url: "/o/demo/default/flags?env=prod", signedIn: true },
  { name: "segments", url: "/o/demo/default/segments?env=dev", signedIn: true },
  { name: "segment-new", url: "/o/demo/default/segments/new", signedIn: true },
  { name: "members", url: "/o/demo/default/members", signedIn: true },
  { name: "settings", url: "/o/demo/default/settings", signedIn: true },
  { name: "flag-new", url: "/o/demo/default/flags/new", signedIn: true },
  { name: "flag-insights", url: "/o/demo/default/flags/checkout-v2/insights?env=dev", signedIn: true },
  { name: "flag-code", url: "/o/demo/default/flags/checkout-v2/code?env=dev", signedIn: true },
  { name: "templates", url: "/o/demo/default/templates", signedIn: true },
  { name: "environments", url: "/o/demo/default/environments", signedIn: true },
  { name: "environment", url: "/o/demo/default/environments/prod", signedIn: true },
  { name: "api-keys", url: "/o/demo/default/keys", signedIn: true },
  { name: "api-keys-none", url: "/o/demo/default/keys?env=prod", signedIn: true },
  { name: "api-key-new", url: "/o/demo/default/keys/new?env=prod", signedIn: true },
];
const sizes = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
];
const themes = /** @type {const} */ (["light", "dark"]);

const folder = path.resolve(process.argv[2] ?? "screenshots");
await mkdir(folder, { recursive: true });

const server = await Togglebit.start();
try {
  const browser = await chromium.launch(chromiumOptions());
  for (const colorScheme of themes) {
    for (const viewport of sizes) {
      const options = { baseURL: server.baseURL, colorScheme, viewport, reducedMotion: /** @type {const} */ ("reduce") };
      const visitor = await browser.newContext(options);
      const member = await browser.newContext(options);
      await signIn(await member.newPage());
      for (const { name, url, signedIn, hydrates = true } of pages) {
        const page = await (signedIn ? member : visitor).newPage();
        await page.goto(url);
        if (hydrates) await page.locator("html[data-hydrated]").waitFor({ state: "attached" });
        await page.evaluate(() => document.fonts.ready);
        const file = `${name}-${viewport.width}x${viewport.height}-${colorScheme}.png`;
        await page.screenshot({ path: path.join(folder, file), fullPage: true });
        console.log(path.join(folder, file));
        await page.close();
      }
      await visitor.close();
      await member.close();
    }
  }
  await browser.close();
} finally {
  await server.stop();
}

/** @param {import("@playwright/test").Page} page */
async function signIn(page) {
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Continue as demo owner" }).click();
  await page.waitForURL(/\/o\/demo\/default\/flags/);
}
