import type { Browser, BrowserContext, Page } from "@playwright/test";
import { Provider } from "../support/providers.mjs";
import {
  expect,
  expectAccessible,
  expectNoHorizontalOverflow,
  flagsPage,
  gotoHydrated,
  hydrated,
  signInAs,
  switchOf,
  test as base,
  watchForProblems,
} from "../support/test.js";
import type { Togglebit } from "../support/server.mjs";

// People come through providers, invitations and passwords, get roles, and go again: each in a browser of their own.

interface Fixtures {
  google: Provider;
  github: Provider;
  /** A server that knows both providers. */
  instance: Togglebit;
  /** Another browser, whose console stays as clean as the first one's. */
  another: (baseURL: string) => Promise<Page>;
}

const client = { id: "togglebit", secret: "a client's secret" };
const password = "violet teapot harbour 9";

const test = base.extend<Fixtures>({
  google: async ({}, use) => {
    const people = {
      ada: { sub: "g-1", name: "Ada", email: "ada@example.com" },
      doubtful: { sub: "g-2", name: "Doubtful", email: "doubtful@example.com", verified: false },
      carol: { sub: "g-3", name: "Carol at Google", email: "carol@example.com" },
    };
    const provider = await Provider.start({ kind: "oidc", algorithm: "ES256", people, client });
    await use(provider);
    await provider.stop();
  },
  github: async ({}, use) => {
    const people = { grace: { sub: 7, name: "Grace", email: "grace@example.com" } };
    const provider = await Provider.start({ kind: "github", people, client });
    await use(provider);
    await provider.stop();
  },
  instance: async ({ google, github, startServer }, use) => {
    await use(
      await startServer({
        env: {
          TOGGLEBIT_GOOGLE_ISSUER: google.url,
          TOGGLEBIT_GOOGLE_CLIENT_ID: client.id,
          TOGGLEBIT_GOOGLE_CLIENT_SECRET: client.secret,
          TOGGLEBIT_GITHUB_URL: github.url,
          TOGGLEBIT_GITHUB_API_URL: github.url,
          TOGGLEBIT_GITHUB_CLIENT_ID: client.id,
          TOGGLEBIT_GITHUB_CLIENT_SECRET: client.secret,
        },
      }),
    );
  },
  another: async ({ browser, problems }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (baseURL) => {
      const context = await newContext(browser, baseURL);
      watchForProblems(context, problems);
      contexts.push(context);
      return context.newPage();
    });
    for (const context of contexts) await context.close();
  },
});

async function newContext(browser: Browser, baseURL: string) {
  return browser.newContext({ baseURL, reducedMotion: "reduce" });
}

/** Drops what the browser says of refusals that the test asked for; everything else stays a failure. */
function forgive(problems: string[]) {
  problems.splice(0, problems.length, ...problems.filter((problem) => !problem.includes("Failed to load resource")));
}

/** Signs in through a provider, as one of its people or not at all. */
async function through(page: Page, provider: string, who: string) {
  await page.getByRole("button", { name: `Continue with ${provider}` }).click();
  await page.getByRole("link", { name: who, exact: true }).click();
}

test("people come by Google, by GitHub and with a password, and go again", async ({ instance, another, problems }) => {
  const url = instance.baseURL;
  const owner = await another(url);
  await owner.goto("/sign-up");
  await expectAccessible(owner);
  await through(owner, "Google", "ada");
  await expect(owner, "who has no organization makes one").toHaveURL(/\/welcome$/);
  await expectAccessible(owner);
  await owner.getByLabel("Name", { exact: true }).fill("Acme Inc.");
  await owner.getByRole("button", { name: "Create organization" }).click();
  await expect(owner).toHaveURL(/\/o\/acme-inc\/default\/flags/);

  const settings = "/o/acme-inc/settings?tab=members";
  const invite = async (email: string, role: string) => {
    await gotoHydrated(owner, settings);
    await owner.getByLabel("E-mail of whom to invite").fill(email);
    await owner.getByLabel("Role", { exact: true }).selectOption(role);
    await owner.getByRole("button", { name: "Invite", exact: true }).click();
    await hydrated(owner);
    const link = await owner.getByLabel("The link, to send to whom you invited").inputValue();
    expect(link, "the link leads here").toContain(`${url}/invitation?token=`);
    await owner.reload();
    await expect(owner.getByText("it is not shown again"), "it is shown once").toHaveCount(0);
    return link;
  };

  // Grace accepts through GitHub.
  const grace = await another(url);
  const link = await invite("grace@example.com", "developer");
  await owner.goto(link);
  await expect(owner.getByRole("heading", { name: "This invitation is not for you" })).toBeVisible();
  await expect(owner.getByRole("button", { name: "Sign out and use another account" })).toBeVisible();
  await expectAccessible(owner);
  await grace.goto(link);
  await expect(grace.getByRole("heading", { name: "Join Acme Inc." })).toBeVisible();
  await expect(grace.getByText("You are invited as a developer. The invitation ends in 7 days.")).toBeVisible();
  await expectAccessible(grace);
  await grace.getByRole("link", { name: "Create an account" }).click();
  await through(grace, "GitHub", "grace");
  await expect(grace).toHaveURL(/\/o\/acme-inc\/default\/flags/);
  await expect(grace.getByRole("complementary").getByText("developer", { exact: true })).toBeVisible();

  // Carol with a password.
  const carol = await another(url);
  await carol.goto(await invite("carol@example.com", "member"));
  await carol.getByRole("link", { name: "Create an account" }).click();
  await expect(carol.getByLabel("E-mail")).toHaveValue("carol@example.com");
  await carol.getByLabel("Name").fill("Carol");
  await carol.getByLabel("Password").fill("password1234");
  await carol.getByRole("button", { name: "Create account" }).click();
  await expect(carol.getByText("Try a few words that nobody would expect together.")).toBeVisible();
  await expect(carol.getByLabel("Name"), "what was typed is still there").toHaveValue("Carol");
  await expectAccessible(carol);
  await carol.getByLabel("Password").fill(password);
  await carol.getByRole("button", { name: "Create account" }).click();
  await expect(carol).toHaveURL(/\/o\/acme-inc\/default\/flags/);
  await expect(carol.getByRole("complementary").getByText("member", { exact: true })).toBeVisible();

  // A member looks on: the page says why, and lets nothing be sent that would be refused.
  await gotoHydrated(carol, settings);
  await expect(carol.getByText("A member may not manage members").first()).toBeVisible();
  await expect(carol.getByRole("button", { name: "Invite", exact: true })).toHaveCount(0);
  await expectAccessible(carol);

  await gotoHydrated(owner, settings);
  await expectAccessible(owner);
  await owner.getByLabel("Role of Carol", { exact: true }).selectOption("admin");
  await expect(owner.getByText("Carol is an admin now")).toBeVisible();
  // Carol's page is open, and follows by itself.
  await expect(carol.getByText("you are an admin")).toBeVisible();

  await owner.getByLabel("Remove Carol…").click();
  await owner.getByRole("button", { name: "Remove Carol", exact: true }).click();
  await expect(owner.getByText("The member is removed.")).toBeVisible();
  // The page that is still open goes by itself.
  await expect(carol.getByRole("heading", { name: "There is no such page" })).toBeVisible();
  forgive(problems);
});

test("a role that changes changes what an open page may do", async ({ instance, another, problems }) => {
  const url = instance.baseURL;
  const [owner, developer] = [await another(url), await another(url)];
  await signInAs(developer, "developer");
  await hydrated(developer);
  await owner.goto("/sign-in");
  await owner.getByRole("button", { name: "Continue as demo owner" }).click();
  await gotoHydrated(owner, "/o/demo/settings?tab=members");
  await owner.getByLabel("Role of Demo developer", { exact: true }).selectOption("member");
  await expect(owner.getByText("Demo developer is a member now")).toBeVisible();

  // The page that is open follows by itself.
  const control = switchOf(developer, "checkout-v2");
  const before = await instance.evaluate("checkout-v2");
  await expect(control).toHaveAttribute("aria-disabled", "true");
  await expect(developer.getByText(/A member may not switch flags on: this needs the role developer or above/).first()).toBeVisible();

  await owner.getByLabel("Remove Demo developer…").click();
  await owner.getByRole("button", { name: "Remove Demo developer", exact: true }).click();
  await expect(owner.getByText("The member is removed.")).toBeVisible();
  await expect(developer.getByRole("heading", { name: "There is no such page" })).toBeVisible();
  const response = await developer.goto(flagsPage("dev"));
  expect(response!.status()).toBe(404);
  expect(await instance.evaluate("checkout-v2")).toMatchObject({ version: before.version, revision: before.revision });
  forgive(problems);
});

test("a role is narrowed in one environment, and its open page follows", async ({ instance, another, problems }) => {
  const [owner, developer] = [await another(instance.baseURL), await another(instance.baseURL)];
  await signInAs(developer, "developer");
  await gotoHydrated(developer, flagsPage("staging"));
  const control = switchOf(developer, "checkout-v2");
  await expect(control).not.toHaveAttribute("aria-disabled", "true");
  await owner.goto("/sign-in");
  await owner.getByRole("button", { name: "Continue as demo owner" }).click();
  await gotoHydrated(owner, "/o/demo/settings?tab=members");
  await owner.getByText("Limit… the role of Demo developer in a project or environment").click();
  await owner.getByLabel("Where Demo developer may do less").selectOption("default/staging");
  await owner.getByLabel("Role of Demo developer there").selectOption("member");
  await expectAccessible(owner);
  await owner.getByRole("button", { name: "Limit the role of Demo developer" }).click();
  await expect(owner.getByText("The role is limited.")).toBeVisible();

  await expect(control).toHaveAttribute("aria-disabled", "true");
  await expect(developer.getByText(/Your role is narrowed here/).first()).toBeVisible();
  await gotoHydrated(developer, flagsPage("dev"));
  await expect(control).not.toHaveAttribute("aria-disabled", "true");

  await gotoHydrated(developer, flagsPage("staging"));
  await owner.getByRole("button", { name: "Remove limit of Demo developer in default/staging" }).click();
  await expect(owner.getByText("The role is what it is elsewhere again.")).toBeVisible();
  await expect(control).not.toHaveAttribute("aria-disabled", "true");
  forgive(problems);
});

test("a session that is ended elsewhere ends its open page", async ({ instance, another, problems }) => {
  const [here, there] = [await another(instance.baseURL), await another(instance.baseURL)];
  for (const page of [here, there]) {
    await signInAs(page, "developer");
    await hydrated(page);
  }
  await gotoHydrated(here, "/account");
  await here.getByRole("button", { name: "End all others" }).click();
  await expect(there, "nobody is signed in there").toHaveURL(/\/sign-in/);
  await expect(here.getByRole("heading", { name: "Account" })).toBeVisible();
  forgive(problems);
});

test("a provider's account is not let into another's by its address alone", async ({ instance, another }) => {
  const page = await another(instance.baseURL);
  await page.goto("/sign-up");
  await page.getByLabel("Name").fill("Carol");
  await page.getByLabel("E-mail").fill("carol@example.com");
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page).toHaveURL(/\/welcome$/);
  await page.getByRole("button", { name: "Sign out" }).click();

  await through(page, "Google", "carol");
  await expect(page.getByText(/There is an account for carol@example.com already/)).toBeVisible();
  await page.goto("/account");
  await expect(page, "nobody is signed in").toHaveURL(/\/sign-in/);
  await page.getByLabel("E-mail").fill("carol@example.com");
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await gotoHydrated(page, "/account");
  await expect(page.getByText("carol@example.com, verified")).toBeVisible();
  await expect(page.getByRole("button", { name: "Disconnect Google" })).toBeVisible();
  await expectAccessible(page);

  // Both ways lead into it from now on.
  await page.getByRole("button", { name: "Sign out" }).click();
  await through(page, "Google", "carol");
  await expect(page).toHaveURL(/\/welcome$/);
  await expect(page.getByRole("heading", { name: "Welcome, Carol" })).toBeVisible();
});

test("what goes wrong at a provider is said, and signs nobody in", async ({ instance, another, google, problems }) => {
  const page = await another(instance.baseURL);
  const attempt = async (who: string, text: RegExp) => {
    await page.goto("/sign-in");
    await through(page, "Google", who);
    await expect(page.getByRole("alert")).toHaveText(text);
    await expect(page).toHaveURL(/\/sign-in$/);
  };
  await attempt("Deny", /\w/);
  await attempt("doubtful", /has not verified your e-mail address/);
  for (const fault of ["used", "nonce", "audience", "key"] as const) {
    google.faults[fault] = true;
    await attempt("ada", /\w/);
    google.repair();
  }
  google.faults.skew = -7200;
  await attempt("ada", /\w/);
  google.repair();

  // An answer that was not asked for, and one that comes twice.
  await page.goto(`/auth/google/callback?code=stolen&state=guessed`);
  await expect(page.getByRole("alert")).toBeVisible();
  let callback = "";
  page.on("request", (request) => {
    if (request.url().includes("/auth/google/callback")) callback = request.url();
  });
  await through(page, "Google", "ada");
  await expect(page).toHaveURL(/\/welcome$/);
  await page.goto(callback);
  await expect(page.getByRole("alert")).toBeVisible();
  forgive(problems);
});

test("an account has sessions, tokens, a password, and an end", async ({ instance, another }) => {
  const url = instance.baseURL;
  const page = await another(url);
  await page.goto("/sign-up");
  await page.getByLabel("Name").fill("Dan");
  await page.getByLabel("E-mail").fill("dan@example.com");
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Create account" }).click();
  const elsewhere = await another(url);
  await elsewhere.goto("/sign-in");
  await elsewhere.getByLabel("E-mail").fill("dan@example.com");
  await elsewhere.getByLabel("Password").fill("wrong password");
  await elsewhere.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(elsewhere.getByRole("alert")).toHaveText("The e-mail address or the password is wrong.");
  await elsewhere.getByLabel("Password").fill(password);
  await elsewhere.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(elsewhere).toHaveURL(/\/welcome$/);

  await gotoHydrated(page, "/account");
  await expect(page.getByRole("button", { name: /End the session of Chrome on Linux/ })).toHaveCount(1);
  await page.getByRole("button", { name: "End all others" }).click();
  await expect(page.getByText("All other sessions are ended.")).toBeVisible();
  await elsewhere.goto("/account");
  await expect(elsewhere).toHaveURL(/\/sign-in/);

  await page.getByLabel("Name of a new token").fill("script");
  await page.getByRole("button", { name: "Create token" }).click();
  const token = await page.getByLabel("Your new token").inputValue();
  const me = async () => (await fetch(`${url}/api/v1/me`, { headers: { Authorization: `Bearer ${token}` } })).status;
  expect(await me()).toBe(200);
  await page.getByRole("button", { name: "Revoke script" }).click();
  await expect(page.getByText("The token is revoked.")).toBeVisible();
  expect(await me()).toBe(401);

  await page.getByLabel("Current password").fill(password);
  await page.getByLabel("New password").fill("another teapot harbour 9");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Your password is changed")).toBeVisible();
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await expectNoHorizontalOverflow(page);
  }
  await page.getByLabel("Your e-mail address, to delete your account").fill("dan@example.com");
  await page.getByRole("button", { name: "Delete account" }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await page.getByLabel("E-mail").fill("dan@example.com");
  await page.getByLabel("Password").fill("another teapot harbour 9");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("alert")).toHaveText("The e-mail address or the password is wrong.");
});
