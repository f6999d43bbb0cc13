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
const transfer = `${settings}?tab=transfer`;
const organization = `${settings}?tab=organization`;

test("each part has an address, and a link that leads there", async ({ page }) => {
  await signInAs(page, "owner");
  await gotoHydrated(page, `${settings}?env=dev`);
  const tabs = page.getByRole("navigation", { name: "Settings", exact: true });
  const parts = [
    ["Import and export", "Export", /\/settings\?env=dev&tab=transfer$/],
    ["Organization", "New project", /\/settings\?env=dev&tab=organization$/],
    ["Templates", "New template", /\/templates\?env=dev$/],
    ["General", "What is in it", /\/settings\?env=dev$/],
  ] as const;
  for (const [name, heading, url] of parts) {
    await tabs.getByRole("link", { name, exact: true }).click();
    await expect(page).toHaveURL(url);
    await expect(page.getByRole("heading", { level: 2, name: heading, exact: true })).toBeVisible();
    await expect(tabs.getByRole("link", { name, exact: true })).toHaveAttribute("aria-current", "page");
    await expect(page.getByRole("navigation", { name: "Project" }).locator("[aria-current=page]")).toHaveText("Settings");
    await expect(page.getByRole("navigation", { name: "Breadcrumb" }).locator("[aria-current=page]")).toHaveText("Settings");
  }
  await page.goBack();
  await expect(page.getByRole("heading", { level: 2, name: "New template" })).toBeVisible();
});

test("what a form had to say is said on its part alone", async ({ page }) => {
  await signInAs(page, "owner");
  await gotoHydrated(page, `${organization}#new-project`);
  await page.getByLabel("Name of the new project").fill("Twice");
  await page.getByLabel("Key of the new project").fill("default");
  await page.getByRole("button", { name: "Create project" }).click();
  await expect(page).toHaveURL(/\/settings\?tab=organization#new-project$/);
  const refusal = page.getByRole("alert").filter({ hasText: "“default” already" });
  await expect(refusal).toBeVisible();
  await expect(page.getByLabel("Name of the new project")).toHaveValue("Twice");
  await hydrated(page);
  await page.getByRole("link", { name: "General", exact: true }).click();
  await expect(page.getByLabel("Name of the project", { exact: true })).toBeVisible();
  await expect(refusal).toHaveCount(0);
});

test("the numbers follow what is made elsewhere", async ({ page }) => {
  await signInAs(page, "owner");
  await gotoHydrated(page, settings);
  const flags = page.locator("#contents").locator("dl > div").filter({ hasText: "Flags" }).locator("dd > span").first();
  const before = Number(await flags.textContent());
  expect(before).toBeGreaterThan(0);
  const headers = { "X-Org-Id": "demo", "X-Project": "default" };
  const made = await page.request.post("/api/v1/manage/flags", { headers, data: { name: "Counted", key: "counted" } });
  expect(made.status()).toBe(201);
  await expect(flags).toHaveText(String(before + 1));
});

test("a project is made, renamed and deleted", async ({ page }) => {
  await signInAs(page, "owner");
  await gotoHydrated(page, organization);
  await expectAccessible(page);
  await page.getByLabel("Name of the new project").fill("Mobile app");
  await page.getByLabel("Environments", { exact: true }).selectOption("default");
  await page.getByRole("button", { name: "Create project" }).click();
  await expect(page).toHaveURL(/\/o\/demo\/mobile-app\/settings$/);
  await expect(page.getByText("The project “mobile-app” is made, and this is it.")).toBeVisible();
  await hydrated(page);

  await page.getByLabel("Name of the project", { exact: true }).fill("Phones");
  await page.getByRole("button", { name: "Save the project's name" }).click();
  await expect(page.getByText("The project's name is changed.")).toBeVisible();
  await expect(page.getByRole("complementary").getByText("Phones", { exact: true }).first()).toBeVisible();

  await page.getByLabel("Key of the project", { exact: true }).fill("phones");
  await page.getByRole("button", { name: "Delete project" }).click();
  await expect(page.getByText("type “mobile-app”")).toBeVisible();
  await page.getByLabel("Key of the project", { exact: true }).fill("mobile-app");
  await page.getByRole("button", { name: "Delete project" }).click();
  await expect(page).toHaveURL(/\/o\/demo\/settings$/);
  await expect(page.getByText("The project “mobile-app” is deleted.")).toBeVisible();
  expect((await page.request.get("/o/demo/mobile-app/settings")).status()).toBe(404);
});

test("a project goes out as a document and comes in again", async ({ page, server, problems }) => {
  await signInAs(page, "owner");
  await gotoHydrated(page, transfer);
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
  await page.locator("#import").getByLabel("Why?", { exact: true }).fill("a test");
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

  await page.getByLabel("Document", { exact: true }).fill("project: {name: Other}");
  await page.getByRole("button", { name: "Show what would change" }).click();
  await expect(page.getByText("“format” is missing")).toBeVisible();
  await page.getByLabel("Document", { exact: true }).fill("format: 7");
  await page.getByRole("button", { name: "Show what would change" }).click();
  await expect(page.getByText("Nothing is imported.")).toBeVisible();
  forgive(problems, "status of 400");
});

test("flags come from LaunchDarkly's format", async ({ page }) => {
  await signInAs(page, "owner");
  await gotoHydrated(page, transfer);
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

test("an organization is renamed, and its page stands by itself", async ({ page }) => {
  await signInAs(page, "owner");
  await gotoHydrated(page, organization);
  await page.getByLabel("Name of the organization").fill("Demo, renamed");
  await page.getByRole("button", { name: "Save the organization's name" }).click();
  await expect(page).toHaveURL(/\/o\/demo\/default\/settings\?tab=organization#organization$/);
  await expect(page.getByText("The name is changed.")).toBeVisible();
  await gotoHydrated(page, "/o/demo/settings");
  await expect(page.getByRole("heading", { level: 1, name: "Demo, renamed" })).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel("Slug", { exact: true }).fill("wrong");
  await page.getByRole("button", { name: "Delete organization" }).click();
  await expect(page.getByText("type “demo”")).toBeVisible();
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
  const parts = {
    General: ["Save the project's name"],
    "Import and export": ["Import", "Import flags"],
    Organization: ["Create project", "Save the organization's name", "Delete organization"],
  };
  for (const [part, buttons] of Object.entries(parts)) {
    await page.getByRole("link", { name: part, exact: true }).click();
    for (const name of buttons) await expect(page.getByRole("button", { name, exact: true })).toBeDisabled();
    if (part === "Import and export") {
      await expect(page.getByRole("link", { name: "Project as YAML" }), "everybody may take it along").toBeVisible();
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    await expectAccessible(page);
    for (const width of [1440, 1024, 390, 360]) {
      await page.setViewportSize({ width, height: 900 });
      await expectNoHorizontalOverflow(page);
    }
  }
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a document is pasted, looked at and imported", async ({ page }) => {
    await signInAs(page, "owner");
    await page.goto(settings);
    await page.getByRole("link", { name: "Import and export" }).click();
    const document = page.getByLabel("Document", { exact: true });
    // Too long for a cookie, and with what would end its field.
    const text = `format: 1\nproject: {name: Plain} # </textarea><b> ${"x".repeat(5000)}\n`;
    await document.fill(text);
    await page.getByRole("button", { name: "Show what would change" }).click();
    await expect(page.getByText("Nothing is changed yet. It would be: 1 changed.")).toBeVisible();
    await expect(document, "what was pasted is still there").toHaveValue(text);
    await page.getByRole("button", { name: "Import", exact: true }).click();
    await expect(page.getByText("It is imported: 1 changed.")).toBeVisible();
    await page.getByRole("link", { name: "General", exact: true }).click();
    await expect(page.getByLabel("Name of the project", { exact: true })).toHaveValue("Plain");
  });

  test("a document that cannot be read comes back", async ({ page }) => {
    await signInAs(page, "owner");
    await page.goto(transfer);
    await page.getByLabel("Flags by their keys").fill("{");
    await page.getByRole("button", { name: "Import flags" }).click();
    await expect(page).toHaveURL(/\/settings\?tab=transfer#launchdarkly$/);
    await expect(page.getByRole("alert")).toBeVisible();
    await expect(page.getByLabel("Flags by their keys")).toHaveValue("{");
    await expect(page.getByLabel("Document", { exact: true })).toHaveValue("");
  });
});
