/** Keys of every kind at the SSH door, and what they may do there. */
import { sshBlobOf, publicKeyOf, type NodeId, type PrivateSeed, type TimeMs } from "@guts/primitives";
import type ssh2 from "ssh2";

import type { SshDoor } from "../ssh/ssh-door.ts";
import {
  mayRead,
  places,
  standsAt,
  type Caller,
  type FilledTarget,
  type Place,
  type Target,
} from "./access-standing.fixture.ts";
import type { AccessWorld } from "./access-world.fixture.ts";
import { drawKey, drawName, drawSeed } from "./drawn.fixture.ts";
import { connectBy, runOver } from "./ssh-client.fixture.ts";
import type { TestAccount } from "./test-node.fixture.ts";

/** A command at the SSH door. `nothing`: it is refused to everybody. */
export interface SshCommand {
  readonly name: string;
  readonly act: "read" | "write" | "nothing";
  readonly command: (target: Pick<Target, "owner" | "repo">) => string;
}

/** What a key can be used for, and for what not. */
export const sshDoors: readonly SshCommand[] = [
  { name: "git's fetch", act: "read", command: ({ owner, repo }) => `git-upload-pack '${owner}/${repo}.git'` },
  { name: "git's push", act: "write", command: ({ owner, repo }) => `git-receive-pack '${owner}/${repo}.git'` },
  { name: "git archive", act: "nothing", command: ({ owner, repo }) => `git-upload-archive '${owner}/${repo}.git'` },
  { name: "another program", act: "nothing", command: ({ owner, repo }) => `cat /srv/${owner}/${repo}.git/HEAD` },
];

/** Where a deploy key is good, and for what. */
interface Deployed {
  readonly place: Place;
  readonly isReadOnly: boolean;
}

interface SshCaller {
  readonly name: string;
  readonly seed: PrivateSeed;
  /** Whether the door lets it in, so that it hears more than that its key is nobody's. */
  readonly isLetIn: boolean;
  readonly person: Pick<Caller, "standing" | "scopes">;
  readonly deployed?: Deployed;
  /** Whether its account may do nothing any more; it is told so. */
  readonly isSuspended?: true;
}

type Connected = SshCaller & { readonly client: ssh2.Client | undefined };

const nobody = { standing: "none", scopes: "all" } as const;
const owns = { standing: "owner", scopes: "all" } as const;
const statusServed = 0;
const statusRefused = 128;

/** A connection for each kind of key. */
export class SshCallers implements AsyncDisposable {
  readonly #door: SshDoor;
  readonly #filled: Readonly<Record<Place, FilledTarget>>;
  readonly #callers: readonly Connected[];

  private constructor(door: SshDoor, filled: Readonly<Record<Place, FilledTarget>>, callers: readonly Connected[]) {
    this.#door = door;
    this.#filled = filled;
    this.#callers = callers;
  }

  static async connect(world: AccessWorld, filled: Readonly<Record<Place, FilledTarget>>): Promise<SshCallers> {
    const at = { host: "127.0.0.1", port: 0, address: { host: "127.0.0.1", port: 2222 } };
    const door = await world.node.server.openSshDoor(at, drawSeed());
    const callers = [...(await accountKeys(world)), ...(await deployKeys(world, filled)), ...(await otherKeys(world))];
    const connected = callers.map(async (caller) => ({ ...caller, client: await connectBy(door.port, caller.seed) }));
    return new SshCallers(door, filled, await Promise.all(connected));
  }

  /** Names of the callers whose keys opened a connection, and of those whose should have. */
  get letIn(): readonly string[] {
    return this.#callers.filter(({ client }) => client !== undefined).map(({ name }) => name);
  }

  get expectedIn(): readonly string[] {
    return this.#callers.filter(({ isLetIn }) => isLetIn).map(({ name }) => name);
  }

  /** What is wrong with a command at a place, nothing when all is right. */
  async findMistakes(door: SshCommand, place: Place): Promise<readonly string[]> {
    const found = await Promise.all(this.#callers.map((caller) => this.#judge(caller, door, place)));
    return found.filter((mistake) => mistake !== undefined);
  }

  async #judge(caller: Connected, door: SshCommand, place: Place): Promise<string | undefined> {
    const { client, name } = caller;
    if (client === undefined) return undefined; // It stands in `letIn`, and not among those who are expected.
    const target = this.#filled[place];
    const reads = mayReadBy(caller, target, place);
    const isServed =
      caller.isSuspended !== true &&
      (door.act === "read" ? reads : door.act === "write" && mayPushBy(caller, target, place));
    const expected = isServed ? statusServed : statusRefused;
    const { status, words } = await runOver(client, door.command(target));
    if (status !== expected) return `${name}: ${status} instead of ${expected}: ${words}`;
    if (reads || door.act === "nothing") return undefined;
    const invented = { ...target, repo: drawName() };
    const absent = await runOver(client, door.command(invented));
    const isAlike = words.replaceAll(target.repo, "") === absent.words.replaceAll(invented.repo, "");
    return isAlike ? undefined : `${name}: does not look absent: ${words}, but ${absent.words}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { client } of this.#callers) client?.end();
    await this.#door[Symbol.asyncDispose]();
  }
}

function mayReadBy({ person, deployed }: SshCaller, target: Target, place: Place): boolean {
  if (deployed === undefined) return mayRead(person as Caller, target);
  return deployed.place === place || target.visibility === "public";
}

function mayPushBy({ person, deployed }: SshCaller, target: Target, place: Place): boolean {
  // A key that signs for the account itself is let in, too: what it pushes must be signed, which is asked of each push.
  if (deployed === undefined) return standsAt(person as Caller, target, "write");
  return deployed.place === place && !deployed.isReadOnly;
}

/** A registered key of each account that signs in without bounds. */
async function accountKeys(world: AccessWorld): Promise<readonly SshCaller[]> {
  const unbounded = world.callers.filter(
    ({ account, scopes, state, token }) =>
      account !== undefined && scopes === "all" && state === "live" && token !== undefined,
  );
  return Promise.all(
    unbounded.map(async ({ name, account, standing, scopes }) => {
      const seed = await register(account!);
      return { name, seed, isLetIn: true, person: { standing, scopes } };
    }),
  );
}

/** A key that reads and one that writes of each repository: each is asked at all others too. */
async function deployKeys(
  { owner }: AccessWorld,
  filled: Readonly<Record<Place, FilledTarget>>,
): Promise<readonly SshCaller[]> {
  const terms = places.flatMap((place) => [true, false].map((isReadOnly) => ({ place, isReadOnly })));
  return Promise.all(
    terms.map(async (deployed) => {
      const seed = drawSeed();
      const { owner: login, repo } = filled[deployed.place];
      const body = { key: drawKey(seed), read_only: deployed.isReadOnly };
      await owner.client.call("POST /api/v3/repos/{owner}/{repo}/keys", { path: { owner: login, repo }, body });
      const name = `deploy key of ${deployed.place}, ${deployed.isReadOnly ? "read-only" : "read-write"}`;
      return { name, seed, isLetIn: true, person: owns, deployed };
    }),
  );
}

/** Keys that are good for less, or for nothing. */
async function otherKeys(world: AccessWorld): Promise<readonly SshCaller[]> {
  const { owner, node } = world;
  const removed = drawSeed();
  const { id } = await owner.client.call("POST /api/v3/user/keys", { body: { key: drawKey(removed) } });
  await owner.client.call("DELETE /api/v3/user/keys/{key_id}", { path: { key_id: String(id) } });
  const outcast = await node.signUp("outcast");
  const suspended = await register(outcast);
  await world.suspend(outcast);
  const [expired, foreign] = [drawSeed(), drawSeed()];
  const hour = 3_600_000;
  const elsewhere = Array.from(node.ledger.state().nodes(), ([other]) => other).find(
    (other) => other !== node.ledger.nodeId,
  )!;
  await addByHand(world, expired, {
    audience: [node.ledger.nodeId],
    expiresTime: (node.ledger.time() + hour) as TimeMs,
  });
  await addByHand(world, foreign, { audience: [elsewhere], expiresTime: undefined });
  node.ledger.advance(2 * hour);
  return [
    { name: "suspended", seed: suspended, isLetIn: true, person: nobody, isSuspended: true },
    {
      name: "suspended by the account's own key",
      seed: outcast.seed,
      isLetIn: true,
      person: nobody,
      isSuspended: true,
    },
    { name: "owner by the account's own key", seed: owner.seed, isLetIn: true, person: owns },
    { name: "removed key", seed: removed, isLetIn: false, person: owns },
    { name: "expired key", seed: expired, isLetIn: false, person: owns },
    { name: "key for another node", seed: foreign, isLetIn: false, person: owns },
    { name: "key of nobody", seed: drawSeed(), isLetIn: false, person: nobody },
  ];
}

async function register({ client }: TestAccount): Promise<PrivateSeed> {
  const seed = drawSeed();
  await client.call("POST /api/v3/user/keys", { body: { key: drawKey(seed) } });
  return seed;
}

/** Adds a key of the owner's on terms that no route offers, signed by the owner's own key. */
async function addByHand(
  { node, owner }: AccessWorld,
  seed: PrivateSeed,
  terms: { readonly audience: readonly NodeId[]; readonly expiresTime: TimeMs | undefined },
): Promise<void> {
  const payload = { blob: sshBlobOf(publicKeyOf(seed)), title: "by hand", ...terms };
  const envelope = node.sign({ kind: "ssh-key.add", payload }, owner.id, owner.seed);
  const outcome = await owner.client.call("POST /api/guts/transactions", { body: { envelope } });
  if (outcome.outcome !== "applied") throw new TypeError(JSON.stringify(outcome));
}
