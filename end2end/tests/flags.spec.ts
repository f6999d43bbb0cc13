import {
  expect,
  expectAccessible,
  forgive,
  expectNoHorizontalOverflow,
  flagsPage,
  gotoHydrated,
  hydrated,
  isOn,
  signInAs,
  switchOf,
  test,
  watchForProblems,
} from "../support/test.js";
import type { Locator, Page } from "@playwright/test";

const flag = "checkout-v2";

/** What a switch sends without script: the address of its form, and the fields. */
async function requestOf(control: Locator) {
  return control.evaluate((button: HTMLButtonElement) => {
    const fields = [...new FormData(button.form!, button)].map(([name, value]) => [name, String(value)]);
    return { action: button.form!.action, form: Object.fromEntries(fields) as Record<string, string> };
  });
}
const word = (on: boolean) => (on ? "on" : "off");

test("a developer flips a flag, applications see it at once, and Undo takes it back", async ({ page, server }) => {
  await signInAs(page, "developer");
  await hydrated(page);

  const environments = page.getByRole("navigation", { name: "Environment" });
  await expect(environments.getByRole("link")).toHaveText([/dev/, /staging/, /prod/]);
  await expect(environments.getByRole("link", { name: "dev" })).toHaveAttribute("aria-current", "page");

  const control = switchOf(page, flag);
  const toasts = page.getByRole("status");
  const initially = await isOn(control);
  const before = await server.evaluate(flag);
  expect(before.reason === "flag_disabled").toBe(!initially);

  await control.click();
  await expect(toasts.getByText(`${flag} is ${word(!initially)} in dev`).last()).toBeVisible();
  await expect(control).toHaveAttribute("aria-checked", String(!initially));
  const flipped = await server.evaluate(flag);
  expect(flipped.reason === "flag_disabled", "the first evaluation after the toast knows of the change").toBe(initially);
  expect(flipped.version).toBeGreaterThan(before.version);
  expect(flipped.revision).toBeGreaterThan(before.revision);

  await toasts.getByRole("button", { name: "Undo" }).first().click();
  await expect(control).toHaveAttribute("aria-checked", String(initially));
  // The switch moves before the server has answered, so only this may take a moment.
  await expect.poll(async () => (await server.evaluate(flag)).value).toEqual(before.value);
  expect((await server.evaluate(flag)).reason).toBe(before.reason);

  await control.click();
  await expect(toasts.getByText(`${flag} is ${word(!initially)} in dev`).last()).toBeVisible();
  await page.reload();
  await hydrated(page);
  await expect(control, "the change outlives the page").toHaveAttribute("aria-checked", String(!initially));
});

test("switches and Undo work across environments", async ({ page, server }) => {
  await signInAs(page, "developer");
  await hydrated(page);
  const environments = page.getByRole("navigation", { name: "Environment" });
  const toasts = page.getByRole("status");
  const control = switchOf(page, flag);
  const before = await server.evaluate(flag);

  await control.click();
  await expect(toasts.getByText(new RegExp(`${flag} is \\w+ in dev`))).toBeVisible();
  await environments.getByRole("link", { name: "staging" }).click();
  await expect(environments.getByRole("link", { name: "staging" })).toHaveAttribute("aria-current", "page");
  for (const _ of [1, 2]) {
    const on = await isOn(control);
    await control.click();
    await expect(toasts.getByText(`${flag} is ${word(!on)} in staging`).last()).toBeVisible();
    await expect(control).toHaveAttribute("aria-checked", String(!on));
  }
  // The toast of dev outlived its row, and still undoes what it tells of.
  await toasts.getByRole("button", { name: "Undo" }).first().click();
  await expect.poll(async () => (await server.evaluate(flag)).value).toEqual(before.value);
  await expect(toasts.getByText(`${flag} is ${word(before.enabled)} in dev`)).toBeVisible();
});

test("a developer may kill in prod, and is offered no Undo that would be refused", async ({ page, server }) => {
  const killed = "dark-mode";
  await signInAs(page, "developer");
  await gotoHydrated(page, flagsPage("prod"));
  const control = switchOf(page, killed);
  const toasts = page.getByRole("status");
  await expect(control).toHaveAttribute("aria-checked", "true");
  const request = await requestOf(control);

  await control.click();
  await expect(toasts.getByText(`${killed} is off in prod`)).toBeVisible();
  await expect(toasts.getByRole("button", { name: "Undo" })).toHaveCount(0);
  await expect(control).toHaveAttribute("aria-checked", "false");
  await expect(control, "switching on again takes an admin").toHaveAttribute("aria-disabled", "true");
  await page.reload();
  await hydrated(page);
  await expect(control).toHaveAttribute("aria-checked", "false");

  const options = { headers: { Accept: "application/json", Origin: server.baseURL }, maxRedirects: 0 };
  const form = { ...request.form, enabled: "true" };
  const refused = await page.request.post(request.action, { ...options, form });
  expect(refused.status(), await refused.text()).toBe(403);
  await page.reload();
  await expect(control).toHaveAttribute("aria-checked", "false");
});

/** Opens the protected environment as somebody who may switch there, with the flag switched off. */
async function switchedOffInProd(page: Page, key: string) {
  await signInAs(page, "owner");
  await gotoHydrated(page, flagsPage("prod"));
  const control = switchOf(page, key);
  if (await isOn(control)) {
    await control.click();
    await expect(page.getByRole("status").getByText(`${key} is off in prod`)).toBeVisible();
  }
  await expect(control).toHaveAttribute("aria-checked", "false");
  return control;
}

test("switching on in prod asks why, and the audit log has the answer", async ({ page }) => {
  const key = "enterprise-sso";
  const control = await switchedOffInProd(page, key);
  const toasts = page.getByRole("status");
  // A kill needs no reason, but its way back does, which a toast cannot ask for.
  await expect(toasts.getByRole("button", { name: "Undo" })).toHaveCount(0);

  const dialog = page.getByRole("dialog", { name: `Switch on ${key}` });
  const reason = dialog.getByRole("textbox", { name: "Why?" });
  await expect(dialog).toBeHidden();
  await control.click();
  await expect(dialog).toBeVisible();
  await expect(dialog).toHaveAccessibleDescription(/prod is protected/);
  await expect(reason).toBeFocused();

  // Neither Escape, nor Cancel, nor an empty or blank reason switches anything.
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(control, "the focus returns to the switch").toBeFocused();
  await control.press("Enter");
  await expect(dialog).toBeVisible();
  await reason.fill("not this time");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(dialog).toBeHidden();
  await control.click();
  await expect(reason, "what was not sent is forgotten").toHaveValue("");
  const send = dialog.getByRole("button", { name: "Switch on" });
  await send.click();
  await expect(dialog).toBeVisible();
  await reason.fill("  \n ");
  await send.click();
  await expect(dialog).toBeVisible();
  await expect(control).toHaveAttribute("aria-checked", "false");

  await reason.fill("  the release of today\nis out ");
  await send.click();
  await expect(dialog).toBeHidden();
  await expect(toasts.getByText(`${key} is on in prod`)).toBeVisible();
  await expect(control).toHaveAttribute("aria-checked", "true");
  const log = await page.request.get(`/api/v1/manage/audit?resource=flag:${key}&environment=prod&limit=1`);
  const [entry] = ((await log.json()) as { entries: { action: string; comment: string }[] }).entries;
  expect(entry).toMatchObject({ action: "flag.enabled", comment: "the release of today\nis out" });

  // Off needs no reason, so this has an Undo.
  await toasts.getByRole("button", { name: "Undo" }).first().click();
  await expect(control).toHaveAttribute("aria-checked", "false");
  await expect(toasts.getByText(`${key} is off in prod`).last()).toBeVisible();
  await page.reload();
  await hydrated(page);
  await expect(control).toHaveAttribute("aria-checked", "false");
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`the question why is accessible in ${colorScheme}, and fits a phone`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    const control = await switchedOffInProd(page, "enterprise-sso");
    await control.click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toBeVisible();
    await expectAccessible(page);
    await page.setViewportSize({ width: 360, height: 740 });
    await expectNoHorizontalOverflow(page);
    const box = (await dialog.boundingBox())!;
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(360);
  });
}

/** Flags of one test alone, and the list of only these. */
async function makeFlags(page: Page, prefix: string, tags: string[]) {
  const headers = { origin: new URL(page.url()).origin, "X-Org-Id": "demo", "X-Project": "default" };
  const keys = ["one", "two", "three"].map((name) => `${prefix}-${name}`);
  for (const key of keys) {
    const created = await page.request.post("/api/v1/manage/flags", { headers, data: { name: key, key, tags } });
    expect(created.status(), await created.text()).toBe(201);
  }
  await gotoHydrated(page, `${flagsPage("dev")}&q=${prefix}`);
  await expect(page.locator("tr[data-flag]")).toHaveCount(keys.length);
  return keys;
}

const row = (page: Page, key: string) => page.locator(`tr[data-flag="${key}"]`);

test("several flags are chosen, counted, and changed at once", async ({ page }) => {
  await signInAs(page, "owner");
  const [one, two, three] = (await makeFlags(page, "bulk", [])) as [string, string, string];
  const toasts = page.getByRole("status");
  const bar = page.getByRole("form", { name: "Chosen flags" });
  const box = (key: string) => page.getByRole("checkbox", { name: `Choose ${key}`, exact: true });
  const all = page.getByRole("checkbox", { name: "Choose all on this page" });
  await expect(bar).toBeHidden();

  await box(one).check();
  await box(two).check();
  await expect(bar.getByText("2 chosen")).toBeVisible();
  await expect(all).toBeChecked({ indeterminate: true });
  await all.click();
  await expect(bar.getByText("3 chosen")).toBeVisible();
  await bar.getByRole("button", { name: "Clear" }).click();
  await expect(bar).toBeHidden();
  await expect(box(one)).not.toBeChecked();
  await expect(all).not.toBeChecked();

  await box(one).check();
  await box(two).check();
  await box(two).press("Enter");
  await bar.getByRole("button", { name: "Tags…" }).click();
  const tags = page.getByRole("dialog", { name: "Tags of 2 flags" });
  await expect(tags.getByRole("textbox", { name: "Tags" })).toBeFocused();
  await tags.getByRole("textbox").fill("spring, summer");
  await tags.getByRole("textbox").press("Enter");
  await expect(tags, "Enter presses no button of the bar").toBeVisible();
  await expectAccessible(page);
  await tags.getByRole("button", { name: "Add" }).click();
  await expect(toasts.getByText("2 flags tagged")).toBeVisible();
  await expect(row(page, one).getByText("summer").first()).toBeVisible();
  await expect(row(page, three).getByText("summer")).toHaveCount(0);
  await expect(bar, "nothing is chosen any more").toBeHidden();
  for (const key of [one, two]) await expect(switchOf(page, key), "nor was it switched").toHaveAttribute("aria-checked", "false");

  await all.click();
  await bar.getByRole("button", { name: "Switch on" }).click();
  await expect(toasts.getByText("3 flags switched on")).toBeVisible();
  await expect(switchOf(page, three)).toHaveAttribute("aria-checked", "true");
  await box(three).check();
  await bar.getByRole("button", { name: "Archive…" }).click();
  const archive = page.getByRole("dialog", { name: "Archive 1 flag" });
  await expect(archive.getByRole("list", { name: "Flags" })).toHaveText(three);
  for (const environment of ["dev", "staging", "prod"]) await expect(archive.getByText(environment, { exact: true })).toBeVisible();
  await expectAccessible(page);
  await archive.getByRole("button", { name: "Archive" }).click();
  await expect(archive, "prod is protected: a reason is needed").toBeVisible();
  await archive.getByRole("button", { name: "Cancel" }).click();
  await expect(archive).toBeHidden();
  await expect(row(page, three)).toBeVisible();
});

test("a reason for an archiving that was cancelled is not that of another action", async ({ page }) => {
  await signInAs(page, "owner");
  const [key] = (await makeFlags(page, "reasoned", ["spring", "summer"])) as [string];
  const toasts = page.getByRole("status");
  const bar = page.getByRole("form", { name: "Chosen flags" });
  const choose = () => page.getByRole("checkbox", { name: `Choose ${key}`, exact: true }).check();
  await choose();
  await bar.getByRole("button", { name: "Archive…" }).click();
  const archive = page.getByRole("dialog", { name: "Archive 1 flag" });
  await archive.getByRole("textbox", { name: /^Why/ }).fill("nobody needs it");
  await archive.getByRole("button", { name: "Cancel" }).click();
  await bar.getByRole("button", { name: "Switch on" }).click();
  await expect(toasts.getByText("1 flag switched on")).toBeVisible();
  const log = await page.request.get(`/api/v1/manage/audit?resource=flag:${key}&limit=1`);
  const [entry] = ((await log.json()) as { entries: { action: string; comment?: string }[] }).entries;
  expect(entry!.action).toBe("flag.enabled");
  expect(entry!.comment ?? "").toBe("");

  await expect(bar).toBeHidden();
  await choose();
  await bar.getByRole("button", { name: "Switch on" }).click();
  await expect(toasts.getByText("Nothing had to be changed")).toBeVisible();
  await expect(bar).toBeHidden();
  await choose();
  await bar.getByRole("button", { name: "Tags…" }).click();
  const tags = page.getByRole("dialog", { name: "Tags of 1 flag" });
  await tags.getByRole("textbox").fill("spring");
  await tags.getByRole("button", { name: "Remove" }).click();
  await expect(toasts.getByText("1 flag no longer has this tag")).toBeVisible();
});

test("switching several flags in prod shows which and what they will serve, and asks why", async ({ page }) => {
  await signInAs(page, "owner");
  const [one, two] = (await makeFlags(page, "guarded", [])) as [string, string];
  await gotoHydrated(page, `${flagsPage("prod")}&q=guarded`);
  const toasts = page.getByRole("status");
  const bar = page.getByRole("form", { name: "Chosen flags" });
  const choose = async (...keys: string[]) => {
    for (const key of keys) await page.getByRole("checkbox", { name: `Choose ${key}`, exact: true }).check();
  };
  await choose(one, two);
  await expect(bar.getByRole("textbox")).toHaveCount(0);
  await bar.getByRole("button", { name: "Switch on…" }).click();
  const on = page.getByRole("dialog", { name: "Switch on 2 flags" });
  const chosen = on.getByRole("listitem");
  await expect(chosen).toHaveText([new RegExp(`^${one}\\s*On for everyone$`), new RegExp(`^${two}\\s*On for everyone$`)]);
  await expect(on).toContainText(/In prod\s*protected\s*they will serve:/);
  const why = on.getByRole("textbox", { name: /^Why\?/ });
  await expect(why).toBeFocused();
  await expectAccessible(page);
  await why.fill("  \n");
  await on.getByRole("button", { name: "Switch on" }).click();
  await expect(on, "blanks are no reason").toBeVisible();
  await expect(why).toBeFocused();
  await why.fill("the release is out");
  await on.getByRole("button", { name: "Switch on" }).click();
  await expect(on).toBeHidden();
  await expect(toasts.getByText("2 flags switched on")).toBeVisible();
  await expect(switchOf(page, two)).toHaveAttribute("aria-checked", "true");
  const log = await page.request.get(`/api/v1/manage/audit?resource=flag:${one}&environment=prod&limit=1`);
  const [entry] = ((await log.json()) as { entries: { action: string; comment: string }[] }).entries;
  expect(entry).toMatchObject({ action: "flag.enabled", comment: "the release is out" });

  // Off is urgent: a reason may be given, and need not.
  await expect(bar).toBeHidden();
  await choose(two);
  await bar.getByRole("button", { name: "Switch off…" }).click();
  const off = page.getByRole("dialog", { name: "Switch off 1 flag" });
  await expect(off.getByRole("listitem")).toHaveText(new RegExp(`^${two}\\s*On for everyone$`));
  await off.getByRole("button", { name: "Switch off" }).click();
  await expect(toasts.getByText("1 flag switched off")).toBeVisible();
  await expect(switchOf(page, two)).toHaveAttribute("aria-checked", "false");
});

test("what is archived has a way back instead of a switch", async ({ page }) => {
  await signInAs(page, "owner");
  const [key] = (await makeFlags(page, "shelved", [])) as [string];
  const headers = { origin: new URL(page.url()).origin, "X-Org-Id": "demo", "X-Project": "default" };
  const data = { action: "archive", keys: [key], comment: "a test" };
  const archived = await page.request.post("/api/v1/manage/flags/bulk", { headers, data });
  expect(archived.status(), await archived.text()).toBe(200);

  await gotoHydrated(page, `${flagsPage("dev")}&archived=1&q=shelved`);
  await expect(row(page, key)).toContainText("Archived: not served");
  await expect(page.locator("tr[data-flag]")).toHaveCount(1);
  await expect(switchOf(page, key)).toHaveCount(0);
  await expect(page.getByRole("checkbox", { name: /^Choose/ }), "there is nothing to do to several").toHaveCount(0);
  await expectAccessible(page);
  await row(page, key).getByRole("link", { name: `Restore… ${key}` }).click();
  await expect(page).toHaveURL(/\/flags\/shelved-one\/settings\?env=dev#archive$/);
  await expect(page.getByRole("button", { name: "Restore the flag" })).toBeVisible();
});

test("a list that is narrowed says so, and how to see everything", async ({ page }) => {
  await signInAs(page, "developer");
  await makeFlags(page, "sought", []);
  await expect(page.getByText("3 flags match")).toBeVisible();
  const rows = page.locator("tr[data-flag]");
  const border = (name: string) =>
    page.getByRole("combobox", { name }).evaluate((element) => getComputedStyle(element).borderColor);
  await gotoHydrated(page, `${flagsPage("dev")}&q=sought&state=off&sort=name`);
  await expect(rows).toHaveCount(3);
  expect(await border("State"), "what is set can be told").not.toBe(await border("Type"));
  expect(await border("Order"), "an order narrows nothing").toBe(await border("Type"));
  await page.getByRole("link", { name: "Clear the filter" }).click();
  await expect(page).toHaveURL(/\/flags\?env=dev$/);
  await expect.poll(() => rows.count()).toBeGreaterThan(3);
  await expect(page.getByText(/flags match/)).toHaveCount(0);

  await page.getByRole("searchbox").fill("nothing like it");
  await expect(page.getByText("No flags match")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Clear the filter" }).click();
  await expect.poll(() => rows.count()).toBeGreaterThan(3);
});

test("rows are dense, and every tag is within reach of the keyboard", async ({ page }) => {
  await signInAs(page, "developer");
  const [key] = (await makeFlags(page, "tagged", ["alpha", "beta", "gamma", "delta"])) as [string];
  for (const width of [1440, 1280, 1024]) {
    await page.setViewportSize({ width, height: 900 });
    expect((await row(page, key).boundingBox())!.height, `at ${width}`).toBeLessThanOrEqual(45);
  }
  const last = row(page, key).getByRole("list", { name: "All tags" }).getByText("delta");
  await expect(last).toBeHidden();
  await row(page, key).getByRole("button", { name: /more tags/ }).press("Enter");
  await expect(last).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(last).toBeHidden();
});

test("a form with a field too many or of the wrong type is refused with its path", async ({ page, server }) => {
  await signInAs(page, "developer");
  await hydrated(page);
  const request = await requestOf(switchOf(page, flag));
  const before = await server.evaluate(flag);
  const options = { headers: { Accept: "application/json", Origin: server.baseURL }, maxRedirects: 0 };
  const wrong: [Record<string, string>, string][] = [
    [{ enabeld: "true" }, "enabeld"],
    [{ version: "first" }, "version"],
    [{ environment: "no such name!" }, "environment"],
  ];
  for (const [fields, path] of wrong) {
    const refused = await page.request.post(request.action, { ...options, form: { ...request.form, ...fields } });
    expect(refused.status(), path).toBe(400);
    expect(JSON.stringify(await refused.json())).toContain(`"path":"${path}"`);
  }
  const { version, revision } = before;
  expect(await server.evaluate(flag)).toMatchObject({ version, revision });
});

test("who is signed out meanwhile is sent to the sign-in", async ({ page, context, problems }) => {
  await signInAs(page, "developer");
  await hydrated(page);
  await context.clearCookies();
  // The page may ask for something before, and leave by itself.
  const left = page.waitForURL(/\/sign-in$/);
  await Promise.race([left, switchOf(page, flag).click().catch(() => left)]);
  await left;
  await expect(page.getByRole("button", { name: "Continue as demo developer" })).toBeVisible();
  forgive(problems, "status of 401");
});

test("what does not exist is said to be so", async ({ page, problems }) => {
  for (const url of ["/nowhere", "/sign-in/", "/o/demo/default/flags/"]) {
    expect((await page.request.get(url)).status(), url).toBe(404);
  }
  await page.goto("/nowhere");
  await expect(page.getByRole("heading", { level: 1, name: "There is no such page" })).toBeVisible();
  forgive(problems, "status of 404");
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`sign-in and flags pages are accessible in ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await gotoHydrated(page, "/sign-in");
    await expectAccessible(page);
    await signInAs(page, "developer");
    await hydrated(page);
    await expectAccessible(page);
  });
}

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("signing in and flipping a flag work", async ({ page, server }) => {
    await signInAs(page, "developer");
    const control = switchOf(page, flag);
    const initially = await isOn(control);
    const before = await server.evaluate(flag);

    await control.click();
    await expect(control).toHaveAttribute("aria-checked", String(!initially));
    await expect(page).toHaveURL(/\/o\/demo\/default\/flags/);
    const after = await server.evaluate(flag);
    expect(after.reason === "flag_disabled").toBe(initially);
    expect(after.version).toBeGreaterThan(before.version);
  });

  test("switching on in prod takes a reason in the row, and switching off none", async ({ page }) => {
    const key = "dark-mode";
    const row = page.locator(`tr[data-flag="${key}"]`);
    const control = switchOf(page, key);
    const reason = row.getByRole("textbox", { name: "Why?" });
    await signInAs(page, "owner");
    await page.goto(flagsPage("prod"));
    if (await isOn(control)) {
      await expect(reason).toHaveCount(0);
      await control.click();
    }
    await expect(control).toHaveAttribute("aria-checked", "false");

    await page.goto(flagsPage("prod"));
    await control.click();
    await expect(control, "the browser asks for a reason").toHaveAttribute("aria-checked", "false");
    await expect(reason).toBeFocused();
    await reason.fill("without script");
    await control.click();
    await expect(control).toHaveAttribute("aria-checked", "true");
    await expect(page).toHaveURL(/\/o\/demo\/default\/flags\?env=prod/);
    await expect(reason).toHaveCount(0);
    await expectNoHorizontalOverflow(page);
  });
});

test.describe("without JavaScript, several at once", () => {
  test.use({ javaScriptEnabled: false });

  test("switching on in prod takes a reason, and is refused without one", async ({ page }) => {
    await signInAs(page, "owner");
    const keys = ["one", "two"].map((name) => `plainly-${name}`);
    const headers = { origin: new URL(page.url()).origin, "X-Org-Id": "demo", "X-Project": "default" };
    for (const key of keys) {
      const created = await page.request.post("/api/v1/manage/flags", { headers, data: { name: key, key } });
      expect(created.status(), await created.text()).toBe(201);
    }
    const bar = page.getByRole("form", { name: "Chosen flags" });
    const question = page.getByRole("dialog", { name: "Switch on the chosen flags" });
    const ask = async () => {
      await page.goto(`${flagsPage("prod")}&q=plainly`);
      for (const key of keys) await page.getByRole("checkbox", { name: `Choose ${key}`, exact: true }).check();
      await bar.getByRole("button", { name: "Switch on…" }).click();
    };
    await ask();
    await question.getByRole("button", { name: "Switch on" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "say why" })).toBeVisible();
    for (const key of keys) await expect(switchOf(page, key)).toHaveAttribute("aria-checked", "false");

    await ask();
    await question.getByRole("textbox", { name: /^Why\?/ }).fill("without script");
    await question.getByRole("button", { name: "Switch on" }).click();
    for (const key of keys) await expect(switchOf(page, key)).toHaveAttribute("aria-checked", "true");
    const log = await page.request.get(`/api/v1/manage/audit?resource=flag:${keys[0]}&environment=prod&limit=1`);
    const [entry] = ((await log.json()) as { entries: { action: string; comment: string }[] }).entries;
    expect(entry).toMatchObject({ action: "flag.enabled", comment: "without script" });
  });
});

test("a member sees why the switches are disabled, and a forged request is refused", async ({ browser, page, problems, server }) => {
  const developer = await browser.newContext({ baseURL: server.baseURL, javaScriptEnabled: false });
  watchForProblems(developer, problems);
  const theirPage = await developer.newPage();
  await signInAs(theirPage, "developer");
  const request = await requestOf(switchOf(theirPage, flag));

  await signInAs(page, "member");
  await hydrated(page);
  const control = switchOf(page, flag);
  await expect(control).toHaveAttribute("aria-disabled", "true");
  await expect(control, "the reason is said to screen readers too").toHaveAccessibleDescription(/\S/);
  await expect(page.getByRole("checkbox", { name: /^Choose/ }), "there is nothing to do to several").toHaveCount(0);
  const initially = await isOn(control);
  const before = await server.evaluate(flag);
  const untouched = { version: before.version, revision: before.revision, value: before.value };
  await control.click({ force: true });
  await expect(control).toHaveAttribute("aria-checked", String(initially));
  expect(await server.evaluate(flag)).toMatchObject(untouched);

  const options = { form: request.form, headers: { Accept: "application/json", Origin: server.baseURL }, maxRedirects: 0 };
  const refused = await page.request.post(request.action, options);
  expect(refused.status(), await refused.text()).toBe(403);
  expect(await server.evaluate(flag)).toMatchObject(untouched);

  // The same request from someone who may: it was refused for who sent it, not for how it was made.
  const accepted = await theirPage.request.post(request.action, options);
  expect(accepted.status(), await accepted.text()).toBeLessThan(400);
  expect((await server.evaluate(flag)).version).toBeGreaterThan(before.version);
  await developer.close();
});

test.describe("on a narrow phone", () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true });

  test("what narrows the list is folded, and so is what is done with what is chosen", async ({ page }) => {
    await signInAs(page, "developer");
    const [key] = (await makeFlags(page, "narrow", [])) as [string];
    const state = page.getByRole("combobox", { name: "State" });
    await expect(state).toBeHidden();
    await page.getByText("Filters").tap();
    await state.selectOption("off");
    await expect(page).toHaveURL(/state=off/);
    await expect(page.getByText("Filters")).toContainText("1");
    await expectAccessible(page);
    await page.getByText("Filters").tap();
    await expect(state).toBeHidden();

    await page.getByRole("checkbox", { name: `Choose ${key}`, exact: true }).tap();
    const bar = page.getByRole("form", { name: "Chosen flags" });
    await expect(bar.getByText("1 chosen")).toBeVisible();
    expect((await bar.boundingBox())!.height, "two rows").toBeLessThanOrEqual(96);
    await expectNoHorizontalOverflow(page);
    await expectAccessible(page);
  });

  test("nothing overflows, and the theme is kept and known to the server", async ({ page }) => {
    await gotoHydrated(page, "/sign-in");
    await expectNoHorizontalOverflow(page);
    await signInAs(page, "developer");
    await hydrated(page);
    await expectNoHorizontalOverflow(page);

    const html = page.locator("html");
    const button = page.getByRole("button", { name: /^Theme/ });
    await expect(html).not.toHaveAttribute("data-theme");
    await button.click();
    await expect(html).toHaveAttribute("data-theme", "light");
    await button.click();
    await expect(html).toHaveAttribute("data-theme", "dark");

    const response = await gotoHydrated(page, flagsPage("dev"));
    // In the document itself: a script that sets it afterwards would let the other theme flash.
    expect(await response?.text()).toMatch(/<html[^>]*\sdata-theme="?dark\b/);
    await expect(html).toHaveAttribute("data-theme", "dark");
    await page.getByRole("link", { name: "staging" }).click();
    await expect(page).toHaveURL(/env=staging/);
    await expect(button, "the button keeps the theme on the next page").toHaveAccessibleName("Theme: dark");
    await button.click();
    await expect(html).not.toHaveAttribute("data-theme");
  });
});

test("a restart keeps the state and the demo's key", async ({ page, startServer }) => {
  const first = await startServer();
  await signInAs(page, "developer", first.baseURL);
  await hydrated(page);
  const control = switchOf(page, flag);
  const initially = await isOn(control);
  await control.click();
  await expect(page.getByRole("status").getByText(`${flag} is ${word(!initially)} in dev`).last()).toBeVisible();
  const { key, enabled, value, variation, reason, version } = await first.evaluate(flag);
  // Off the page first: it may hold a connection open, whose loss the console reports.
  await page.goto("about:blank");
  await first.stop();

  const second = await startServer({ port: first.port });
  expect(second.apiKey).toBe(first.apiKey);
  expect(await second.evaluate(flag)).toMatchObject({ key, enabled, value, variation, reason, version });
  await page.context().clearCookies();
  await signInAs(page, "developer", second.baseURL);
  await expect(control).toHaveAttribute("aria-checked", String(!initially));
  await page.goto("about:blank");
});

test("what a page loads is loaded once", async ({ page }) => {
  await signInAs(page, "developer");
  for (let round = 0; round < 10; round += 1) {
    const html = await (await page.request.get(flagsPage("dev"))).text();
    // What the server has loaded stands in the page for the browser's program.
    expect(html.match(/\\"list\\":\{\\"flags\\":\[/g), "the list of flags").toHaveLength(1);
  }
});
