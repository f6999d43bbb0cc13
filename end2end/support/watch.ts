import type { BrowserContext, Request, Response } from "@playwright/test";
import { record } from "./secrets.mjs";

// Notices the secrets that pass through a browser, so that no test has to name them.

/** Fields of forms that hold one, and what it is. */
const fields: Record<string, string> = {
  password: "password",
  current: "password",
  new: "password",
  token: "link's token",
};

/** What is still being read. */
const pending = new Set<Promise<void>>();
const open = new Set<BrowserContext>();

/** Records what is typed, what links carry, and what cookies hold. */
export function watchForSecrets(context: BrowserContext) {
  open.add(context);
  context.once("close", () => open.delete(context));
  context.on("request", fromRequest);
  context.on("response", (response) => {
    const reading = fromResponse(response).catch(() => {
      // Its page is gone. Whatever it set is still among the cookies.
    });
    pending.add(reading);
    void reading.then(() => pending.delete(reading));
  });
}

/** Waits until everything that was noticed so far is recorded. */
export async function secretsRecorded() {
  await Promise.all(pending);
  for (const context of open) {
    for (const { name, value } of await context.cookies()) fromCookie(name, value);
  }
}

function fromRequest(request: Request) {
  for (const [name, value] of new URL(request.url()).searchParams) {
    if (name === "token" || name === "invitation") record("link's token", value);
  }
  if (!request.headers()["content-type"]?.startsWith("application/x-www-form-urlencoded")) return;
  for (const [name, value] of new URLSearchParams(request.postData() ?? "")) {
    const kind = fields[name];
    // A form that revokes a token names it by its id.
    if (kind && !request.url().endsWith("/tokens/revoke")) record(kind, value);
  }
}

async function fromResponse(response: Response) {
  for (const { name, value } of await response.headersArray()) {
    if (name.toLowerCase() !== "set-cookie") continue;
    for (const cookie of value.split("\n")) {
      const [, key = "", text = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      fromCookie(key, text);
    }
  }
}

function fromCookie(name: string, value: string) {
  if (name === "togglebit" || name === "__Host-togglebit") record("session cookie", value);
  if (name !== "togglebit-flash" || !value) return;
  record("value of a form's answer", value);
  const { secret } = JSON.parse(decodeURIComponent(value)) as { secret?: string | null };
  if (!secret) return;
  const token = /^https?:.*[?&]token=([^&]+)/.exec(secret)?.[1];
  record(token ? "link's token" : "personal token", token ?? secret);
}
