import {
  expect,
  expectAccessible,
  forgive,
  expectNoHorizontalOverflow,
  gotoHydrated,
  hydrated,
  signInAs,
  test,
  watchForProblems,
} from "../support/test.js";
import type { Locator, Page } from "@playwright/test";

// What a flag does in each environment: changed by two people at once, promoted, taken back, dragged, and as JSON.

const flagPage = (key: string, query = "") => `/o/demo/default/flags/${key}${query}`;
const column = (page: Page, environment: string) => page.getByRole("region", { name: environment, exact: true });
const configurationUrl = (key: string, environment: string) =>
  `/api/v1/manage/flags/${key}/environments/${environment}`;

interface Configuration {
  enabled: boolean;
  off_variation: string;
  rules: { id: string; name?: string }[];
  fallthrough: unknown;
  version: number;
}

/** The flag's configuration, as the API has it. */
async function configuration(page: Page, key: string, environment: string) {
  const answer = await page.request.get(configurationUrl(key, environment));
  expect(answer.status()).toBe(200);
  return (await answer.json()) as Configuration;
}

/** A flag of this test alone. */
async function create(page: Page, key: string) {
  await page.goto("/o/demo/default/flags/new");
  await page.getByRole("textbox", { name: "Name", exact: true }).fill(key);
  await page.getByRole("button", { name: "Create the flag" }).click();
  await expect(page).toHaveURL(new RegExp(`/flags/${key}$`));
  await hydrated(page);
}

async function addRule(page: Page, environment: string, name: string) {
  const here = column(page, environment);
  const count = await here.getByRole("listitem", { name: /^Rule \d+$/ }).count();
  await here.getByRole("button", { name: "Add a rule" }).click();
  const rule = here.getByRole("listitem", { name: `Rule ${count + 1}`, exact: true });
  await rule.getByRole("textbox", { name: `Name of rule ${count + 1}` }).fill(name);
  await rule.getByRole("combobox", { name: "Attribute" }).fill("plan");
  const values = rule.getByRole("textbox", { name: "Values" }).or(rule.getByRole("combobox", { name: "Values" }));
  await values.fill("pro");
  await values.press("Enter");
  return rule;
}

/** Rules of these names in dev, as the API takes them. */
async function setRules(page: Page, key: string, names: string[]) {
  const rule = (name: string) => ({ id: name, name, when: { all: [] }, serve: { variation: "on" } });
  const { version } = await configuration(page, key, "dev");
  const answer = await page.request.patch(configurationUrl(key, "dev"), {
    data: { rules: names.map(rule), version },
    headers: { origin: new URL(page.url()).origin },
  });
  expect(answer.status(), await answer.text()).toBe(200);
}

async function save(page: Page, environment: string) {
  await column(page, environment).getByRole("button", { name: "Save", exact: true }).click();
}

test("two people change the same flag, and neither loses anything", async ({ page, browser, baseURL, problems }) => {
  await signInAs(page, "developer");
  await create(page, "shared-work");
  const other = await browser.newContext({ baseURL, reducedMotion: "reduce" });
  watchForProblems(other, problems);
  const second = await other.newPage();
  await signInAs(second, "owner");
  await gotoHydrated(second, flagPage("shared-work"));

  await addRule(page, "dev", "Mine");
  await column(page, "dev").getByRole("combobox", { name: "What everyone else is served" }).selectOption("off");
  await column(second, "dev").getByRole("combobox", { name: "Off variation" }).selectOption("on");
  await save(second, "dev");
  await expect(second.getByText("shared-work is saved in dev")).toBeVisible();

  await save(page, "dev");
  const dialog = page.getByRole("dialog", { name: "Somebody else changed it in dev" });
  await expect(dialog).toBeVisible();
  await expect(dialog.getByText("While off")).toBeVisible();
  await expect(dialog.getByText("You changed different parts")).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Put mine on top" }).click();
  const review = page.getByRole("dialog", { name: "What changes in dev" });
  await expect(review).toBeVisible();
  await review.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("shared-work is saved in dev")).toBeVisible();
  const both = await configuration(page, "shared-work", "dev");
  expect(both.off_variation, "theirs stays").toBe("on");
  expect(both.fallthrough).toEqual({ variation: "off" });
  expect(both.rules.map((rule) => rule.name)).toEqual(["Mine"]);

  // Now both change the same part.
  await column(page, "dev").getByRole("combobox", { name: "Off variation" }).selectOption("off");
  await gotoHydrated(second, flagPage("shared-work"));
  await column(second, "dev").getByRole("textbox", { name: "Name of rule 1" }).fill("Theirs");
  await column(second, "dev").getByRole("textbox", { name: "Name of rule 1" }).press("Tab");
  await save(second, "dev");
  await expect(second.getByText("shared-work is saved in dev")).toBeVisible();
  await column(page, "dev").getByRole("textbox", { name: "Name of rule 1" }).fill("Ours");
  await column(page, "dev").getByRole("textbox", { name: "Name of rule 1" }).press("Tab");
  await save(page, "dev");
  await expect(dialog.getByRole("checkbox", { name: /Rule “Ours”: use mine/ })).toBeVisible();
  await dialog.getByRole("checkbox", { name: /Rule “Ours”/ }).check();
  await dialog.getByRole("button", { name: "Put mine on top" }).click();
  await review.getByRole("button", { name: "Save" }).click();
  await expect.poll(async () => (await configuration(page, "shared-work", "dev")).rules[0]?.name).toBe("Ours");
  expect((await configuration(page, "shared-work", "dev")).off_variation).toBe("off");

  // And theirs can be kept whole.
  await column(page, "dev").getByRole("combobox", { name: "What everyone else is served" }).selectOption("on");
  const { version, ...current } = await configuration(page, "shared-work", "dev");
  const answer = await second.request.patch(configurationUrl("shared-work", "dev"), {
    data: { off_variation: "on", version },
    headers: { origin: baseURL! },
  });
  expect(answer.status(), JSON.stringify(current)).toBe(200);
  await save(page, "dev");
  await dialog.getByRole("button", { name: "Keep theirs" }).click();
  await expect(dialog).toBeHidden();
  await expect(column(page, "dev").getByRole("combobox", { name: "Off variation" })).toHaveValue("on");
  await expect(column(page, "dev").getByText(/not saved/)).toBeHidden();
  forgive(problems, "status of 409");
  await other.close();
});

test("a switch of somebody else is no conflict", async ({ page, problems }) => {
  await signInAs(page, "developer");
  await create(page, "switched-meanwhile");
  await column(page, "dev").getByRole("combobox", { name: "Off variation" }).selectOption("on");
  const before = await configuration(page, "switched-meanwhile", "dev");
  const answer = await page.request.post(`${configurationUrl("switched-meanwhile", "dev")}/toggle`, {
    data: {},
    headers: { origin: new URL(page.url()).origin },
  });
  expect(answer.status()).toBe(200);
  await save(page, "dev");
  await expect(page.getByText("switched-meanwhile is saved in dev")).toBeVisible();
  const after = await configuration(page, "switched-meanwhile", "dev");
  expect(after.enabled, "the switch stays as it is").toBe(!before.enabled);
  expect(after.off_variation).toBe("on");
  forgive(problems, "status of 409");
});

test("a save is taken back from its toast", async ({ page }) => {
  await signInAs(page, "developer");
  await create(page, "taken-back");
  const off = column(page, "dev").getByRole("combobox", { name: "Off variation" });
  await off.selectOption("on");
  await save(page, "dev");
  await expect(page.getByText("taken-back is saved in dev")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("taken-back is as it was before in dev")).toBeVisible();
  await expect(off).toHaveValue("off");
  const after = await configuration(page, "taken-back", "dev");
  expect(after).toMatchObject({ off_variation: "off", version: 3 });
});

test("what a flag does is compared, promoted, and taken back", async ({ page }) => {
  await signInAs(page, "developer");
  await create(page, "promoted");
  await addRule(page, "dev", "Paying");
  await save(page, "dev");
  await expect(page.getByText("promoted is saved in dev")).toBeVisible();

  await column(page, "dev").getByLabel("More about dev").click();
  await page.getByRole("link", { name: "Compare with staging" }).click();
  await expect(page).toHaveURL(/compare=dev\.\.staging/);
  const compared = page.getByRole("dialog", { name: "dev compared with staging" });
  await expect(compared.getByText("rule-1", { exact: true })).toBeVisible();
  await expectAccessible(page);
  await compared.getByRole("link", { name: "Promote dev to staging" }).click();
  const dialog = page.getByRole("dialog", { name: "Promote dev to staging" });
  await expect(dialog.getByRole("radio", { name: /What it serves to whom/ })).toBeChecked();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Promote to staging" }).click();
  await expect(page.getByText("promoted does in staging what it does in dev")).toBeVisible();
  await expect(dialog).toBeHidden();
  await expect(page).not.toHaveURL(/promote=/);
  await expect(column(page, "staging").getByRole("textbox", { name: "Name of rule 1" })).toHaveValue("Paying");
  await page.getByRole("button", { name: "Undo" }).last().click();
  await expect(column(page, "staging").getByRole("listitem", { name: "Rule 1" })).toHaveCount(0);
  expect((await configuration(page, "promoted", "staging")).rules).toEqual([]);

  // A link leads there, Escape leads back, and a protected environment needs the right.
  await gotoHydrated(page, flagPage("promoted", "?promote=dev..prod"));
  const refused = page.getByRole("dialog", { name: "Promote dev to prod" });
  await expect(refused.getByText(/may not/).first()).toBeVisible();
  await expect(refused.getByRole("button", { name: "Promote to prod" })).toBeDisabled();
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/\/flags\/promoted$/);
});

test("a rule that says nothing is not saved, and a refusal leaves the reason where it was typed", async ({ page, problems }) => {
  await signInAs(page, "owner");
  await create(page, "half-said");
  const prod = column(page, "prod");
  await prod.getByRole("button", { name: "Add a rule" }).click();
  const missing = "Rule 1 needs an attribute and a value in each condition.";
  await expect(prod.getByText(missing).first()).toBeVisible();
  await prod.getByRole("button", { name: "Review" }).click();
  const review = page.getByRole("dialog", { name: "What changes in prod" });
  await expect(review.getByText(missing)).toBeVisible();
  await expect(review.getByRole("button", { name: "Save in prod" })).toBeDisabled();
  await review.getByRole("button", { name: "Cancel" }).click();
  await expect(review).toBeHidden();
  await prod.getByRole("combobox", { name: "Attribute" }).fill("plan");
  const values = prod.getByRole("textbox", { name: "Values" }).or(prod.getByRole("combobox", { name: "Values" }));
  await values.fill("pro");
  await values.press("Enter");

  await prod.getByRole("button", { name: "Review" }).click();
  await review.getByRole("textbox", { name: /^Why/ }).fill("paying first");
  await page.route("**/_fn/flag/configure", (route) => route.abort(), { times: 1 });
  await review.getByRole("button", { name: "Save in prod" }).click();
  await expect(review.getByRole("alert")).toBeVisible();
  await expect(review.getByRole("textbox", { name: /^Why/ })).toHaveValue("paying first");
  expect((await configuration(page, "half-said", "prod")).version, "nothing was saved").toBe(1);
  await review.getByRole("button", { name: "Save in prod" }).click();
  await expect(review).toBeHidden();
  await expect.poll(async () => (await configuration(page, "half-said", "prod")).rules).toHaveLength(1);
  problems.length = 0;
});

test("rules are dragged, and moved by the keyboard", async ({ page }) => {
  // All of them in sight: a page that scrolls under the pointer ends a drag.
  await page.setViewportSize({ width: 1280, height: 2_400 });
  await signInAs(page, "developer");
  await create(page, "in-order");
  const dev = column(page, "dev");
  for (const name of ["First", "Second", "Third"]) await addRule(page, "dev", name);
  const names = () => dev.getByRole("textbox", { name: /^Name of rule/ }).evaluateAll((fields) =>
    fields.map((field) => (field as HTMLInputElement).value),
  );
  await dev.getByTitle("Drag to another place").nth(2).dragTo(dev.getByRole("listitem", { name: "Rule 1" }));
  await expect.poll(names).toEqual(["Third", "First", "Second"]);
  const later = dev.getByRole("listitem", { name: "Rule 1" }).getByRole("button", { name: "Try later" });
  await later.focus();
  await page.keyboard.press("Enter");
  await expect.poll(names).toEqual(["First", "Third", "Second"]);
  await expect(
    dev.getByRole("listitem", { name: "Rule 2" }).getByRole("button", { name: "Try later" }),
    "the focus goes with it",
  ).toBeFocused();
  await page.keyboard.press("Enter");
  await expect.poll(names).toEqual(["First", "Second", "Third"]);
  await dev.getByRole("listitem", { name: "Rule 1" }).getByRole("button", { name: "Duplicate" }).click();
  await expect.poll(names).toEqual(["First", "First (copy)", "Second", "Third"]);
  await save(page, "dev");
  await expect(page.getByText("in-order is saved in dev")).toBeVisible();
  const saved = await configuration(page, "in-order", "dev");
  expect(saved.rules.map((rule) => rule.name)).toEqual(["First", "First (copy)", "Second", "Third"]);
});

test("a handle that is pressed at the edge of the window, and not dragged, moves nothing", async ({ page }) => {
  await signInAs(page, "developer");
  await create(page, "pressed");
  await setRules(page, "pressed", ["first", "second", "third"]);
  await gotoHydrated(page, flagPage("pressed"));
  const dev = column(page, "dev");
  const first = dev.getByTitle("Drag to another place").first();
  // The window ends below the handle.
  const { y, height } = (await first.boundingBox())!;
  await page.setViewportSize({ width: 1280, height: Math.ceil(y + height + 16) });
  const place = (await first.boundingBox())!;
  expect(place.y, "it is at the edge").toBeCloseTo(y, 0);
  const scrolled = await page.evaluate(() => window.scrollY);
  // Without `hover`, which would scroll it away from the edge.
  await page.mouse.move(place.x + place.width / 2, place.y + place.height / 2);
  await page.mouse.down();
  const afterFrames = await page.evaluate(async () => {
    for (let frame = 0; frame < 20; frame += 1) await new Promise(requestAnimationFrame);
    return window.scrollY;
  });
  await page.mouse.up();
  expect(afterFrames, "the page stays where it is").toBe(scrolled);
  await expect(dev.getByRole("textbox", { name: "Name of rule 1" })).toHaveValue("first");
  await expect(dev.getByText(/not saved/)).toBeHidden();
});

test.describe("with a finger", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test("a rule is dragged by its handle, and the page stays where it is", async ({ page }) => {
    await signInAs(page, "developer");
    await create(page, "touched");
    await setRules(page, "touched", ["first", "second", "third"]);
    await gotoHydrated(page, flagPage("touched"));
    const dev = column(page, "dev");
    const names = () => dev.getByRole("textbox", { name: /^Name of rule/ }).evaluateAll((fields) =>
      fields.map((field) => (field as HTMLInputElement).value),
    );
    const middle = async (of: Locator) => {
      const { x, y, width, height } = (await of.boundingBox())!;
      return { x: x + width / 2, y: y + height / 2 };
    };
    const browser = await page.context().newCDPSession(page);
    const touch = (type: "touchStart" | "touchMove" | "touchEnd", at: { x: number; y: number }[]) =>
      browser.send("Input.dispatchTouchEvent", { type, touchPoints: at });
    /** A finger goes from one place to another. */
    const draw = async (from: { x: number; y: number }, to: { x: number; y: number }) => {
      await touch("touchStart", [from]);
      for (let step = 1; step <= 8; step += 1) {
        const part = step / 8;
        await touch("touchMove", [{ x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part }]);
      }
      await touch("touchEnd", []);
    };

    const third = dev.getByTitle("Drag to another place").nth(2);
    // In the middle of the window, of which the edges scroll.
    await third.evaluate((handle) => handle.scrollIntoView({ block: "center" }));
    const scrolled = await page.evaluate(() => window.scrollY);
    await draw(await middle(third), await middle(dev.getByRole("listitem", { name: "Rule 1", exact: true })));
    await expect.poll(names).toEqual(["third", "first", "second"]);
    expect(await page.evaluate(() => window.scrollY), "the page stays where it is").toBe(scrolled);
    await save(page, "dev");
    await expect(page.getByText("touched is saved in dev")).toBeVisible();
    expect((await configuration(page, "touched", "dev")).rules.map((rule) => rule.name)).toEqual(["third", "first", "second"]);
  });
});

test("a rule tells how many of the contexts of the playground it matches", async ({ page }) => {
  await signInAs(page, "developer");
  for (const plan of ["pro", "free", "team"]) {
    await gotoHydrated(page, `/o/demo/default/playground?env=dev&user=u&n0=plan&v0=${plan}`);
    await expect(page.getByRole("region", { name: "Answer" }).getByRole("row").nth(1)).toBeVisible();
  }
  await gotoHydrated(page, flagPage("ai-summaries"));
  const rule = column(page, "dev").getByRole("listitem", { name: "Rule 1" });
  await expect(rule.getByText("Matches 2 of the last 3 contexts tried in the playground.")).toBeVisible();
  await rule.getByRole("button", { name: "Edit rule 1" }).click();
  await rule.getByRole("button", { name: "Remove team" }).click();
  await expect(rule.getByText("Matches 1 of the last 3 contexts tried in the playground.")).toBeVisible();
  await expect(column(page, "dev").getByText(/changes? (is|are) not saved/), "as it is drafted").toBeVisible();
});

test("JSON is taken into the draft", async ({ page }) => {
  await signInAs(page, "developer");
  await create(page, "written");
  const dev = column(page, "dev");
  await dev.getByText("As JSON").click();
  const text = dev.getByRole("textbox", { name: "Configuration of dev as JSON" });
  const document = JSON.parse(await text.inputValue()) as Record<string, unknown>;
  await text.fill("{ no");
  await dev.getByRole("button", { name: "Take into the draft" }).click();
  await expect(dev.getByRole("alert").filter({ hasText: /line 1/ })).toBeVisible();
  await text.fill(JSON.stringify({ ...document, off_variation: "on" }));
  await dev.getByRole("button", { name: "Take into the draft" }).click();
  await expect(dev.getByRole("combobox", { name: "Off variation" })).toHaveValue("on");
  await expect(dev.getByText("1 change is not saved")).toBeVisible();
  await expectAccessible(page);
  await text.fill(JSON.stringify({ ...document, fallthrough: { variation: "off" } }));
  await dev.getByRole("button", { name: "Save the JSON" }).click();
  await expect(page.getByText("written is saved in dev")).toBeVisible();
  expect((await configuration(page, "written", "dev")).fallthrough).toEqual({ variation: "off" });
});

test("JSON is reviewed before it changes what is protected", async ({ page }) => {
  await signInAs(page, "owner");
  await create(page, "written-in-prod");
  const prod = column(page, "prod");
  await prod.getByText("As JSON").click();
  const text = prod.getByRole("textbox", { name: "Configuration of prod as JSON" });
  const document = JSON.parse(await text.inputValue()) as Record<string, unknown>;
  await text.fill(JSON.stringify({ ...document, off_variation: "on" }));
  await prod.getByRole("textbox", { name: /^Why/ }).fill("the new default");
  await prod.getByRole("button", { name: "Save the JSON" }).click();
  const review = page.getByRole("dialog", { name: "What changes in prod" });
  await expect(review.getByText("While off")).toBeVisible();
  await expect(review.getByRole("textbox", { name: /^Why/ })).toHaveValue("the new default");
  await review.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("written-in-prod is saved in prod")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("written-in-prod is as it was before in prod")).toBeVisible();
  expect(await configuration(page, "written-in-prod", "prod")).toMatchObject({ off_variation: "off", version: 3 });
});

test.describe("on a narrow phone", () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true });

  test("the dialogs fit", async ({ page }) => {
    await signInAs(page, "developer");
    for (const query of ["?compare=dev..prod", "?promote=dev..staging"]) {
      await gotoHydrated(page, flagPage("checkout-v2", query));
      await expect(page.getByRole("dialog")).toBeVisible();
      await expectNoHorizontalOverflow(page);
      await expectAccessible(page);
    }
  });
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a configuration is saved as JSON, and what is wrong is said beside what was typed", async ({ page, problems }) => {
    await signInAs(page, "developer");
    await page.goto("/o/demo/default/flags/legacy-export-api");
    const dev = column(page, "dev");
    const text = dev.getByRole("textbox", { name: "Configuration of dev as JSON" });
    await dev.getByText("As JSON").click();
    const document = JSON.parse(await text.inputValue()) as Record<string, unknown>;
    const rule = (id: string, variation: string) => ({
      id,
      when: { attribute: "plan", op: "in", values: ["pro & <b>"] },
      serve: { variation },
    });
    const rules = Array.from({ length: 40 }, (_, place) => rule(`rule-${place}`, "on"));

    // Short enough for a cookie, and too long for one.
    for (const wrong of [[rule("one", "nothing")], [...rules, rule("last", "nothing")]]) {
      const typed = JSON.stringify({ ...document, rules: wrong });
      await text.fill(typed);
      await dev.getByRole("button", { name: "Save the JSON" }).click();
      await expect(page).toHaveURL(/\/flags\/legacy-export-api(#json-dev)?$/);
      await expect(dev.getByRole("alert").filter({ hasText: "no variation “nothing”" })).toContainText(
        `rules[${wrong.length - 1}].serve.variation`,
      );
      await expect(text).toHaveValue(typed);
    }
    forgive(problems, "status of 400");
    await text.fill(JSON.stringify({ ...document, rules }));
    await dev.getByRole("button", { name: "Save the JSON" }).click();
    await expect(dev.getByRole("status").filter({ hasText: "Saved." })).toBeVisible();
    expect((await configuration(page, "legacy-export-api", "dev")).rules).toHaveLength(40);
  });

  test("nobody writes over what they have not seen", async ({ page, baseURL }) => {
    await signInAs(page, "developer");
    await page.goto("/o/demo/default/flags/dark-mode");
    const dev = column(page, "dev");
    await dev.getByText("As JSON").click();
    const text = dev.getByRole("textbox", { name: "Configuration of dev as JSON" });
    const document = JSON.parse(await text.inputValue()) as Record<string, unknown>;
    const { version } = await configuration(page, "dark-mode", "dev");
    const answer = await page.request.patch(configurationUrl("dark-mode", "dev"), {
      data: { off_variation: "on", version },
      headers: { origin: baseURL! },
    });
    expect(answer.status()).toBe(200);
    await text.fill(JSON.stringify({ ...document, fallthrough: { variation: "off" } }));
    await dev.getByRole("button", { name: "Save the JSON" }).click();
    await expect(dev.getByText(/What is there now: version/)).toBeVisible();
    expect((await configuration(page, "dark-mode", "dev")).off_variation).toBe("on");
    await dev.getByRole("button", { name: "Save the JSON" }).click();
    await expect(dev.getByText(/What is there now: version/), "not without having looked").toBeVisible();
    await dev.getByRole("checkbox", { name: /I have looked/ }).check();
    await dev.getByRole("button", { name: "Save the JSON" }).click();
    await expect(dev.getByRole("status").filter({ hasText: "Saved." })).toBeVisible();
    const after = await configuration(page, "dark-mode", "dev");
    expect(after).toMatchObject({ off_variation: "off", fallthrough: { variation: "off" } });
  });

  test("a flag is compared by a link, and promoted by a plain form", async ({ page }) => {
    await signInAs(page, "developer");
    await page.goto("/o/demo/default/flags/instant-payouts?promote=dev..staging");
    const dialog = page.getByRole("dialog", { name: "Promote dev to staging" });
    await expect(dialog.getByText("euro", { exact: true }).first()).toBeVisible();
    await dialog.getByRole("button", { name: "Promote to staging" }).click();
    await expect(dialog.getByText("It does the same in both.")).toBeVisible();
    await dialog.getByRole("link", { name: "Close" }).click();
    await expect(page).toHaveURL(/\/flags\/instant-payouts$/);
  });
});
