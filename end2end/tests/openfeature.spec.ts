import { execFile } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { OFREPProvider } from "@openfeature/ofrep-provider";
import type { OFREPWebProviderOptions } from "@openfeature/ofrep-web-provider";
import { OpenFeature } from "@openfeature/server-sdk";
import type { Page as Browser } from "@playwright/test";
import { type Flag, Owner, servePage } from "../support/openfeature.js";
import type { Context, Default, Page } from "../support/openfeature-page.js";
import { expect, test as base } from "../support/test.js";

// The published providers of OpenFeature that know no vendor, against Togglebit as it is: on a server with Node.js and with
// Python, and in a browser's page of another origin.

declare const openfeature: Page;

const root = fileURLToPath(new URL("../..", import.meta.url));
const object = { megabytes: 500, nested: [1, null, { resumable: true }] };
const isPro = { attribute: "plan", op: "eq", values: ["pro"] };
const half = [
  { variation: "on", weight: 50_000 },
  { variation: "off", weight: 50_000 },
];

const flags: Flag[] = [
  { key: "of-boolean", type: "boolean", values: [true, false] },
  { key: "of-string", type: "string", values: ["violet", "grey"] },
  { key: "of-integer", type: "number", values: [42, 0] },
  { key: "of-fraction", type: "number", values: [1.5, 0.5] },
  { key: "of-object", type: "json", values: [object, {}] },
  { key: "of-disabled", type: "string", values: ["on", "off"], enabled: false },
  { key: "of-split", type: "string", values: ["on", "off"], targeting: { fallthrough: { rollout: { weights: half } } } },
  {
    key: "of-targeted",
    type: "boolean",
    values: [true, false],
    targeting: {
      rules: [{ id: "pro", when: isPro, serve: { variation: "on" } }],
      fallthrough: { variation: "off" },
    },
  },
  { key: "of-servers", type: "boolean", values: [true, false], browsers: false },
];

/** What each flag is, whoever asks: the default that it is asked with, and what is told. */
const told: [flag: string, fallback: Default, expected: Record<string, unknown>][] = [
  ["of-boolean", false, { value: true, reason: "STATIC", variant: "on" }],
  ["of-string", "default", { value: "violet", reason: "STATIC", variant: "on" }],
  ["of-integer", 7, { value: 42, reason: "STATIC", variant: "on" }],
  ["of-fraction", 7.5, { value: 1.5, reason: "STATIC", variant: "on" }],
  ["of-object", {}, { value: object, reason: "STATIC", variant: "on" }],
  ["of-disabled", "default", { value: "off", reason: "DISABLED", variant: "off" }],
  ["of-targeted", true, { value: false, reason: "STATIC", variant: "off" }],
  ["of-nowhere", "default", { value: "default", reason: "ERROR", errorCode: "FLAG_NOT_FOUND" }],
  ["of-string", 7, { value: 7, reason: "ERROR", errorCode: "TYPE_MISMATCH" }],
  ["of-boolean", "default", { value: "default", reason: "ERROR", errorCode: "TYPE_MISMATCH" }],
];

interface Fixtures {
  owner: Owner;
  /** Makes the browser ask from a page of another origin; the answers to it are listed. */
  shop: Shop;
}

const test = base.extend<Fixtures>({
  owner: async ({ server }, use) => {
    let owner = owners.get(server);
    if (!owner) {
      owner = await Owner.of(server);
      owners.set(server, owner);
      for (const flag of flags) await owner.create(flag);
    }
    await use(owner);
  },
  shop: async ({ page }, use) => {
    const served = await servePage();
    await page.goto(served.url);
    await use(new Shop(page));
    await served.stop();
  },
});

/** The server's owner, who makes the flags once. */
const owners = new WeakMap<object, Owner>();

/** A page with the provider. */
class Shop {
  /** The statuses of what the provider asked, in order. */
  readonly statuses: number[] = [];

  constructor(readonly page: Browser) {
    page.on("response", (response) => {
      const isProviders = response.url().includes("/ofrep/") && response.request().method() === "POST";
      if (isProviders) this.statuses.push(response.status());
    });
  }

  start(context: Context, options: OFREPWebProviderOptions) {
    // Otherwise a page would show what it has kept in its storage.
    const all = { cacheMode: "disabled", ...options } as const;
    return this.page.evaluate(([context, options]) => openfeature.start(context, options), [context, all] as const);
  }

  details(flag: string, fallback: Default) {
    return this.page.evaluate(([flag, fallback]) => openfeature.details(flag, fallback), [flag, fallback] as const);
  }

  events() {
    return this.page.evaluate(() => openfeature.events);
  }
}

const bearer = (key: string): [string, string][] => [["Authorization", `Bearer ${key}`]];

/** Drops what the browser says of an answer that the test asked for; everything else stays a failure. */
function forgive(problems: string[], expected: string | RegExp) {
  const left = problems.filter((problem) => !problem.match(expected));
  expect(left.length, `the browser says "${expected}"`).toBeLessThan(problems.length);
  problems.splice(0, problems.length, ...left);
}

/** The SDK for Node.js with a provider of its own. */
async function node(baseUrl: string, headers: [string, string][]) {
  const domain = crypto.randomUUID();
  await OpenFeature.setProviderAndWait(domain, new OFREPProvider({ baseUrl, headers }));
  const client = OpenFeature.getClient(domain);
  return (flag: string, fallback: Default, context: Context = {}) => {
    switch (typeof fallback) {
      case "boolean":
        return client.getBooleanDetails(flag, fallback, context);
      case "string":
        return client.getStringDetails(flag, fallback, context);
      case "number":
        return client.getNumberDetails(flag, fallback, context);
      default:
        return client.getObjectDetails(flag, fallback, context);
    }
  };
}

test.describe("on a server with Node.js", () => {
  test.afterEach(() => OpenFeature.clearProviders());

  test("flags of each type have their values, and what is none the default", async ({ owner, server }) => {
    const key = await owner.key("server");
    // However the key is sent, and whether or not the address ends with a slash.
    const ways: [string, [string, string][]][] = [
      [server.baseURL, bearer(key)],
      [`${server.baseURL}/`, [["X-API-Key", key]]],
      [server.baseURL, [["Authorization", key]]],
    ];
    for (const [baseUrl, headers] of ways) {
      const ask = await node(baseUrl, headers);
      for (const [flag, fallback, expected] of told) {
        expect(await ask(flag, fallback, { targetingKey: "alice" }), flag).toMatchObject(expected);
      }
    }
    const ask = await node(server.baseURL, bearer(key));
    const { flagMetadata } = await ask("of-targeted", false, { plan: "pro" });
    expect(flagMetadata).toMatchObject({ flagSetId: "dev", reason: "segment_match", rule: "pro", version: 2 });
  });

  test("the context decides as it does elsewhere", async ({ owner, server }) => {
    const ask = await node(server.baseURL, bearer(await owner.key("server")));
    const pro = await ask("of-targeted", false, { targetingKey: "alice", plan: "pro" });
    expect(pro).toMatchObject({ value: true, reason: "TARGETING_MATCH", variant: "on" });
    const served = new Set();
    for (let user = 0; user < 20; user++) {
      const { value, reason } = await ask("of-split", "default", { targetingKey: `user-${user}` });
      expect(value).toBe((await server.evaluate("of-split", { userId: `user-${user}` })).value);
      expect(reason).toBe("SPLIT");
      served.add(value);
    }
    expect(served).toEqual(new Set(["on", "off"]));
    expect(await ask("of-split", "default", {}), "nobody is in no part").toMatchObject({ value: "off", reason: "DEFAULT" });
  });

  test("a wrong key is an error", async ({ owner: _, server }) => {
    const ask = await node(server.baseURL, bearer("tb_dev_0000000000000000000000000000000000000000"));
    const expected = { value: "default", reason: "ERROR", errorCode: "GENERAL" };
    expect(await ask("of-string", "default")).toMatchObject(expected);
  });

  test("a provider that asks too often waits for as long as it is told", async ({ owner, server }) => {
    const ask = await node(server.baseURL, bearer(await owner.key("server", { rate_limit: 1 })));
    const several = await Promise.all(Array.from({ length: 5 }, () => ask("of-boolean", false)));
    expect(several.filter(({ value }) => value === true).length).toBeGreaterThan(0);
    expect(several.map(({ errorMessage }) => errorMessage).join()).toMatch(/rate limit exceeded/);
    const { value, errorMessage } = await ask("of-boolean", false);
    expect({ value, errorMessage }).toEqual({ value: false, errorMessage: expect.stringMatching(/paused/) });
    await expect.poll(async () => (await ask("of-boolean", false)).value).toBe(true);
  });
});

test.describe("on a server with Python", () => {
  interface Question {
    flag: string;
    default: Default;
    context?: Context;
  }

  function ask(baseUrl: string, key: string, questions: Question[]): Promise<Record<string, unknown>[]> {
    const python = process.env.OPENFEATURE_PYTHON ?? path.join(root, "target/openfeature/bin/python");
    const script = path.join(root, "end2end/support/ask_openfeature.py");
    return new Promise((resolve, reject) => {
      const child = execFile(python, [script], (error, stdout, stderr) => {
        if (error) reject(new Error(`${error.message}\n${stderr}`));
        else resolve(JSON.parse(stdout) as Record<string, unknown>[]);
      });
      child.stdin!.end(JSON.stringify({ baseUrl, key, questions }));
    });
  }

  test("flags of each type have their values, and what is none the default", async ({ owner, server }) => {
    const key = await owner.key("server");
    const context = { targetingKey: "alice" };
    const questions = told.map(([flag, fallback]) => ({ flag, default: fallback, context }));
    const answers = await ask(`${server.baseURL}/`, key, questions);
    for (const [place, [flag, , expected]] of told.entries()) {
      expect(answers[place], flag).toMatchObject(expected);
    }
  });

  test("the context decides as it does elsewhere", async ({ owner, server }) => {
    const key = await owner.key("server");
    const users = Array.from({ length: 20 }, (_, user) => `user-${user}`);
    const split = users.map((targetingKey) => ({ flag: "of-split", default: "default", context: { targetingKey } }));
    const [pro, nobody, ...answers] = await ask(server.baseURL, key, [
      { flag: "of-targeted", default: false, context: { plan: "pro" } },
      { flag: "of-split", default: "default" },
      ...split,
    ]);
    expect(pro).toMatchObject({ value: true, reason: "TARGETING_MATCH", variant: "on", flagMetadata: { rule: "pro" } });
    expect(nobody).toMatchObject({ value: "off", reason: "DEFAULT", variant: "off" });
    for (const [place, userId] of users.entries()) {
      const { value } = await server.evaluate("of-split", { userId });
      expect(answers[place]).toMatchObject({ value, reason: "SPLIT" });
    }
  });

  test("a whole number is none to who asks for a fraction, which is Python's to say", async ({ owner, server }) => {
    const [whole] = await ask(server.baseURL, await owner.key("server"), [{ flag: "of-integer", default: 7.5 }]);
    expect(whole).toMatchObject({ value: 7.5, errorCode: "TYPE_MISMATCH" });
  });

  test("a wrong key is an error, and a provider that asks too often waits", async ({ owner, server }) => {
    const boolean = { flag: "of-boolean", default: false };
    const [refused] = await ask(server.baseURL, "tb_dev_wrong", [boolean]);
    expect(refused).toMatchObject({ value: false, errorCode: "GENERAL", errorMessage: "unauthorized" });
    const answers = await ask(server.baseURL, await owner.key("server", { rate_limit: 1 }), Array(20).fill(boolean));
    expect(answers[0]).toMatchObject({ value: true });
    const messages = answers.map(({ errorMessage }) => errorMessage);
    expect(messages).toContainEqual(expect.stringMatching(/^Rate limited, retry after: 1$/));
    expect(messages.at(-1)).toMatch(/paused due to TooManyRequests/);
  });
});

test.describe("in a page of another origin", () => {
  test("flags of each type have their values, and what is none the default", async ({ owner, server, shop }) => {
    const options = { baseUrl: `${server.baseURL}/`, headers: bearer(await owner.key("browser")) };
    expect(await shop.start({ targetingKey: "alice" }, options)).toBe("READY");
    for (const [flag, fallback, expected] of told) {
      expect(await shop.details(flag, fallback), flag).toMatchObject(expected);
    }
    expect(await shop.details("of-servers", false)).toMatchObject({ value: false, errorCode: "FLAG_NOT_FOUND" });
    expect(shop.statuses.filter((status) => status === 200), "one answer for all").toHaveLength(1);
  });

  test("another context has other values", async ({ owner, server, shop }) => {
    const options = { baseUrl: server.baseURL, headers: [["X-API-Key", await owner.key("browser")]] as [string, string][] };
    expect(await shop.start({ targetingKey: "alice" }, options)).toBe("READY");
    expect(await shop.details("of-targeted", false)).toMatchObject({ value: false, reason: "STATIC" });
    // The same user: the provider sends the tag of what it has, which is of another result.
    await shop.page.evaluate(() => openfeature.change({ targetingKey: "alice", plan: "pro" }));
    expect(await shop.details("of-targeted", false)).toMatchObject({ value: true, reason: "TARGETING_MATCH" });
    for (const targetingKey of ["user-1", "user-2", "user-3", "user-4"]) {
      await shop.page.evaluate((targetingKey) => openfeature.change({ targetingKey }), targetingKey);
      const { value } = await server.evaluate("of-split", { userId: targetingKey });
      expect(await shop.details("of-split", "default")).toMatchObject({ value, reason: "SPLIT" });
    }
  });

  test("a change is told, and what this key may not see is none", async ({ owner, server, shop }) => {
    const options = { baseUrl: server.baseURL, headers: bearer(await owner.key("browser")) };
    const followed = shop.page.waitForResponse((response) => response.url().includes("/ofrep/v1/stream?"));
    expect(await shop.start({ targetingKey: "alice" }, options)).toBe("READY");
    expect((await followed).status()).toBe(200);
    // The first hint makes the provider ask again, and so does what other keys see.
    await expect.poll(() => shop.statuses).toEqual([200, 304]);
    await owner.switch("of-servers", false);
    await expect.poll(() => shop.statuses).toEqual([200, 304, 304]);
    await owner.switch("of-integer", false);
    await expect.poll(async () => (await shop.details("of-integer", 7)).value).toBe(0);
    expect(shop.statuses).toEqual([200, 304, 304, 200]);
    const changes = (await shop.events()).filter(({ name }) => name === "PROVIDER_CONFIGURATION_CHANGED");
    expect(changes).toEqual([{ name: "PROVIDER_CONFIGURATION_CHANGED", flags: ["of-integer"] }]);
    await owner.switch("of-integer", true);
    await owner.switch("of-servers", true);
  });

  test("polling finds a change, and is told where there is none", async ({ owner, server, shop }) => {
    const headers = bearer(await owner.key("browser"));
    const options = { baseUrl: server.baseURL, headers, pollInterval: 200, changeDetection: "polling" } as const;
    expect(await shop.start({ targetingKey: "alice" }, options)).toBe("READY");
    await expect.poll(() => shop.statuses.length).toBeGreaterThan(2);
    expect(new Set(shop.statuses.slice(1)), "nothing has changed").toEqual(new Set([304]));
    expect((await shop.events()).filter(({ name }) => name === "PROVIDER_CONFIGURATION_CHANGED")).toEqual([]);

    // What this key may not see changes, too, and is nothing to it.
    await owner.switch("of-servers", false);
    const before = shop.statuses.length;
    await expect.poll(() => shop.statuses.length).toBeGreaterThan(before + 2);
    expect(new Set(shop.statuses.slice(1))).toEqual(new Set([304]));

    await owner.switch("of-string", false);
    await expect.poll(async () => (await shop.details("of-string", "default")).value).toBe("grey");
    expect(await shop.details("of-string", "default")).toMatchObject({ reason: "DISABLED", variant: "off" });
    const changes = (await shop.events()).filter(({ name }) => name === "PROVIDER_CONFIGURATION_CHANGED");
    expect(changes).toEqual([{ name: "PROVIDER_CONFIGURATION_CHANGED", flags: ["of-string"] }]);
    expect(shop.statuses.filter((status) => status === 200)).toHaveLength(2);
    const after = shop.statuses.length;
    await expect.poll(() => shop.statuses.length).toBeGreaterThan(after + 1);
    expect(shop.statuses.at(-1)).toBe(304);
    await owner.switch("of-string", true);
    await owner.switch("of-servers", true);
  });

  test("a wrong key is fatal", async ({ owner: _, problems, server, shop }) => {
    const headers = bearer("tbc_dev_0000000000000000000000000000000000000000");
    expect(await shop.start({ targetingKey: "alice" }, { baseUrl: server.baseURL, headers })).toBe("FATAL");
    expect(await shop.details("of-boolean", false)).toMatchObject({ value: false, errorCode: "PROVIDER_FATAL" });
    forgive(problems, /status of 401/);
  });

  test("a provider that asks too often waits for as long as it is told", async ({ owner, problems, server, shop }) => {
    const headers = bearer(await owner.key("browser", { rate_limit: 1 }));
    const options = { baseUrl: server.baseURL, headers, pollInterval: 100, changeDetection: "polling" } as const;
    expect(await shop.start({ targetingKey: "alice" }, options)).toBe("READY");
    await expect.poll(() => shop.statuses.filter((status) => status === 429).length).toBeGreaterThan(1);
    expect(await shop.details("of-string", "default"), "what it has it keeps").toMatchObject({ value: "violet" });
    // Ten times a second is what it was told to ask; it waits a second after each refusal.
    const { statuses } = shop;
    for (const [place, status] of statuses.entries()) {
      if (place > 0 && status === 429) expect(statuses[place - 1], statuses.join()).not.toBe(429);
    }
    expect(statuses).toContain(304);
    await shop.page.close();
    forgive(problems, /status of 429/);
  });

  test("answers to applications can be read, errors too, and what is for people cannot", async ({
    owner,
    page,
    problems,
    server,
    shop: _,
  }) => {
    const key = await owner.key("browser", { rate_limit: 100 });
    const read = (path: string, key: string) =>
      page.evaluate(
        async ([url, key]) => {
          const answer = await fetch(url, { headers: { authorization: `Bearer ${key}`, "x-shop": "1" } });
          return { status: answer.status, limit: answer.headers.get("x-ratelimit-limit"), body: await answer.text() };
        },
        [server.baseURL + path, key] as const,
      );
    expect(await read("/api/v1/eval/flags/of-boolean", key)).toMatchObject({ status: 200, limit: "100" });
    expect(await read("/api/v1/environments/dev/flags", key)).toMatchObject({ status: 200, limit: "100" });
    expect(await read("/api/v1/eval/flags", "wrong")).toMatchObject({ status: 401 });
    expect(await read("/api/v1/eval/nope", key)).toMatchObject({ status: 404 });
    expect(await read("/ofrep/v1/evaluate/flags", key)).toMatchObject({ status: 405 });
    for (const status of [401, 404, 405]) forgive(problems, new RegExp(`status of ${status}`));
    for (const path of ["/api/v1/manage/flags", "/api/v1/me", "/api/v1/openapi.json", "/health", "/sign-in"]) {
      await expect(read(path, key), path).rejects.toThrow(/Failed to fetch/);
    }
    forgive(problems, /CORS policy/);
    problems.splice(0, problems.length, ...problems.filter((problem) => !/net::ERR_FAILED/.test(problem)));
  });
});
