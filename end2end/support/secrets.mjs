import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

// What a test run writes down to look at in the end: what its servers printed, and each secret that it used.

/** Where the test run keeps it; in the environment, which every worker gets. */
export const RUN_DIR = "TOGGLEBIT_E2E_RUN";

/** What the demo prints on standard output, for whoever tries it. */
export const DEMO_KEY = "demo's API key";

/** What servers log of each request to the dashboard. */
const logged = "finished processing request";

/** Below this many characters a text is found by chance. */
const shortest = 8;

/** @returns {{ logs: string, secrets: string } | undefined} Nothing outside of a test run. */
function run() {
  const dir = process.env[RUN_DIR];
  return dir ? { logs: path.join(dir, "logs"), secrets: path.join(dir, "secrets") } : undefined;
}

/**
 * Writes down a secret that a test used.
 * @param {string} kind What it is, for people.
 * @param {string | null | undefined} secret
 */
export function record(kind, secret) {
  const at = run();
  if (at && secret && secret.length >= shortest) appendFileSync(at.secrets, `${JSON.stringify({ kind, secret })}\n`);
}

/**
 * Writes down what a server prints.
 * @param {number | undefined} pid
 * @param {"stdout" | "stderr"} stream
 * @param {string} text
 */
export function log(pid, stream, text) {
  const at = run();
  if (!at) return;
  mkdirSync(at.logs, { recursive: true });
  appendFileSync(path.join(at.logs, `${pid}.${stream}`), text);
}

/**
 * Looks for every secret in every log.
 * @returns {{ servers: number, requests: number, kinds: Map<string, number>, found: string[] }} What was found, without
 * the secrets themselves.
 */
export function search() {
  const at = run();
  if (!at) throw new Error(`${RUN_DIR} is not set`);
  const lines = existsSync(at.secrets) ? readFileSync(at.secrets, "utf8").split("\n") : [];
  /** @type {{ kind: string, secret: string }[]} */
  const secrets = [...new Set(lines)].filter(Boolean).map((line) => JSON.parse(line));
  /** @type {Map<string, number>} */
  const kinds = new Map();
  for (const { kind } of secrets) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const files = existsSync(at.logs) ? readdirSync(at.logs) : [];
  /** @type {string[]} */
  const found = [];
  let [servers, requests] = [0, 0];
  for (const file of files) {
    const text = readFileSync(path.join(at.logs, file), "utf8");
    if (text.includes("Togglebit is ready")) servers += 1;
    requests += text.split(logged).length - 1;
    for (const { kind, secret } of secrets) {
      if (kind === DEMO_KEY && file.endsWith(".stdout")) continue;
      const place = waysToWrite(secret).map((written) => text.indexOf(written)).find((place) => place >= 0);
      if (place === undefined) continue;
      const line = text.slice(0, place).split("\n").length;
      found.push(`${file}, line ${line}: ${kind}`);
    }
  }
  return { servers, requests, kinds, found };
}

/**
 * How a secret may have been written: as it is, as addresses and forms encode it, in base64 as a part of something longer,
 * and the id of a session as the number that it is to the program.
 * @param {string} secret
 */
function waysToWrite(secret) {
  const form = new URLSearchParams([["", secret]]).toString().slice(1);
  const plain = [...new Set([secret, encodeURIComponent(secret), form, JSON.stringify(secret).slice(1, -1)])];
  const ways = [...plain, ...plain.flatMap(insideBase64)];
  const bytes = Buffer.from(secret, "base64url");
  if (bytes.length === 16 && secret.length === 22) {
    const number = bytes.readBigUInt64LE(0) + (bytes.readBigInt64LE(8) << 64n);
    ways.push(String(number));
  }
  return ways;
}

/**
 * What base64 makes of a text wherever it begins: in groups of three bytes there are three places. What depends on the
 * bytes around it is cut off.
 * @param {string} text
 */
function insideBase64(text) {
  const ways = [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]);
    const [start, end] = [Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6)];
    return [bytes.toString("base64").slice(start, end), bytes.toString("base64url").slice(start, end)];
  });
  return [...new Set(ways)];
}
