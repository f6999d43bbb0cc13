import { createServer } from "node:http";
import { once } from "node:events";
import { OAuth2Issuer, OAuth2Service } from "oauth2-mock-server";
import { record } from "./secrets.mjs";

/**
 * Somebody with an account at a provider.
 * @typedef {object} Person
 * @property {string | number} sub What the provider calls them; a number at GitHub.
 * @property {string} [name]
 * @property {string} [email] Left out by those who have none, or do not show it.
 * @property {boolean} [verified] Whether the provider has verified the address; it has, unless this is false.
 */

/**
 * What the provider does wrong, from the next request on.
 * @typedef {object} Faults
 * @property {boolean} down It closes every connection.
 * @property {boolean} used It takes every code for one that was redeemed already.
 * @property {boolean} nonce Its ID tokens have another nonce.
 * @property {boolean} audience Its ID tokens are for another client.
 * @property {boolean} issuer Its ID tokens are of another issuer.
 * @property {boolean} key Its ID tokens are signed with another key of the same name.
 * @property {number} skew How many seconds its clock is ahead.
 */

/**
 * @typedef {object} Options
 * @property {"oidc" | "github"} kind
 * @property {"RS256" | "ES256"} [algorithm] What ID tokens are signed with; RS256 unless given.
 * @property {Record<string, Person>} people By what their link says.
 * @property {{ id: string, secret: string }} client Us.
 * @property {number} [port]
 */

/** @typedef {Awaited<ReturnType<OAuth2Issuer["keys"]["generate"]>>} Key */

/** @type {Readonly<Faults>} */
const none = { down: false, used: false, nonce: false, audience: false, issuer: false, key: false, skew: 0 };

/**
 * Where a provider of each kind has what we ask for. What the mock does not know is answered here.
 * @type {Record<"oidc" | "github", { authorize: string, token: string, userinfo: string }>}
 */
const endpoints = {
  oidc: { authorize: "/authorize", token: "/token", userinfo: "/userinfo" },
  github: { authorize: "/login/oauth/authorize", token: "/login/oauth/access_token", userinfo: "/user" },
};

/** A running provider: OpenID Connect, or something that looks like GitHub. Its sign-in page has a link for each person. */
export class Provider {
  /** @type {Faults} */
  faults = { ...none };
  #issuer = new OAuth2Issuer();
  #service;
  #server;
  /** The person that each code was given for. @type {Map<string, Person>} */
  #codes = new Map();
  /** The public keys. A forger's key never gets here. @type {object[]} */
  #published = [];
  /** What ID tokens are signed with: the provider's key, and a forger's of the same name. */
  #keys;

  /**
   * @param {Options} options
   * @param {{ own: Key, forged: Key }} keys
   */
  constructor(options, keys) {
    this.options = options;
    this.#keys = keys;
    this.paths = endpoints[options.kind];
    this.url = "";
    this.#service = new OAuth2Service(this.#issuer, this.paths);
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error) => response.destroy(error));
    });
    this.#behave();
  }

  /**
   * Starts one on a free port, or on the given one.
   * @param {Options} options
   */
  static async start(options) {
    const key = () => new OAuth2Issuer().keys.generate(options.algorithm ?? "RS256", { kid: "key" });
    const provider = new Provider(options, { own: await key(), forged: await key() });
    await provider.#issuer.keys.add(provider.#keys.own);
    provider.#published = provider.#issuer.keys.toJSON();
    provider.#server.listen(options.port ?? 0, "127.0.0.1");
    await once(provider.#server, "listening");
    const { port } = /** @type {import("node:net").AddressInfo} */ (provider.#server.address());
    provider.url = `http://127.0.0.1:${port}`;
    provider.#issuer.url = provider.url;
    return provider;
  }

  /** Does everything right again. */
  repair() {
    this.faults = { ...none };
  }

  async stop() {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  /** Makes the mock speak of our people, and do wrong what it is told to. */
  #behave() {
    this.#service.on("beforeAuthorizeRedirect", ({ url }, request) => {
      const asked = new URL(request.url ?? "", this.url).searchParams;
      const person = this.options.people[asked.get("person") ?? ""];
      record("authorization code", url.searchParams.get("code"));
      record("state of a sign-in", asked.get("state"));
      record("nonce of a sign-in", asked.get("nonce"));
      if (person) this.#codes.set(url.searchParams.get("code") ?? "", person);
    });
    this.#service.on("beforeTokenSigning", ({ payload }, { body }) => {
      const person = this.#codes.get(/** @type {string} */ (body.code));
      if (!person) throw new Error("a token is signed for nobody");
      const { faults, options } = this;
      Object.assign(payload, claims(person), { aud: options.client.id });
      for (const time of ["iat", "exp", "nbf"]) payload[time] = Number(payload[time]) + faults.skew;
      if (faults.nonce) payload.nonce = "another";
      if (faults.audience) payload.aud = "another";
      if (faults.issuer) payload.iss = "https://another.example";
    });
    this.#service.on("beforeResponse", ({ body }, request) => {
      this.#codes.delete(/** @type {string} */ (request.body.code));
      const tokens = /** @type {Record<string, unknown>} */ (body);
      for (const kind of ["access_token", "id_token", "refresh_token"]) {
        if (typeof tokens?.[kind] === "string") record(`provider's ${kind}`, tokens[kind]);
      }
      if (this.options.kind === "github" && body) delete (/** @type {Record<string, unknown>} */ (body).id_token);
    });
    this.#service.on("beforeUserinfo", (response, request) => {
      const person = this.#bearer(request.headers.authorization);
      if (!person) Object.assign(response, { statusCode: 401, body: {} });
      else response.body = this.options.kind === "github" ? profile(person) : claims(person);
    });
  }

  /**
   * @param {import("node:http").IncomingMessage} request
   * @param {import("node:http").ServerResponse} response
   */
  async #answer(request, response) {
    if (this.faults.down) return void request.socket.destroy();
    const url = new URL(request.url ?? "", this.url);
    if (url.pathname === this.paths.authorize && !url.searchParams.has("person")) {
      response.setHeader("content-type", "text/html; charset=utf-8");
      return void response.end(this.#page(url));
    }
    if (url.pathname === "/jwks") return json(response, 200, { keys: this.#published });
    if (url.pathname === "/user/emails" && this.options.kind === "github") {
      const person = this.#bearer(request.headers.authorization);
      return person ? json(response, 200, emails(person)) : json(response, 401, {});
    }
    if (url.pathname === this.paths.token && request.method === "POST") {
      const form = await read(request);
      record("code verifier", form.get("code_verifier"));
      const error = this.#refuse(request.headers.authorization, form);
      if (error) return json(response, this.options.kind === "github" ? 200 : error.status, { error: error.code });
      await this.#issuer.keys.add(this.faults.key ? this.#keys.forged : this.#keys.own);
      // The mock's own parser leaves a body alone that was read already.
      Object.assign(request, { body: Object.fromEntries(form) });
    }
    this.#service.requestHandler(request, response);
  }

  /**
   * Why a code is not redeemed, which the mock itself would not find: it knows no clients, and wants a proof key only of
   * those who send one.
   * @param {string | undefined} authorization
   * @param {URLSearchParams} form
   */
  #refuse(authorization, form) {
    const github = this.options.kind === "github";
    const [id, secret] = basic(authorization);
    const { client } = this.options;
    if (id !== client.id || secret !== client.secret) {
      return { status: 401, code: github ? "incorrect_client_credentials" : "invalid_client" };
    }
    if (this.faults.used || !this.#codes.has(form.get("code") ?? "") || !form.has("code_verifier")) {
      return { status: 400, code: github ? "bad_verification_code" : "invalid_grant" };
    }
    return undefined;
  }

  /**
   * The sign-in page. Its links carry all that is asked, so that several browsers can have it open at once.
   * @param {URL} url
   */
  #page(url) {
    const links = Object.keys(this.options.people).map((name) => {
      const target = new URL(url);
      target.searchParams.set("person", name);
      return link(name, target);
    });
    const denied = new URL(url.searchParams.get("redirect_uri") ?? "");
    denied.searchParams.set("error", "access_denied");
    denied.searchParams.set("error_description", "The person has denied access.");
    denied.searchParams.set("state", url.searchParams.get("state") ?? "");
    const list = [...links, link("Deny", denied)].map((it) => `<li>${it}</li>`).join("");
    return `<!doctype html><html lang="en"><title>Provider</title><link rel="icon" href="data:,"><h1>Who are you?</h1><ul>${list}</ul></html>`;
  }

  /**
   * Whose access token this is. The mock's access tokens are JWTs, too.
   * @param {string | undefined} authorization
   */
  #bearer(authorization) {
    const payload = /^Bearer [^.]+\.([^.]+)\./.exec(authorization ?? "")?.[1];
    if (!payload) return undefined;
    const { sub } = JSON.parse(Buffer.from(payload, "base64url").toString());
    return Object.values(this.options.people).find((person) => String(person.sub) === sub);
  }
}

/** @param {Person} person */
function claims({ sub, name, email, verified = true }) {
  return { sub: String(sub), name, email, email_verified: email === undefined ? undefined : verified };
}

/** What GitHub's API says at /user; the public address is a trap, since it proves nothing. @param {Person} person */
function profile({ sub, name }) {
  return { id: Number(sub), login: `user-${sub}`, name: name ?? null, email: "public@github.example" };
}

/** What GitHub's API says at /user/emails. @param {Person} person */
function emails({ email, verified = true }) {
  const older = { email: "older@github.example", primary: false, verified: true, visibility: null };
  return email === undefined ? [older] : [older, { email, primary: true, verified, visibility: "private" }];
}

/** The id and the secret of a client, each encoded like a form. @param {string | undefined} authorization */
function basic(authorization) {
  const text = Buffer.from(/^Basic (.*)$/.exec(authorization ?? "")?.[1] ?? "", "base64").toString();
  return text.split(":").map((part) => decodeURIComponent(part.replaceAll("+", " ")));
}

/** @param {import("node:http").IncomingMessage} request */
async function read(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

/**
 * @param {import("node:http").ServerResponse} response
 * @param {number} status
 * @param {unknown} body
 */
function json(response, status, body) {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" }).end(JSON.stringify(body));
}

/**
 * @param {string} text
 * @param {URL} target
 */
function link(text, target) {
  return `<a href="${escape(target.href)}">${escape(text)}</a>`;
}

/** @param {string} text */
function escape(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
