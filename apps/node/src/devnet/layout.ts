import { join } from "node:path";

import { NodeError } from "../node-error.ts";

/** The demo accounts of every devnet. */
export const demoLogins = ["maintainer", "contributor"] as const;
/** A demo account's handle. */
export type DemoLogin = (typeof demoLogins)[number];

/** Ports of one node of a devnet: ten numbers each. */
export const portsPerNode = 10;

/** Most nodes of one devnet. */
export const nodeCountMax = 1;

/** One node's place in a devnet. */
export interface NodePlace {
  readonly name: string;
  readonly dataDirectory: string;
  readonly httpPort: number;
  readonly httpUrl: string;
}

/** Where node `index` of the devnet in `root` keeps its data and listens. */
export function nodePlaceOf(root: string, basePort: number, index: number): NodePlace {
  const name = `node${index}`;
  const httpPort = basePort + portsPerNode * index;
  return { name, dataDirectory: join(root, name), httpPort, httpUrl: `http://127.0.0.1:${httpPort}` };
}

/** Where a demo account's secrets are: both files are readable by their owner only. */
export function accountFilesOf(
  root: string,
  login: DemoLogin,
): { readonly token: string; readonly privateKey: string } {
  const folder = join(root, "accounts");
  return { token: join(folder, `${login}.token`), privateKey: join(folder, `${login}.pem`) };
}

/** Refuses what this release cannot do, and ports that do not exist. */
export function assertDevnetShape(nodeCount: number, basePort: number): void {
  if (nodeCount !== nodeCountMax)
    throw new NodeError(
      "usage",
      `A devnet of ${nodeCount} nodes needs consensus among validators, which this release does not have yet; use --nodes 1.`,
    );
  const last = basePort + portsPerNode * nodeCount - 1;
  if (basePort < 1 || last > 65_535)
    throw new NodeError(
      "usage",
      `--base-port ${basePort} needs the ports ${basePort} to ${last}, which do not all exist.`,
    );
}
