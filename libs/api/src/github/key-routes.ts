import { Type } from "typebox";

import { PageQuery } from "../pagination.ts";
import { defineRoutes } from "../route.ts";
import { DeployKey, DeployKeyCreation, SimpleSshKey, SshKey, SshKeyCreation } from "./keys.ts";

/** SSH keys of accounts, and deploy keys of repositories. */
export const keyRoutes = defineRoutes({
  "GET /api/v3/user/keys": {
    operationId: "users/list-public-ssh-keys-for-authenticated-user",
    summary: "Your SSH keys",
    access: "signed-in",
    query: PageQuery,
    responses: { 200: Type.Array(SshKey) },
  },
  "POST /api/v3/user/keys": {
    operationId: "users/create-public-ssh-key-for-authenticated-user",
    summary: "Add an SSH key",
    access: "signed-in",
    body: SshKeyCreation,
    responses: { 201: SshKey },
  },
  "GET /api/v3/user/keys/{key_id}": {
    operationId: "users/get-public-ssh-key-for-authenticated-user",
    summary: "One of your SSH keys",
    access: "signed-in",
    responses: { 200: SshKey },
  },
  "DELETE /api/v3/user/keys/{key_id}": {
    operationId: "users/delete-public-ssh-key-for-authenticated-user",
    summary: "Remove an SSH key",
    access: "signed-in",
    responses: { 204: null },
  },
  "GET /api/v3/users/{username}/keys": {
    operationId: "users/list-public-keys-for-user",
    summary: "An account's public SSH keys",
    access: "anyone",
    query: PageQuery,
    responses: { 200: Type.Array(SimpleSshKey) },
  },
  "GET /api/v3/repos/{owner}/{repo}/keys": {
    operationId: "repos/list-deploy-keys",
    summary: "A repository's deploy keys",
    access: "signed-in",
    query: PageQuery,
    responses: { 200: Type.Array(DeployKey) },
  },
  "POST /api/v3/repos/{owner}/{repo}/keys": {
    operationId: "repos/create-deploy-key",
    summary: "Add a deploy key",
    access: "signed-in",
    body: DeployKeyCreation,
    responses: { 201: DeployKey },
  },
  "GET /api/v3/repos/{owner}/{repo}/keys/{key_id}": {
    operationId: "repos/get-deploy-key",
    summary: "A deploy key",
    access: "signed-in",
    responses: { 200: DeployKey },
  },
  "DELETE /api/v3/repos/{owner}/{repo}/keys/{key_id}": {
    operationId: "repos/delete-deploy-key",
    summary: "Remove a deploy key",
    access: "signed-in",
    responses: { 204: null },
  },
});
