import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import net from "node:net";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { freePort, removeDir, spawnTogglebit, temporaryDir } from "../support/server.mjs";

// What an operator reads when Togglebit cannot start: one sentence, and an exit code that a supervisor understands.

let dataDir: string;
test.beforeEach(async () => {
  dataDir = await temporaryDir();
});
test.afterEach(() => removeDir(dataDir));

async function expectOneSentence(env: Record<string, string>, sentence: RegExp) {
  const { child, output, exited } = spawnTogglebit({ TOGGLEBIT_DEMO: "true", ...env });
  const stuck = setTimeout(() => child.kill("SIGKILL"), 20_000);
  const { code } = await exited;
  clearTimeout(stuck);
  expect.soft(output.stderr.trimEnd().split("\n"), "one line, without a backtrace").toHaveLength(1);
  expect.soft(output.stderr).toMatch(sentence);
  expect.soft(output.stdout).not.toContain("is ready");
  expect(code).toBe(1);
}

test("a port in use", async () => {
  const other = net.createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as net.AddressInfo;
  try {
    await expectOneSentence(
      { TOGGLEBIT_ADDR: `127.0.0.1:${port}`, TOGGLEBIT_DATA_DIR: dataDir },
      new RegExp(`^togglebit: .*${port}.*in use`),
    );
  } finally {
    other.close();
  }
});

test("a data folder that cannot be written", async () => {
  // Below a regular file, because nothing else keeps out root, as whom tests run in containers.
  const file = path.join(dataDir, "file");
  await writeFile(file, "");
  await expectOneSentence(
    { TOGGLEBIT_ADDR: `127.0.0.1:${await freePort()}`, TOGGLEBIT_DATA_DIR: path.join(file, "data") },
    /^togglebit: .*file\/data/,
  );
});

test("a DATABASE_URL that is none", async () => {
  await expectOneSentence(
    {
      TOGGLEBIT_ADDR: `127.0.0.1:${await freePort()}`,
      TOGGLEBIT_DATA_DIR: dataDir,
      DATABASE_URL: "carrier-pigeon://nest",
      // Without one a server on another database than the default refuses for that reason.
      TOGGLEBIT_SECRET: "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    },
    /^togglebit: .*DATABASE_URL/,
  );
});
