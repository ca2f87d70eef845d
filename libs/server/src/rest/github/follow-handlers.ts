import type { Account } from "@guts/ledger";

import { notFound } from "../../errors.ts";
import type { Call, RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import { optionsOf } from "../../use-cases/change-repositories.ts";
import { findAccount } from "../../use-cases/find-repository.ts";
import { awaitReadModel } from "../../use-cases/lists.ts";
import { requireApplied } from "../../use-cases/rejection.ts";
import { pageLinks, pageOf } from "../paging.ts";
import { presentSimpleUser } from "./present-user.ts";
import { Urls } from "./urls.ts";

type OwnList = "GET /api/v3/user/followers" | "GET /api/v3/user/following";
type PublicList = "GET /api/v3/users/{username}/followers" | "GET /api/v3/users/{username}/following";
type OwnFollow = `${"GET" | "PUT" | "DELETE"} /api/v3/user/following/{username}`;
type Name = OwnList | PublicList | OwnFollow | "GET /api/v3/users/{username}/following/{target_user}";

/** Who follows whom, in GitHub's shapes. */
export function followHandlers(services: Services): Pick<RouteHandlers, Name> {
  const { ledger } = services;
  const requireAccount = (handle: string): Account => {
    const found = findAccount(ledger.state(), handle);
    if (found === undefined) throw notFound();
    return found.account;
  };
  const requireFollow = (account: Account, followed: Account) => {
    if (!ledger.state().isFollowing(account.id, followed.id)) throw notFound();
    return { status: 204, body: undefined } as const;
  };
  return {
    "GET /api/v3/user/followers": async (call) => listFollows(services, call, call.actor.account, "followers"),
    "GET /api/v3/user/following": async (call) => listFollows(services, call, call.actor.account, "following"),
    "GET /api/v3/users/{username}/followers": async (call) =>
      listFollows(services, call, requireAccount(call.path.username), "followers"),
    "GET /api/v3/users/{username}/following": async (call) =>
      listFollows(services, call, requireAccount(call.path.username), "following"),
    "GET /api/v3/users/{username}/following/{target_user}": ({ path }) =>
      requireFollow(requireAccount(path.username), requireAccount(path.target_user)),
    "GET /api/v3/user/following/{username}": ({ actor, path }) =>
      requireFollow(actor.account, requireAccount(path.username)),
    "PUT /api/v3/user/following/{username}": async (call) => setFollow(services, call, "account.follow"),
    "DELETE /api/v3/user/following/{username}": async (call) => setFollow(services, call, "account.unfollow"),
  };
}

async function listFollows(
  services: Services,
  call: Call<OwnList | PublicList>,
  account: Account,
  list: "followers" | "following",
) {
  await awaitReadModel(services, call.signal);
  const page = pageOf(call.query);
  const { items, hasMore } = await services.readModel.follows({ ...page, account: account.id, list }, call.signal);
  const state = services.ledger.state();
  const urls = new Urls(call.baseUrl);
  const body = items.flatMap((id) => state.account(id) ?? []).map((each) => presentSimpleUser(each, urls));
  return { status: 200, body, headers: pageLinks(page, hasMore, call) } as const;
}

/** As on GitHub, following again or unfollowing a stranger is no error. */
async function setFollow(
  services: Services,
  call: Call<`${"PUT" | "DELETE"} /api/v3/user/following/{username}`>,
  kind: "account.follow" | "account.unfollow",
) {
  const { ledger, transactions } = services;
  const found = findAccount(ledger.state(), call.path.username);
  if (found === undefined) throw notFound();
  const payload = { account: found.account.id };
  const outcome = await transactions.submit({ kind, payload }, optionsOf(call));
  const isSo = (outcome.outcome === "refused" || outcome.outcome === "rejected") && outcome.rejection === "already-so";
  if (isSo) return { status: 204, body: undefined } as const;
  const { height } = requireApplied(outcome);
  return { status: 204, body: undefined, height } as const;
}
