import {
  expect,
  expectAccessible,
  expectNoHorizontalOverflow,
  gotoHydrated,
  hydrated,
  signInAs,
  test,
} from "../support/test.js";
import type { Page } from "@playwright/test";

const flagPage = (key: string) => `/o/demo/default/flags/${key}`;

/** What a flag does in one environment: a region that is called by it. */
const column = (page: Page, environment: string) => page.getByRole("region", { name: environment, exact: true });

/** The flag's configuration, as the API has it. */
async function configuration(page: Page, key: string, environment: string) {
  const answer = await page.request.get(`/api/v1/manage/flags/${key}/environments/${environment}`);
  expect(answer.status()).toBe(200);
  return (await answer.json()) as { rules: { name?: string; when: unknown }[]; fallthrough: unknown; version: number };
}

test("a flag is created, and tuned in one environment", async ({ page, server }) => {
  await signInAs(page, "developer");
  await hydrated(page);
  await page.goto("/o/demo/default/flags/new");
  await hydrated(page);
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("Faster search <b>2</b>");
  await expect(page.getByLabel("Key", { exact: true })).toHaveValue("faster-search-b-2-b");
  await page.getByLabel("Key", { exact: true }).fill("faster-search");
  await page.getByRole("radio", { name: /^Percentage/ }).check();
  await page.getByLabel("Share in percent").fill("12.5");
  await page.getByLabel("Tags").fill("search, speed");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Create the flag" }).click();

  await expect(page).toHaveURL(/\/flags\/faster-search$/);
  await expect(page.getByRole("status").getByText("faster-search is created, and off everywhere")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Faster search <b>2</b>");
  await expectAccessible(page);
  const dev = column(page, "dev");
  const share = dev.getByRole("textbox", { name: "Share of on, in percent" });
  await expect(share).toHaveValue("12.5");

  // What is typed is a draft until it is saved, and can be thrown away.
  await share.fill("40");
  await share.press("Tab");
  await expect(dev.getByText("2 changes are not saved"), "of two, the other one gets the rest").toBeVisible();
  await dev.getByRole("button", { name: "Discard" }).click();
  await expect(share).toHaveValue("12.5");

  await dev.getByRole("button", { name: "Add a rule" }).click();
  const rule = dev.getByRole("listitem", { name: "Rule 1" });
  await rule.getByRole("textbox", { name: "Name of rule 1" }).fill("Paying");
  await rule.getByRole("combobox", { name: "Attribute" }).fill("plan");
  const values = rule.getByRole("textbox", { name: "Values" }).or(rule.getByRole("combobox", { name: "Values" }));
  await values.fill("pro, team");
  await values.press("Enter");
  await expect(rule.getByText("If plan is one of pro, team, serve on.")).toBeVisible();
  await dev.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("faster-search is saved in dev")).toBeVisible();
  const saved = await configuration(page, "faster-search", "dev");
  expect(saved.rules).toMatchObject([
    { name: "Paying", when: { all: [{ attribute: "plan", op: "in", values: ["pro", "team"] }] } },
  ]);

  await dev.getByRole("switch", { name: "faster-search" }).click();
  await expect(page.getByText("faster-search is on in dev")).toBeVisible();
  await expect.poll(async () => (await server.evaluate("faster-search")).reason).not.toBe("flag_disabled");
  await page.reload();
  await hydrated(page);
  await expect(column(page, "dev").getByRole("textbox", { name: "Name of rule 1" })).toHaveValue("Paying");
});

test("a protected environment is reviewed before it is saved, and asks why", async ({ page }) => {
  const key = "guided-onboarding";
  await signInAs(page, "owner");
  await gotoHydrated(page, flagPage(key));
  const before = await configuration(page, key, "prod");
  const prod = column(page, "prod");
  await prod.getByRole("combobox", { name: "What everyone else is served" }).selectOption("off");
  await expect(prod.getByRole("button", { name: "Save", exact: true })).toHaveCount(0);
  await prod.getByRole("button", { name: "Review" }).click();
  const dialog = page.getByRole("dialog", { name: "What changes in prod" });
  await expect(dialog.getByText("Everyone else").first()).toBeVisible();
  await expectAccessible(page);
  const why = dialog.getByRole("textbox");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog, "nothing is saved without a reason").toBeVisible();
  expect((await configuration(page, key, "prod")).version).toBe(before.version);
  await why.fill("the numbers were bad");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText(`${key} is saved in prod`)).toBeVisible();
  expect((await configuration(page, key, "prod")).fallthrough).toEqual({ variation: "off" });
});

test("what is not saved is not lost by a click", async ({ page }) => {
  await signInAs(page, "developer");
  await gotoHydrated(page, flagPage("search-ranking-v3"));
  const staging = column(page, "staging");
  await staging.getByRole("combobox", { name: "Off variation" }).selectOption("on");
  await expect(staging.getByText("1 change is not saved")).toBeVisible();
  page.once("dialog", (dialog) => void dialog.dismiss());
  await page.getByRole("navigation", { name: "Breadcrumb" }).getByRole("link", { name: "Flags" }).click();
  await expect(page).toHaveURL(/search-ranking-v3/);
  page.once("dialog", (dialog) => void dialog.accept());
  await page.getByRole("navigation", { name: "Breadcrumb" }).getByRole("link", { name: "Flags" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Flags" })).toBeVisible();
});

test("a member sees what they may not change, and why", async ({ page }) => {
  await signInAs(page, "member");
  await gotoHydrated(page, flagPage("upload-limits"));
  const dev = column(page, "dev");
  await expect(dev.getByText(/A member may not/).first()).toBeVisible();
  await expect(dev.getByRole("button", { name: /^Add / })).toHaveCount(0);
  await expect(dev.getByText("None.").locator("visible=true").first(), "what there is none of is said").toBeVisible();
  await expect(dev.getByRole("combobox", { name: "Off variation" })).toBeDisabled();
  await page.goto("/o/demo/default/flags/new");
  await expect(page.getByText(/A member may not/)).toBeVisible();
});

test("flags are found by the keyboard", async ({ page }) => {
  await signInAs(page, "developer");
  await hydrated(page);
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Search" });
  await expect(palette.getByRole("combobox")).toBeFocused();
  // Up from the first leads to the last, which is in sight then.
  await page.keyboard.press("ArrowUp");
  await expect(palette.getByRole("option").last()).toHaveAttribute("aria-selected", "true");
  await expect(palette.getByRole("option").last()).toBeInViewport({ ratio: 1 });
  await page.keyboard.type("checkout");
  await expect(palette.getByRole("option", { name: /checkout-v2/ })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/flags\/checkout-v2/);
  await expect(page.getByRole("heading", { level: 1, name: "New checkout" })).toBeVisible();
  await page.keyboard.press("g");
  await page.keyboard.press("f");
  await expect(page.getByRole("heading", { level: 1, name: "Flags" })).toBeVisible();
  await page.keyboard.press("/");
  await page.keyboard.type("payouts");
  await expect(page).toHaveURL(/q=payouts/);
  await expect(page.locator("tr[data-flag]")).toHaveCount(1);
  await expect(page.getByRole("searchbox"), "the field is still the one that is typed into").toBeFocused();
});

test.describe("on a narrow phone", () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true });

  test("nothing overflows, and the drawer opens and closes", async ({ page }) => {
    await signInAs(page, "developer");
    await hydrated(page);
    const drawer = page.getByRole("complementary", { name: "Sidebar" });
    await expect(drawer).toBeHidden();
    await page.getByRole("button", { name: "Menu" }).click();
    await expect(drawer).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await expect(drawer).toBeHidden();
    // The link of the page that one is on leads to what is behind the drawer.
    await page.getByRole("button", { name: "Menu" }).click();
    await drawer.getByRole("link", { name: "Flags" }).click();
    await expect(drawer).toBeHidden();
    for (const url of ["/o/demo/default/flags/new", flagPage("upload-limits")]) {
      await gotoHydrated(page, url);
      await expectNoHorizontalOverflow(page);
    }
  });
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a flag is created, and a mistake is said at its field", async ({ page }) => {
    await signInAs(page, "developer");
    await page.goto("/o/demo/default/flags/new");
    await page.getByRole("textbox", { name: "Name", exact: true }).fill("Plain");
    await page.getByLabel("Key", { exact: true }).fill("checkout-v2");
    await page.getByRole("button", { name: "Create the flag" }).click();
    await expect(page).toHaveURL(/\/flags\/new$/);
    await expect(page.locator("#new-flag-key-hint")).toContainText("a flag has the key “checkout-v2” already");
    await expect(page.getByRole("textbox", { name: "Name", exact: true })).toHaveValue("Plain");
    await page.getByLabel("Key", { exact: true }).fill("plain");
    await page.getByRole("button", { name: "Create the flag" }).click();
    await expect(page).toHaveURL(/\/flags\/plain$/);
    await expect(page.getByRole("heading", { level: 1, name: "Plain" })).toBeVisible();
  });
});
