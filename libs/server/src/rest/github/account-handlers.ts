import type { UserUpdate } from "@guts/api";
import { ledgerLimits } from "@guts/ledger";

import { notFound } from "../../errors.ts";
import type { ActorOf, RouteHandlers } from "../../http/call.ts";
import type { RepositoryAffiliation } from "../../ports/index.ts";
import type { Services } from "../../services.ts";
import { createRepository, optionsOf } from "../../use-cases/change-repositories.ts";
import { answerInvitation, listInvitations } from "../../use-cases/collaborators.ts";
import { publicEmail } from "../../use-cases/emails.ts";
import { findAccount } from "../../use-cases/find-repository.ts";
import { awaitReadModel, readableRepositories } from "../../use-cases/lists.ts";
import { permissionOf } from "../../use-cases/permission.ts";
import { requireApplied } from "../../use-cases/rejection.ts";
import { textReader, Texts } from "../../use-cases/texts.ts";
import { pageLinks, pageOf, sinceLink } from "../paging.ts";
import { presentInvitation } from "./present-collaborators.ts";
import { presentationOf, presentRepository } from "./present-repository.ts";
import { presentPrivateUser, presentPublicUser, presentSimpleUser } from "./present-user.ts";
import { Urls } from "./urls.ts";

type Name =
  | "GET /api/v3/user"
  | "PATCH /api/v3/user"
  | "GET /api/v3/users"
  | "GET /api/v3/users/{username}"
  | "GET /api/v3/users/{username}/repos"
  | "GET /api/v3/user/repos"
  | "POST /api/v3/user/repos"
  | "GET /api/v3/repositories"
  | "GET /api/v3/user/repository_invitations"
  | "PATCH /api/v3/user/repository_invitations/{invitation_id}"
  | "DELETE /api/v3/user/repository_invitations/{invitation_id}";

/** Accounts and their repositories, in GitHub's shapes. */
export function accountHandlers(services: Services): Pick<RouteHandlers, Name> {
  const { ledger, readModel } = services;
  const text = textReader(ledger);
  const self = async (actor: ActorOf<"GET /api/v3/user">, urls: Urls, signal: AbortSignal) => {
    const account = ledger.state().account(actor.account.id) ?? actor.account;
    const counts = await readModel.accountCounts(account.id, ledger.time(), signal);
    return presentPrivateUser(account, {
      urls,
      text,
      counts: { public: counts.ownedPublic, private: counts.ownedPrivate },
      profile: ledger.state().profile(account.id),
      email: publicEmail(services, account),
      follows: ledger.state().followCounts(account.id),
    });
  };
  return {
    "GET /api/v3/user": async ({ actor, baseUrl, signal }) => ({
      status: 200,
      body: await self(actor, new Urls(baseUrl), signal),
    }),
    "PATCH /api/v3/user": async (call) => {
      const height = await updateProfile(services, call);
      return { status: 200, body: await self(call.actor, new Urls(call.baseUrl), call.signal), height };
    },
    "GET /api/v3/users": async (call) => {
      await awaitReadModel(services, call.signal);
      const { since = 0 } = call.query;
      const { perPage } = pageOf(call.query);
      const found = await readModel.accountsSince(since, perPage, call.signal);
      const state = ledger.state();
      const urls = new Urls(call.baseUrl);
      const users = found.flatMap(({ id }) => {
        const account = state.account(id);
        return account === undefined ? [] : [presentSimpleUser(account, urls)];
      });
      const last = found.length === perPage ? found.at(-1)?.id : undefined;
      return { status: 200, body: users, headers: sinceLink(last, call) };
    },
    "GET /api/v3/users/{username}": async ({ path, baseUrl, signal }) => {
      const found = findAccount(ledger.state(), path.username);
      if (found === undefined) throw notFound();
      const counts = await readModel.accountCounts(found.account.id, ledger.time(), signal);
      const options = {
        urls: new Urls(baseUrl),
        text,
        publicRepositoryCount: counts.ownedPublic,
        profile: ledger.state().profile(found.account.id),
        email: publicEmail(services, found.account),
        follows: ledger.state().followCounts(found.account.id),
      };
      return { status: 200, body: presentPublicUser(found.account, options) };
    },
    ...repositoryListHandlers(services),
    ...invitationHandlers(services),
    "POST /api/v3/user/repos": async (call) => {
      const { opened, height } = await createRepository(services, call, call.body);
      const body = presentRepository(opened, { ...presentationOf(services, call), held: opened.held });
      return { status: 201, body, headers: { location: body.url }, ...(height !== undefined && { height }) };
    },
  };
}

type ListName = "GET /api/v3/users/{username}/repos" | "GET /api/v3/user/repos" | "GET /api/v3/repositories";

function repositoryListHandlers(services: Services): Pick<RouteHandlers, ListName> {
  const { ledger, readModel } = services;
  const present = (actor: ActorOf<ListName>, baseUrl: string, items: Parameters<typeof readableRepositories>[2]) => {
    const presentation = presentationOf(services, { baseUrl });
    const state = ledger.state();
    return readableRepositories(services, actor, items).map((located) => {
      const { account } = actor;
      const held = account === undefined ? undefined : permissionOf(state, located.repository, account.id);
      return presentRepository(located, { ...presentation, held });
    });
  };
  return {
    "GET /api/v3/users/{username}/repos": async (call) => {
      await awaitReadModel(services, call.signal);
      const found = findAccount(ledger.state(), call.path.username);
      if (found === undefined) throw notFound();
      const { type = "owner", sort = "full_name", direction = directionOf(sort) } = call.query;
      const page = pageOf(call.query);
      const affiliation =
        type === "all" ? ("personal" as const) : type === "member" ? ("collaborator" as const) : ("owner" as const);
      const query = {
        ...page,
        account: found.account.id,
        affiliation,
        viewer: call.actor.account?.id,
        sort,
        direction,
      };
      const { items, hasMore } = await readModel.listRepositories(query, call.signal);
      return { status: 200, body: present(call.actor, call.baseUrl, items), headers: pageLinks(page, hasMore, call) };
    },
    "GET /api/v3/user/repos": async (call) => {
      await awaitReadModel(services, call.signal);
      const { sort = "full_name", direction = directionOf(sort) } = call.query;
      const page = pageOf(call.query);
      const account = call.actor.account.id;
      const query = { ...page, account, viewer: account, ...ownFilter(call.query), sort, direction };
      const { items, hasMore } = await readModel.listRepositories(query, call.signal);
      return { status: 200, body: present(call.actor, call.baseUrl, items), headers: pageLinks(page, hasMore, call) };
    },
    "GET /api/v3/repositories": async (call) => {
      await awaitReadModel(services, call.signal);
      const { perPage } = pageOf(call.query);
      const items = await readModel.publicRepositoriesSince(call.query.since ?? 0, perPage, call.signal);
      const last = items.length === perPage ? items.at(-1)?.id : undefined;
      return { status: 200, body: present(call.actor, call.baseUrl, items), headers: sinceLink(last, call) };
    },
  };
}

type InvitationName =
  | "GET /api/v3/user/repository_invitations"
  | "PATCH /api/v3/user/repository_invitations/{invitation_id}"
  | "DELETE /api/v3/user/repository_invitations/{invitation_id}";

function invitationHandlers(services: Services): Pick<RouteHandlers, InvitationName> {
  return {
    "GET /api/v3/user/repository_invitations": async (call) => {
      const page = pageOf(call.query);
      const of = { invitee: call.actor.account.id };
      const { items, hasMore } = await listInvitations(services, of, { page, signal: call.signal });
      const body = items
        .filter(({ isExpired }) => !isExpired)
        .map((invitation) => presentInvitation(invitation, presentationOf(services, call)));
      return { status: 200, body, headers: pageLinks(page, hasMore, call) };
    },
    "PATCH /api/v3/user/repository_invitations/{invitation_id}": async (call) => {
      const height = await answerInvitation(services, call, { number: call.path.invitation_id, answer: "accept" });
      return { status: 204, body: undefined, height };
    },
    "DELETE /api/v3/user/repository_invitations/{invitation_id}": async (call) => {
      const height = await answerInvitation(services, call, { number: call.path.invitation_id, answer: "decline" });
      return { status: 204, body: undefined, height };
    },
  };
}

/** GitHub's default: names ascend, times descend. */
function directionOf(sort: string): "asc" | "desc" {
  return sort === "full_name" ? "asc" : "desc";
}

/** GitHub's two ways to say which of one's repositories are meant. */
function ownFilter(query: { readonly type?: string; readonly affiliation?: string; readonly visibility?: string }) {
  const { type, affiliation, visibility = type } = query;
  return {
    affiliation: type === "owner" ? "owner" : type === "member" ? "collaborator" : affiliationOf(affiliation),
    visibility: visibility === "public" || visibility === "private" ? visibility : undefined,
  } as const;
}

/** Without words all three kinds, as on GitHub; with those of organizations among others, all three as well. */
function affiliationOf(words = "owner,collaborator,organization_member"): RepositoryAffiliation {
  const wanted = new Set(words.split(",").map((word) => word.trim()));
  if (wanted.has("organization_member")) return wanted.size === 1 ? "organization-member" : "any";
  if (!wanted.has("collaborator")) return "owner";
  return wanted.has("owner") ? "personal" : "collaborator";
}

async function updateProfile(services: Services, call: Parameters<RouteHandlers["PATCH /api/v3/user"]>[0]) {
  const body: UserUpdate = call.body;
  const { ledger, transactions, random } = services;
  const texts = new Texts(random, ledgerLimits.profileFieldBytesMax);
  const payload = {
    displayName: texts.change("name", body.name),
    bio: texts.change("bio", body.bio),
    location: texts.change("location", body.location),
    website: texts.change("blog", body.blog),
    company: texts.change("company", body.company),
    twitterUsername: texts.change(
      "twitter_username",
      body.twitter_username?.replace(/^@/, "") ?? body.twitter_username,
    ),
    hireable: body.hireable === undefined ? undefined : { value: body.hireable ?? undefined },
  };
  if (Object.values(payload).every((change) => change === undefined)) return ledger.height();
  const outcome = await transactions.submit({ kind: "profile.change", payload }, optionsOf(call, { texts }));
  return requireApplied(outcome).height;
}
