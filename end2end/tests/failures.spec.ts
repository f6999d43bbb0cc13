import { expect, expectAccessible, expectNoHorizontalOverflow, hydrated, signInAs, test, forgive } from "../support/test.js";

// What people see when something does not work: what happened, and what to do about it.

test("a server that cannot be reached is said so, and may be tried again", async ({ page, problems }) => {
  await signInAs(page, "developer");
  await hydrated(page);
  await page.route("**/_fn/**", (route) => route.abort());
  await page.getByRole("navigation", { name: "Environment" }).getByRole("link", { name: "staging" }).click();
  await expect(page.getByRole("heading", { name: "Togglebit cannot be reached" })).toBeVisible();
  await expect(page.getByText("Applications go on getting their flags.")).toBeVisible();
  await expectAccessible(page);
  await page.unroute("**/_fn/**");
  await page.getByRole("link", { name: "Try again" }).click();
  await expect(page).toHaveURL(/env=staging/);
  await expect(page.getByRole("table")).toBeVisible();
  forgive(problems, "ERR_FAILED");
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`a page that is not there is accessible in ${colorScheme}, and leads back`, async ({ page, problems }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto("/nowhere");
    await expect(page.getByText("404", { exact: true })).toBeVisible();
    await expectAccessible(page);
    await page.setViewportSize({ width: 360, height: 800 });
    await expectNoHorizontalOverflow(page);
    await page.getByRole("link", { name: "Go to your flags" }).click();
    await expect(page).toHaveURL(/\/$/);
    forgive(problems, "status of 404");
  });
}
