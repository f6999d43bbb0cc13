import { end } from "../support/journey/end.js";
import { flags, make, toggle } from "../support/journey/flags.js";
import { makeKeys, protect } from "../support/journey/keys.js";
import { audit, evaluate, explain, rollBack } from "../support/journey/looking-back.js";
import { invite, nameOrganization, signUp } from "../support/journey/people.js";
import { addRule, confirmInProd, rollOut } from "../support/journey/tuning.js";
import { test } from "../support/journey/world.js";

// The whole way of somebody new: from the landing page to a flag that is tuned, explained, taken back and deleted; with a
// mouse, with a finger, and with nothing but a keyboard.

const ways = [
  { way: "mouse", viewport: { width: 1440, height: 900 }, colorScheme: "light", hasTouch: false },
  { way: "finger", viewport: { width: 390, height: 844 }, colorScheme: "dark", hasTouch: true },
  { way: "keyboard", viewport: { width: 1440, height: 900 }, colorScheme: "dark", hasTouch: false },
] as const;

type Step = [title: string, step: () => Promise<void>];

for (const { way, ...device } of ways) {
  test.describe(`with a ${way}, in ${device.colorScheme}`, () => {
    test.use({ way, ...device });

    test("somebody new comes, and goes the whole way of a flag", async ({ ada, grace, mail }, testInfo) => {
      const steps: Step[] = [
        ["sign up", () => signUp(ada)],
        ["name an organization", () => nameOrganization(ada)],
        ["invite somebody", () => invite(ada, grace, mail)],
        ["protect prod", () => protect(ada)],
        ["make API keys", () => makeKeys(ada)],
        ...flags.map((flag): Step => [`make the flag ${flag.key}`, () => make(ada, flag)]),
        ["roll out in dev", () => rollOut(ada)],
        ["add a rule in staging", () => addRule(ada)],
        ["confirm in prod", () => confirmInProd(ada)],
        ["switch, and undo", () => toggle(ada)],
        ["evaluate", () => evaluate(ada)],
        ["explain", () => explain(ada)],
        ["look back, and roll back", () => rollBack(ada)],
        ["read the audit log", () => audit(ada)],
        ["archive and delete", () => end(ada)],
      ];
      // Each step is as long as a test elsewhere, and may take as long.
      const { timeout } = testInfo;
      test.setTimeout(timeout * steps.length);
      for (const [title, step] of steps) await test.step(title, step, { timeout });
    });
  });
}
