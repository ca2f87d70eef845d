import { join } from "node:path";

import { NodeError } from "../node-error.ts";

/** The demo accounts of every devnet. */
export const demoLogins = ["maintainer", "contributor"] as const;
/** A demo account's handle. */
export type DemoLogin = (typeof demoLogins)[number];

/** Ports of one node of a devnet: ten numbers each. */
export const portsPerNode = 10;

/** Nodes of a new devnet when nobody says how many: the smallest network that rides out a fault. */
export const nodeCountDefault = 4;

/** Most nodes of one devnet: a demo account has them all as homes. */
export const nodeCountMax = 16;

/** One node's place in a devnet. */
export interface NodePlace {
  readonly name: string;
  readonly dataDirectory: string;
  readonly httpPort: number;
  readonly httpUrl: string;
  readonly sshPort: number;
  readonly p2pPort: number;
  readonly packsPort: number;
  /** Where the other nodes dial: the same ports, or those of the links that `--faults` puts in between. */
  readonly announcedPorts: { readonly p2p: number; readonly packs: number };
}

/** Where node `index` of a devnet keeps its data and listens. */
export function nodePlaceOf(
  { root, basePort, hasFaults }: { readonly root: string; readonly basePort: number; readonly hasFaults: boolean },
  index: number,
): NodePlace {
  const name = `node${index}`;
  const httpPort = basePort + portsPerNode * index;
  const [sshPort, p2pPort, packsPort] = [httpPort + 2, httpPort + 3, httpPort + 4];
  const announcedPorts = hasFaults ? { p2p: httpPort + 5, packs: httpPort + 6 } : { p2p: p2pPort, packs: packsPort };
  const httpUrl = `http://127.0.0.1:${httpPort}`;
  return { name, dataDirectory: join(root, name), httpPort, httpUrl, sshPort, p2pPort, packsPort, announcedPorts };
}

/** Every port that a node of a devnet, or a link to it, listens on. */
export function portsOf({ httpPort, sshPort, p2pPort, packsPort, announcedPorts }: NodePlace): readonly number[] {
  return [...new Set([httpPort, sshPort, p2pPort, packsPort, announcedPorts.p2p, announcedPorts.packs])];
}

/** The genesis document of the devnet in `root`. */
export function genesisFileOf(root: string): string {
  return join(root, "genesis.guts");
}

/** Where a demo account's secrets are: both files are readable by their owner only. */
export function accountFilesOf(
  root: string,
  login: DemoLogin,
): { readonly token: string; readonly privateKey: string } {
  const folder = join(root, "accounts");
  return { token: join(folder, `${login}.token`), privateKey: join(folder, `${login}.pem`) };
}

/** Refuses more nodes than there may be, and ports that do not exist. */
export function assertDevnetShape(nodeCount: number, basePort: number): void {
  if (nodeCount > nodeCountMax)
    throw new NodeError("usage", `A devnet has at most ${nodeCountMax} nodes, not ${nodeCount}. Choose with --nodes.`);
  const last = basePort + portsPerNode * nodeCount - 1;
  if (basePort < 1 || last > 65_535)
    throw new NodeError(
      "usage",
      `--base-port ${basePort} needs the ports ${basePort} to ${last}, which do not all exist.`,
    );
}

/** Refuses one database for several nodes: each keeps its own rows. */
export function assertOwnDatabases(nodeCount: number, environment: NodeJS.ProcessEnv): void {
  const url = environment["GUTS_DATABASE_URL"] ?? environment["DATABASE_URL"] ?? "";
  if (nodeCount === 1 || url === "" || url.includes("{name}")) return;
  throw new NodeError(
    "usage",
    `DATABASE_URL names one database, and the devnet has ${nodeCount} nodes, each of which needs its own. ` +
      "Create one for each and write {name} where their names differ, such as postgres://localhost/guts_{name} " +
      "for guts_node0, guts_node1 and so on.",
  );
}
