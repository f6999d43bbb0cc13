// The journey's beginning: somebody comes, names an organization, and invites somebody.

import type { MailServer } from "../mail.mjs";
import { expect, hydrated } from "../test.js";
import type { Walk } from "./walk.js";

/** Comes in through the provider, as one of its people. */
async function through({ page, hand }: Walk, person: string) {
  await hand.press(page.getByRole("button", { name: "Continue with Google" }));
  await hand.press(page.getByRole("link", { name: person, exact: true }));
}

/** From the landing page to an account. */
export async function signUp(walk: Walk) {
  const { page, hand } = walk;
  await page.goto("/");
  await hand.press(page.getByRole("link", { name: "Sign in" }).first());
  await expect(page).toHaveURL(/\/sign-in$/);
  await walk.look("sign in");
  await hand.press(page.getByRole("link", { name: "Create an account" }));
  await expect(page.getByRole("heading", { level: 1, name: "Create an account" })).toBeVisible();
  await walk.look("sign up");
  await through(walk, "ada");
  await expect(page, "who has no organization makes one").toHaveURL(/\/welcome$/);
  await expect(page.getByRole("heading", { name: "Welcome, Ada" })).toBeVisible();
}

/** Names an organization, and ends where its flags will be. */
export async function nameOrganization(walk: Walk) {
  const { page, hand } = walk;
  await walk.look("welcome");
  await hand.fill(page.getByRole("textbox", { name: "Name", exact: true }), "Acme Inc.");
  await hand.press(page.getByRole("button", { name: "Create organization" }));
  await expect(page).toHaveURL(/\/o\/acme-inc\/default\/flags/);
  await hydrated(page);
  await expect(page.getByText("No flags yet")).toBeVisible();
  await walk.look("no flags");
}

/** Invites somebody, who comes by the letter; and sees that they have come. */
export async function invite(ada: Walk, grace: Walk, mail: MailServer) {
  const { page, hand } = ada;
  await hand.go("Members");
  await ada.look("members");
  await hand.fill(page.getByRole("textbox", { name: "E-mail of whom to invite" }), "grace@example.com");
  await hand.choose(page.getByRole("combobox", { name: "Role", exact: true }), "developer");
  await hand.press(page.getByRole("button", { name: "Invite", exact: true }));
  await expect(page.getByText("an e-mail is on its way to grace@example.com")).toBeVisible();
  await hydrated(page);
  await ada.look("somebody is invited");

  const letter = await mail.next("grace@example.com");
  expect(letter.subject).toBe("Ada invites you to “Acme Inc.”");
  await grace.page.goto(letter.links[0]!);
  await expect(grace.page.getByRole("heading", { name: "Join Acme Inc." })).toBeVisible();
  await grace.look("an invitation");
  await grace.hand.press(grace.page.getByRole("link", { name: "Create an account" }));
  await through(grace, "grace");
  await expect(grace.page).toHaveURL(/\/o\/acme-inc\/default\/flags/);
  await hydrated(grace.page);
  await expect(grace.page.getByText("No flags yet")).toBeVisible();

  // The page that is open follows by itself.
  await expect(page.getByRole("combobox", { name: "Role of Grace", exact: true })).toHaveValue("developer");
  await expect(page.getByText("Nobody is invited right now.")).toBeVisible();
}
