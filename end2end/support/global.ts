import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { RUN_DIR, search } from "./secrets.mjs";

/** Before the first test: a folder for what the run writes down. After the last one: no secret is in a log. */
export default function begin() {
  const dir = mkdtempSync(path.join(os.tmpdir(), "togglebit-e2e-run-"));
  process.env[RUN_DIR] = dir;
  return () => {
    const { servers, requests, kinds, found } = search();
    const used = [...kinds].map(([kind, count]) => `${count} × ${kind}`).join(", ");
    if (found.length > 0) throw new Error(`Secrets are in the logs in ${dir}/logs:\n  ${found.join("\n  ")}`);
    rmSync(dir, { recursive: true });
    // Some tests start no server, and can be run alone.
    if (servers === 0) return;
    if (kinds.size === 0) throw new Error("No test recorded a secret, so none could be found in the logs.");
    if (requests === 0) throw new Error("The servers logged no request, so no secret could be found in their logs.");
    console.log(`No secret is in the logs of ${servers} servers and ${requests} requests: ${used}.`);
  };
}
