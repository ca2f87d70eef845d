/** Asks one route of the API on behalf of every caller everywhere, and says what was wrong. */
import { routes, type ApiRouteName } from "@guts/api";

import { accessCases, type AccessRequest, type Need, type RepositoryAct } from "./access-cases.fixture.ts";
import { twinOf } from "./access-callers.fixture.ts";
import {
  holds,
  mayRead,
  places,
  reaches,
  secretWord,
  standsAt,
  type Areas,
  type Caller,
  type FilledTarget,
  type Place,
  type Target,
} from "./access-standing.fixture.ts";
import type { AccessWorld, At } from "./access-world.fixture.ts";
import { drawName } from "./drawn.fixture.ts";
import { OrganizationRequests } from "./organization-requests.fixture.ts";

/** What is to become of a request. */
type Expected = "served" | 401 | 403 | 404;

/** One request: whose, where, and what is to become of it. */
interface Knock {
  readonly name: ApiRouteName;
  readonly caller: Caller;
  readonly place: Place;
  readonly expected: Expected;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Asks routes of one world. */
export class RouteAsker {
  readonly #world: AccessWorld;
  readonly #filled: Readonly<Record<Place, FilledTarget>>;
  readonly #organizations: OrganizationRequests;
  /** Requests whose answers were judged. */
  askedCount = 0;

  constructor(world: AccessWorld, filled: Readonly<Record<Place, FilledTarget>>) {
    this.#world = world;
    this.#filled = filled;
    this.#organizations = new OrganizationRequests(() => world, drawName);
  }

  /**
   * What is wrong with a route, nothing when all is right.
   *
   * Whoever is to be refused asks at once with all others who are, and none of it may change anything; so may no read.
   * Writes that are to be served go one after the other, because they change what the next one finds.
   */
  async findMistakes(name: ApiRouteName): Promise<readonly string[]> {
    const isRead = name.startsWith("GET ");
    const all = this.#knocksAt(name);
    const harmless = all.filter(({ expected }) => isRead || expected !== "served");
    const found = await this.#knockAtOnce(harmless);
    for (const knock of all) {
      if (harmless.includes(knock)) continue;
      found.push(await this.#judge(knock, await this.#prepare(knock)));
    }
    return found.filter((mistake) => mistake !== undefined);
  }

  #knocksAt(name: ApiRouteName): readonly Knock[] {
    const everywhere = isAtRepository(name) ? places : places.slice(0, 1);
    return everywhere.flatMap((place) =>
      this.#world.callers.map((caller) => {
        const expected = expectedOf(accessCases[name].need, caller, this.#filled[place], routes[name].access);
        return { name, caller, place, expected };
      }),
    );
  }

  async #knockAtOnce(knocks: readonly Knock[]): Promise<(string | undefined)[]> {
    const prepared: (readonly [Knock, Prepared])[] = [];
    const shared = new Map<Place, AccessRequest>();
    for (const knock of knocks) prepared.push([knock, await this.#prepare(knock, shared)]);
    const { ledger } = this.#world.node;
    const height = ledger.height();
    const found = await Promise.all(prepared.map(([knock, request]) => this.#judge(knock, request)));
    for (let at = height + 1; at <= ledger.height(); at++)
      for (const { record } of ledger.transactions(at as never))
        if (record.verdict.type === "applied")
          found.push(`${knocks[0]!.name}: somebody was refused, or only read, and changed something`);
    return found;
  }

  /**
   * Makes what the request is about. Requests that change nothing are about the same, which is kept in `shared`, unless it
   * was made for who asks.
   */
  async #prepare({ name, caller, place, expected }: Knock, shared?: Map<Place, AccessRequest>): Promise<Prepared> {
    const { request: prepare, spends } = accessCases[name];
    const base = this.#filled[place];
    const target = spends === "repository" && expected === "served" ? await this.#world.createTarget(place) : base;
    let isOwn = false;
    const at: At = {
      world: this.#world,
      organizations: this.#organizations,
      target,
      ids: base.ids,
      get caller() {
        isOwn = true;
        return caller;
      },
    };
    const request = shared?.get(place) ?? (await prepare?.(at)) ?? {};
    if (!isOwn) shared?.set(place, request);
    const asked = spends === "token" ? await twinOf(caller) : caller;
    if (!isAtRepository(name)) return { request, asked };
    return { request: { ...request, path: { owner: target.owner, repo: target.repo, ...request.path } }, asked };
  }

  async #judge({ name, caller, place, expected }: Knock, { request, asked }: Prepared): Promise<string | undefined> {
    const isRepository = isAtRepository(name);
    const { status, text } = await this.#ask(name, request, asked);
    this.askedCount++;
    const at = `${name} by ${caller.name}${isRepository ? `, ${place} repository` : ""}`;
    if (!mayRead(caller, { visibility: "private" }) && text.includes(secretWord))
      return `${at}: tells of a private repository: ${text}`;
    if (expected === "served")
      return String(status) in routes[name].responses ? undefined : `${at}: ${status} instead of an answer: ${text}`;
    if (status !== expected) return `${at}: ${status} instead of ${expected}: ${text}`;
    if (status !== 404 || !isRepository) return undefined;
    const absent = await this.#ask(name, { ...request, path: { ...request.path, repo: drawName() } }, asked);
    return absent.text === text ? undefined : `${at}: does not look absent: ${text}, but ${absent.text}`;
  }

  async #ask(name: ApiRouteName, request: AccessRequest, { token }: Caller): Promise<Answer> {
    const [method, template] = name.split(" ") as [string, string];
    const path = template.replaceAll(/\{(\+?)(\w+)\}/g, (_all, rest: string, field: string) => {
      const value = request.path?.[field] ?? "";
      return rest === "+" ? value : encodeURIComponent(value);
    });
    const url = new URL(path, this.#world.node.url);
    for (const [field, value] of Object.entries(request.query ?? {})) url.searchParams.set(field, value);
    const answer = await fetch(url, {
      method,
      redirect: "manual",
      headers: {
        ...(token !== undefined && { authorization: `token ${token}` }),
        ...(request.body !== undefined && { "content-type": "application/json" }),
      },
      ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
    });
    return { status: answer.status, text: await answer.text() };
  }
}

interface Prepared {
  readonly request: AccessRequest;
  /** Who asks: the caller, or its twin whose token may end. */
  readonly asked: Caller;
}

function isAtRepository(name: ApiRouteName): boolean {
  return / \/api\/((v3|guts|guts\/view)\/repos|v3\/user\/starred)\/\{owner\}\/\{repo\}/.test(name);
}

/** The oracle. */
function expectedOf(need: Need, caller: Caller, target: Target, access: "anyone" | "signed-in"): Expected {
  if (caller.state !== "live") return caller.state === "dead" ? 401 : 403;
  if (need.who === "anybody") return "served";
  if (access === "signed-in" && caller.token === undefined) return 401;
  if (need.who === "administrator") return caller.isAdministrator ? "served" : 403;
  if (need.who === "signed-in" && caller.areas !== undefined) return need.servesFineGrained ? "served" : 403;
  if (need.who === "signed-in") return need.scope === undefined || holds(caller, need.scope) ? "served" : 403;
  if (!mayRead(caller, target)) return 404;
  return standsAt(caller, target, need.who) && holdsFor(caller, target, need.act) ? "served" : 403;
}

/** Whether the caller's token may do this in the repository. */
export function holdsFor(caller: Caller, target: Pick<Target, "visibility" | "owner">, act: RepositoryAct): boolean {
  const { visibility } = target;
  const isReading = act === "read-contents" || act === "read-issues";
  if (act === "read" || (isReading && visibility === "public")) return true;
  if (caller.areas !== undefined) return reaches(caller, target) && areasAllow(caller.areas, act);
  if (isReading) return true;
  if (act === "delete") return holds(caller, "delete_repo");
  if (act === "watch") return holds(caller, "notifications");
  const isPublicWriting = visibility === "public" && ["write", "star", "status", "discuss"].includes(act);
  return holds(caller, isPublicWriting ? "public_repo" : "repo");
}

/** What a fine-grained token may do in a repository that it is for. */
function areasAllow({ contents, administration, issues }: Areas, act: RepositoryAct): boolean {
  if (act === "read-contents") return contents !== "none";
  if (act === "write" || act === "status") return contents === "write";
  if (act === "read-issues") return issues !== "none";
  if (act === "discuss") return issues === "write";
  if (act === "remove-people" || act === "star" || act === "watch") return false;
  return act === "read-administration" ? administration !== "none" : administration === "write";
}
