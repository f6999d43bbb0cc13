import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { record } from "./secrets.mjs";
import type { Togglebit } from "./server.mjs";

// What the tests of OpenFeature's providers need of a server, and a page of another origin that asks it.

/** A flag as the management API creates it, and what it does in `dev`. */
export interface Flag {
  key: string;
  type: "boolean" | "string" | "number" | "json";
  /** The values of the variations `on` and `off`. */
  values: [on: unknown, off: unknown];
  /** On unless this is false. */
  enabled?: boolean;
  /** Marked for browsers unless this is false. */
  browsers?: boolean;
  /** What else is configured. */
  targeting?: object;
}

/** Somebody who may do everything in the demo's project. */
export class Owner {
  private constructor(
    private readonly server: Togglebit,
    private readonly token: string,
  ) {}

  static async of(server: Togglebit) {
    const form = new URLSearchParams({ role: "owner" });
    const signIn = await fetch(`${server.baseURL}/sign-in/demo`, { method: "POST", body: form, redirect: "manual" });
    const [cookie = ""] = signIn.headers.getSetCookie().map((cookie) => cookie.split(";")[0] ?? "");
    record("session cookie", cookie.split("=")[1]);
    const answer = await fetch(`${server.baseURL}/api/v1/me/tokens`, {
      method: "POST",
      headers: { cookie, origin: server.baseURL },
      body: JSON.stringify({ name: "OpenFeature", scope: "write" }),
    });
    const { raw } = (await answer.json()) as { raw: string };
    record("personal token", raw);
    return new Owner(server, raw);
  }

  async create({ key, type, values: [on, off], enabled = true, browsers = true, targeting = {} }: Flag) {
    await this.send("POST", "/flags", {
      key,
      name: key,
      value_type: type,
      client_side: browsers,
      variations: [
        { key: "on", value: on },
        { key: "off", value: off },
      ],
      configuration: { enabled: false, off_variation: "off", fallthrough: { variation: "on" }, ...targeting },
    });
    if (enabled) await this.switch(key, true);
  }

  async switch(key: string, enabled: boolean) {
    await this.send("PATCH", `/flags/${key}/environments/dev`, { enabled });
  }

  /** A new API key for `dev`. */
  async key(kind: "server" | "browser", limits: { rate_limit?: number } = {}) {
    const body = { name: `${kind}s of OpenFeature`, environment: "dev", kind, ...limits };
    const { raw } = (await this.send("POST", "/keys", body)) as { raw: string };
    record("API key", raw);
    return raw;
  }

  private async send(method: string, path: string, body: object): Promise<unknown> {
    const url = `${this.server.baseURL}/api/v1/manage${path}`;
    const headers = { authorization: `Bearer ${this.token}` };
    const answer = await fetch(url, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method} ${url} answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  }
}

/** Serves a page with OpenFeature's SDK for browsers. Its port makes it another origin than Togglebit's. */
export async function servePage() {
  const entry = fileURLToPath(new URL("openfeature-page.ts", import.meta.url));
  const bundle = await build({ entryPoints: [entry], bundle: true, format: "iife", target: "es2022", write: false });
  const script = bundle.outputFiles[0]!.text;
  const html = `<!doctype html><html lang="en"><title>Shop</title><link rel="icon" href="data:,"><script src="/page.js"></script>`;
  const server = createServer(({ url }, response) => {
    const isScript = url === "/page.js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html; charset=utf-8");
    response.end(isScript ? script : html);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const stop = async () => {
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return { url: `http://127.0.0.1:${port}/`, stop };
}
