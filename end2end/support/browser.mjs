/**
 * How Chromium is started, by the tests and by the screenshots: the one that scripts/find-chromium found, without a
 * sandbox (which containers and root lack) and without the requests that it makes on its own account.
 * @returns {import("@playwright/test").LaunchOptions}
 */
export function chromiumOptions() {
  return {
    executablePath: process.env.CHROMIUM_PATH || undefined,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  };
}
