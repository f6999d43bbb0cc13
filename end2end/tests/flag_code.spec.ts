import { expect, expectAccessible, expectNoHorizontalOverflow, gotoHydrated, signInAs, test } from "../support/test.js";
import type { Page } from "@playwright/test";

// How applications ask for one flag: its key, the type of its values, and whether browsers may.

const code = (key: string, query = "?env=dev") => `/o/demo/default/flags/${key}/code${query}`;
const block = (page: Page, name: string) => page.getByRole("group", { name, exact: true });

interface Flag {
  key: string;
  value_type: string;
  client_side: boolean;
}

/** The demo's flags, by the type of their values. */
async function flags(page: Page) {
  const answer = await page.request.get("/api/v1/manage/flags?limit=100");
  return ((await answer.json()) as { flags: Flag[] }).flags;
}

test("code asks for the flag by the type of its values", async ({ page, server }) => {
  await signInAs(page, "member");
  const getters: Record<string, string> = {
    boolean: "getBooleanValue",
    string: "getStringValue",
    number: "getNumberValue",
    json: "getObjectValue",
  };
  const all = await flags(page);
  for (const [type, getter] of Object.entries(getters)) {
    const one = all.find((flag) => flag.value_type === type);
    if (!one) continue;
    await gotoHydrated(page, code(one.key, "?env=dev&lang=typescript"));
    await expect(block(page, "TypeScript: Evaluate")).toContainText(`${getter}("${one.key}",`);
    await expect(block(page, "TypeScript: Evaluate")).toContainText(server.baseURL);
    await expect(block(page, "TypeScript: Evaluate")).toContainText(server.apiKey.slice(0, "tb_dev_".length + 6));
  }
  await gotoHydrated(page, code("checkout-v2"));
  await expect(block(page, "curl: Ask")).toContainText("/ofrep/v1/evaluate/flags/checkout-v2");
  await page.getByText("Go", { exact: true }).click();
  await expect(page).toHaveURL(/lang=go/);
  await expect(page.getByRole("link", { name: "Try it in the playground" })).toHaveAttribute(
    "href",
    /\/playground\?env=dev&flag=checkout-v2$/,
  );
});

test("code for browsers is there where browsers may ask", async ({ page }) => {
  await signInAs(page, "member");
  const all = await flags(page);
  for (const isFor of [true, false]) {
    const one = all.find((flag) => flag.client_side === isFor);
    if (!one) continue;
    await gotoHydrated(page, code(one.key));
    await expect(page.getByRole("radio", { name: "Web, React" })).toHaveCount(isFor ? 1 : 0);
    await expect(page.getByText(isFor ? /It is marked for browsers/ : /It is for servers alone/)).toBeVisible();
  }
});

test("the environment is in the address", async ({ page }) => {
  await signInAs(page, "owner");
  await gotoHydrated(page, code("checkout-v2", "?env=prod"));
  await expect(block(page, "curl: Ask")).toContainText("tb_prod_");
  expect((await page.request.get(code("checkout-v2", "?env=nowhere"))).status()).toBe(404);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`the code is accessible in ${colorScheme}, and fits a phone`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await signInAs(page, "member");
    await gotoHydrated(page, code("checkout-v2"));
    await expectAccessible(page);
    await page.setViewportSize({ width: 360, height: 740 });
    await expectNoHorizontalOverflow(page);
  });
}

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the languages can be chosen", async ({ page }) => {
    await signInAs(page, "member");
    await page.goto(code("checkout-v2"));
    await page.getByText("Python", { exact: true }).click();
    await expect(block(page, "Python: Install")).toBeVisible();
  });
});
