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

// Audiences that are named once: their list, a new one, who is inside where, what uses them, and their past.

const segments = "/o/demo/default/segments";
const segmentPage = (key: string, environment = "dev") => `${segments}/${key}?env=${environment}`;

const row = (page: Page, key: string) => page.locator(`tr[data-segment="${key}"]`);
const version = (page: Page, number: number) => page.locator(`li[data-version="${number}"]`);

/** Makes a segment by the API. */
async function create(page: Page, key: string, fields: object = {}) {
  const answer = await page.request.post("/api/v1/manage/segments", { data: { key, name: `Segment ${key}`, ...fields } });
  expect(answer.status()).toBe(201);
}

/** Makes a flag whose rule names a segment, in every environment. */
async function use(page: Page, flag: string, segment: string) {
  const rules = [{ op: "in_segment", values: [segment] }];
  const data = { key: flag, name: `Flag ${flag}`, kind: "segment", rules };
  const answer = await page.request.post("/api/v1/manage/flags", { data });
  expect(answer.status()).toBe(201);
}

interface Audience {
  by: string | null;
  included: string[];
  excluded: string[];
  when: unknown;
  version: number;
}

/** Who is inside, as the API has it. */
async function audience(page: Page, key: string, environment = "dev") {
  const answer = await page.request.get(`/api/v1/manage/segments/${key}/environments/${environment}`);
  expect(answer.status()).toBe(200);
  return (await answer.json()) as Audience;
}

test("without segments the list says what they are for", async ({ page }) => {
  await signInAs(page, "developer");
  await hydrated(page);
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await expect(page.getByRole("heading", { level: 1, name: "Segments" })).toBeVisible();
  await expect(page.getByText("No segments yet")).toBeVisible();
  await expectAccessible(page);
  await expect(page.getByRole("link", { name: "Create the first one" })).toHaveAttribute("href", /\/segments\/new/);
});

test("a segment is made, filled in one environment, and found in the list", async ({ page }) => {
  await signInAs(page, "developer");
  await gotoHydrated(page, segments);
  await page.getByRole("link", { name: "New segment" }).click();
  await expect(page).toHaveURL(/\/segments\/new/);
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("Beta <b>testers</b>");
  await expect(page.getByLabel("Key", { exact: true })).toHaveValue("beta-b-testers-b");
  await page.getByLabel("Key", { exact: true }).fill("beta-testers");
  await page.getByLabel("Description").fill("People who asked for it");
  await page.getByLabel("Keys that are inside, one in each line").fill("user-1\nuser-2\n");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Create the segment" }).click();

  await expect(page).toHaveURL(/\/segments\/beta-testers$/);
  await hydrated(page);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Beta <b>testers</b>");
  await expect(page.getByText("Inside: 2 users by name.").first()).toBeVisible();
  await expectAccessible(page);

  const included = page.getByRole("textbox", { name: "Included", exact: true });
  await included.fill("user-3, user-4");
  await included.press("Enter");
  const excluded = page.getByRole("textbox", { name: "Excluded", exact: true });
  await excluded.fill("user-2");
  await excluded.press("Enter");
  await expect(page.getByText("One key is in both lists.")).toBeVisible();
  await page.getByRole("button", { name: "Add a condition" }).click();
  await expect(page.getByText("A condition lacks its attribute or its values.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Save", exact: true })).toBeDisabled();
  await page.getByRole("combobox", { name: "Attribute", exact: true }).fill("plan");
  const named = { name: "Values", exact: true };
  const values = page.getByRole("textbox", named).or(page.getByRole("combobox", named));
  await values.fill("pro, team");
  await values.press("Enter");
  const words = "Inside: 4 users by name, and everybody with: plan is one of pro, team. Never inside: 1 user by name.";
  await expect(page.getByText(words).first()).toBeVisible();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("beta-testers is saved in dev")).toBeVisible();
  await expect(version(page, 2), "the history has it at once").toContainText("changed who is inside");
  expect(await audience(page, "beta-testers")).toMatchObject({
    by: null,
    included: ["user-1", "user-2", "user-3", "user-4"],
    excluded: ["user-2"],
    when: { all: [{ attribute: "plan", op: "in", values: ["pro", "team"] }] },
    version: 2,
  });
  expect((await audience(page, "beta-testers", "staging")).version, "elsewhere it stays as it was").toBe(1);

  await page.reload();
  await hydrated(page);
  await expect(page.getByText("Plan is one of pro, team.", { exact: true }), "conditions are words").toBeVisible();
  await expect(page.getByRole("combobox", { name: "Attribute", exact: true })).toBeHidden();
  await page.getByRole("button", { name: "Edit conditions" }).click();
  await expect(page.getByRole("combobox", { name: "Attribute", exact: true })).toHaveValue("plan");
  await page.getByRole("button", { name: "Done conditions" }).click();
  await expect(page.getByRole("combobox", { name: "Attribute", exact: true })).toBeHidden();

  await gotoHydrated(page, `${segments}?env=dev`);
  await expect(row(page, "beta-testers")).toContainText("4 by name, 1 excluded, conditions");
  await expect(row(page, "beta-testers")).toContainText("no flag");
  await expectAccessible(page);
  await page.keyboard.press("/");
  await page.keyboard.type("nothing like it");
  await expect(page.getByText("No segments match")).toBeVisible();
  await page.getByRole("link", { name: "Clear the filter" }).click();
  await expect(row(page, "beta-testers")).toBeVisible();
  await page.getByRole("navigation", { name: "Environment" }).getByRole("link", { name: "staging" }).click();
  await expect(row(page, "beta-testers")).toContainText("2 by name");
});

test("taking away the last test leaves nobody else inside", async ({ page }) => {
  await signInAs(page, "developer");
  await create(page, "last-test", { when: { attribute: "plan", op: "eq", values: ["pro"] } });
  await gotoHydrated(page, segmentPage("last-test"));
  await page.getByRole("button", { name: "Edit conditions" }).click();
  await page.getByRole("button", { name: "Remove condition 1" }).click();
  await expect(page.getByText("Nobody else: there is no condition.")).toBeVisible();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("last-test is saved in dev")).toBeVisible();
  expect((await audience(page, "last-test")).when).toBeNull();
});

test("who else changed it meanwhile is seen, and nothing of theirs is lost", async ({ page, problems }) => {
  await signInAs(page, "developer");
  await create(page, "both", { included: ["user-1"] });
  await gotoHydrated(page, segmentPage("both"));
  const included = page.getByRole("textbox", { name: "Included", exact: true });
  await included.fill("mine");
  await included.press("Enter");
  const path = "/api/v1/manage/segments/both/environments/dev";
  expect((await page.request.patch(path, { data: { included: ["user-1", "theirs"] } })).status()).toBe(200);
  await page.getByRole("button", { name: "Review" }).click();
  await page.getByRole("dialog", { name: "What changes in dev" }).getByRole("button", { name: "Save" }).click();
  const conflict = page.getByRole("alert").filter({ hasText: "Somebody else has saved version 2 meanwhile." });
  await expect(conflict).toContainText("included[theirs]");
  // The browser writes each refusal into its console.
  problems.splice(0, problems.length, ...problems.filter((problem) => !problem.includes("status of 409")));
  await conflict.getByRole("button", { name: "Put my changes on top" }).click();
  await expect(page.getByText("1 change is not saved")).toBeVisible();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("both is saved in dev")).toBeVisible();
  expect((await audience(page, "both")).included).toEqual(["user-1", "theirs", "mine"]);
});

test("a protected environment is reviewed before it is saved, and asks why", async ({ page }) => {
  await signInAs(page, "owner");
  await create(page, "guarded");
  await gotoHydrated(page, segmentPage("guarded", "prod"));
  const included = page.getByRole("textbox", { name: "Included", exact: true });
  await included.fill("user-7");
  await included.press("Enter");
  await expect(page.getByRole("button", { name: "Save", exact: true })).toBeHidden();
  await page.getByRole("button", { name: "Review" }).click();
  const dialog = page.getByRole("dialog", { name: "What changes in prod" });
  await expect(dialog).toContainText("included[user-7]");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog, "nothing is saved without a reason").toBeVisible();
  expect((await audience(page, "guarded", "prod")).version).toBe(1);
  await dialog.getByRole("textbox").fill("the second wave");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("guarded is saved in prod")).toBeVisible();
  await expect(version(page, 2)).toContainText("the second wave");
});

test("what is inside is copied from another environment", async ({ page }) => {
  await signInAs(page, "developer");
  await create(page, "copied");
  const path = "/api/v1/manage/segments/copied/environments/dev";
  expect((await page.request.patch(path, { data: { included: ["user-1"], by: "company" } })).status()).toBe(200);
  await gotoHydrated(page, segmentPage("copied", "staging"));
  const elsewhere = page.getByRole("region", { name: "Elsewhere" });
  await expect(elsewhere.getByRole("listitem").filter({ hasText: "dev" })).toContainText("1 by name");
  await page.getByRole("combobox", { name: "Copy from another environment" }).selectOption("dev");
  await expect(page.getByText("2 changes are not saved")).toBeVisible();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("copied is saved in staging")).toBeVisible();
  expect(await audience(page, "copied", "staging")).toMatchObject({ by: "company", included: ["user-1"] });
});

test("what is not saved is not lost by a click", async ({ page }) => {
  await signInAs(page, "developer");
  await create(page, "unsaved");
  await gotoHydrated(page, segmentPage("unsaved"));
  const included = page.getByRole("textbox", { name: "Included", exact: true });
  await included.fill("user-1");
  await included.press("Enter");
  await expect(page.getByText("1 change is not saved")).toBeVisible();
  page.once("dialog", (dialog) => void dialog.dismiss());
  await page.getByRole("navigation", { name: "Breadcrumb" }).getByRole("link", { name: "Segments" }).click();
  await expect(page).toHaveURL(/segments\/unsaved/);
  await page.getByRole("button", { name: "Discard" }).click();
  await page.getByRole("navigation", { name: "Breadcrumb" }).getByRole("link", { name: "Segments" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Segments" })).toBeVisible();
});

test("many keys come by a file, and are looked for", async ({ page }) => {
  await signInAs(page, "developer");
  await create(page, "many");
  await gotoHydrated(page, segmentPage("many"));
  await page.getByText("Many included keys at once").click();
  const keys = Array.from({ length: 1_500 }, (_, number) => `user-${number}`);
  const buffer = Buffer.from(`id,plan\n${keys.map((key) => `${key},pro`).join("\n")}\n`);
  await page.getByLabel("Or a file").first().setInputFiles({ name: "users.csv", mimeType: "text/csv", buffer });
  await page.getByLabel("Column of a CSV file (optional)").first().fill("id");
  await page.getByRole("button", { name: "Change the list" }).first().click();
  await expect(page.getByText(/1.500 keys new, 1.500 keys in the list/)).toBeVisible();
  await expect(page.getByText(/Inside: 1.500 users by name\./).first()).toBeVisible();
  await expect(page.getByText(/Only the first 1.000 are here/)).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Included", exact: true }), "part of a list is not sent back").toBeDisabled();
  await page.getByRole("searchbox", { name: "Look for a key in: Included" }).fill("user-77");
  await expect(page.getByText("user-77", { exact: true })).toBeVisible();
  await expect(page.getByText("user-78", { exact: true })).toHaveCount(0);
  await expectAccessible(page);

  await page.getByText("Many included keys at once").click();
  await page.getByLabel("What becomes of the list").first().selectOption("remove");
  await page.getByLabel("The included keys, one in each line").fill(keys.slice(0, 1_400).join("\n"));
  await page.getByRole("button", { name: "Change the list" }).first().click();
  await expect(page.getByText(/Inside: 100 users by name\./).first()).toBeVisible();
});

test("a segment that a flag uses is not deleted", async ({ page }) => {
  await signInAs(page, "owner");
  await create(page, "in-use");
  await use(page, "uses-it", "in-use");
  await gotoHydrated(page, `${segments}?env=dev`);
  await expect(row(page, "in-use")).toContainText("1 flag");
  await row(page, "in-use").getByRole("link", { name: "Segment in-use" }).click();
  const uses = page.getByRole("region", { name: /^Used by/ });
  await expect(uses.getByRole("link", { name: "Flag uses-it" }).first()).toHaveAttribute("href", /flags\/uses-it\?env=dev/);
  await expect(page.getByText(/It is used by 1 flag\. Take it out/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Delete segment" })).toHaveCount(0);
  // The flag's rule leads back.
  await gotoHydrated(page, "/o/demo/default/flags/uses-it");
  await page.getByRole("button", { name: "Edit rule 1" }).first().click();
  await expect(page.getByRole("link", { name: "Open in-use" }).first()).toHaveAttribute("href", /segments\/in-use/);
});

test("a segment is renamed, rolled back and deleted", async ({ page }) => {
  await signInAs(page, "owner");
  await create(page, "passing", { included: ["user-1"] });
  const path = "/api/v1/manage/segments/passing/environments/dev";
  const changed = await page.request.patch(path, { data: { included: ["user-2"], comment: "too early" } });
  expect(changed.status()).toBe(200);
  await gotoHydrated(page, segmentPage("passing"));
  await expect(version(page, 2)).toContainText("too early");
  await version(page, 2).locator("summary").first().click();
  await expect(version(page, 2)).toContainText("included[user-2]");
  await expect(version(page, 2).getByRole("button", { name: /Roll back/ }), "it is there already").toBeHidden();
  await version(page, 1).locator("summary").first().click();
  await expectAccessible(page);
  await version(page, 1).getByLabel("Why go back to version 1?").fill("as it was");
  await version(page, 1).getByRole("button", { name: "Roll back to version 1" }).click();
  await expect(page.getByText("Version 3 in dev says what version 1 said.")).toBeVisible();
  await expect(version(page, 3)).toContainText("rolled it back");
  expect((await audience(page, "passing")).included).toEqual(["user-1"]);

  await hydrated(page);
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("Gone soon");
  await page.getByLabel("Description").fill("Two\nlines");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("The segment is changed.")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1, name: "Gone soon" })).toBeVisible();

  await page.getByRole("textbox", { name: "Key", exact: true }).fill("another");
  await page.getByRole("button", { name: "Delete segment" }).click();
  await expect(page.getByText("type “passing”")).toBeVisible();
  await page.getByRole("textbox", { name: "Key", exact: true }).fill("passing");
  await page.getByRole("button", { name: "Delete segment" }).click();
  await expect(page.getByText("The segment “passing” is deleted.")).toBeVisible();
  expect((await page.request.get(segmentPage("passing"))).status()).toBe(404);
});

test("a member sees who is inside, and why they may not change it", async ({ page, browser, server }) => {
  const context = await browser.newContext({ baseURL: server.baseURL });
  const owner = await context.newPage();
  await signInAs(owner, "owner");
  const long = "x".repeat(200);
  await create(owner, long, { name: "n".repeat(200), included: ["k".repeat(1_000)], by: "company" });
  await context.close();
  await signInAs(page, "member");
  await gotoHydrated(page, segmentPage(long));
  await expect(page.getByText(/A member may not change segments/).first()).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Included", exact: true })).toBeDisabled();
  await expect(page.getByRole("button", { name: "Add a condition" })).toBeDisabled();
  await expect(page.getByRole("button", { name: "Save changes" })).toBeDisabled();
  await expect(page.getByRole("button", { name: "Delete segment" })).toBeDisabled();
  for (const url of [`${segments}?env=dev`, segmentPage(long), segmentPage(long, "prod")]) {
    await gotoHydrated(page, url);
    await expectAccessible(page);
    for (const width of [1440, 1024, 390, 360]) {
      await page.setViewportSize({ width, height: 900 });
      await expectNoHorizontalOverflow(page);
    }
  }
});

test("segments are found by the keyboard", async ({ page }) => {
  await signInAs(page, "developer");
  await create(page, "palette-people");
  await gotoHydrated(page, segments);
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Search" });
  await page.keyboard.type("palette-people");
  await expect(palette.getByRole("option", { name: /palette-people/ })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/segments\/palette-people/);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a segment is made, filled, rolled back and deleted", async ({ page }) => {
    await signInAs(page, "owner");
    await page.goto(`${segments}/new`);
    await page.getByRole("textbox", { name: "Name", exact: true }).fill("Plain");
    await page.getByLabel("Keys that are inside, one in each line").fill("</textarea><b>user-1");
    await page.getByRole("button", { name: "Create the segment" }).click();
    await expect(page).toHaveURL(/\/segments\/plain$/);
    await expect(page.getByText("Inside: 1 user by name.").first()).toBeVisible();
    await page.getByRole("navigation", { name: "Environment" }).getByRole("link", { name: "dev" }).click();

    await page.getByText("Many included keys at once").click();
    const keys = page.getByLabel("The included keys, one in each line");
    await expect(keys).toHaveValue("</textarea><b>user-1");
    await keys.fill("user-1\nuser-2");
    await page.getByRole("button", { name: "Change the list" }).first().click();
    await expect(page.getByText("The list is changed: 2 new, 1 gone, 2 in it now.")).toBeVisible();
    expect((await audience(page, "plain")).included).toEqual(["user-1", "user-2"]);

    await version(page, 1).locator("summary").first().click();
    await version(page, 1).getByRole("button", { name: "Roll back to version 1" }).click();
    await expect(page.getByText("Version 3 in dev says what version 1 said.")).toBeVisible();

    await page.getByRole("textbox", { name: "Name", exact: true }).fill("Plainer");
    await page.getByRole("button", { name: "Save changes" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Plainer" })).toBeVisible();
    await page.getByRole("textbox", { name: "Key", exact: true }).fill("plain");
    await page.getByRole("button", { name: "Delete segment" }).click();
    await expect(page.getByText("The segment “plain” is deleted.")).toBeVisible();
  });

  test("a key that is taken is said at its field", async ({ page }) => {
    await signInAs(page, "developer");
    await create(page, "taken");
    await page.goto(`${segments}/new`);
    await page.getByRole("textbox", { name: "Name", exact: true }).fill("Again");
    await page.getByLabel("Key", { exact: true }).fill("taken");
    await page.getByRole("button", { name: "Create the segment" }).click();
    await expect(page.getByRole("alert")).toContainText("A segment has the key “taken” already");
    await expect(page.getByRole("textbox", { name: "Name", exact: true })).toHaveValue("Again");
  });
});
