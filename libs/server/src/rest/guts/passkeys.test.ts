import { randomBytes } from "node:crypto";

import { createClient } from "@guts/api";
import { parsePrivateSeed } from "@guts/primitives";
import { afterAll, beforeAll, expect, test } from "vitest";

import { createAuthenticator as authenticatorOf } from "../../testing/authenticator.fixture.ts";
import { TestNode } from "../../testing/test-node.fixture.ts";

const origin = "https://git.example.org";
let node: TestNode;

beforeAll(async () => {
  node = await TestNode.start({ publicUrl: origin });
});
afterAll(() => node[Symbol.asyncDispose]());

const visitor = () => createClient({ baseUrl: node.url });

const createAuthenticator = () => authenticatorOf(origin);

const draw = (purpose: "register" | "add" | "sign-in", client = visitor()) =>
  client.call("POST /api/guts/passkeys/challenges", { body: { purpose } });

test("an account is made with a passkey alone, and signs in with it, once for each challenge", async () => {
  const authenticator = createAuthenticator();
  const seed = parsePrivateSeed(new Uint8Array(randomBytes(32)))!;
  const terms = await draw("register");
  expect(terms.origins).toEqual([origin]);
  const body = { ...node.accountStatement("keyholder", seed), session: "token" as const };
  const passkey = authenticator.register(terms);
  await visitor().call("POST /api/guts/signup", { body: { ...body, passkey } });
  const assertion = authenticator.assert(await draw("sign-in"), terms.userId);
  const signedIn = await visitor().call("POST /api/guts/signin/passkey", { body: assertion });
  expect(signedIn).toMatchObject({ account: { handle: "keyholder" }, token: expect.stringMatching(/^guts_/) });
  const replayed = visitor().call("POST /api/guts/signin/passkey", { body: assertion });
  await expect(replayed).rejects.toMatchObject({ status: 401, reason: "passkey-wrong-challenge" });
});

test("a passkey that failed its check makes no account", async () => {
  const seed = parsePrivateSeed(new Uint8Array(randomBytes(32)))!;
  const passkey = createAuthenticator().register({ ...(await draw("register")), challenge: "AAAA" });
  const body = { ...node.accountStatement("nobody", seed), session: "token" as const, passkey };
  await expect(visitor().call("POST /api/guts/signup", { body })).rejects.toMatchObject({ status: 401 });
  await expect(visitor().call("GET /api/v3/users/{username}", { path: { username: "nobody" } })).rejects.toMatchObject({
    status: 404,
  });
});

test("whoever is signed in adds, renames and removes their own, and nobody else's", async () => {
  const ada = await node.signUp("ada");
  const eve = await node.signUp("eve");
  const authenticator = createAuthenticator();
  const added = await ada.client.call("POST /api/guts/passkeys", {
    body: authenticator.register(await draw("add", ada.client), "first"),
  });
  const path = { id: added.id };
  const stolen = createAuthenticator().register(await draw("add", ada.client));
  await expect(eve.client.call("POST /api/guts/passkeys", { body: stolen })).rejects.toMatchObject({ status: 401 });
  const renamed = ada.client.call("PATCH /api/guts/passkeys/{id}", { path, body: { name: "second" } });
  await expect(renamed).resolves.toMatchObject({ name: "second", lastUsedAt: null });
  await expect(eve.client.call("DELETE /api/guts/passkeys/{id}", { path })).rejects.toMatchObject({ status: 404 });
  const body = { label: "weak", scopes: ["repo" as const] };
  const { token } = await ada.client.call("POST /api/guts/tokens", { body });
  await expect(draw("add", createClient({ baseUrl: node.url, token }))).rejects.toMatchObject({ status: 403 });
  await ada.client.call("DELETE /api/guts/passkeys/{id}", { path });
  const assertion = authenticator.assert(await draw("sign-in"), null);
  await expect(visitor().call("POST /api/guts/signin/passkey", { body: assertion })).rejects.toMatchObject({
    reason: "passkey-unknown",
  });
});
