import { AxeBuilder } from "@axe-core/playwright";
import { type BrowserContext, expect, type Locator, type Page, test as base } from "@playwright/test";
import { removeDir, temporaryDir, Togglebit } from "./server.mjs";
import { secretsRecorded, watchForSecrets } from "./watch.js";

export { expect };

interface Fixtures {
  /** The server of this spec file: started for its first test, shared by the others. */
  server: Togglebit;
  /** An empty folder that lasts as long as the test and the servers that it starts. */
  dataDir: string;
  /** Starts a server that belongs to one test, for tests that restart it; what still runs in the end is stopped. */
  startServer: typeof Togglebit.start;
  /** Everything that went wrong in a page of this test; must be empty in the end. */
  problems: string[];
  /** What was seen of secrets is written down before the browsers are closed. */
  recorded: void;
}

interface WorkerFixtures {
  /** Every browser is watched for secrets, which must not be in the logs when the run has ended. */
  watched: void;
  serverOf: (file: string) => Promise<Togglebit>;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  serverOf: [
    async ({}, use) => {
      let current: { file: string; server: Togglebit } | undefined;
      await use(async (file) => {
        if (current && current.file !== file) {
          await current.server.stop();
          current = undefined;
        }
        current ??= { file, server: await Togglebit.start() };
        return current.server;
      });
      await current?.server.stop();
    },
    { scope: "worker" },
  ],

  watched: [
    async ({ browser }, use) => {
      browser.on("context", watchForSecrets);
      await use();
    },
    { scope: "worker", auto: true },
  ],

  recorded: [
    async ({ context: _ }, use) => {
      await use();
      await secretsRecorded();
    },
    { auto: true },
  ],

  server: async ({ serverOf }, use, testInfo) => {
    const server = await serverOf(testInfo.file);
    await use(server);
    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach("server", { body: server.log(), contentType: "text/plain" });
      console.error(server.log());
    }
  },

  dataDir: async ({}, use) => {
    const dir = await temporaryDir();
    await use(dir);
    await removeDir(dir);
  },

  startServer: async ({ dataDir }, use) => {
    const started: Togglebit[] = [];
    await use(async (options) => {
      const server = await Togglebit.start({ dataDir, ...options });
      started.push(server);
      return server;
    });
    for (const server of started) await server.stop();
  },

  baseURL: async ({ server }, use) => use(server.baseURL),

  problems: [
    async ({ context }, use) => {
      const problems: string[] = [];
      watchForProblems(context, problems);
      await use(problems);
      expect(problems, "the browser's console stays clean").toEqual([]);
    },
    { auto: true },
  ],
});

/** Takes what a test brings about on purpose from what the console said. */
export function forgive(problems: string[], expected: string) {
  problems.splice(0, problems.length, ...problems.filter((problem) => !problem.includes(expected)));
}

/** Collects errors of scripts, of the console, and whatever hydration complains about. */
export function watchForProblems(context: BrowserContext, problems: string[]) {
  context.on("weberror", (event) => problems.push(`uncaught: ${event.error().stack ?? event.error().message}`));
  context.on("console", (message) => {
    // A page that is loaded slowly, by a machine that is busy, is no fault of the page's.
    const isSlow = message.text().includes("was preloaded using link preload but not used within a few seconds");
    const isHydration = message.type() === "warning" && !isSlow && /hydrat|leptos|wasm|panicked/i.test(message.text());
    if (message.type() === "error" || isHydration) {
      problems.push(`${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
}

/** Clicks before this are plain links and forms; after it they are handled in the page. */
export async function hydrated(page: Page) {
  const whole = page.locator("html[data-hydrated]:not(:has([data-late]))");
  await expect(whole, "the page hydrates, and what is fetched after it").toBeAttached();
}

export async function gotoHydrated(page: Page, url: string) {
  const response = await page.goto(url);
  await hydrated(page);
  return response;
}

/** The flags of the demo project in one environment. */
export function flagsPage(environment: string) {
  return `/o/demo/default/flags?env=${environment}`;
}

/** Signs in, and ends on the flags page; works with and without scripts. */
export async function signInAs(page: Page, who: "developer" | "member" | "owner", origin = "") {
  await page.goto(`${origin}/sign-in`);
  await page.getByRole("button", { name: `Continue as demo ${who}` }).click();
  await expect(page).toHaveURL(/\/o\/demo\/default\/flags/);
  await expect(page.getByRole("heading", { level: 1, name: "Flags" })).toBeVisible();
}

export function switchOf(page: Page, flag: string): Locator {
  return page.locator(`tr[data-flag="${flag}"]`).getByRole("switch", { name: flag, exact: true });
}

export async function isOn(control: Locator) {
  return (await control.getAttribute("aria-checked")) === "true";
}

export async function expectAccessible(page: Page) {
  // No page has frames of another origin, for which alone the usual mode opens a page beside; without it it takes half as long.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] });
  const { violations } = await axe.analyze();
  const readable = violations.map(({ id, help, nodes }) => ({ id, help, at: nodes.map((node) => node.target.join(" ")) }));
  expect(readable, `axe finds nothing on ${page.url()}`).toEqual([]);
}

/** Names the elements that stick out, which a bare comparison of widths would leave to be searched for. */
export async function expectNoHorizontalOverflow(page: Page) {
  const culprits = await page.evaluate((width) => {
    if (document.documentElement.scrollWidth <= width) return [];
    // What is cut off or scrolled by something around it widens nothing; what is placed absolutely slips through all
    // that is not positioned itself.
    const isHeld = (element: Element): boolean => {
      const isAbsolute = element instanceof HTMLElement && getComputedStyle(element).position === "absolute";
      const around = isAbsolute ? element.offsetParent : element.parentElement;
      return !!around && around !== document.body && (getComputedStyle(around).overflowX !== "visible" || isHeld(around));
    };
    const names = [...document.body.querySelectorAll("*")]
      .filter((element) => element.getBoundingClientRect().right > width + 0.5 && !isHeld(element))
      .map((element) => `${element.tagName.toLowerCase()}.${element.getAttribute("class") ?? ""}`);
    // Nothing may be found where it is not a box that sticks out; the page is too wide all the same.
    return names.length > 0 ? [...new Set(names)] : [`the page is ${document.documentElement.scrollWidth} wide`];
  }, page.viewportSize()!.width);
  expect(culprits, `nothing is wider than the window on ${page.url()}`).toEqual([]);
}
