import { expect, expectAccessible, expectNoHorizontalOverflow, gotoHydrated, signInAs, test } from "../support/test.js";

// Templates: made of a flag, and used for new ones.

const templates = "/o/demo/default/templates";

test("a template is made of a flag", async ({ page }) => {
  await signInAs(page, "developer");
  await gotoHydrated(page, templates);
  await expect(page.getByText("No templates yet")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("textbox", { name: "Name" }).fill("Upload limits");
  await page.getByRole("combobox", { name: "Flag" }).fill("no-such-flag");
  await page.getByRole("button", { name: "Create template" }).click();
  await expect(page.getByRole("combobox", { name: "Flag" })).toHaveAccessibleDescription(/no-such-flag/);
  await expect(page.getByRole("textbox", { name: "Name" })).toHaveValue("Upload limits");
  await page.getByRole("combobox", { name: "Flag" }).fill("upload-limits");
  await page.getByRole("combobox", { name: "From environment" }).selectOption("prod");
  await page.getByRole("button", { name: "Create template" }).click();
  await expect(page.getByRole("status").getByText("The template “upload-limits” is made.")).toBeVisible();

  await expect(page.getByRole("link", { name: "New flag from Upload limits" })).toHaveAttribute(
    "href",
    "/o/demo/default/flags/new?template=upload-limits",
  );
  await page.getByText("Values of Upload limits").click();
  await expect(page.getByRole("rowheader", { name: "medium" })).toBeVisible();
  await expectAccessible(page);
});

test("a member sees them, and why they cannot be changed", async ({ page }) => {
  await signInAs(page, "member");
  await page.setViewportSize({ width: 360, height: 740 });
  await gotoHydrated(page, templates);
  await expect(page.getByText(/A member may not manage templates/).first()).toBeVisible();
  await expect(page.getByRole("link", { name: "New template" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Create template" })).toHaveCount(0);
  await expectNoHorizontalOverflow(page);
});

test("templates are renamed and deleted", async ({ page }) => {
  await signInAs(page, "owner");
  const made = await page.request.post("/api/v1/manage/templates", {
    headers: { "X-Org-Id": "demo", "X-Project": "default" },
    data: { key: "kill-switch", name: "Kill switch", from_flag: "checkout-v2", environment: "dev" },
  });
  expect(made.status()).toBe(201);
  await gotoHydrated(page, templates);
  const template = page.locator('[data-template="kill-switch"]');
  await template.getByText("Edit kill-switch").click();
  await expectAccessible(page);
  await template.getByLabel("Name of the template").fill("Emergency brake");
  await template.getByLabel("Description").fill("For the worst day.");
  await template.getByRole("button", { name: "Save the template" }).click();
  await expect(page.getByText("The template “kill-switch” is changed.")).toBeVisible();
  await expect(template).toContainText("Emergency brake");
  await expect(template).toContainText("For the worst day.");
  await template.getByText("Delete kill-switch").click();
  await template.getByLabel("Key of the template").fill("kill");
  await template.getByRole("button", { name: "Delete the template" }).click();
  await expect(template.getByText("type “kill-switch”")).toBeVisible();
  await expect(template.getByRole("button", { name: "Delete the template" }), "it is open again").toBeVisible();
  await template.getByLabel("Key of the template").fill("kill-switch");
  await template.getByRole("button", { name: "Delete the template" }).click();
  await expect(page.getByText("The template “kill-switch” is deleted. Its flags stay.")).toBeVisible();
  await expect(template).toHaveCount(0);
});

test("all of them are there, a page at a time", async ({ page }) => {
  test.slow();
  await signInAs(page, "owner");
  const headers = { "X-Org-Id": "demo", "X-Project": "crowded" };
  const project = await page.request.post("/api/v1/manage/projects", { headers: { "X-Org-Id": "demo" }, data: { name: "Crowded", key: "crowded" } });
  expect(project.status()).toBe(201);
  const flag = await page.request.post("/api/v1/manage/flags", { headers, data: { name: "Model", key: "model" } });
  expect(flag.status()).toBe(201);
  const key = (number: number) => `made-${String(number).padStart(3, "0")}`;
  for (let number = 1; number <= 101; number++) {
    const data = { key: key(number), name: `Template ${number}`, from_flag: "model", environment: "dev" };
    const made = await page.request.post("/api/v1/manage/templates", { headers, data });
    expect(made.status(), await made.text()).toBe(201);
  }
  await gotoHydrated(page, "/o/demo/crowded/templates");
  await expect(page.getByText("100 of 101 templates")).toBeVisible();
  await expect(page.locator("[data-template]")).toHaveCount(100);
  await page.getByRole("link", { name: "Next page" }).click();
  const last = page.locator(`[data-template="${key(101)}"]`);
  await expect(last).toBeVisible();
  await expect(page.locator("[data-template]")).toHaveCount(1);

  // What is changed there leads back there.
  await last.getByText(`Edit ${key(101)}`).click();
  await last.getByLabel("Name of the template").fill("The last one");
  await last.getByRole("button", { name: "Save the template" }).click();
  await expect(page.getByRole("status").getByText(`The template “${key(101)}” is changed.`)).toBeVisible();
  await expect(last).toContainText("The last one");
  await last.getByRole("link", { name: "New flag from The last one" }).click();
  await expect(page.getByRole("radio", { name: /^The last one/ })).toBeChecked();
});
