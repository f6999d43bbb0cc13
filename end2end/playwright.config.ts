import { defineConfig } from "@playwright/test";
import { chromiumOptions } from "./support/browser.mjs";

export default defineConfig({
  testDir: "tests",
  // Which ends with a look for secrets in the logs.
  globalSetup: "./support/global.ts",
  // The tests of one file share a server and run in order; files run beside each other, each with a server of its own.
  fullyParallel: false,
  workers: 2,
  // A test that passes only the second time has found a bug.
  retries: 0,
  forbidOnly: !!process.env.CI,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    launchOptions: chromiumOptions(),
    // Colours are measured by axe; halfway through a transition they are neither the old nor the new ones.
    contextOptions: { reducedMotion: "reduce" },
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
  },
});
