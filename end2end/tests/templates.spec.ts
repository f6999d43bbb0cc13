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
  await page.getByRole("combobox", { name: "As it is in" }).selectOption("prod");
  await page.getByRole("button", { name: "Create template" }).click();
  await expect(page.getByRole("status").getByText("The template `upload-limits` is made.")).toBeVisible();

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
  await expect(page.getByText(/A member may not manage templates/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Create template" })).toBeDisabled();
  await expectNoHorizontalOverflow(page);
});
