import { MailServer } from "../support/mail.mjs";
import { expect, expectAccessible, gotoHydrated, hydrated, test as base, watchForProblems } from "../support/test.js";
import type { Togglebit } from "../support/server.mjs";

// What goes by letters: proving an address, choosing another password, being invited.

const test = base.extend<{ mail: MailServer; instance: Togglebit }>({
  mail: async ({}, use) => {
    const mail = await MailServer.start();
    await use(mail);
    await mail.stop();
  },
  instance: async ({ mail, startServer }, use) => {
    const env = { TOGGLEBIT_SMTP: mail.url, TOGGLEBIT_MAIL_FROM: "Togglebit <togglebit@example.com>" };
    await use(await startServer({ env }));
  },
});

const password = "violet teapot harbour 9";
const another = "eleven crooked lanterns hum";

test("people prove their address, lose their password and invite others by letter", async ({
  browser,
  instance,
  mail,
  problems,
}) => {
  const context = await browser.newContext({ baseURL: instance.baseURL, reducedMotion: "reduce" });
  watchForProblems(context, problems);
  const page = await context.newPage();

  await page.goto("/sign-up");
  await page.getByLabel("Name").fill("Carol");
  await page.getByLabel("E-mail").fill("carol@example.com");
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page).toHaveURL(/\/welcome$/);
  await gotoHydrated(page, "/account");
  await expect(page.getByText("carol@example.com, not verified")).toBeVisible();
  await expectAccessible(page);
  const first = await mail.next("carol@example.com");
  expect(first.subject).toBe("Confirm your address for Togglebit");
  await page.getByRole("button", { name: "Send an e-mail to carol@example.com" }).click();
  await expect(page.getByText("The e-mail is sent.")).toBeVisible();
  const letter = await mail.next("carol@example.com");
  expect(letter.links[0]).toContain(`${instance.baseURL}/verify-email?token=`);
  const stranger = await (await browser.newContext({ baseURL: instance.baseURL })).newPage();
  await stranger.goto(letter.links[0]!);
  await expect(stranger.getByRole("link", { name: "Sign in to confirm" })).toHaveAttribute("href", /^\/sign-in\?next=%2Fverify/);
  await stranger.context().close();
  await page.goto(letter.links[0]!);
  await expect(page.getByText("You are signed in as carol@example.com.")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Confirm this address" }).click();
  await expect(page.getByText("Your address is confirmed.")).toBeVisible();
  await expect(page.getByText("carol@example.com, verified")).toBeVisible();
  await page.goto(first.links[0]!);
  await page.getByRole("button", { name: "Confirm this address" }).click();
  await expect(page.getByText("This link is not valid, or not any more").or(page.getByText("this link is not valid"))).toBeVisible();

  await gotoHydrated(page, "/account");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("link", { name: "Lost your password?" }).click();
  await expect(page.getByRole("heading", { name: "Lost your password?" })).toBeVisible();
  await expectAccessible(page);
  for (const email of ["nobody@example.com", "carol@example.com"]) {
    await page.getByLabel("E-mail").fill(email);
    await page.getByRole("button", { name: "Send a link" }).click();
    await expect(page.getByText("If there is an account with this address")).toBeVisible();
    await page.reload();
  }
  const reset = await mail.next("carol@example.com");
  await page.goto(reset.links[0]!);
  await page.getByLabel("New password").fill(another);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Your password is changed.")).toBeVisible();
  await page.getByLabel("E-mail").fill("carol@example.com");
  await page.getByLabel("Password").fill(another);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page).toHaveURL(/\/welcome$/);

  await page.getByLabel("Name", { exact: true }).fill("Acme");
  await page.getByRole("button", { name: "Create organization" }).click();
  await gotoHydrated(page, "/o/acme/settings?tab=members");
  await page.getByLabel("E-mail of whom to invite").fill("dave@example.com");
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  await hydrated(page);
  await expect(page.getByText("an e-mail is on its way to dave@example.com")).toBeVisible();
  const copied = await page.getByLabel("The link, to send to whom you invited").inputValue();
  const invitation = await mail.next("dave@example.com");
  expect(invitation.subject).toBe("Carol invites you to “Acme”");
  expect(invitation.links[0], "a link of its own").not.toBe(copied);

  const newcomer = await browser.newContext({ baseURL: instance.baseURL, reducedMotion: "reduce" });
  watchForProblems(newcomer, problems);
  const dave = await newcomer.newPage();
  await dave.goto(invitation.links[0]!);
  await dave.getByRole("link", { name: "Create an account" }).click();
  await dave.getByLabel("Name").fill("Dave");
  await dave.getByLabel("Password").fill(password);
  await dave.getByRole("button", { name: "Create account" }).click();
  await expect(dave).toHaveURL(/\/o\/acme\/default\/flags/);
  await dave.goto("/account");
  await expect(dave.getByText("dave@example.com, verified"), "the letter proved it").toBeVisible();
  expect(mail.unread, "nobody else got a letter").toEqual([]);
  await context.close();
  await newcomer.close();
});
