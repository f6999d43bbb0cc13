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
import type { Page } from "@playwright/test";

const members = "/o/demo/default/members";

const row = (page: Page, name: string) => page.locator("tr[data-member]").filter({ hasText: name });

test("a role is changed where it stands, and that is undone", async ({ page }) => {
  await signInAs(page, "owner");
  await gotoHydrated(page, members);
  await expectAccessible(page);
  const role = page.getByLabel("Role of Demo member", { exact: true });
  await expect(role).toHaveValue("member");
  await role.selectOption("admin");
  await expect(page.getByText("Demo member is an admin now")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("Demo member is a member now")).toBeVisible();
  await expect(role).toHaveValue("member");
  await gotoHydrated(page, members);
  await expect(role, "it is the server's word").toHaveValue("member");
});

test("a role that is refused goes back to what it was", async ({ page, problems }) => {
  await signInAs(page, "owner");
  await gotoHydrated(page, members);
  await page.route("**/_fn/members/role", (route) => route.abort());
  const role = page.getByLabel("Role of Demo developer", { exact: true });
  await role.selectOption("admin");
  await expect(page.getByText("The server cannot be reached.")).toBeVisible();
  await expect(role).toHaveValue("developer");
  problems.splice(0, problems.length, ...problems.filter((problem) => !problem.includes("Failed to load resource")));
});

test("somebody is invited, again, and no more", async ({ page }) => {
  await signInAs(page, "owner");
  await gotoHydrated(page, members);
  await page.getByLabel("E-mail of whom to invite").fill("grace@example.com");
  await page.getByLabel("Role", { exact: true }).selectOption("developer");
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  await expect(page).toHaveURL(/\/o\/demo\/default\/members#invitations$/);
  await hydrated(page);
  const link = page.getByLabel("The link, to send to whom you invited");
  const first = await link.inputValue();
  expect(first).toContain("/invitation?token=");
  await expect(page.getByText(/Invited (just now|\d+ s ago) by Demo owner/)).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("button", { name: "New link for grace@example.com" }).click();
  await hydrated(page);
  expect(await link.inputValue(), "another link").not.toBe(first);
  await page.getByRole("button", { name: "Revoke the invitation of grace@example.com" }).click();
  await expect(page.getByText("The invitation is taken back.")).toBeVisible();
  await expect(page.getByText("Nobody is invited right now.")).toBeVisible();
});

test("whoever is left alone cannot leave, and the table says who is who", async ({ page }) => {
  await signInAs(page, "owner");
  await gotoHydrated(page, flagsPage("dev"));
  await page.keyboard.press("g");
  await page.keyboard.press("m");
  await expect(page.getByRole("heading", { level: 1, name: "Members" })).toBeVisible();
  const you = row(page, "Demo owner");
  await expect(you.getByText("you", { exact: true })).toBeVisible();
  await expect(you.getByText("The only owner cannot leave.")).toBeVisible();
  await expect(page.getByLabel("Role of Demo owner", { exact: true })).toBeDisabled();
  await expect(you.getByText(/just now|ago/)).toBeVisible();
});

test("members are looked for by a part of their name or address", async ({ page }) => {
  await signInAs(page, "owner");
  await gotoHydrated(page, `${members}?q=nobody-like-this`);
  await expect(page.getByText("No members match")).toBeVisible();
  await expect(page.getByRole("table")).toHaveCount(0);
  await page.getByRole("searchbox", { name: "Name or address" }).fill("DEVELOPER@");
  await expect(page).toHaveURL(/\?q=DEVELOPER%40$/);
  await expect(row(page, "Demo developer")).toBeVisible();
  await expect(row(page, "Demo owner")).toBeHidden();
  await gotoHydrated(page, `${members}?q=nobody-like-this`);
  await page.getByRole("link", { name: "Clear the filter" }).click();
  await expect(row(page, "Demo owner")).toBeVisible();
});

test("a member sees who is there, and may change nothing", async ({ page }) => {
  await signInAs(page, "member");
  await gotoHydrated(page, members);
  await expect(page.getByText(/A member may not manage members/).first()).toBeVisible();
  await expect(page.getByLabel("Role of Demo developer", { exact: true })).toBeDisabled();
  await expect(page.getByRole("button", { name: "Invite", exact: true })).toHaveCount(0);
  await expect(page.getByLabel("Remove Demo developer…")).toHaveCount(0);
  await expectAccessible(page);
  for (const width of [1440, 1024, 390, 360]) {
    await page.setViewportSize({ width, height: 900 });
    await expectNoHorizontalOverflow(page);
  }
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a role is changed and narrowed, and leads back to the page", async ({ page }) => {
    await signInAs(page, "owner");
    await page.goto(members);
    await page.getByLabel("Role of Demo developer", { exact: true }).selectOption("admin");
    await row(page, "Demo developer").getByRole("button", { name: "Change", exact: true }).click();
    await expect(page).toHaveURL(/\/o\/demo\/default\/members#members$/);
    await expect(page.getByText("The role is changed.")).toBeVisible();
    await page.getByLabel("Role of Demo developer", { exact: true }).selectOption("developer");
    await row(page, "Demo developer").getByRole("button", { name: "Change", exact: true }).click();
    await page.getByText("Limit… the role of Demo developer in a project or environment").click();
    await page.getByLabel("Where Demo developer may do less").selectOption("default/staging");
    await page.getByLabel("Role of Demo developer there").selectOption("member");
    await page.getByRole("button", { name: "Limit the role of Demo developer" }).click();
    await expect(page.getByText("at most member in default/staging")).toBeVisible();
    await page.getByRole("button", { name: "Remove limit of Demo developer in default/staging" }).click();
    await expect(page.getByText("The role is what it is elsewhere again.")).toBeVisible();
  });
});
