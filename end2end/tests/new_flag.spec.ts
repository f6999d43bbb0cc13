import {
  expect,
  expectAccessible,
  expectNoHorizontalOverflow,
  flagsPage,
  gotoHydrated,
  hydrated,
  signInAs,
  test,
} from "../support/test.js";
import type { Locator, Page } from "@playwright/test";

// Flags of each kind, made in the dialog above the list and on the page of the form.

const newPage = "/o/demo/default/flags/new";

/** A flag as the API has it. */
interface Flag {
  kind: string;
  value_type: string;
  tags: string[];
  client_side: boolean;
  variations: { key: string; value: unknown }[];
  environments: Record<string, { enabled: boolean; served: { share: number; rules: number } }>;
}
async function flag(page: Page, key: string) {
  const answer = await page.request.get(`/api/v1/manage/flags/${key}`);
  expect(answer.status(), key).toBe(200);
  return (await answer.json()) as Flag;
}
async function exists(page: Page, key: string) {
  return (await page.request.get(`/api/v1/manage/flags/${key}`)).status() === 200;
}
/** Drops what the browser says of refusals that the test asked for; everything else stays a failure. */
function forgive(problems: string[]) {
  problems.splice(0, problems.length, ...problems.filter((problem) => !problem.includes("status of 400")));
}
/** Opens the dialog above the list. */
async function openDialog(page: Page) {
  await gotoHydrated(page, flagsPage("dev"));
  await page.getByRole("link", { name: "New flag" }).click();
  const dialog = page.getByRole("dialog", { name: "New flag" });
  await expect(dialog.getByRole("textbox", { name: "Name", exact: true })).toBeFocused();
  return dialog;
}
const nameOf = (form: Page | Locator) => form.getByRole("textbox", { name: "Name", exact: true });
const keyOf = (form: Page | Locator) => form.getByRole("textbox", { name: "Key", exact: true });
const send = (form: Page | Locator) => form.getByRole("button", { name: "Create the flag" }).click();
async function expectCreated(page: Page, key: string, where: string) {
  await expect(page).toHaveURL(new RegExp(`/flags/${key}(\\?|$)`));
  await expect(page.getByRole("status").getByText(`${key} is created, and ${where}`)).toBeVisible();
}

test("a flag is made in a dialog, on in development at once", async ({ page, server }) => {
  await signInAs(page, "developer");
  const dialog = await openDialog(page);
  await expectAccessible(page);
  await nameOf(dialog).fill("Quick Search!");
  await expect(keyOf(dialog), "the key is made from the name").toHaveValue("quick-search");
  await dialog.getByRole("textbox", { name: "Tags" }).fill("search, speed");
  await dialog.getByRole("radio", { name: /^On in one environment/ }).check();
  await expect(dialog.getByRole("combobox", { name: "Environment" })).toHaveValue("dev");
  await send(dialog);
  await expectCreated(page, "quick-search", "on in dev");
  const made = await flag(page, "quick-search");
  expect(made).toMatchObject({ kind: "boolean", value_type: "boolean", tags: ["search", "speed"], client_side: false });
  expect(Object.entries(made.environments).filter(([, here]) => here.enabled).map(([key]) => key)).toEqual(["dev"]);
  expect((await server.evaluate("quick-search")).value).toBe(true);
});

test("Escape goes back to the list, and what was typed is still there", async ({ page }) => {
  await signInAs(page, "developer");
  const dialog = await openDialog(page);
  await nameOf(dialog).fill("Half a thought");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(page).toHaveURL(/\/flags\?env=dev/);
  await expect(page.getByRole("link", { name: "New flag" })).toBeFocused();
  await page.keyboard.press("c");
  await expect(dialog).toBeVisible();
  await expect(nameOf(dialog)).toHaveValue("Half a thought");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(dialog).toBeHidden();
});

test("a link opens the page, and so does a new tab", async ({ page, context }) => {
  await signInAs(page, "developer");
  await hydrated(page);
  const link = page.getByRole("link", { name: "New flag" });
  const tab = context.waitForEvent("page");
  await link.click({ modifiers: ["ControlOrMeta"] });
  const opened = await tab;
  await expect(opened.getByRole("heading", { level: 1, name: "New flag" })).toBeVisible();
  await opened.close();
  await expect(page.getByRole("dialog", { name: "New flag" })).toBeHidden();
});

test("a percentage flag begins with its share", async ({ page }) => {
  await signInAs(page, "developer");
  await gotoHydrated(page, newPage);
  await nameOf(page).fill("Slow start");
  await page.getByRole("radio", { name: /^Percentage/ }).check();
  await page.getByRole("textbox", { name: "Share in percent" }).fill("12.5");
  await send(page);
  await expectCreated(page, "slow-start", "off everywhere");
  const made = await flag(page, "slow-start");
  expect(made.kind).toBe("percentage");
  expect(made.environments.prod!.served.share).toBe(12_500);
});

test("a boolean flag begins with a share in one environment", async ({ page }) => {
  await signInAs(page, "developer");
  await gotoHydrated(page, newPage);
  await nameOf(page).fill("One in ten");
  await page.getByRole("radio", { name: /^A share in one/ }).check();
  await page.getByRole("combobox", { name: "Environment" }).selectOption("staging");
  await page.getByRole("textbox", { name: "Percent there" }).fill("10");
  await send(page);
  await expectCreated(page, "one-in-ten", "on in staging");
  const { environments } = await flag(page, "one-in-ten");
  expect(environments.staging).toMatchObject({ enabled: true, served: { share: 10_000 } });
  expect(environments.dev).toMatchObject({ enabled: false, served: { share: 100_000 } });
});

test("segment and combined flags begin with a rule", async ({ page }) => {
  await signInAs(page, "developer");
  for (const [kind, key] of [["Segment", "for-some"], ["Combined", "for-some-of-some"]] as const) {
    await gotoHydrated(page, newPage);
    await nameOf(page).fill(key);
    await page.getByRole("radio", { name: /^A share in one/ }).check();
    await page.getByRole("radio", { name: new RegExp(`^${kind}`) }).check();
    await expect(page.getByRole("radio", { name: /^Off everywhere/ }), "there is no such share").toBeChecked();
    await page.getByRole("textbox", { name: "Attribute" }).fill("plan");
    await page.getByRole("textbox", { name: "Values" }).fill("pro, team");
    await expect(page.getByRole("radio", { name: /^A share in one/ })).toBeHidden();
    await send(page);
    await expectCreated(page, key, "off everywhere");
    const made = await flag(page, key);
    expect(made.kind).toBe(kind.toLowerCase());
    expect(made.environments.dev!.served.rules).toBe(1);
  }
});

test("a flag of several values says what is wrong with them while they are typed", async ({ page }) => {
  await signInAs(page, "developer");
  const dialog = await openDialog(page);
  await nameOf(dialog).fill("Page size");
  await dialog.getByRole("radio", { name: /^Several values/ }).check();
  await expect(dialog.getByRole("radio", { name: /^Text/ }), "several values are not on and off").toBeChecked();
  await dialog.getByRole("radio", { name: /^Number/ }).check();
  const value = (number: number) => dialog.getByRole("textbox", { name: `Value ${number}`, exact: true });
  const name = (number: number) => dialog.getByRole("textbox", { name: `Name of value ${number}`, exact: true });
  await expect(name(3)).toHaveCount(0);
  await name(1).fill("small");
  await value(1).fill("ten");
  await expect(value(1)).toHaveAttribute("aria-invalid", "true");
  await expect(value(1)).toHaveAccessibleDescription(/A number/);
  await value(1).fill("10");
  await expect(value(1)).not.toHaveAttribute("aria-invalid");
  await name(2).fill("small");
  await expect(name(2)).toHaveAccessibleDescription(/Another one is called so/);
  await name(2).fill("large");
  await value(2).fill("50");
  await dialog.getByRole("button", { name: "Add a value" }).click();
  await dialog.getByRole("button", { name: "Add a value" }).click();
  await name(4).fill("huge");
  await value(4).fill("500.5");
  await dialog.getByRole("button", { name: "Remove value 3" }).click();
  await expectAccessible(page);
  await send(dialog);
  await expectCreated(page, "page-size", "off everywhere");
  expect(await flag(page, "page-size")).toMatchObject({
    kind: "advanced",
    value_type: "number",
    variations: [
      { key: "small", value: 10 },
      { key: "large", value: 50 },
      { key: "huge", value: 500.5 },
    ],
  });
});

test("what is wrong is said next to its field, and nothing is made", async ({ page, problems }) => {
  await signInAs(page, "developer");
  const dialog = await openDialog(page);
  await send(dialog);
  await expect(nameOf(dialog), "the first field that is wrong has the focus").toBeFocused();
  await expect(nameOf(dialog)).toHaveAccessibleDescription("Say what it is called.");
  await nameOf(dialog).fill("Checkout again");
  await expect(nameOf(dialog)).not.toHaveAttribute("aria-invalid");
  await keyOf(dialog).fill("no key");
  await expect(keyOf(dialog)).toHaveAccessibleDescription(/Letters, digits/);
  await keyOf(dialog).fill("checkout-v2");
  await expect(keyOf(dialog)).not.toHaveAttribute("aria-invalid");
  await send(dialog);
  await expect(keyOf(dialog), "the server's word").toHaveAccessibleDescription(/already/);
  await expect(dialog).toBeVisible();
  await expectAccessible(page);
  await keyOf(dialog).fill("checkout-v3");
  await dialog.getByRole("checkbox", { name: /It is temporary/ }).check();
  await dialog.getByLabel("To be gone by").fill("2020-01-01");
  await send(dialog);
  await expect(dialog.getByText("is not in the future")).toBeVisible();
  expect(await exists(page, "checkout-v3")).toBe(false);
  forgive(problems);
});

test("where it is protected somebody has to say why", async ({ page, problems }) => {
  await signInAs(page, "owner");
  await gotoHydrated(page, newPage);
  await nameOf(page).fill("Bold move");
  await page.getByRole("radio", { name: /^On in one environment/ }).check();
  await expect(page.getByRole("textbox", { name: "Why?" })).toBeHidden();
  await page.getByRole("combobox", { name: "Environment" }).selectOption("prod");
  await send(page);
  await expect(page.getByRole("textbox", { name: "Why?" })).toHaveAccessibleDescription(/say why/);
  expect(await exists(page, "bold-move")).toBe(false);
  await page.getByRole("textbox", { name: "Why?" }).fill("the numbers are good");
  await send(page);
  await expectCreated(page, "bold-move", "on in prod");
  forgive(problems);
});

test("a flag is made from a template", async ({ page, server }) => {
  await signInAs(page, "developer");
  const template = { key: "kill-switch", name: "Kill switch", from_flag: "dark-mode", environment: "prod" };
  const made = await page.request.post("/api/v1/manage/templates", { data: template, headers: { Origin: server.baseURL } });
  expect(made.status(), await made.text()).toBe(201);
  await gotoHydrated(page, `${newPage}?template=kill-switch`);
  await expect(page.getByRole("radio", { name: /^Kill switch/ })).toBeChecked();
  await expect(page.getByRole("group", { name: "Type" }), "the template says it").toBeHidden();
  await expectAccessible(page);
  await nameOf(page).fill("Stop exports");
  await send(page);
  await expectCreated(page, "stop-exports", "off everywhere");
  const [wanted, source] = [await flag(page, "stop-exports"), await flag(page, "dark-mode")];
  expect([wanted.kind, wanted.variations, wanted.tags]).toEqual([source.kind, source.variations, source.tags]);

  await gotoHydrated(page, `${newPage}?template=gone`);
  await expect(page.getByText("There is no template gone")).toBeVisible();
  await expect(page.getByRole("radio", { name: /^Scratch/ })).toBeChecked();
});

test("who may not is told why", async ({ page }) => {
  await signInAs(page, "member");
  await hydrated(page);
  await expect(page.getByRole("link", { name: "New flag" })).toHaveCount(0);
  await page.keyboard.press("n");
  await expect(page).toHaveURL(/\/flags\/new/);
  await expect(page.getByText(/A member may not/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Create the flag" })).toHaveCount(0);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`the dialog is accessible in ${colorScheme}, and fits a phone`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await signInAs(page, "developer");
    await page.setViewportSize({ width: 360, height: 740 });
    const dialog = await openDialog(page);
    await dialog.getByRole("radio", { name: /^Several values/ }).check();
    await dialog.getByRole("radio", { name: /^On in one environment/ }).check();
    await expectAccessible(page);
    await expectNoHorizontalOverflow(page);
    const box = (await dialog.boundingBox())!;
    expect(box.x + box.width).toBeLessThanOrEqual(360);
  });
}

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a flag of several values is made, and mistakes are said at their fields", async ({ page }) => {
    await signInAs(page, "developer");
    await page.getByRole("link", { name: "New flag" }).click();
    await expect(page).toHaveURL(/\/flags\/new/);
    await nameOf(page).fill("Colours");
    await page.getByRole("radio", { name: /^Several values/ }).check();
    await page.getByRole("radio", { name: /^JSON/ }).check();
    const field = (name: string) => page.getByRole("textbox", { name, exact: true });
    await field("Name of value 1").fill("blue");
    await field("Value 1").fill('{"hex": ');
    await field("Name of value 6").fill("red");
    await field("Value 6").fill('"#f00"');
    await page.getByRole("radio", { name: /^On in one environment/ }).check();
    await send(page);
    await expect(page).toHaveURL(/\/flags\/new$/);
    await expect(field("Value 1")).toHaveAccessibleDescription(/no JSON/);
    await expect(field("Value 6"), "what was typed is not lost").toHaveValue('"#f00"');
    await expect(page.getByRole("radio", { name: /^JSON/ })).toBeChecked();
    await field("Value 1").fill('{"hex": "#00f"}');
    await send(page);
    await expect(page).toHaveURL(/\/flags\/colours$/);
    const made = await flag(page, "colours");
    expect(made.variations).toEqual([{ key: "blue", value: { hex: "#00f" } }, { key: "red", value: "#f00" }]);
    expect(made.environments.dev!.enabled).toBe(true);
  });
});
