/**
 * The directory in which a node, or a devnet of nodes, keeps everything.
 *
 * It carries a marker that says whose it is and in which version of the layout. Only a directory with our marker is ever written
 * to or deleted; a newer version is refused, never guessed.
 */
import { closeSync, existsSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, writeSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";

import { makeDirectory, syncDirectory } from "@guts/storage";

import { NodeError } from "../node-error.ts";

/** What a data directory belongs to. */
export type DataDirectoryKind = "node" | "devnet";

/** The version of the layout that this release writes. */
export const dataFormatVersion = 1;

/** Name of the marker in a data directory. */
export const markerFileName = "guts.json";

interface Marker {
  readonly guts: DataDirectoryKind;
  readonly formatVersion: number;
}

/** Where everything in a node's data directory is. */
export interface NodePaths {
  readonly root: string;
  /** Admits transactions and names the node on the network. */
  readonly nodeKey: string;
  /** Votes and signs storage receipts. */
  readonly consensusKey: string;
  /** Proves over SSH that the node is the same as before. */
  readonly sshHostKey: string;
  /** What its operator gives to others, so that they can name it. */
  readonly publicFile: string;
  readonly genesis: string;
  readonly log: string;
  readonly ledger: string;
  /** What this node has voted: lost or restored from a copy, it must not vote until that is safe. */
  readonly consensus: string;
  /** Repositories, and the temporary files of pushes. */
  readonly git: string;
  readonly database: string;
}

/** The paths of a node whose data directory is `root`. */
export function nodePathsOf(root: string): NodePaths {
  return {
    root,
    nodeKey: join(root, "node-key.pem"),
    consensusKey: join(root, "consensus-key.pem"),
    sshHostKey: join(root, "ssh-host-key.pem"),
    publicFile: join(root, "node.pub"),
    genesis: join(root, "genesis.guts"),
    log: join(root, "node.log"),
    ledger: join(root, "ledger"),
    consensus: join(root, "consensus"),
    git: join(root, "git"),
    database: join(root, "database"),
  };
}

/** The data directory of a node when the operator names none: `$XDG_DATA_HOME/guts`, by default ~/.local/share/guts. */
export function defaultDataDirectory(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  return environment["GUTS_DATA"] ?? join(environment["XDG_DATA_HOME"] ?? join(homedir(), ".local", "share"), "guts");
}

/** Makes `path` a data directory of `kind` unless it is one; refuses a directory that holds something else. */
export function createDataDirectory(path: string, kind: DataDirectoryKind): void {
  makeDirectory(path);
  if (existsSync(join(path, markerFileName))) {
    openDataDirectory(path, kind);
    return;
  }
  if (readdirSync(path).length > 0)
    throw new NodeError(
      "data-directory-foreign",
      `${resolve(path)} holds files that are not Guts'. Name an empty directory.`,
    );
  const marker: Marker = { guts: kind, formatVersion: dataFormatVersion };
  writeFileDurably(join(path, markerFileName), `${JSON.stringify(marker)}\n`);
}

/** Checks that `path` is a data directory of `kind` in a version that this release knows. */
export function openDataDirectory(path: string, kind: DataDirectoryKind): void {
  const marker = readMarker(path);
  if (marker === undefined) {
    const command = kind === "node" ? "guts node init" : "guts devnet";
    throw new NodeError(
      "data-directory-foreign",
      `${resolve(path)} is no data directory of Guts. Make one with: ${command}`,
    );
  }
  if (marker.guts !== kind)
    throw new NodeError("data-directory-foreign", `${resolve(path)} belongs to a ${marker.guts}, not to a ${kind}.`);
  if (marker.formatVersion > dataFormatVersion)
    throw new NodeError(
      "data-directory-newer",
      `${resolve(path)} has format version ${marker.formatVersion}; this release knows up to ${dataFormatVersion}. Update Guts.`,
    );
}

/** The marker of a directory; undefined when it has none, or none of ours. */
export function readMarker(path: string): Marker | undefined {
  const file = join(path, markerFileName);
  if (!existsSync(file)) return undefined;
  try {
    const { guts, formatVersion } = JSON.parse(readFileSync(file, "utf8")) as Partial<Marker>;
    const isKind = guts === "node" || guts === "devnet";
    return isKind && Number.isSafeInteger(formatVersion) ? { guts, formatVersion: formatVersion! } : undefined;
  } catch {
    return undefined;
  }
}

/** Writes a file so that it is there when this returns, and after a crash before that is as it was or whole. */
export function writeFileDurably(path: string, content: string | Uint8Array, mode = 0o644): void {
  const temporary = `${path}.${process.pid}.tmp`;
  const file = openSync(temporary, "w", mode);
  try {
    if (typeof content === "string") writeSync(file, content);
    else writeSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
  syncDirectory(dirname(resolve(path)));
}
