import {
  expect,
  expectAccessible,
  expectNoHorizontalOverflow,
  flagsPage,
  forgive,
  gotoHydrated,
  hydrated,
  signInAs,
  test,
} from "../support/test.js";

const settings = "/o/demo/default/settings";

test("a project is made, renamed and deleted", async ({ page }) => {
  await signInAs(page, "owner");
  await gotoHydrated(page, settings);
  await expectAccessible(page);
  await page.getByLabel("Name of the new project").fill("Mobile app");
  await page.getByLabel("Environments", { exact: true }).selectOption("default");
  await page.getByRole("button", { name: "Create project" }).click();
  await expect(page).toHaveURL(/\/o\/demo\/mobile-app\/settings$/);
  await expect(page.getByText("The project `mobile-app` is made, and this is it.")).toBeVisible();
  await hydrated(page);

  await page.getByLabel("Name of the project", { exact: true }).fill("Phones");
  await page.getByRole("button", { name: "Save the project's name" }).click();
  await expect(page.getByText("The project's name is changed.")).toBeVisible();
  await expect(page.getByRole("complementary").getByText("Phones", { exact: true }).first()).toBeVisible();

  await page.getByLabel("Key of the project", { exact: true }).fill("phones");
  await page.getByRole("button", { name: "Delete project" }).click();
  await expect(page.getByText("type `mobile-app`")).toBeVisible();
  await page.getByLabel("Key of the project", { exact: true }).fill("mobile-app");
  await page.getByRole("button", { name: "Delete project" }).click();
  await expect(page).toHaveURL(/\/o\/demo\/settings$/);
  await expect(page.getByText("The project `mobile-app` is deleted.")).toBeVisible();
  expect((await page.request.get("/o/demo/mobile-app/settings")).status()).toBe(404);
});

test("a project goes out as a document and comes in again", async ({ page, server, problems }) => {
  await signInAs(page, "owner");
  await gotoHydrated(page, settings);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Project as JSON" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("default.json");
  const document = await (await page.request.get("/o/demo/default/export?format=json")).json();
  expect(document.flags["checkout-v2"].name).toBeTruthy();
  expect(await (await page.request.get("/o/demo/default/export")).text()).toContain("format: 1");

  const before = await server.evaluate("checkout-v2");
  await page.getByLabel("Document", { exact: true }).fill(JSON.stringify(document));
  await page.getByRole("button", { name: "Show what would change" }).click();
  await expect(page.getByText("Nothing is changed yet.")).toBeVisible();
  await expect(page.getByText(/^\d+ unchanged$/)).toBeVisible();

  // A file says that a flag is called otherwise, and brings a new one.
  document.flags["brought-in"] = { ...document.flags["checkout-v2"], name: "Brought in", environments: {} };
  document.flags["checkout-v2"].name = "Checkout, renamed";
  await page.locator("#import input[type=file]").setInputFiles({
    name: "project.json",
    mimeType: "application/json",
    buffer: Buffer.from(JSON.stringify(document)),
  });
  await expect(page.getByLabel("Document", { exact: true })).toHaveValue(/brought-in/);
  await page.getByLabel("Why, for the audit log").fill("a test");
  await page.getByRole("button", { name: "Show what would change" }).click();
  await expect(page.getByText(/1 created, 1 changed/).first()).toBeVisible();
  await page.getByText("Flag brought-in").click();
  await expectAccessible(page);
  const flag = async (key: string) =>
    (await page.request.get(`/api/v1/manage/flags/${key}`, { headers: { "X-Org-Id": "demo" } })).status();
  expect(await flag("brought-in"), "nothing is changed yet").toBe(404);

  await page.getByRole("button", { name: "Import", exact: true }).click();
  await expect(page.getByText("It is imported:")).toBeVisible();
  await expect(page.getByText("Imported: 1 created, 1 changed", { exact: false }).first()).toBeVisible();
  expect(await flag("brought-in")).toBe(200);
  expect((await server.evaluate("checkout-v2")).value, "it serves what it served").toEqual(before.value);

  await page.getByLabel("Document", { exact: true }).fill("format: 7");
  await page.getByRole("button", { name: "Show what would change" }).click();
  await expect(page.getByText("Nothing is imported.")).toBeVisible();
  forgive(problems, "status of 400");
});

test("flags come from LaunchDarkly's format", async ({ page }) => {
  await signInAs(page, "owner");
  await gotoHydrated(page, settings);
  const flags = { "from-elsewhere": { value: true, variation: 0, version: 7 } };
  await page.getByLabel("Flags by their keys").fill("{");
  await page.getByRole("button", { name: "Show what would become of them" }).click();
  await expect(page.getByText(/The file is no JSON/)).toBeVisible();
  await page.getByLabel("Flags by their keys").fill(JSON.stringify(flags));
  await page.getByLabel("Environment", { exact: true }).selectOption("dev");
  await page.getByRole("button", { name: "Show what would become of them" }).click();
  await expect(page.getByText("1 created")).toBeVisible();
  await page.getByRole("button", { name: "Import flags" }).click();
  await expect(page.getByText("Imported: 1 created", { exact: true })).toBeVisible();
  const flag = await page.request.get("/api/v1/manage/flags/from-elsewhere", { headers: { "X-Org-Id": "demo" } });
  expect(flag.status()).toBe(200);
});

test("templates are renamed and deleted", async ({ page }) => {
  await signInAs(page, "owner");
  const made = await page.request.post("/api/v1/manage/templates", {
    headers: { "X-Org-Id": "demo", "X-Project": "default" },
    data: { key: "kill-switch", name: "Kill switch", from_flag: "checkout-v2", environment: "dev" },
  });
  expect(made.status()).toBe(201);
  await gotoHydrated(page, settings);
  const template = page.locator('[data-template="kill-switch"]');
  await template.getByText("Rename kill-switch").click();
  await expectAccessible(page);
  await template.getByLabel("Name of the template").fill("Emergency brake");
  await template.getByRole("button", { name: "Save the template" }).click();
  await expect(page.getByText("The template `kill-switch` is changed.")).toBeVisible();
  await expect(template).toContainText("Emergency brake");
  await template.getByText("Delete kill-switch").click();
  await template.getByLabel("Key of the template, to confirm").fill("kill-switch");
  await template.getByRole("button", { name: "Delete the template" }).click();
  await expect(page.getByText("The template `kill-switch` is deleted. Its flags stay.")).toBeVisible();
  await expect(template).toHaveCount(0);
});

test("an organization is renamed, and its page stands by itself", async ({ page }) => {
  await signInAs(page, "owner");
  await gotoHydrated(page, settings);
  await page.getByLabel("Name of the organization").fill("Demo, renamed");
  await page.getByRole("button", { name: "Save the organization's name" }).click();
  await expect(page).toHaveURL(/\/o\/demo\/default\/settings#organization$/);
  await expect(page.getByText("The name is changed.")).toBeVisible();
  await gotoHydrated(page, "/o/demo/settings");
  await expect(page.getByRole("heading", { level: 1, name: "Demo, renamed" })).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel("Slug", { exact: true }).fill("wrong");
  await page.getByRole("button", { name: "Delete organization" }).click();
  await expect(page.getByText("type `demo`")).toBeVisible();
  for (const width of [1440, 1024, 390, 360]) {
    await page.setViewportSize({ width, height: 900 });
    await expectNoHorizontalOverflow(page);
  }
});

test("a member sees settings, and may change nothing", async ({ page }) => {
  await signInAs(page, "member");
  await gotoHydrated(page, flagsPage("dev"));
  await page.keyboard.press("g");
  await page.keyboard.press("t");
  await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
  await expect(page.getByText(/A member may not manage projects/).first()).toBeVisible();
  for (const name of ["Save the project's name", "Import", "Import flags", "Create project", "Save the organization's name", "Delete organization"]) {
    await expect(page.getByRole("button", { name, exact: true })).toBeDisabled();
  }
  await expect(page.getByRole("link", { name: "Project as YAML" }), "everybody may take it along").toBeVisible();
  await expectAccessible(page);
  for (const width of [1440, 1024, 390, 360]) {
    await page.setViewportSize({ width, height: 900 });
    await expectNoHorizontalOverflow(page);
  }
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a document is pasted, looked at and imported", async ({ page }) => {
    await signInAs(page, "owner");
    await page.goto(settings);
    await page.getByLabel("Document", { exact: true }).fill("format: 1\nproject: {name: Plain}\n");
    await page.getByRole("button", { name: "Show what would change" }).click();
    await expect(page.getByText("Nothing is changed yet. It would be: 1 changed.")).toBeVisible();
    await page.getByLabel("Document", { exact: true }).fill("format: 1\nproject: {name: Plain}\n");
    await page.getByRole("button", { name: "Import", exact: true }).click();
    await expect(page.getByText("The document is imported: 1 changed.")).toBeVisible();
    await expect(page.getByLabel("Name of the project", { exact: true })).toHaveValue("Plain");
  });
});
