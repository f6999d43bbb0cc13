import type { Page } from "@playwright/test";
import { expect, expectAccessible, expectNoHorizontalOverflow, signInAs, test, forgive } from "../support/test.js";

// What somebody sees who is not signed in.

const cells = (page: Page) => page.locator("#rollout [data-user]");
const insiders = async (page: Page) =>
  page.locator('#rollout [data-user][data-in="true"]').evaluateAll((all) => all.map((cell) => (cell as HTMLElement).dataset.user));

test("the slider asks the server, and who is in stays in", async ({ page }) => {
  const loaded: string[] = [];
  page.on("request", (request) => loaded.push(new URL(request.url()).pathname));
  await page.goto("/");
  await expect(cells(page)).toHaveCount(48);
  const slider = page.getByRole("slider", { name: /Rolled out to/ });
  await expect(slider).toHaveValue("25");
  const before = await insiders(page);
  expect(before).toHaveLength(11);

  const answered = page.waitForResponse(/\/demo\/rollout\?percent=50$/);
  await slider.fill("50");
  expect((await answered).status()).toBe(200);
  await expect(page.locator("#rollout-count")).toHaveText("24 of 48 people");
  await expect.poll(() => insiders(page)).toEqual(expect.arrayContaining(before));
  await expect(page).toHaveURL(/\?percent=50#rollout$/);

  await page.getByRole("link", { name: "10 %", exact: true }).click();
  await expect(page.locator("#rollout-count")).toHaveText("4 of 48 people");
  await expect(slider).toHaveValue("10");
  await expect(page.getByRole("link", { name: "GET /demo/rollout?percent=10" })).toBeVisible();

  await cells(page).first().hover();
  await expect(page.locator("#rollout-person")).toHaveText('ada: md5("new-menu:ada") is bucket 21 854 of 100 000, in from 22 % on.');
  expect(loaded.filter((path) => /wasm|togglebit\.js/.test(path)), "the dashboard is not loaded").toEqual([]);
});

test("a server that does not answer is said so, and may be asked again", async ({ page, problems }) => {
  await page.goto("/");
  await page.route("**/demo/rollout**", (route) => route.abort());
  const slider = page.getByRole("slider", { name: /Rolled out to/ });
  await slider.fill("90");
  await expect(page.getByRole("alert")).toContainText("The server does not answer.");
  await page.unroute("**/demo/rollout**");
  await slider.fill("91");
  await expect(page.getByRole("alert")).toHaveCount(0);
  forgive(problems, "ERR_FAILED");
});

test("the page leads to the sign-in, and not there again once one is signed in", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("main").getByRole("link", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await signInAs(page, "developer");
  await page.goto("/");
  await expect(page).toHaveURL(/\/o\/demo\/default\/flags/);
});

test("languages are chosen by keyboard, and code is copied", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto("/");
  const code = page.locator("#code");
  await expect(code.getByRole("region", { name: "curl example" })).toBeVisible();
  await code.getByRole("radio", { name: "curl" }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(code.getByRole("region", { name: "TypeScript example" })).toBeVisible();
  await expect(code.getByRole("region", { name: "curl example" })).toBeHidden();
  await code.getByRole("button", { name: "Copy" }).click();
  await expect(code.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("@openfeature/ofrep-provider");
});

test("the bar gets lower once the page is scrolled", async ({ page }) => {
  await page.goto("/");
  const bar = page.locator(".landing-bar");
  await expect(bar).not.toHaveAttribute("data-scrolled");
  await page.mouse.wheel(0, 600);
  await expect(bar).toHaveAttribute("data-scrolled");
  await expect(bar.getByRole("link", { name: "Sign in" })).toBeInViewport();
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`the page is accessible in ${colorScheme}, and fits each window`, async ({ page, problems }) => {
    await page.emulateMedia({ colorScheme });
    for (const path of ["/", "/?percent=101"]) {
      await page.goto(path);
      await expectAccessible(page);
      for (const width of [1440, 1024, 768, 390, 360]) {
        await page.setViewportSize({ width, height: 844 });
        await expectNoHorizontalOverflow(page);
      }
    }
    forgive(problems, "status of 400");
  });
}

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a percentage is chosen by link and by form", async ({ page, problems }) => {
    await page.goto("/");
    await page.getByRole("link", { name: "50 %", exact: true }).click();
    await expect(page).toHaveURL(/\?percent=50#rollout$/);
    expect(await insiders(page)).toHaveLength(24);
    await page.getByRole("button", { name: "Show" }).click();
    await expect(page).toHaveURL(/\?percent=50/);
    await page.goto("/?percent=ten");
    await expect(page.getByRole("alert")).toHaveText("The percentage must be a whole number from 0 to 100.");
    forgive(problems, "status of 400");
  });
});
