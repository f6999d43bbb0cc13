import {
  expect,
  expectAccessible,
  expectNoHorizontalOverflow,
  gotoHydrated,
  signInAs,
  test,
} from "../support/test.js";
import type { Page } from "@playwright/test";

// From a key to the first evaluation, and that it is seen when it comes.

const address = (environment: string) => `/o/demo/default/quickstart?env=${environment}`;
const languages = ["curl", "TypeScript", "Web, React", "Python", "Go", "Java", ".NET"];
const code = (page: Page, name: string) => page.getByRole("group", { name, exact: true });

test("snippets name the instance, a key and a flag, in each language", async ({ page, server, context }) => {
  await signInAs(page, "member");
  await gotoHydrated(page, address("dev"));
  const prefix = server.apiKey.slice(0, "tb_dev_".length + 6);
  await expect(page.getByRole("listitem").filter({ hasText: `${prefix}…` }).last()).toBeVisible();
  await expect(code(page, "curl: Ask")).toContainText(`${server.baseURL}/ofrep/v1/evaluate/flags/`);
  await expect(code(page, "curl: Ask")).toContainText(`${prefix}...`);

  for (const language of languages.slice(1)) {
    await page.getByText(language, { exact: true }).click();
    await expect(page.getByRole("radio", { name: language, exact: true })).toBeChecked();
    await expect(code(page, "curl: Ask")).toBeHidden();
    const samples = page.getByRole("group", { name: `${language}: ` });
    await expect(samples).toHaveCount(2);
    await expect(samples.last()).toContainText(server.baseURL);
  }
  await expect(page).toHaveURL(/lang=dotnet/);
  await page.reload();
  await expect(code(page, ".NET: Program.cs"), "the address keeps the language").toBeVisible();

  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await gotoHydrated(page, address("dev"));
  await page.getByRole("button", { name: "Copy" }).first().click();
  await expect(page.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("curl -s");
  await expect(page.getByRole("button", { name: "Copied" })).toHaveCount(0);
});

test("it waits for an evaluation, and says when it has come", async ({ page, server }) => {
  await signInAs(page, "member");
  await gotoHydrated(page, address("staging"));
  await expect(page.getByText("Waiting for the first evaluation in staging")).toBeVisible();
  await gotoHydrated(page, address("dev"));
  await server.evaluate("dark-mode");
  const status = page.getByRole("status").filter({ hasText: "It works." });
  await expect(status).toContainText("dark-mode was evaluated in dev just now", { timeout: 30_000 });

  await gotoHydrated(page, address("dev"));
  await expect(page.getByText("Applications ask already:")).toContainText("dark-mode");
});

test("who may not make keys is told so", async ({ page, context }) => {
  await signInAs(page, "member");
  await page.goto(address("dev"));
  await expect(page.getByRole("link", { name: /Create another|Create an API key/ })).toHaveCount(0);
  // What waits for an evaluation there would notice that nobody is signed in, and leave by itself.
  await page.goto("about:blank");
  await context.clearCookies();
  await signInAs(page, "owner");
  await page.goto(address("prod"));
  await expect(page.getByRole("link", { name: "Create an API key" })).toHaveAttribute(
    "href",
    "/o/demo/default/keys?env=prod",
  );
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`the quickstart is accessible in ${colorScheme}, and fits a phone`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await signInAs(page, "member");
    await gotoHydrated(page, address("dev"));
    await expectAccessible(page);
    await page.setViewportSize({ width: 360, height: 740 });
    await expectNoHorizontalOverflow(page);
  });
}

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the languages can be chosen", async ({ page }) => {
    await signInAs(page, "member");
    await page.goto(address("dev"));
    await page.getByText("Python", { exact: true }).click();
    await expect(code(page, "Python: Install")).toBeVisible();
  });
});
