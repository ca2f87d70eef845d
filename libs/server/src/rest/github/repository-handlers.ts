import { notFound } from "../../errors.ts";
import type { Call, RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import { deleteRepository, transferRepository, updateRepository } from "../../use-cases/change-repositories.ts";
import {
  inviteCollaborator,
  listInvitations,
  openInvitation,
  removeCollaborator,
  roleOf,
  updateInvitation,
  withdrawInvitation,
  describeInvitation,
} from "../../use-cases/collaborators.ts";
import { findAccount } from "../../use-cases/find-repository.ts";
import { awaitReadModel } from "../../use-cases/lists.ts";
import { openAtPresentName } from "../../use-cases/open-repository.ts";
import { permissionOf } from "../../use-cases/permission.ts";
import { pageLinks, pageOf } from "../paging.ts";
import { presentCollaborator, presentCollaboratorPermission, presentInvitation } from "./present-collaborators.ts";
import { presentationOf, presentRepository } from "./present-repository.ts";
import { Urls } from "./urls.ts";

type Repo = "/api/v3/repos/{owner}/{repo}";
type SettingsName = `${"GET" | "PATCH" | "DELETE"} ${Repo}` | `POST ${Repo}/transfer`;
type CollaboratorName =
  | `GET ${Repo}/collaborators`
  | `${"GET" | "PUT" | "DELETE"} ${Repo}/collaborators/{username}`
  | `GET ${Repo}/collaborators/{username}/permission`;
type InvitationName = `GET ${Repo}/invitations` | `${"PATCH" | "DELETE"} ${Repo}/invitations/{invitation_id}`;

/** A repository's settings, people and invitations, in GitHub's shapes. */
export function repositoryHandlers(
  services: Services,
): Pick<RouteHandlers, SettingsName | CollaboratorName | InvitationName> {
  return { ...settingsHandlers(services), ...collaboratorHandlers(services), ...invitationHandlers(services) };
}

function settingsHandlers(services: Services): Pick<RouteHandlers, SettingsName> {
  const { ledger } = services;
  return {
    "GET /api/v3/repos/{owner}/{repo}": (call) => {
      const opened = openAtPresentName(ledger, call);
      const held = call.actor.account === undefined ? undefined : opened.held;
      return { status: 200, body: presentRepository(opened, { ...presentationOf(services, call), held }) };
    },
    "PATCH /api/v3/repos/{owner}/{repo}": async (call) => {
      openAtPresentName(ledger, call);
      const { opened, height } = await updateRepository(services, call, call);
      const body = presentRepository(opened, { ...presentationOf(services, call), held: opened.held });
      return { status: 200, body, ...(height !== undefined && { height }) };
    },
    "DELETE /api/v3/repos/{owner}/{repo}": async (call) => {
      openAtPresentName(ledger, call);
      return { status: 204, body: undefined, height: await deleteRepository(services, call, call.path) };
    },
    "POST /api/v3/repos/{owner}/{repo}/transfer": async (call) => {
      openAtPresentName(ledger, call);
      const { opened, height } = await transferRepository(services, call, call);
      const body = presentRepository(opened, { ...presentationOf(services, call), held: opened.held });
      return { status: 202, body, ...(height !== undefined && { height }) };
    },
  };
}

function collaboratorHandlers(services: Services): Pick<RouteHandlers, CollaboratorName> {
  const { ledger, readModel } = services;
  const open = (
    call: Call<`GET ${Repo}/collaborators/{username}`> | Call<`GET ${Repo}/collaborators/{username}/permission`>,
  ) => {
    // Who works here, and as what, is for those who may push, as on GitHub.
    const opened = openAtPresentName(ledger, call, "push");
    return { ...opened, account: findAccount(opened.state, call.path.username)?.account };
  };
  return {
    "GET /api/v3/repos/{owner}/{repo}/collaborators": async (call) => {
      const { repository } = openAtPresentName(ledger, call, "push");
      await awaitReadModel(services, call.signal);
      const page = pageOf(call.query);
      const { affiliation = "all", permission } = call.query;
      const query = {
        ...page,
        repository: repository.id,
        owner: repository.owner,
        affiliation,
        permission: permission === undefined ? undefined : roleOf(permission),
      };
      const { items, hasMore } = await readModel.organizations.people(query, call.signal);
      const state = ledger.state();
      const urls = new Urls(call.baseUrl);
      const body = items
        .flatMap((id) => state.account(id) ?? [])
        .map((account) => presentCollaborator(account, permissionOf(state, repository, account.id), urls));
      return { status: 200, body, headers: pageLinks(page, hasMore, call) };
    },
    "GET /api/v3/repos/{owner}/{repo}/collaborators/{username}": (call) => {
      const { state, repository, account } = open(call);
      // As in the list: by whatever grant but that everybody reads a public repository.
      const grants = account === undefined ? [] : state.grants(repository, account.id);
      if (grants.every(({ source }) => source === "public")) throw notFound();
      return { status: 204, body: undefined };
    },
    "PUT /api/v3/repos/{owner}/{repo}/collaborators/{username}": async (call) => {
      const { username } = call.path;
      const role = roleOf(call.body.permission);
      const { invitation, height } = await inviteCollaborator(services, call, { path: call.path, username, role });
      const extra = height === undefined ? {} : { height };
      if (invitation === undefined) return { status: 204, body: undefined, ...extra };
      return {
        status: 201,
        body: presentInvitation(invitation, presentationOf(services, call)),
        ...extra,
      };
    },
    "DELETE /api/v3/repos/{owner}/{repo}/collaborators/{username}": async (call) => {
      const { username } = call.path;
      return {
        status: 204,
        body: undefined,
        height: await removeCollaborator(services, call, { path: call.path, username }),
      };
    },
    "GET /api/v3/repos/{owner}/{repo}/collaborators/{username}/permission": (call) => {
      const { state, repository, account } = open(call);
      if (account === undefined) throw notFound();
      const held = permissionOf(state, repository, account.id);
      return { status: 200, body: presentCollaboratorPermission(account, held, new Urls(call.baseUrl)) };
    },
  };
}

function invitationHandlers(services: Services): Pick<RouteHandlers, InvitationName> {
  const { ledger } = services;
  return {
    "GET /api/v3/repos/{owner}/{repo}/invitations": async (call) => {
      const { repository } = openAtPresentName(ledger, call, "read-administration");
      const page = pageOf(call.query);
      const of = { repository: repository.id };
      const { items, hasMore } = await listInvitations(services, of, { page, signal: call.signal });
      const body = items.map((invitation) => presentInvitation(invitation, presentationOf(services, call)));
      return { status: 200, body, headers: pageLinks(page, hasMore, call) };
    },
    "PATCH /api/v3/repos/{owner}/{repo}/invitations/{invitation_id}": async (call) => {
      const { path, body } = call;
      const { key } = await openInvitation(services, call, { path, number: path.invitation_id });
      const current = describeInvitation(services, key);
      if (current === undefined) throw notFound();
      const role = body.permissions === undefined ? current.row.role : roleOf(body.permissions);
      const { invitation, height } = await updateInvitation(services, call, { key, role });
      return {
        status: 200,
        body: presentInvitation(invitation, presentationOf(services, call)),
        height,
      };
    },
    "DELETE /api/v3/repos/{owner}/{repo}/invitations/{invitation_id}": async (call) => {
      const { path } = call;
      const { key } = await openInvitation(services, call, { path, number: path.invitation_id });
      return { status: 204, body: undefined, height: await withdrawInvitation(services, call, key) };
    },
  };
}
