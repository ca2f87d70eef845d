import type { FollowCard } from "@guts/api";
import type { Account } from "@guts/ledger";

import { notFound } from "../../errors.ts";
import type { Actor } from "../../auth/actor.ts";
import type { Call, RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import { listOwned, shownOrganizations } from "../../use-cases/account-page.ts";
import { changeAvatar } from "../../use-cases/avatars.ts";
import { publicEmail } from "../../use-cases/emails.ts";
import { findAccount } from "../../use-cases/find-repository.ts";
import { awaitReadModel, readableRepositories } from "../../use-cases/lists.ts";
import { textReader } from "../../use-cases/texts.ts";
import { accountPresenter } from "./identity-handlers.ts";
import { presentPersonCard } from "./present-organization-views.ts";
import { cardsPerPage, presentCard } from "./present-views.ts";

type Avatar = "/api/guts/accounts/{handle}/avatar";
type Name =
  | `${"PUT" | "DELETE"} ${Avatar}`
  | "GET /api/guts/view/accounts/{handle}"
  | "GET /api/guts/view/accounts/{handle}/follows";

/** Pictures of accounts, and what the pages of people and organizations need, in one answer each. */
export function accountViewHandlers(services: Services): Pick<RouteHandlers, Name> {
  const { ledger, readModel } = services;
  const text = textReader(ledger);
  const presentAccount = accountPresenter(services);
  const requireAccount = (handle: string): Account => {
    const found = findAccount(ledger.state(), handle);
    if (found === undefined) throw notFound();
    return found.account;
  };
  const isFollowed = ({ account: viewer }: Actor, { id }: Account): boolean | null =>
    viewer === undefined || viewer.id === id ? null : ledger.state().isFollowing(viewer.id, id);
  const presentFollow = (account: Account, actor: Actor): FollowCard => ({
    ...presentPersonCard(account, text),
    bio: text(account.bio),
    location: text(account.location),
    company: text(ledger.state().profile(account.id).company),
    isFollowed: isFollowed(actor, account),
  });
  const setAvatar = async (call: Call<`${"PUT" | "DELETE"} ${Avatar}`>, image: string | undefined) => {
    const { account, height } = await changeAvatar(services, call, { handle: call.path.handle, image });
    return { status: 200, body: presentAccount(account), ...(height !== undefined && { height }) } as const;
  };
  return {
    "PUT /api/guts/accounts/{handle}/avatar": async (call) => setAvatar(call, call.body.image),
    "DELETE /api/guts/accounts/{handle}/avatar": async (call) => setAvatar(call, undefined),
    "GET /api/guts/view/accounts/{handle}": async ({ path, query, actor, signal }) => {
      await awaitReadModel(services, signal);
      const account = requireAccount(path.handle);
      const page = { page: query.page ?? 1, perPage: cardsPerPage };
      const order = { list: "starred", direction: "desc" } as const;
      const listed =
        query.tab === "stars"
          ? await readModel.standings({ ...page, ...order, account: account.id, viewer: actor.account?.id }, signal)
          : await listOwned(services, { account, actor, page, query: query.query?.trim() ?? "" }, signal);
      const state = ledger.state();
      const { standing } = state;
      const { company, twitterUsername, hireable } = state.profile(account.id);
      const { followers, following } = state.followCounts(account.id);
      const body = {
        account: presentAccount(account),
        isOrganization: account.isOrganization,
        organizations: shownOrganizations(state, account, actor).map((organization) =>
          presentPersonCard(organization, text),
        ),
        bio: text(account.bio),
        blog: text(account.website),
        location: text(account.location),
        company: text(company),
        twitterUsername: text(twitterUsername),
        email: publicEmail(services, account),
        isHireable: hireable ?? null,
        followerCount: followers,
        followingCount: following,
        isViewer: actor.account?.id === account.id,
        isFollowed: isFollowed(actor, account),
        starredCount: standing.starred(account.id),
        repositories: readableRepositories(services, actor, listed.items).map((located) =>
          presentCard(located, { text, standing }),
        ),
        page: page.page,
        hasMore: listed.hasMore,
      };
      return { status: 200, body };
    },
    "GET /api/guts/view/accounts/{handle}/follows": async ({ path, query, actor, signal }) => {
      await awaitReadModel(services, signal);
      const { id: account } = requireAccount(path.handle);
      const page = { page: query.page ?? 1, perPage: cardsPerPage };
      const { items, hasMore } = await readModel.follows({ ...page, account, list: query.list }, signal);
      const state = ledger.state();
      const people = items.flatMap((id) => state.account(id) ?? []).map((each) => presentFollow(each, actor));
      return { status: 200, body: { people, page: page.page, hasMore } };
    },
  };
}
