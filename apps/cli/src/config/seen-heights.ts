/**
 * The greatest height that this person has seen of each network, so that a read at another node sees their own write.
 *
 * Kept in the folder `seen` beside `hosts.json`: an empty file `height-NETWORK-HEIGHT` for a height, and `host-ORIGIN` with the
 * network of a node. Commands that run at once need no lock: a file for a height is made whole or not at all, and only files of
 * smaller heights are deleted, so that the greatest stays. It is all for convenience: what cannot be read or written is left,
 * and a height is forgotten after {@link seenHeightLifeMs}, when a node without it is ill and no promise of ours mends it.
 */
import { mkdir, readdir, readFile, stat, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { seenHeightLifeMs } from "../limits.ts";
import type { HostUrl } from "./host-name.ts";
import { writePrivateFile } from "./private-file.ts";

/** Longest name that common file systems take, in bytes. */
const fileNameBytesMax = 255;

/** What commands have seen of networks. */
export class SeenHeights {
  readonly #directory: string;
  readonly #now: () => number;

  constructor(configDirectory: string, now: () => number) {
    this.#directory = join(configDirectory, "seen");
    this.#now = now;
  }

  /** The greatest height that was seen of the network of `host`, if it was lately. */
  async heightFor(host: HostUrl): Promise<number | undefined> {
    const network = await this.#networkOf(host);
    if (network === undefined) return undefined;
    const heights: number[] = [];
    for (const { name, height } of await this.#heights(network)) if (await this.#isFresh(name)) heights.push(height);
    return heights.length === 0 ? undefined : Math.max(...heights);
  }

  /** Notes which network a node is of. */
  async noteHost(host: HostUrl, network: string): Promise<void> {
    if (!isNetworkId(network) || hostFile(host).length > fileNameBytesMax) return;
    if ((await this.#networkOf(host)) === network) return;
    await tolerant(writePrivateFile(join(this.#directory, hostFile(host)), `${network}\n`));
  }

  /** Notes a height, and lets go of smaller ones and of those that are too old to matter. */
  async noteHeight(network: string, height: number): Promise<void> {
    if (!isNetworkId(network) || !Number.isSafeInteger(height) || height < 0) return;
    await tolerant(mkdir(this.#directory, { recursive: true, mode: 0o700 }));
    await tolerant(writeFile(join(this.#directory, `height-${network}-${height}`), "", { mode: 0o600 }));
    const isSmaller = (seen: SeenFile): boolean => seen.network === network && seen.height < height;
    for (const seen of await this.#heights())
      if (isSmaller(seen) || !(await this.#isFresh(seen.name)))
        await tolerant(unlink(join(this.#directory, seen.name)));
  }

  async #networkOf(host: HostUrl): Promise<string | undefined> {
    const text = (await tolerant(readFile(join(this.#directory, hostFile(host)), "utf8")))?.trim();
    return text !== undefined && isNetworkId(text) ? text : undefined;
  }

  async #heights(network?: string): Promise<readonly SeenFile[]> {
    const names = (await tolerant(readdir(this.#directory))) ?? [];
    const seen = names.flatMap((name): readonly SeenFile[] => {
      const [, of, height] = /^height-([0-9a-f]{64})-(\d{1,15})$/.exec(name) ?? [];
      return of === undefined ? [] : [{ name, network: of, height: Number(height) }];
    });
    return network === undefined ? seen : seen.filter((file) => file.network === network);
  }

  async #isFresh(name: string): Promise<boolean> {
    const made = await tolerant(stat(join(this.#directory, name)));
    return made !== undefined && made.mtimeMs >= this.#now() - seenHeightLifeMs;
  }
}

interface SeenFile {
  readonly name: string;
  readonly network: string;
  readonly height: number;
}

function isNetworkId(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

function hostFile(host: HostUrl): string {
  return `host-${encodeURIComponent(host)}`;
}

/** The value, or undefined where the file system says no: nobody's command fails because of a height. */
async function tolerant<Value>(work: Promise<Value>): Promise<Value | undefined> {
  try {
    return await work;
  } catch {
    return undefined;
  }
}
