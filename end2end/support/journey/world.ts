// What a journey begins with: an instance that knows a provider and sends letters, and whoever walks through it.

import type { Page } from "@playwright/test";
import { MailServer } from "../mail.mjs";
import { Provider } from "../providers.mjs";
import type { Togglebit } from "../server.mjs";
import { test as base, watchForProblems } from "../test.js";
import { Walk, type Way } from "./walk.js";

interface Fixtures {
  google: Provider;
  mail: MailServer;
  /** A server that knows both, and has nobody's data but the demo's. */
  instance: Togglebit;
  /** Whoever comes first, in the browser of the test. */
  ada: Walk;
  /** Whoever is invited, in a browser of the same kind. */
  grace: Walk;
}

interface Options {
  /** What they have in their hands. */
  way: Way;
}

const client = { id: "togglebit", secret: "a client's secret" };

export const test = base.extend<Fixtures & Options>({
  way: ["mouse", { option: true }],

  google: async ({}, use) => {
    const people = {
      ada: { sub: "g-1", name: "Ada", email: "ada@example.com" },
      grace: { sub: "g-2", name: "Grace", email: "grace@example.com" },
    };
    const provider = await Provider.start({ kind: "oidc", people, client });
    await use(provider);
    await provider.stop();
  },

  mail: async ({}, use) => {
    const mail = await MailServer.start();
    await use(mail);
    await mail.stop();
  },

  instance: async ({ google, mail, startServer }, use) => {
    const env = {
      TOGGLEBIT_GOOGLE_ISSUER: google.url,
      TOGGLEBIT_GOOGLE_CLIENT_ID: client.id,
      TOGGLEBIT_GOOGLE_CLIENT_SECRET: client.secret,
      TOGGLEBIT_SMTP: mail.url,
      TOGGLEBIT_MAIL_FROM: "Togglebit <togglebit@example.com>",
    };
    await use(await startServer({ env }));
  },

  // There is no other server than this one.
  baseURL: async ({ instance }, use) => use(instance.baseURL),

  ada: async ({ page, instance, way }, use) => use(new Walk(page, instance, way)),

  grace: async ({ browser, instance, way, viewport, colorScheme, hasTouch, problems }, use) => {
    const kind = { viewport, colorScheme, hasTouch, reducedMotion: "reduce" as const };
    const context = await browser.newContext({ ...kind, baseURL: instance.baseURL });
    watchForProblems(context, problems);
    const page: Page = await context.newPage();
    await use(new Walk(page, instance, way));
    await context.close();
  },
});
