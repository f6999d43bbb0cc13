// What somebody asks later: who is served what and why, what was changed, and the way back.

import { expect, hydrated } from "../test.js";
import { flags, greeting, limits, pages, search } from "./flags.js";
import { reasons } from "./tuning.js";
import type { Walk } from "./walk.js";

const { key, name } = pages;

/** What all four flags are in each environment by now, for somebody who pays and for somebody who does not. */
export async function evaluate(walk: Walk) {
  for (const plan of ["pro", "free"]) {
    await walk.expectServed(search.key, [true, false, false], plan);
    for (const flag of [greeting, limits]) await walk.expectServed(flag.key, flag.served, plan);
    const { value: inDev } = await walk.ask(key, "dev", { plan });
    await walk.expectServed(key, [inDev, plan === "pro" ? 25 : 10, 25], plan);
  }
  const answer = await fetch(`${walk.server.baseURL}/api/v1/eval/flags/${key}?userId=user-1`);
  expect(answer.status, "nobody is answered without a key").toBe(401);
}

/** Asks the playground why somebody who pays is served what they are. */
export async function explain(walk: Walk) {
  const { page, hand } = walk;
  await hand.go("Playground");
  await walk.look("the playground");
  await hand.press(page.getByRole("navigation", { name: "Environment" }).getByRole("link", { name: "staging" }));
  await expect(page).toHaveURL(/env=staging/);
  await hand.fill(page.getByLabel("User id"), "user-1");
  await hand.fill(page.getByLabel("Attribute 1", { exact: true }), "plan");
  await hand.fill(page.getByLabel("Value 1", { exact: true }), "pro");
  await hand.fill(page.getByLabel("Flag", { exact: true }), key);
  await hand.press(page.getByRole("button", { name: "Evaluate" }));
  const answer = page.getByRole("region", { name: "Answer" });
  await expect(answer.getByRole("heading", { level: 2, name: key })).toBeVisible();
  const rule = answer.getByRole("listitem").filter({ hasText: 'plan is one of "pro"' }).first();
  await expect(rule).toContainText("matches");
  await expect(answer).toContainText("So it serves “medium”.");
  await expect(answer.getByRole("group", { name: "Value" })).toHaveText("25");
  await walk.look("an explanation");
  const served = await walk.ask(key, "staging", { plan: "pro" });
  expect([served.value, served.variation], "applications are told the same").toEqual([25, "medium"]);
}

/** Looks at what the rule changed in staging, and takes it back. */
export async function rollBack(walk: Walk) {
  const { page, hand } = walk;
  await hand.press(page.getByRole("link", { name: "Open the flag" }));
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  const tabs = page.getByRole("navigation", { name: "Flag", exact: true });
  await hand.press(tabs.getByRole("link", { name: "History" }));
  await expect(page.getByRole("heading", { level: 2, name: "Versions" })).toBeVisible();
  const environments = page.getByRole("navigation", { name: "Environment" });
  await expect(environments.getByRole("link", { name: "staging" }), "it is still looked at").toHaveAttribute("aria-current", "page");
  const versions = page.getByRole("list", { name: "Versions" }).locator("> li");
  await expect(versions).toHaveCount(3);
  await expect(versions.nth(0)).toContainText(/Version 3.*now.*Ada changed what it serves/);
  await expect(versions.nth(1)).toContainText(/Version 2.*Ada switched it on/);
  await expect(versions.nth(2)).toContainText(/Version 1.*Ada created the flag/);
  await hand.press(versions.nth(0).locator("summary").first());
  const added = versions.nth(0).getByRole("listitem").filter({ hasText: "Rule" });
  await expect(added.first()).toContainText("Paying");
  await walk.look("a version's changes");

  await hand.press(versions.nth(1).locator("summary").first());
  await hand.press(versions.nth(1).getByRole("link", { name: /the way back/ }));
  const review = page.getByRole("region", { name: "Version 2 in staging" });
  await expect(review.getByText("“small” for everyone.")).toBeVisible();
  await expect(review.getByText("What going back would change (version 3 is there now)")).toBeVisible();
  await expect(review.getByRole("listitem").filter({ hasText: "Rule" }).first()).toContainText("Paying");
  await walk.look("the way back");
  await hand.fill(review.getByLabel("Why? (optional)"), "the rule was too early");
  await hand.press(review.getByRole("button", { name: "Roll back to version 2" }));
  await expect(page.getByRole("status").filter({ hasText: "It does again what version 2 did" })).toBeVisible();
  await hydrated(page);
  await expect(versions).toHaveCount(4);
  await expect(versions.first()).toContainText(/Version 4.*Ada went back to an older version.*the rule was too early/);
  for (const plan of ["pro", "free"]) expect((await walk.ask(key, "staging", { plan })).value, plan).toBe(10);
  expect((await walk.ask(key, "prod")).value, "prod stays as it is").toBe(25);
}

const entries = ({ page }: Walk) => page.locator("li[data-entry] > details > summary");

/** All that was done to the flag, and how it began, are in the audit log. */
export async function audit(walk: Walk) {
  const { page, hand } = walk;
  await hand.press(page.getByLabel("More about this flag"));
  await hand.press(page.getByRole("link", { name: "In the audit log", exact: true }));
  await expect(page.getByRole("heading", { level: 1, name: "Audit log" })).toBeVisible();
  await expect(entries(walk)).toContainText([
    new RegExp(`Ada rolled the flag ${key} back in staging.*the rule was too early`),
    new RegExp(`Ada switched ${key} on in prod.*${reasons.on}`),
    new RegExp(`Ada changed what ${key} serves in prod.*${reasons.change}`),
    new RegExp(`Ada changed what ${key} serves in staging`),
    new RegExp(`Ada switched ${key} on in staging`),
    new RegExp(`Ada switched ${key} on in dev`),
    new RegExp(`Ada changed what ${key} serves in dev`),
    new RegExp(`Ada created the flag ${key}`),
  ]);
  await hand.press(entries(walk).nth(2));
  const change = page.locator("li[data-entry]").nth(2).getByRole("listitem").filter({ hasText: "Everyone else" });
  await expect(change.locator("del")).toContainText("small");
  await expect(change.locator("ins")).toContainText("medium");
  await walk.look("the flag in the audit log");

  await hand.go("Audit log");
  const scope = page.getByRole("navigation", { name: "Scope" });
  await hand.press(scope.getByRole("link", { name: "Whole organization" }));
  await expect(page).toHaveURL(/scope=organization/);
  const said = [
    `switched ${search.key} off in dev`,
    ...flags.map((flag) => `created the flag ${flag.key}`),
    ...[...walk.keys.values()].map((raw) => `created the API key ${/^tb_[a-z]+_.{6}/.exec(raw)![0]}`),
    "invited grace@example.com as developer",
    "Grace accepted the invitation as developer",
  ];
  for (const sentence of said) await expect(entries(walk).filter({ hasText: sentence }), sentence).toHaveCount(1);
  await hand.press(page.getByRole("link", { name: "Verify the log" }));
  await expect(page.getByText("The log is whole")).toBeVisible();
  await walk.look("the audit log");
}
