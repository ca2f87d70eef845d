import { existsSync } from "node:fs";

import { createClient, type ApiOutput } from "@guts/api/client";
import { hostKeyOf } from "@guts/server/ssh";
import { findLockHolder } from "@guts/storage";

import { readConfig } from "../config/config.ts";
import { nodePathsOf, openDataDirectory } from "../data/data-directory.ts";
import { readPrivateKeyFile } from "../keys/private-key-file.ts";

/** How `guts node status` was called. */
export interface NodeStatusOptions {
  readonly dataDirectory: string;
  readonly isJson: boolean;
  readonly print: (line: string) => void;
}

const timeoutMs = 5_000;

/** `guts node status`: says whether the node runs and how it is; answers the exit code. */
export async function nodeStatus({ dataDirectory, isJson, print }: NodeStatusOptions): Promise<number> {
  openDataDirectory(dataDirectory, "node");
  const { http, ssh } = readConfig(dataDirectory);
  const url = `http://${http.host === "0.0.0.0" ? "127.0.0.1" : http.host}:${http.port}`;
  const hostKey = nodePathsOf(dataDirectory).sshHostKey;
  const fingerprint = existsSync(hostKey) ? hostKeyOf(readPrivateKeyFile(hostKey)).fingerprint : undefined;
  const sshDoor = {
    url: ssh.isOpen ? `ssh://git@${ssh.address.host}:${ssh.address.port}` : null,
    fingerprint: fingerprint ?? null,
  };
  const processId = findLockHolder(dataDirectory);
  const status = processId === undefined ? undefined : await readStatus(url);
  if (isJson)
    print(
      JSON.stringify({
        isRunning: processId !== undefined,
        processId: processId ?? null,
        url,
        ssh: sshDoor,
        status: status ?? null,
      }),
    );
  else for (const line of describe(url, processId, status)) print(line);
  if (!isJson && fingerprint !== undefined && ssh.isOpen) print(`ssh      ${sshDoor.url}, host key ${fingerprint}`);
  return status?.isReady === true ? 0 : 1;
}

type Status = ApiOutput<"GET /api/guts/status">;

async function readStatus(url: string): Promise<Status | undefined> {
  try {
    return await createClient({ baseUrl: url }).call("GET /api/guts/status", {
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch {
    return undefined; // It may listen elsewhere, or be starting; the lines say so.
  }
}

function describe(
  url: string,
  processId: number | "unknown" | undefined,
  status: Status | undefined,
): readonly string[] {
  if (processId === undefined) return ["The node does not run. Start it with: guts node start"];
  if (status === undefined) return [`The node runs as process ${processId} and does not answer at ${url} (yet).`];
  const parts = status.parts.map(
    ({ name, state, detail }) => `${name}   ${state}${detail === null ? "" : ` (${detail})`}`,
  );
  return [
    `process  ${processId}`,
    `url      ${url}`,
    `node     ${status.nodeId}`,
    `version  ${status.version}, git ${status.gitVersion}`,
    `height   ${status.height} (lists at ${status.readModelHeight})`,
    ...parts,
  ];
}
