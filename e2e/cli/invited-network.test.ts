/** An operator's path from nothing: a network that takes accounts by invitation, its administrator, an invited person. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { repositoryRoot } from "../harness/devnet.ts";
import { findBasePort } from "../harness/ports.ts";
import { createTemporaryFolder } from "../harness/temporary-folder.ts";
import { environmentOf, installCommand } from "./command.ts";

const folder = createTemporaryFolder("invited");
const programs = join(folder.path, "bin");
const operatorMain = join(repositoryRoot, "apps/node/src/main.ts");
let node: ChildProcess | undefined;

beforeAll(() => {
  installCommand(programs);
  for (const person of ["operator", "guest"]) mkdirSync(join(folder.path, person));
});
afterAll(async () => {
  if (node?.exitCode === null) {
    node.kill("SIGTERM");
    await once(node, "exit");
  }
  folder[Symbol.dispose]();
});

function run(person: string, program: string, argv: readonly string[], input = "") {
  const cwd = join(folder.path, person);
  const { status, stdout, stderr } = spawnSync(program, argv, {
    cwd,
    input,
    env: environmentOf(person, cwd, programs),
    encoding: "utf8",
  });
  return { exitCode: status, stdout: stdout.trim(), stderr };
}

const guts = (person: string, ...argv: string[]) => run(person, join(programs, "guts"), argv);
const operate = (...argv: string[]) => {
  const result = run("operator", process.execPath, [operatorMain, ...argv]);
  expect(result.exitCode, result.stderr).toBe(0);
  return result.stdout + result.stderr;
};

test("takes whom its administrator invited, once for each invitation", async () => {
  const port = String(await findBasePort());
  const host = `http://127.0.0.1:${port}`;
  const administrator = guts("operator", "key", "generate", "--recovery-code-file", "code").stdout;
  const [validator] = /first=[0-9a-f]{64}:[0-9a-f]{64}/.exec(
    operate("node", "init", "--data", "data", "--name", "first", "--port", port),
  )!;
  const members = ["--administrator", administrator, "--validator", validator];
  operate("network", "create", "--name", "invited", "--registration", "invite", ...members);
  operate("node", "init", "--data", "data", "--genesis", "genesis.guts");
  node = spawn(process.execPath, [operatorMain, "node", "start", "--data", join(folder.path, "operator", "data")], {
    stdio: "ignore",
  });
  await expect
    .poll(
      () =>
        fetch(`${host}/readyz`).then(
          ({ status }) => status,
          () => 0,
        ),
      { timeout: 60_000 },
    )
    .toBe(200);

  const signUp = ["auth", "signup", "--host", host, "--no-password"];
  expect(guts("operator", ...signUp, "boss", "--root-key", "code")).toMatchObject({ exitCode: 0 });
  const invitation = guts("operator", "auth", "invite", "--recovery-code-file", "code").stdout;
  const asGuest = (handle: string, input: string) =>
    run(
      "guest",
      join(programs, "guts"),
      [...signUp, handle, "--recovery-code-file", handle, "--invitation-file", "-"],
      input,
    );
  expect(guts("guest", ...signUp, "guest", "--recovery-code-file", "guest")).toMatchObject({ exitCode: 1 });
  expect(asGuest("guest", invitation)).toMatchObject({ exitCode: 0 });
  expect(asGuest("second", invitation)).toMatchObject({ exitCode: 1 });
  expect(guts("guest", "auth", "invite", "--recovery-code-file", "guest")).toMatchObject({ exitCode: 1 });
}, 120_000);
