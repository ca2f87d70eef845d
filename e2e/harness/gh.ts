import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";

import { type GitResult, runProgram } from "./git.ts";

/** GitHub's own command with a configuration of its own, against a node of a test. */
export interface GitHubCommand extends AsyncDisposable {
  /** The made-up name under which it knows the node. */
  readonly host: string;
  run(args: readonly string[], input?: string): Promise<GitResult>;
}

const host = "forge.test";

/**
 * gh talks https to every name but one and keeps no ports. Its setting `http_unix_socket` sends plain HTTP over a socket instead,
 * and this one leads to the node.
 */
export async function startGitHubCommand(baseUrl: string, folder: string): Promise<GitHubCommand> {
  const configDirectory = join(folder, "gh");
  const socketFile = join(folder, "gh.sock");
  mkdirSync(configDirectory, { recursive: true });
  writeFileSync(join(configDirectory, "config.yml"), `http_unix_socket: ${socketFile}\n`);
  chmodSync(folder, 0o700);
  const port = Number(new URL(baseUrl).port);
  const server = createServer((client) => {
    const node = connect(port, "127.0.0.1");
    client.pipe(node).pipe(client);
    client.on("error", () => node.destroy());
    node.on("error", () => client.destroy());
  });
  server.listen(socketFile);
  await once(server, "listening");
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: folder,
    TMPDIR: folder,
    NO_COLOR: "1",
    GH_NO_UPDATE_NOTIFIER: "1",
  };
  return {
    host,
    run: (args, input) =>
      runProgram("gh", args, { cwd: folder, env: { ...env, GH_CONFIG_DIR: configDirectory, GH_HOST: host }, input }),
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, "close");
    },
  };
}
