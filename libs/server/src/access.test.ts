/**
 * Every door, asked by everybody: routes of the API, files as they are, git over HTTP and over SSH.
 *
 * Whom a route serves is said in `testing/access-cases.fixture.ts`; who asks, in `testing/access-callers.fixture.ts`.
 */
import { routes, type ApiRouteName } from "@guts/api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { holdsFor, RouteAsker } from "./testing/access-ask.fixture.ts";
import { promisedCallers } from "./testing/access-callers.fixture.ts";
import { accessCases } from "./testing/access-cases.fixture.ts";
import {
  mayRead,
  places,
  standsAt,
  type Caller,
  type FilledTarget,
  type Place,
  type Target,
} from "./testing/access-standing.fixture.ts";
import { AccessWorld } from "./testing/access-world.fixture.ts";
import { drawName } from "./testing/drawn.fixture.ts";
import { gitDoors, type Door } from "./testing/git-doors.fixture.ts";
import { SshCallers, sshDoors } from "./testing/ssh-callers.fixture.ts";

let world: AccessWorld;
let filled: Readonly<Record<Place, FilledTarget>>;
let asker: RouteAsker;
const startedAt = performance.now();

beforeAll(async () => {
  world = await AccessWorld.start();
  const targets: [Place, FilledTarget][] = [];
  for (const place of places) targets.push([place, await world.createFilledTarget(place)]);
  filled = Object.fromEntries(targets) as Record<Place, FilledTarget>;
  asker = new RouteAsker(world, filled);
}, 300_000);
afterAll(async () => {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.info(`access matrix: ${Object.keys(routes).length} routes, ${asker?.askedCount} requests, ${seconds} s`);
  await world?.[Symbol.asyncDispose]();
});

describe("git over HTTP, and files as they are", () => {
  const everywhere = gitDoors.flatMap((door) => places.map((place) => ({ door, place })));

  test.each(everywhere)("$door.name, $place repository", async ({ door, place }) => {
    const target = filled[place];
    const judge = async (caller: Caller): Promise<string | undefined> => {
      const expected = expectedAtDoor(door, caller, target);
      const { status, text } = await knock(door, target, caller);
      if (status !== expected) return `${caller.name}: ${status} instead of ${expected}: ${text}`;
      if (caller.state !== "live" || mayRead(caller, target)) return undefined;
      const invented = { ...target, repo: drawName() };
      const absent = await knock(door, invented, caller);
      const isAlike = absent.text.replaceAll(invented.repo, "") === text.replaceAll(target.repo, "");
      return isAlike && absent.status === status
        ? undefined
        : `${caller.name}: does not look absent: ${status} ${text}, but ${absent.status} ${absent.text}`;
    };
    const found = await Promise.all(world.callers.map(judge));
    expect(found.filter((mistake) => mistake !== undefined)).toEqual([]);
  });
});

/** Git asks for a credential where one may help; a browser that wants a file is told that there is none. */
function expectedAtDoor({ act, name }: Door, caller: Caller, target: Target): 200 | 401 | 403 | 404 {
  if (caller.state !== "live") return caller.state === "dead" ? 401 : 403;
  const isGit = name.startsWith("git");
  if (!mayRead(caller, target)) return caller.token === undefined && isGit ? 401 : 404;
  if (act === "read") return holdsFor(caller, target, "read-contents") ? 200 : 403;
  if (caller.token === undefined) return 401;
  return standsAt(caller, target, "write") && holdsFor(caller, target, "write") ? 200 : 403;
}

async function knock(door: Door, target: Target, { token }: Caller): Promise<{ status: number; text: string }> {
  const headers = new Headers(door.init?.headers);
  if (token !== undefined)
    headers.set("authorization", `Basic ${Buffer.from(`x-access-token:${token}`).toString("base64")}`);
  const answer = await fetch(new URL(door.path(target), world.node.url), { ...door.init, headers, redirect: "manual" });
  return { status: answer.status, text: await answer.text() };
}

describe("git over SSH", () => {
  let callers: SshCallers;
  beforeAll(async () => {
    callers = await SshCallers.connect(world, filled);
  }, 120_000);
  afterAll(() => callers?.[Symbol.asyncDispose]());

  const everywhere = sshDoors.flatMap((door) => places.map((place) => ({ door, place })));
  test.each(everywhere)("$door.name, $place repository", async ({ door, place }) => {
    expect(await callers.findMistakes(door, place)).toEqual([]);
  });

  test("keys that are good no more, not here, or nobody's are not let in", () => {
    expect(callers.letIn).toEqual(callers.expectedIn);
  });
});

// Last, for requests of these change the network: whether it is open for sign-ups, say.
describe("every route serves exactly those whom it is for", () => {
  test.each(Object.keys(accessCases) as ApiRouteName[])("%s", { timeout: 300_000 }, async (name) => {
    expect(await asker.findMistakes(name)).toEqual([]);
  });

  test("no route and no kind of caller is left out", () => {
    expect(Object.keys(accessCases).toSorted()).toEqual(Object.keys(routes).toSorted());
    expect(world.callers.map(({ name }) => name).toSorted()).toEqual(promisedCallers.toSorted());
  });
});
