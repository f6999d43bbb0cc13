// What one flag does in each environment: a share in dev, a rule in staging, and prod after a look and with a reason.

import { expect } from "../test.js";
import { pages } from "./flags.js";
import type { Environment, Walk } from "./walk.js";

const { key, name } = pages;

/** What somebody says of each change that needs a reason. */
export const reasons = {
  change: "bigger pages are read more",
  on: "the tests are green",
} as const;

const column = ({ page }: Walk, environment: Environment) => page.getByRole("region", { name: environment, exact: true });
const everyoneElse = (walk: Walk, environment: Environment) =>
  column(walk, environment).getByRole("combobox", { name: "What everyone else is served" });
const control = (walk: Walk, environment: Environment) => column(walk, environment).getByRole("switch", { name: key });

async function save(walk: Walk, environment: Environment) {
  await walk.hand.press(column(walk, environment).getByRole("button", { name: "Save", exact: true }));
  await expect(walk.told(`${key} is saved in ${environment}`)).toBeVisible();
  await expect(column(walk, environment).getByText(/not saved/)).toBeHidden();
}

async function switchOn(walk: Walk, environment: Environment) {
  await walk.hand.press(control(walk, environment));
  await expect(walk.told(`${key} is on in ${environment}`)).toBeVisible();
  await expect(control(walk, environment)).toHaveAttribute("aria-checked", "true");
}

/** Opens the flag from the list, and gives it to a share of the users in dev. */
export async function rollOut(walk: Walk) {
  const dev = column(walk, "dev");
  const { page, hand } = walk;
  await hand.go("Flags");
  await hand.press(page.locator(`tr[data-flag="${key}"]`).getByRole("link", { name, exact: true }));
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  const share = async (of: string, percent: string) => {
    await hand.fill(dev.getByRole("textbox", { name: `Share of ${of}, in percent` }), percent);
    // What is typed counts once its field is left.
    await page.keyboard.press("Tab");
  };
  await hand.choose(everyoneElse(walk, "dev"), "%");
  await share("small", "30");
  await share("medium", "0");
  await share("large", "60");
  await expect(dev.getByText("The shares add up to 90 %, not to 100 %.")).toBeVisible();
  await expect(dev.getByRole("button", { name: "Save", exact: true })).toBeDisabled();
  await walk.look("shares that do not add up");
  await share("large", "70");
  await expect(dev.getByText("The shares add up to")).toBeHidden();
  await save(walk, "dev");
  await walk.expectServed(key, [50, 50, 50]);
  await switchOn(walk, "dev");

  const users = Array.from({ length: 60 }, (_, number) => `user-${number}`);
  const values = () => Promise.all(users.map(async (userId) => (await walk.ask(key, "dev", { userId })).value));
  const served = await values();
  expect(new Set(served), "some get the one, the others the other").toEqual(new Set([10, 50]));
  const small = served.filter((value) => value === 10).length / users.length;
  expect(small, "three of ten, roughly").toBeGreaterThan(0.1);
  expect(small).toBeLessThan(0.5);
  expect(await values(), "and everybody keeps theirs").toEqual(served);
}

/** A rule in staging, where it is on already. */
export async function addRule(walk: Walk) {
  const { hand } = walk;
  const staging = column(walk, "staging");
  await switchOn(walk, "staging");
  expect((await walk.ask(key, "staging", { plan: "pro" })).value).toBe(10);
  await hand.press(staging.getByRole("button", { name: "Add a rule" }));
  const rule = staging.getByRole("listitem", { name: "Rule 1", exact: true });
  await hand.fill(rule.getByRole("textbox", { name: "Name of rule 1" }), "Paying");
  await hand.fill(rule.getByRole("combobox", { name: "Attribute" }), "plan");
  const values = rule.getByRole("textbox", { name: "Values" }).or(rule.getByRole("combobox", { name: "Values" }));
  await hand.fill(values, "pro");
  await values.press("Enter");
  await hand.choose(rule.getByRole("combobox", { name: "What the rule serves" }), "medium");
  await expect(rule.getByText("If plan is one of pro, serve medium.")).toBeVisible();
  await walk.look("a rule that is not saved");
  await save(walk, "staging");
  expect((await walk.ask(key, "staging", { plan: "pro" })).value, "whom the rule means").toBe(25);
  expect((await walk.ask(key, "staging", { plan: "free" })).value, "everyone else").toBe(10);
}

/** In prod somebody looks at a change and says why, and says why it is switched on. */
export async function confirmInProd(walk: Walk) {
  const { page, hand } = walk;
  const prod = column(walk, "prod");
  await hand.choose(everyoneElse(walk, "prod"), "medium");
  await expect(prod.getByText("1 change is not saved")).toBeVisible();
  await expect(prod.getByRole("button", { name: "Save", exact: true }), "not without a look").toHaveCount(0);
  await hand.press(prod.getByRole("button", { name: "Review" }));
  const review = page.getByRole("dialog", { name: "What changes in prod" });
  const change = review.getByRole("listitem").filter({ hasText: "Everyone else" });
  await expect(change.locator("del")).toContainText("small");
  await expect(change.locator("ins")).toContainText("medium");
  await walk.look("a review");
  await hand.fill(review.getByRole("textbox", { name: /^Why\?/ }), reasons.change);
  await hand.press(review.getByRole("button", { name: "Save" }));
  await expect(review).toBeHidden();
  await expect(walk.told(`${key} is saved in prod`)).toBeVisible();
  expect((await walk.ask(key, "prod")).value, "it is off all the same").toBe(50);

  await hand.press(control(walk, "prod"));
  const why = page.getByRole("dialog", { name: `Switch on ${key}` });
  await expect(why).toHaveAccessibleDescription(/prod is protected/);
  await expect(why, "it is said before what it will do").toContainText(/it will serve:\s*“medium” for everyone/);
  await walk.look("a question");
  await hand.fill(why.getByRole("textbox", { name: "Why?" }), reasons.on);
  await hand.press(why.getByRole("button", { name: "Switch on" }));
  await expect(why).toBeHidden();
  await expect(walk.told(`${key} is on in prod`)).toBeVisible();
  expect((await walk.ask(key, "prod")).value).toBe(25);
}
