// Somebody who walks through the dashboard: their page, their hand, and the keys that their applications have.

import type { Page } from "@playwright/test";
import type { Togglebit } from "../server.mjs";
import { expect, expectAccessible, expectNoHorizontalOverflow } from "../test.js";
import { Finger, type Hand, Mouse } from "./hand.js";
import { Keyboard } from "./keyboard.js";

/** What somebody uses a page with. */
export type Way = "mouse" | "finger" | "keyboard";

export const environments = ["dev", "staging", "prod"] as const;
export type Environment = (typeof environments)[number];

export class Walk {
  readonly hand: Hand;
  /** The API key of each environment, once it is made. */
  readonly keys = new Map<Environment, string>();
  /** What was looked at already. */
  readonly #seen = new Set<string>();

  constructor(
    readonly page: Page,
    readonly server: Togglebit,
    way: Way,
  ) {
    const hands = { mouse: Mouse, finger: Finger, keyboard: Keyboard };
    this.hand = new hands[way](page);
  }

  /** Looks at the page as it is: what it is called is looked at once. */
  async look(name: string) {
    if (this.#seen.has(name)) return;
    this.#seen.add(name);
    await expectAccessible(this.page);
    await expectNoHorizontalOverflow(this.page);
  }

  /** The toast, or whatever else says what was done. */
  told(text: string | RegExp) {
    return this.page.getByRole("status").getByText(text).last();
  }

  /** What an application of an environment is answered for a flag. */
  async ask(flag: string, environment: Environment, { plan = "free", userId = "user-1" } = {}) {
    const apiKey = this.keys.get(environment);
    expect(apiKey, `there is a key of ${environment}`).toBeDefined();
    return this.server.evaluate(flag, { apiKey, userId, context: { plan } });
  }

  /** Expects that applications are served these values, in dev, in staging and in prod. */
  async expectServed(flag: string, values: [dev: unknown, staging: unknown, prod: unknown], plan?: string) {
    const answers = await Promise.all(environments.map((environment) => this.ask(flag, environment, { plan })));
    expect(answers.map((answer) => answer.value), `what ${flag} is in dev, staging and prod`).toEqual(values);
  }
}
