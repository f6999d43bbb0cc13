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

const settings = (key: string) => `/o/demo/default/flags/${key}/settings`;

/** A part of the page, by its heading. */
const part = (page: Page, title: string) =>
  page.locator("section").filter({ has: page.getByRole("heading", { level: 2, name: title, exact: true }) });

/** A flag of the test's own. */
async function create(page: Page, key: string, data: object = {}) {
  const headers = { origin: new URL(page.url()).origin };
  const answer = await page.request.post("/api/v1/manage/flags", { headers, data: { name: `Flag ${key}`, key, ...data } });
  expect(answer.status(), await answer.text()).toBe(201);
}

async function flag(page: Page, key: string) {
  const answer = await page.request.get(`/api/v1/manage/flags/${key}`);
  expect(answer.status()).toBe(200);
  return (await answer.json()) as Record<string, unknown>;
}

test("what a flag is is changed", async ({ page }) => {
  await signInAs(page, "developer");
  await create(page, "describe-me");
  await gotoHydrated(page, settings("describe-me"));
  await expectAccessible(page);
  const about = part(page, "About it");
  await about.getByLabel("Name", { exact: true }).fill("Described </textarea>");
  await about.getByLabel("Description").fill("First line\nsecond </textarea><b>line</b>");
  await about.getByRole("textbox", { name: "Tags of the flag" }).fill("fast, loud");
  await about.getByRole("textbox", { name: "Tags of the flag" }).press("Enter");
  await about.getByLabel("Owner").selectOption({ index: 1 });
  await about.getByRole("checkbox", { name: /It is temporary/ }).check();
  await about.getByLabel("To be gone by").fill("2099-01-31");
  await about.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("The flag is changed.")).toBeVisible();
  await hydrated(page);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Described </textarea>");
  await expect(about.getByLabel("Description")).toHaveValue("First line\nsecond </textarea><b>line</b>");
  await expect(page.getByRole("list", { name: "Tags" }).getByRole("listitem")).toHaveText(["fast", "loud"]);
  expect(await flag(page, "describe-me")).toMatchObject({
    name: "Described </textarea>",
    description: "First line\nsecond </textarea><b>line</b>",
    tags: ["fast", "loud"],
    temporary: true,
  });
});

test("who is too late is told so, and nothing that was typed is lost", async ({ page }) => {
  await signInAs(page, "developer");
  await create(page, "contested");
  await gotoHydrated(page, settings("contested"));
  const headers = { origin: new URL(page.url()).origin };
  await page.request.patch("/api/v1/manage/flags/contested", { headers, data: { name: "Theirs" } });
  const about = part(page, "About it");
  await about.getByLabel("Name", { exact: true }).fill("Mine");
  await about.getByRole("button", { name: "Save changes" }).click();
  await expect(about.getByRole("alert")).toContainText("changed in the meantime");
  await expect(about.getByText("Name: Theirs")).toBeVisible();
  await expect(about.getByLabel("Name", { exact: true })).toHaveValue("Mine");
  expect(await flag(page, "contested")).toMatchObject({ name: "Theirs" });
  await about.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("The flag is changed.")).toBeVisible();
  expect(await flag(page, "contested")).toMatchObject({ name: "Mine" });
});

test("values are added, and those in use are not removed", async ({ page }) => {
  await signInAs(page, "owner");
  await create(page, "coloured", {
    kind: "advanced",
    value_type: "string",
    variations: [
      { key: "red", value: "#f00" },
      { key: "blue", value: "#00f" },
    ],
  });
  await gotoHydrated(page, settings("coloured"));
  const values = part(page, "Values");
  await expect(values.getByText("used in dev, staging, prod").first()).toBeVisible();
  await expect(values.getByRole("textbox", { name: "Key of value 3" }), "new ones are behind a click").toBeHidden();
  await values.getByText("Add values").click();
  await values.getByRole("textbox", { name: "Key of value 3" }).fill("green");
  await values.getByRole("textbox", { name: "Value 3", exact: true }).fill("#0f0");
  await values.getByRole("textbox", { name: /Why\?/ }).fill("a third one");
  await values.getByRole("button", { name: "Save the values" }).click();
  await expect(page.getByText("The values are changed in every environment.")).toBeVisible();
  await expect(values.getByText("used nowhere")).toBeVisible();

  await values.getByRole("textbox", { name: "Key of value 1" }).fill("");
  await values.getByRole("textbox", { name: /Why\?/ }).fill("no red");
  await values.getByRole("button", { name: "Save the values" }).click();
  await expect(values.getByRole("alert")).toContainText("is used in");
  await expect(values.getByRole("textbox", { name: "Key of value 1" })).toHaveValue("");
  expect((await flag(page, "coloured")).variations).toHaveLength(3);
});

test("a boolean flag has two values, and only who may see it is changed", async ({ page }) => {
  await signInAs(page, "owner");
  await create(page, "plainly-boolean");
  await gotoHydrated(page, settings("plainly-boolean"));
  const values = part(page, "Values");
  await expect(values.getByRole("list", { name: "Keys and values" }).getByRole("listitem")).toHaveText([/on\s*true/, /off\s*false/]);
  await expect(values.getByRole("textbox"), "the reason alone is typed").toHaveCount(1);
  const before = await flag(page, "plainly-boolean");
  await values.getByRole("checkbox", { name: /Browsers may see it/ }).check();
  await values.getByRole("textbox", { name: /Why\?/ }).fill("for the shop");
  await values.getByRole("button", { name: "Save visibility" }).click();
  await expect(page.getByText("Who may see it is changed in every environment.")).toBeVisible();
  expect(await flag(page, "plainly-boolean")).toMatchObject({ variations: before.variations, client_side: true });
});

test("a tag with a comma stays whole", async ({ page }) => {
  await signInAs(page, "developer");
  await create(page, "with-commas", { tags: ["fast, and loud", "plain"] });
  await gotoHydrated(page, settings("with-commas"));
  const about = part(page, "About it");
  await about.getByLabel("Description").fill("Nothing else");
  await about.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("The flag is changed.")).toBeVisible();
  expect(await flag(page, "with-commas")).toMatchObject({ tags: ["fast, and loud", "plain"], description: "Nothing else" });
});

test("a flag is duplicated", async ({ page }) => {
  await signInAs(page, "developer");
  await gotoHydrated(page, settings("checkout-v2"));
  const copy = part(page, "Duplicate");
  await copy.getByLabel("Key of the copy").fill("checkout-v2");
  await copy.getByRole("button", { name: "Duplicate" }).click();
  await expect(copy.getByRole("alert").or(copy.locator("[aria-invalid=true]")).first()).toBeVisible();
  await copy.getByLabel("Key of the copy").fill("checkout-v3");
  await copy.getByRole("button", { name: "Duplicate" }).click();
  await expect(page).toHaveURL(/\/flags\/checkout-v3$/);
  await expect(page.getByText("checkout-v3 is made: this is the copy.")).toBeVisible();
});

test("a flag is archived, restored and deleted", async ({ page }) => {
  await signInAs(page, "owner");
  await create(page, "fading");
  await gotoHydrated(page, `/o/demo/default/flags/fading`);
  await page.getByLabel("More about this flag").click();
  await page.getByRole("link", { name: "Archive…" }).click();
  await expect(page).toHaveURL(/\/settings#archive$/);
  await expect(page.getByRole("button", { name: "Delete the flag" })).toBeDisabled();
  const archive = part(page, "Archive");
  await archive.getByLabel(/Why\?/).fill("its work is done");
  await archive.getByRole("button", { name: "Archive the flag" }).click();
  await expect(page.getByText("fading is archived: no environment serves it any more.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Save changes" })).toBeDisabled();
  await hydrated(page);
  await expectAccessible(page);

  await part(page, "Restore").getByLabel(/Why\?/).fill("not yet");
  await page.getByRole("button", { name: "Restore the flag" }).click();
  await expect(page.getByText("fading is restored")).toBeVisible();

  await part(page, "Archive").getByLabel(/Why\?/).fill("now really");
  await page.getByRole("button", { name: "Archive the flag" }).click();
  await part(page, "Delete").getByLabel("Its key").fill("fade");
  await page.getByRole("button", { name: "Delete the flag" }).click();
  await expect(part(page, "Delete").getByText("type the key: fading")).toBeVisible();
  await part(page, "Delete").getByLabel("Its key").fill("fading");
  await page.getByRole("button", { name: "Delete the flag" }).click();
  await expect(page).toHaveURL(/\/flags$/);
  await expect(page.getByText("The flag fading is deleted.")).toBeVisible();
  expect((await page.request.get("/o/demo/default/flags/fading")).status()).toBe(404);
});

test("what others need is not archived", async ({ page }) => {
  await signInAs(page, "owner");
  await create(page, "base");
  await create(page, "leaning");
  const headers = { origin: new URL(page.url()).origin };
  const answer = await page.request.patch("/api/v1/manage/flags/leaning/environments/dev", {
    headers,
    data: { prerequisites: [{ flag: "base", variations: ["on"] }] },
  });
  expect(answer.status(), await answer.text()).toBe(200);
  await gotoHydrated(page, settings("base"));
  await expect(part(page, "Archive").getByRole("link", { name: "leaning" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Archive the flag" })).toBeDisabled();
});

test("a member sees what they may not change, and why", async ({ page }) => {
  await signInAs(page, "member");
  await gotoHydrated(page, settings("checkout-v2"));
  await expect(part(page, "About it").getByText(/A member may not edit flags/)).toBeVisible();
  await expect(part(page, "About it").getByLabel("Name", { exact: true })).toBeDisabled();
  await expect(page.getByRole("button", { name: "Save visibility" })).toBeDisabled();
  await expect(page.getByRole("button", { name: "Duplicate", exact: true })).toBeDisabled();
  await expect(page.getByRole("button", { name: "Archive the flag" })).toBeDisabled();
  await expectAccessible(page);
});

test.describe("on a narrow phone", () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true });

  test("nothing overflows", async ({ page }) => {
    await signInAs(page, "developer");
    await gotoHydrated(page, settings("checkout-v2"));
    await expectNoHorizontalOverflow(page);
    await expectAccessible(page);
  });
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a flag is described and archived", async ({ page }) => {
    await signInAs(page, "owner");
    await create(page, "plain-settings", { description: "stays <b>" });
    await page.goto(settings("plain-settings"));
    const about = part(page, "About it");
    await expect(about.getByLabel("Description")).toHaveValue("stays <b>");
    await about.getByLabel("Name", { exact: true }).fill("Plainly");
    await about.getByLabel("Tags", { exact: true }).fill("one\ntwo, and a half");
    await about.getByRole("button", { name: "Save changes" }).click();
    await expect(page.getByText("The flag is changed.")).toBeVisible();
    expect(await flag(page, "plain-settings")).toMatchObject({ name: "Plainly", description: "stays <b>", tags: ["one", "two, and a half"] });
    await part(page, "Archive").getByLabel(/Why\?/).fill("done");
    await page.getByRole("button", { name: "Archive the flag" }).click();
    await expect(page.getByText("plain-settings is archived")).toBeVisible();
  });
});
