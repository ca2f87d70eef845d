import type { RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import { forkRepository } from "../../use-cases/fork-repository.ts";
import { awaitReadModel, readableRepositories } from "../../use-cases/lists.ts";
import { openAtPresentName } from "../../use-cases/open-repository.ts";
import { permissionOf } from "../../use-cases/permission.ts";
import { pageLinks, pageOf } from "../paging.ts";
import { presentationOf, presentRepository } from "./present-repository.ts";

type Name = `${"GET" | "POST"} /api/v3/repos/{owner}/{repo}/forks`;

/** Forks, in GitHub's shapes. */
export function forkHandlers(services: Services): Pick<RouteHandlers, Name> {
  const { ledger, readModel } = services;
  return {
    "POST /api/v3/repos/{owner}/{repo}/forks": async (call) => {
      const parent = openAtPresentName(ledger, call, "fork");
      const { opened, height } = await forkRepository(services, call, { parent, body: call.body });
      const body = presentRepository(opened, { ...presentationOf(services, call), held: opened.held });
      return { status: 202, body, headers: { location: body.url }, ...(height !== undefined && { height }) };
    },
    "GET /api/v3/repos/{owner}/{repo}/forks": async (call) => {
      const { repository, state } = openAtPresentName(ledger, call);
      await awaitReadModel(services, call.signal);
      const page = pageOf(call.query);
      const viewer = call.actor.account?.id;
      const order = call.query.sort === "oldest" ? "asc" : "desc";
      const query = { ...page, parent: repository.id, viewer, direction: order } as const;
      const { items, hasMore } = await readModel.forks(query, call.signal);
      const presentation = presentationOf(services, call);
      const body = readableRepositories(services, call.actor, items).map((located) => {
        const held = viewer === undefined ? undefined : permissionOf(state, located.repository, viewer);
        return presentRepository(located, { ...presentation, held });
      });
      return { status: 200, body, headers: pageLinks(page, hasMore, call) };
    },
  };
}
