// Every page of the product with its states: what the tests look at, and what the screenshots show.

/**
 * @typedef {"visitor" | "member" | "developer" | "owner"} Reader Who looks: nobody who is signed in, or one of the demo's people.
 * @typedef {object} ProductPage
 * @property {string} name What it is called among the screenshots.
 * @property {string} url
 * @property {string} [route] Which route of the application answers; none where it is not the application.
 * @property {Reader} as
 * @property {number} status
 * @property {boolean} hydrates Whether the browser takes it over; some pages are complete without script.
 * @property {boolean} isPosted Whether it is the answer to a form, which is sent from no page of the product's.
 * @property {string[]} opens What is opened before it is looked at, by selectors.
 */

const organization = "demo";
/** A project in which nothing is yet. */
const emptyProject = "empty";

/** How app/src/lib.rs writes what the routes of a project begin with. */
const inProject = "/o/:organization/:project/";

/**
 * Signs in as one of the demo's people, without a look at the page.
 * @param {import("@playwright/test").APIRequestContext} request
 * @param {string} origin
 * @param {Exclude<Reader, "visitor">} who
 */
export async function signInQuietly(request, origin, who) {
  const options = { headers: { origin }, form: { role: who }, maxRedirects: 0 };
  const answer = await request.post(`${origin}/sign-in/demo`, options);
  if (answer.headers().location !== "/") throw new Error(`Signing in as ${who} answered ${answer.status()}.`);
}

/**
 * Makes what some of the pages are about, as the demo's owner, and says what it is called.
 * @param {import("@playwright/test").APIRequestContext} request With the owner's cookie.
 * @param {string} origin
 */
export async function prepare(request, origin) {
  const headers = { origin, "X-Org-Id": organization };
  /** @param {string} path @param {object} data @param {string} [project] */
  const post = async (path, data, project = "default") => {
    const answer = await request.post(`${origin}/api/v1${path}`, { headers: { ...headers, "X-Project": project }, data });
    if (!answer.ok()) throw new Error(`${path} answered ${answer.status()}: ${await answer.text()}`);
    return answer.json();
  };
  await post("/manage/projects", { name: "Empty", key: emptyProject });
  await post("/manage/templates", { name: "Upload limits", from_flag: "upload-limits", environment: "dev" });
  await post("/manage/flags", { name: "Summer sale", key: "summer-sale", tags: ["web"] });
  await post("/manage/flags/summer-sale/archive", { comment: "summer is over" });
  await post("/manage/segments", { name: "Beta testers", key: "beta-testers", included: ["user-1", "user-2"] });
  const { token } = await post(`/orgs/${organization}/invitations`, { email: "newcomer@example.com", role: "developer" });
  const apiKey = await post("/manage/keys", { name: "Shop", environment: "prod", kind: "browser", rate_limit: 50 });
  const revoked = await post("/manage/keys", { name: "Old shop", environment: "dev", kind: "server" });
  await post(`/manage/keys/${revoked.key.id}/revoke`, {});
  const { version } = await post("/manage/flags/checkout-v2/environments/dev/toggle", { comment: "a look at it" });
  return { invitation: token, apiKey: apiKey.key.id, revokedKey: revoked.key.id, version };
}

/**
 * The pages, after `prepare` made what they are about.
 * @param {Awaited<ReturnType<typeof prepare>>} made
 * @returns {ProductPage[]}
 */
export function pages({ invitation, apiKey, revokedKey, version }) {
  const plain = { as: /** @type {Reader} */ ("owner"), status: 200, hydrates: true, isPosted: false, opens: [] };
  /** @param {string} name @param {string} url @param {Partial<ProductPage>} [more] @returns {ProductPage} */
  const visited = (name, url, more) => ({ ...plain, as: "visitor", name, url, route: url.split("?")[0], ...more });
  /** @param {string} name @param {string} url @param {Partial<ProductPage>} [more] @returns {ProductPage} */
  const own = (name, url, more) => ({ ...plain, name, url, route: url.split("?")[0], ...more });
  /** @param {string} name @param {string} path @param {Partial<ProductPage>} [more] @returns {ProductPage} */
  const placed = (name, path, more) => ({
    ...plain,
    name,
    url: `/o/${organization}/default/${path}`,
    route: inProject + path.split(/[?#]/)[0],
    ...more,
  });
  /** @param {string} name @param {string} path @param {Partial<ProductPage>} [more] */
  const empty = (name, path, more) =>
    placed(`${name}-empty`, path, { url: `/o/${organization}/${emptyProject}/${path}`, ...more });
  /** @param {string} name @param {string} path @param {Partial<ProductPage>} [more] */
  const missing = (name, path, more) => placed(`${name}-missing`, path, { status: 404, ...more });
  const still = { hydrates: false, route: undefined };
  const flag = { route: `${inProject}flags/:key` };
  const [devColumn, prodColumn] = ["dev", "prod"].map((key) => `section[aria-labelledby=environment-${key}]`);
  const insights = { route: `${inProject}flags/:key/insights` };
  const code = { route: `${inProject}flags/:key/code` };
  const history = { route: `${inProject}flags/:key/history` };
  const flagSettings = { route: `${inProject}flags/:key/settings` };
  const segment = { route: `${inProject}segments/:key` };
  const environment = { route: `${inProject}environments/:key` };
  const key = { route: `${inProject}keys/:id` };
  const settings = { route: "/o/:organization/settings" };

  return [
    visited("landing", "/", still),
    visited("landing-mistake", "/?percent=101", { ...still, status: 400 }),
    visited("not-found", "/nowhere", { ...still, status: 404 }),
    visited("forbidden", "/sign-in", { ...still, status: 403, isPosted: true }),
    visited("sign-in", "/sign-in"),
    visited("sign-up", "/sign-up"),
    visited("forgot-password", "/forgot-password"),
    visited("reset-password", "/reset-password?token=unknown"),
    visited("verify-email", "/verify-email?token=unknown"),
    visited("invitation", `/invitation?token=${invitation}`),
    visited("invitation-unknown", "/invitation?token=unknown", { status: 404 }),
    own("invitation-of-another", `/invitation?token=${invitation}`),
    own("welcome", "/welcome"),
    own("account", "/account"),
    own("organization", `/o/${organization}/settings`, settings),
    own("organization-as-member", `/o/${organization}/settings`, { ...settings, as: "member" }),
    own("organization-members", `/o/${organization}/settings?tab=members`, settings),
    own("organization-missing", "/o/nowhere/settings", { ...settings, status: 404 }),
    own("project-missing", `/o/${organization}/nowhere/flags`, { route: `${inProject}flags`, status: 404 }),

    placed("flags", "flags?env=dev"),
    placed("flags-prod", "flags?env=prod"),
    placed("flags-as-member", "flags?env=prod", { as: "member" }),
    placed("flags-narrowed", "flags?env=dev&state=on&sort=-updated"),
    placed("flags-none-found", "flags?env=dev&q=no-such-flag"),
    placed("flags-archived", "flags?env=dev&archived=1"),
    placed("flags-refused", "flags?env=dev&sort=sideways", { status: 400 }),
    missing("flags", "flags?env=nowhere"),
    empty("flags", "flags"),
    placed("flags-chosen", "flags?env=dev", { opens: ["tr:nth-child(1) .chosen", "tr:nth-child(2) .chosen"] }),
    placed("flags-chosen-tags", "flags?env=dev", { opens: [".chosen", "[popovertarget=many-tags]"] }),
    placed("flags-chosen-archive", "flags?env=dev", { opens: [".chosen", "[popovertarget=many-archive]"] }),
    placed("flags-chosen-prod", "flags?env=prod", { opens: [".chosen"] }),
    placed("flags-chosen-prod-on", "flags?env=prod", { opens: [".chosen", "[popovertarget=many-on]"] }),
    placed("flags-why", "flags?env=prod", { opens: ["main [role=switch][aria-checked=false]"] }),
    placed("flags-new-dialog", "flags?env=dev", { opens: ["#new-flag-link"] }),
    placed("flags-palette", "flags?env=dev", { opens: ["header button:has-text('Search')"] }),
    placed("flags-shortcuts", "flags?env=dev", {
      opens: ["header button:has-text('Search')", "#palette-list li:has-text('Keyboard shortcuts')"],
    }),
    placed("flag-new", "flags/new"),
    placed("flag-new-from-template", "flags/new?template=upload-limits"),
    placed("flag-new-as-member", "flags/new", { as: "member" }),
    placed("flag", "flags/checkout-v2?env=dev", flag),
    placed("flag-as-developer", "flags/checkout-v2?env=prod", { ...flag, as: "developer" }),
    placed("flag-as-member", "flags/checkout-v2?env=prod", { ...flag, as: "member" }),
    placed("flag-of-texts", "flags/homepage-headline?env=dev", flag),
    placed("flag-of-documents", "flags/upload-limits?env=dev", flag),
    placed("flag-archived", "flags/summer-sale?env=dev", flag),
    placed("flag-compare", "flags/checkout-v2?compare=dev..prod", flag),
    placed("flag-promote", "flags/checkout-v2?promote=dev..prod", flag),
    placed("flag-rule", "flags/upload-limits?env=dev", { ...flag, opens: [`${devColumn} button:has-text('Edit')`] }),
    placed("flag-review", "flags/upload-limits?env=prod", {
      ...flag,
      opens: [`${prodColumn} button:has-text('Add a rule')`, `${prodColumn} button:has-text('Review')`],
    }),
    placed("flag-kill", "flags/upload-limits?env=prod", { ...flag, opens: ["[popovertarget=kill-switch]"] }),
    missing("flag", "flags/no-such-flag", flag),
    placed("flag-insights", "flags/checkout-v2/insights?env=dev", insights),
    placed("flag-insights-empty", "flags/summer-sale/insights?env=prod&range=24h", insights),
    placed("flag-insights-refused", "flags/checkout-v2/insights?range=never", { ...insights, status: 400 }),
    placed("flag-code", "flags/checkout-v2/code?env=dev", code),
    placed("flag-code-python", "flags/upload-limits/code?env=dev&lang=python", code),
    placed("flag-history", "flags/checkout-v2/history?env=dev", history),
    placed("flag-history-version", `flags/checkout-v2/history?env=dev&version=${version - 1}`, history),
    placed("flag-history-compare", `flags/checkout-v2/history?env=dev&version=${version}&against=${version - 1}`, history),
    missing("flag-history", "flags/checkout-v2/history?env=dev&version=4711", history),
    placed("flag-settings", "flags/checkout-v2/settings", flagSettings),
    placed("flag-settings-of-texts", "flags/homepage-headline/settings", flagSettings),
    placed("flag-settings-archived", "flags/summer-sale/settings", flagSettings),
    placed("flag-settings-as-member", "flags/checkout-v2/settings", { ...flagSettings, as: "member" }),

    placed("segments", "segments?env=dev"),
    placed("segments-none-found", "segments?env=dev&q=no-such-segment"),
    empty("segments", "segments"),
    placed("segment-new", "segments/new"),
    placed("segment-new-as-member", "segments/new", { as: "member" }),
    placed("segment", "segments/beta-testers?env=dev", segment),
    placed("segment-as-member", "segments/beta-testers?env=prod", { ...segment, as: "member" }),
    missing("segment", "segments/no-such-segment", segment),

    placed("environments", "environments"),
    placed("environments-as-member", "environments", { as: "member" }),
    placed("environment", "environments/prod", environment),
    placed("environment-unprotected", "environments/dev", environment),
    placed("environment-as-member", "environments/prod", { ...environment, as: "member" }),
    missing("environment", "environments/nowhere", environment),

    placed("api-keys", "keys"),
    placed("api-keys-none", "keys?env=staging"),
    placed("api-keys-as-member", "keys", { as: "member" }),
    empty("api-keys", "keys"),
    placed("api-key-new", "keys/new?env=prod"),
    placed("api-key-new-as-member", "keys/new?env=prod", { as: "member" }),
    placed("api-key", `keys/${apiKey}`, key),
    placed("api-key-revoked", `keys/${revokedKey}`, key),
    missing("api-key", "keys/0199fb2e-7c41-7d3a-9a55-3f0c2b9e1d84", key),

    placed("templates", "templates"),
    placed("templates-open", "templates", { opens: ["li[data-template] details:has(form) summary"] }),
    placed("templates-as-member", "templates", { as: "member" }),
    empty("templates", "templates"),

    placed("members", "members"),
    placed("members-as-member", "members", { as: "member" }),
    placed("members-none-found", "members?q=nobody"),
    placed("settings", "settings"),
    placed("settings-as-member", "settings", { as: "member" }),
    empty("settings", "settings"),
    placed("settings-transfer", "settings?tab=transfer"),
    placed("settings-transfer-as-member", "settings?tab=transfer", { as: "member" }),
    placed("settings-organization", "settings?tab=organization"),
    placed("settings-organization-as-member", "settings?tab=organization", { as: "member" }),

    placed("usage", "usage"),
    placed("usage-year", "usage?range=12m"),
    placed("usage-of-flag", "usage?range=24h&environment=dev&flag=checkout-v2"),
    placed("usage-refused", "usage?by=weather", { status: 400 }),
    empty("usage", "usage"),
    placed("audit", "audit"),
    placed("audit-open", "audit", { opens: ["li[data-entry] summary"] }),
    placed("audit-organization", "audit?scope=organization"),
    placed("audit-verified", "audit?verify=1"),
    placed("audit-none-found", "audit?from=2001-01-01&to=2001-01-02"),
    placed("audit-searched", "audit?kind=flag&key=checkout-v2&q=demo+owner"),
    placed("audit-refused", "audit?from=yesterday", { status: 400 }),
    placed("playground", "playground?env=dev"),
    placed("playground-context", "playground?env=dev&user=user-1&n0=plan&v0=pro"),
    placed("playground-explained", "playground?env=dev&flag=ai-summaries&user=user-1&n0=plan&v0=pro"),
    missing("playground", "playground?env=dev&flag=no-such-flag"),
    empty("playground", "playground"),
    placed("quickstart", "quickstart?env=dev"),
    placed("quickstart-go", "quickstart?env=staging&lang=go"),
    empty("quickstart", "quickstart"),
  ];
}

/**
 * Opens a page as it is meant to be looked at, and says with which status it was answered.
 * @param {import("@playwright/test").Page} page
 * @param {ProductPage} of
 */
export async function visit(page, { url, hydrates, isPosted, opens }) {
  const response = isPosted ? await send(page, url) : await page.goto(url);
  if (hydrates) await page.locator("html[data-hydrated]:not(:has([data-late]))").waitFor({ state: "attached" });
  for (const selector of opens) await page.locator(selector).first().click();
  await page.evaluate(() => document.fonts.ready);
  return response?.status();
}

/**
 * Sends an empty form, as another site would.
 * @param {import("@playwright/test").Page} page
 * @param {string} url
 */
async function send(page, url) {
  // What is relative is so to the instance, which the page is not of any more.
  await page.goto("/");
  const action = new URL(url, page.url()).href;
  await page.goto("about:blank");
  await page.setContent(`<form method="post" action="${action}"><button>Send</button></form>`);
  const [response] = await Promise.all([page.waitForResponse(action), page.getByRole("button").click()]);
  await page.waitForURL(action);
  return response;
}
