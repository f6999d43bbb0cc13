import {
  expect,
  expectAccessible,
  expectNoHorizontalOverflow,
  forgive,
  gotoHydrated,
  hydrated,
  signInAs,
  test,
} from "../support/test.js";
import type { Page } from "@playwright/test";

const flagPage = (key: string) => `/o/demo/default/flags/${key}`;
const history = (key: string, environment = "dev") => `${flagPage(key)}/history?env=${environment}`;

/** A flag of the test's own. */
async function create(page: Page, key: string) {
  const headers = { origin: new URL(page.url()).origin };
  const answer = await page.request.post("/api/v1/manage/flags", { headers, data: { name: `Flag ${key}`, key } });
  expect(answer.status(), await answer.text()).toBe(201);
}

/** Changes what a flag does in an environment. */
async function configure(page: Page, key: string, environment: string, data: object) {
  const headers = { origin: new URL(page.url()).origin };
  const url = `/api/v1/manage/flags/${key}/environments/${environment}`;
  const answer = await page.request.patch(url, { headers, data });
  expect(answer.status(), await answer.text()).toBe(200);
}

async function configuration(page: Page, key: string, environment: string) {
  const answer = await page.request.get(`/api/v1/manage/flags/${key}/environments/${environment}`);
  return (await answer.json()) as { enabled: boolean; version: number; off_variation: string; fallthrough: unknown };
}

const versions = (page: Page) => page.getByRole("list", { name: "Versions" }).locator("> li");

test("tabs are pages of their own, and keep the environment", async ({ page }) => {
  await signInAs(page, "developer");
  await gotoHydrated(page, `${flagPage("checkout-v2")}?env=staging`);
  const tabs = page.getByRole("navigation", { name: "Flag", exact: true });
  await expect(tabs.getByRole("link", { name: "Targeting" })).toHaveAttribute("aria-current", "page");
  await tabs.getByRole("link", { name: "History" }).click();
  await expect(page).toHaveURL(/checkout-v2\/history\?env=staging$/);
  await expect(tabs.getByRole("link", { name: "History" })).toHaveAttribute("aria-current", "page");
  await expect(page.getByRole("heading", { level: 2, name: "Versions" })).toBeVisible();
  await expect(page.getByRole("navigation", { name: "Environment" }).getByRole("link", { name: /staging/ })).toHaveAttribute("aria-current", "page");
  await tabs.getByRole("link", { name: "Settings" }).click();
  await expect(page.getByRole("heading", { level: 2, name: "About it" })).toBeVisible();
  await page.getByRole("navigation", { name: "Breadcrumb" }).getByRole("link", { name: "checkout-v2" }).click();
  await expect(tabs.getByRole("link", { name: "Targeting" })).toHaveAttribute("aria-current", "page");
  await page.goBack();
  await expect(page.getByRole("heading", { level: 2, name: "About it" })).toBeVisible();
});

test("versions are listed, looked at, and gone back to", async ({ page }) => {
  await signInAs(page, "developer");
  await create(page, "roll-me");
  await configure(page, "roll-me", "dev", { enabled: true });
  await configure(page, "roll-me", "dev", { fallthrough: { variation: "off" }, comment: "a wrong turn" });
  await gotoHydrated(page, history("roll-me"));
  await expectAccessible(page);
  await expect(versions(page).first()).toContainText("changed what it serves");
  await expect(versions(page).first()).toContainText("a wrong turn");
  await expect(versions(page).first().getByText("now", { exact: true })).toBeVisible();
  await expect(versions(page).nth(1)).toContainText("switched it on");
  await versions(page).first().locator("summary").first().click();
  await expect(versions(page).first().getByText("Everyone else")).toBeVisible();

  await versions(page).nth(1).locator("summary").first().click();
  await expect(versions(page).nth(1).getByRole("link", { name: /Try it in the playground/ })).toHaveAttribute(
    "href",
    /\/playground\?env=dev&flag=roll-me&revision=\d+$/,
  );
  await versions(page).nth(1).getByRole("link", { name: /the way back/ }).click();
  const review = page.getByRole("region", { name: /^Version \d+ in dev$/ });
  await expect(review.getByText("On for everyone.")).toBeVisible();
  await expect(review.getByText("What going back would change")).toBeVisible();
  await review.getByText("As JSON", { exact: true }).click();
  await expect(review.getByRole("group", { name: /as JSON$/ })).toContainText('"fallthrough"');
  await expectAccessible(page);
  const before = await configuration(page, "roll-me", "dev");
  await review.getByLabel("Why? (optional)").fill("back to what worked");
  await review.getByRole("button", { name: /^Roll back to version/ }).click();
  await expect(page.getByRole("status").filter({ hasText: "It does again what version" })).toBeVisible();
  const after = await configuration(page, "roll-me", "dev");
  expect(after.version).toBe(before.version + 1);
  expect(after.fallthrough).toEqual({ variation: "on" });
  await expect(versions(page).first()).toContainText("went back to an older version");
  await expect(versions(page).first()).toContainText("back to what worked");
});

test("two versions are compared", async ({ page, problems }) => {
  await signInAs(page, "developer");
  await create(page, "compare-me");
  await configure(page, "compare-me", "dev", { enabled: true });
  await configure(page, "compare-me", "dev", { fallthrough: { variation: "off" } });
  const { version } = await configuration(page, "compare-me", "dev");
  await gotoHydrated(page, `${history("compare-me")}&version=${version}`);
  await page.locator("#review").getByLabel("Compare with").selectOption(`version ${version - 2}`);
  await page.getByRole("button", { name: "Compare", exact: true }).click();
  await expect(page.getByText(`What version ${version} changed since version ${version - 2}`)).toBeVisible();
  await expect(page.locator("#review").getByText("Switch", { exact: true })).toBeVisible();

  expect((await page.goto(`${history("compare-me")}&version=4711`))!.status()).toBe(404);
  await hydrated(page);
  await expect(page.getByText("There is no version 4711, or none that you may see.")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "See all versions" }).click();
  await expect(page).not.toHaveURL(/version=/);
  forgive(problems, "status of 404");
});

test("a member sees versions, and why they cannot go back", async ({ page }) => {
  await signInAs(page, "member");
  await gotoHydrated(page, history("checkout-v2"));
  await versions(page).last().locator("summary").first().click();
  await versions(page).last().getByRole("link").first().click();
  await expect(page.locator("#review")).toBeVisible();
  await expectAccessible(page);
  const kill = page.getByRole("button", { name: "Kill switch" });
  await expect(kill).toHaveAttribute("aria-disabled", "true");
  await expect(kill).toHaveAccessibleName(/A member may not/);
});

test("the kill switch is two clicks, and shows who pressed it", async ({ page, server }) => {
  await signInAs(page, "owner");
  await create(page, "kill-me");
  await configure(page, "kill-me", "dev", { enabled: true });
  await configure(page, "kill-me", "prod", { enabled: true, comment: "the launch" });
  await gotoHydrated(page, flagPage("kill-me"));
  await page.getByRole("button", { name: "Kill switch" }).click();
  const question = page.getByRole("dialog", { name: /Switch off kill-me/ });
  await expect(question).toBeVisible();
  await expect(question.getByRole("checkbox", { name: /^prod/ }), "what is protected is meant first").toBeChecked();
  await expect(question.getByRole("checkbox", { name: /^dev/ })).not.toBeChecked();
  await expect(question.getByRole("checkbox", { name: /^staging/ })).not.toBeChecked();
  await expect(question.getByText("off already: serves off to everyone")).toBeVisible();
  await expect(question.getByText("will serve off to everyone").first()).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(question).toBeHidden();
  await page.getByRole("button", { name: "Kill switch" }).click();
  await question.getByRole("checkbox", { name: /^dev/ }).check();
  await question.getByLabel("Why? (optional)").fill("payments fail");
  await question.getByRole("button", { name: "Switch off now" }).click();
  await expect(page.getByText("kill-me is off in dev and prod.")).toBeVisible();
  await hydrated(page);
  expect((await configuration(page, "kill-me", "prod")).enabled).toBe(false);
  await expect.poll(async () => (await server.evaluate("kill-me")).reason).toBe("flag_disabled");

  const killed = page.getByRole("list", { name: "Switched off" });
  await expect(killed.getByRole("listitem")).toHaveCount(2);
  await expect(killed).toContainText("payments fail");
  await expectAccessible(page);
  const prod = killed.getByRole("listitem").filter({ hasText: "Off in prod" });
  await prod.getByRole("textbox").fill("payments work again");
  await prod.getByRole("button", { name: /Switch on again/ }).click();
  await expect(page.getByText("kill-me is on again in prod.")).toBeVisible();
  await expect(killed.getByRole("listitem")).toHaveCount(1);
  expect((await configuration(page, "kill-me", "prod")).enabled).toBe(true);
});

test.describe("on a narrow phone", () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true });

  test("nothing overflows", async ({ page }) => {
    await signInAs(page, "developer");
    for (const url of [flagPage("checkout-v2"), history("checkout-v2"), `${history("checkout-v2")}&version=1`]) {
      await gotoHydrated(page, url);
      await expectNoHorizontalOverflow(page);
    }
    await expectAccessible(page);
  });
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a flag is killed, brought back and rolled back", async ({ page }) => {
    await signInAs(page, "developer");
    await create(page, "plain-kill");
    await configure(page, "plain-kill", "dev", { enabled: true });
    const { version } = await configuration(page, "plain-kill", "dev");
    await page.goto(flagPage("plain-kill"));
    await page.getByRole("button", { name: "Kill switch" }).click();
    await page.getByRole("button", { name: "Switch off now" }).click();
    await expect(page.getByText("plain-kill is off in dev.")).toBeVisible();
    await page.getByRole("button", { name: /Switch on again/ }).click();
    await expect(page.getByText("plain-kill is on again in dev.")).toBeVisible();

    await page.goto(`${history("plain-kill")}&version=${version - 1}`);
    await page.getByRole("button", { name: /^Roll back to version/ }).click();
    await expect(page.getByText(`It does again what version ${version - 1} did.`)).toBeVisible();
    expect((await configuration(page, "plain-kill", "dev")).enabled).toBe(false);
  });
});
