import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { DEMO_KEY, log, record } from "./secrets.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const binary = path.resolve(root, process.env.TOGGLEBIT_BIN ?? "target/release/togglebit");
const siteRoot = path.resolve(root, process.env.LEPTOS_SITE_ROOT ?? "target/site-release");

/** What still runs when the test run is cut short ends with it. @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();
process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));

/** How long the server may take to be ready and to end; far more than it needs, for machines under load. */
const patience = 30_000;

/**
 * What servers log: everything that is said at all, and more by whatever handles a secret, because the run looks for its
 * secrets there. The libraries below stay at `debug`: `trace` would print the bytes of whole requests, as it is meant to.
 */
const verbose = [
  "debug",
  ...["togglebit", "api", "app", "domain", "identity", "service"].map((crate) => `${crate}=trace`),
  ...["tower_http", "tower_sessions", "tower_sessions_core"].map((crate) => `${crate}=trace`),
].join(",");

/** A line that is there for the search alone. */
const chatter = /^\S+ +(DEBUG|TRACE) .*\n/gm;

/** A port that was free a moment ago. */
export async function freePort() {
  const probe = net.createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = /** @type {net.AddressInfo} */ (probe.address());
  probe.close();
  await once(probe, "close");
  return port;
}

/** An empty folder; whoever asks for it removes it with `removeDir`. */
export function temporaryDir() {
  return mkdtemp(path.join(os.tmpdir(), "togglebit-e2e-"));
}

/** @param {string} dir */
export function removeDir(dir) {
  return rm(dir, { recursive: true, force: true });
}

/**
 * Starts the program and collects what it prints. Of the caller's environment only what every program needs is passed
 * on: a developer's DATABASE_URL must not become the tests' database.
 * @param {Record<string, string>} env
 */
export function spawnTogglebit(env) {
  const { PATH = "", HOME = "", TMPDIR = os.tmpdir() } = process.env;
  const child = spawn(binary, {
    cwd: root,
    env: { PATH, HOME, TMPDIR, LEPTOS_SITE_ROOT: siteRoot, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const [name, value] of Object.entries(env)) if (name.endsWith("_SECRET")) record(name, value);
  running.add(child);
  child.once("close", () => running.delete(child));
  const output = { stdout: "", stderr: "" };
  for (const stream of /** @type {const} */ (["stdout", "stderr"])) {
    child[stream].setEncoding("utf8").on("data", (text) => {
      output[stream] += text;
      log(child.pid, stream, text);
    });
  }
  /** @type {Promise<{ code: number | null, signal: string | null }>} */
  const exited = new Promise((resolve, reject) => {
    child.once("error", (error) => reject(new Error(`${binary} cannot be run (is it built?): ${error.message}`)));
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  // Whoever waits for it sees the failure; a failure that nobody waits for yet must not end the test run.
  exited.catch(() => {});
  return { child, output, exited };
}

/** A running Togglebit with the demo's data. */
export class Togglebit {
  /**
   * @param {ReturnType<typeof spawnTogglebit>} process
   * @param {{ port: number, dataDir: string, ownsDataDir: boolean }} options
   */
  constructor(process, { port, dataDir, ownsDataDir }) {
    this.process = process;
    this.port = port;
    this.dataDir = dataDir;
    this.ownsDataDir = ownsDataDir;
    this.baseURL = `http://127.0.0.1:${port}`;
    this.apiKey = "";
    this.stopped = false;
  }

  /**
   * Starts it on a free port and waits until it is ready and has said so. Without a data folder it gets an empty one,
   * which goes when it stops.
   * @param {{ port?: number, dataDir?: string, env?: Record<string, string> }} [options]
   */
  static async start(options = {}) {
    const port = options.port ?? (await freePort());
    const dataDir = options.dataDir ?? (await temporaryDir());
    const process = spawnTogglebit({
      TOGGLEBIT_ADDR: `127.0.0.1:${port}`,
      TOGGLEBIT_DATA_DIR: dataDir,
      TOGGLEBIT_DEMO: "true",
      RUST_LOG: verbose,
      ...options.env,
    });
    const server = new Togglebit(process, { port, dataDir, ownsDataDir: options.dataDir === undefined });
    try {
      await server.#ready();
    } catch (error) {
      process.child.kill("SIGKILL");
      if (server.ownsDataDir) await removeDir(dataDir);
      throw error;
    }
    return server;
  }

  async #ready() {
    const { output, exited } = this.process;
    let ended = false;
    exited.then(() => (ended = true), () => (ended = true));
    const deadline = Date.now() + patience;
    for (;;) {
      if (ended) {
        const { code, signal } = await exited;
        throw new Error(`Togglebit ended with ${signal ?? code} before it was ready.\n${this.log()}`);
      }
      const key = /^ +Evaluate .*Bearer ([^\s']+)/m.exec(output.stdout)?.[1];
      if (key && (await answers(`${this.baseURL}/ready`))) {
        this.apiKey = key;
        record(DEMO_KEY, key);
        record("instance's secret", (await readFile(path.join(this.dataDir, "secret"), "utf8")).trim());
        return;
      }
      if (Date.now() > deadline) {
        throw new Error(`Togglebit was not ready, or did not print its demo key, in ${patience / 1000} s.\n${this.log()}`);
      }
      await sleep(50);
    }
  }

  /** Asks it to end and insists that it does so cleanly. */
  async stop() {
    if (this.stopped) return;
    this.stopped = true;
    const { child, exited } = this.process;
    child.kill("SIGTERM");
    const stuck = setTimeout(() => child.kill("SIGKILL"), patience);
    const { code, signal } = await exited;
    clearTimeout(stuck);
    if (this.ownsDataDir) await removeDir(this.dataDir);
    if (code !== 0) throw new Error(`Togglebit ended with ${signal ?? code} after SIGTERM, not with 0.\n${this.log()}`);
  }

  /** What it printed, for a failure's report. */
  log() {
    const { stdout, stderr } = this.process.output;
    return `--- stdout of the server\n${stdout}--- stderr of the server\n${stderr.replace(chatter, "")}---`;
  }

  /**
   * What an application gets for a flag.
   * @param {string} flag
   * @param {{ userId?: string, context?: object, apiKey?: string }} [options]
   * @returns {Promise<Evaluation>}
   */
  async evaluate(flag, { userId = "user-1", context, apiKey = this.apiKey } = {}) {
    const url = new URL(`/api/v1/eval/flags/${encodeURIComponent(flag)}`, this.baseURL);
    url.searchParams.set("userId", userId);
    if (context) url.searchParams.set("context", JSON.stringify(context));
    const response = await fetch(url, { headers: { Authorization: `Bearer ${apiKey}` } });
    if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
    return response.json();
  }
}

/**
 * @typedef {object} Evaluation
 * @property {string} key
 * @property {boolean} enabled
 * @property {unknown} value
 * @property {string | null} variation
 * @property {string} reason
 * @property {unknown} rule
 * @property {number} version
 * @property {number} revision
 */

/** @param {string} url */
async function answers(url) {
  try {
    const response = await fetch(url);
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

/** @param {number} milliseconds */
function sleep(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
