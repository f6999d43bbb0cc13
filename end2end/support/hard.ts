// A project in which everything is called what is hardest to show, and as long as is allowed.
import { expect, type APIRequestContext } from "@playwright/test";

/** What a page may take for its own: markup, templates, formats, and letters that are not drawn one beside the other. */
export const texts = [
  "<script>alert(1)</script>",
  "</textarea></title><img src=x onerror=alert(1)>",
  '"><svg onload=alert(1)>',
  "שלום עולם مرحبا \u202Eend",
  "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽",
  "{{x}}",
  "%s %n",
] as const;

/** All of them, filled up to a length without a place to break, for what has the most room. */
export const every = (length: number) => texts.join(" ").padEnd(length, "W").slice(0, length);

/** Keys as long as they may be, without a place to break. */
export const longKey = "k".repeat(200);
export const longEnvironment = "e".repeat(40);
/** A name that does not break either. */
export const longName = "W".repeat(200);

export const tags = [...texts, "W".repeat(50), ...Array.from({ length: 32 }, (_, place) => `tag number ${place}`)];
export const project = "hard";
export const flag = "hard-flag";
export const segment = "hard-segment";
export const template = "hard-template";
export const comment = every(300);

const variationKeys = [...texts, "v".repeat(100), ...Array.from({ length: 12 }, (_, place) => `variation-${place}`)];
const variations = variationKeys.map((key, place) => ({ key, value: texts[place] ?? longName.repeat(3) }));
const rules = Array.from({ length: 20 }, (_, place) => ({
  id: `rule-${place}`,
  name: texts[place] ?? `${longName.slice(0, 150)} ${place}`,
  when: { all: [{ attribute: `attribute.${"a".repeat(60)}`, op: "in", values: [...texts, longName] }] },
  serve: { variation: variationKeys[place % variationKeys.length] },
}));
const configuration = {
  enabled: true,
  off_variation: variationKeys[0],
  track_events: false,
  window: null,
  prerequisites: [],
  overrides: [{ match: { userId: [...texts, longName] }, variation: variationKeys[1] }],
  rules,
  fallthrough: { variation: variationKeys[2] },
};

/** Makes all of it as the demo's owner, whose cookie the request has. */
export async function makeHard(request: APIRequestContext, origin: string) {
  const headers = { origin, "X-Org-Id": "demo", "X-Project": project };
  const send = async (method: string, path: string, data: object) => {
    const answer = await request.fetch(`${origin}/api/v1${path}`, { method, headers, data });
    expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true);
    return answer.status() === 204 ? {} : answer.json();
  };
  const environment = { color: "violet", protected: false };
  await send("POST", "/manage/projects", {
    name: every(100),
    key: project,
    environments: [
      { ...environment, key: "dev", name: every(100) },
      { ...environment, key: longEnvironment, name: longName.slice(0, 100) },
      { ...environment, key: "prod", name: texts[3], protected: true },
    ],
  });
  const about = { name: every(200), description: every(2000) };
  await send("POST", "/manage/segments", { ...about, key: segment, included: [...texts, longName], by: texts[1] });
  await send("POST", "/manage/segments", { key: longKey, name: longName, excluded: [longName] });
  const shape = { kind: "advanced", value_type: "string", variations, tags };
  await send("POST", "/manage/flags", { ...about, ...shape, key: flag, configuration });
  // One column of 20 rules is as hard to show as three, and is there sooner.
  for (const key of [longEnvironment, "prod"]) {
    await send("PATCH", `/manage/flags/${flag}/environments/${key}`, { rules: rules.slice(0, 2), comment });
  }
  await send("POST", "/manage/flags", { key: longKey, name: longName, description: longName, tags });
  for (const [place, text] of texts.entries()) {
    await send("POST", "/manage/flags", { key: `named-${place}`, name: text, description: text });
  }
  await send("PATCH", `/manage/flags/${flag}/environments/dev`, { enabled: true, comment });
  await send("PATCH", `/manage/flags/${flag}/environments/dev`, { fallthrough: { variation: texts[0] }, comment });
  await send("POST", "/manage/templates", { ...about, key: template, from_flag: flag, environment: "dev" });
  await send("POST", "/manage/templates", { key: longKey, name: longName, from_flag: longKey, environment: "dev" });
  const apiKey = await send("POST", "/manage/keys", { name: every(100), environment: "dev", kind: "server" });
  await send("POST", "/manage/keys", { name: longName.slice(0, 100), environment: longEnvironment, kind: "browser" });
  await send("POST", "/orgs/demo/invitations", { email: `${"w".repeat(60)}@${"example-".repeat(7)}example.com`, role: "member" });
  await send("PATCH", "/me", { name: every(100) });
  await send("POST", "/me/tokens", { name: every(100), scope: "read" });
  await send("PATCH", "/orgs/demo", { name: every(100) });
  return { apiKey: apiKey.key.id as string };
}
