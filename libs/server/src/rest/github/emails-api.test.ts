import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { commitAddressOf } from "@guts/ledger";
import { createClient } from "@guts/api";
import { TestNode, type TestAccount } from "../../testing/test-node.fixture.ts";

const logLines: string[] = [];
let node: TestNode;
let ada: TestAccount;
beforeAll(async () => {
  node = await TestNode.start({ logLines });
  ada = await node.signUp("ada");
});
afterAll(() => node[Symbol.asyncDispose]());

const list = (person = ada) => person.client.call("GET /api/v3/user/emails", {});
const add = (emails: string[], person = ada) => person.client.call("POST /api/v3/user/emails", { body: { emails } });
const remove = (email: string) => ada.client.call("DELETE /api/v3/user/emails", { body: [email] });
const refused = { status: 422 };

describe("e-mail addresses", () => {
  test("are added, chosen as primary, shown and removed, and the node's own takes no mail", async () => {
    const noReply = { email: commitAddressOf(node.ledger.networkId, ada), verified: true, visibility: null };
    expect(await list()).toEqual([{ ...noReply, primary: true }]);
    const first = { email: "ada@harbour.example", primary: true, verified: false, visibility: "private" };
    expect(await add(["ada@harbour.example", "a@b.example"])).toEqual([
      first,
      { email: "a@b.example", primary: false, verified: false, visibility: null },
    ]);
    expect(await ada.client.call("GET /api/v3/user/public_emails", {})).toEqual([]);
    const shown = await ada.client.call("PATCH /api/v3/user/email/visibility", { body: { visibility: "public" } });
    expect(shown).toEqual([{ ...first, visibility: "public" }]);
    expect(await ada.client.call("GET /api/v3/user/public_emails", {})).toEqual(shown);
    const profile = () =>
      createClient({ baseUrl: node.url }).call("GET /api/v3/users/{username}", { path: { username: ada.handle } });
    expect(await profile()).toMatchObject({ email: "ada@harbour.example" });
    await ada.client.call("PATCH /api/v3/user/email/visibility", { body: { visibility: "private" } });
    expect(await profile()).toMatchObject({ email: null });
    await ada.client.call("PUT /api/guts/emails/primary", { body: { email: "A@b.example" } });
    expect((await list()).map(({ email }) => email)).toEqual(["a@b.example", "ada@harbour.example", noReply.email]);
    await expect(remove("a@b.example")).rejects.toMatchObject(refused);
    await remove("ada@harbour.example");
    await remove("a@b.example");
    expect(await list()).toEqual([{ ...noReply, primary: true }]);
  });

  test("are refused when they are none, known already, somebody else's to remove, or too many", async () => {
    for (const wrong of ["ada", "a b@c.example", "<a@b.example>", "a@b@c.example"])
      await expect(add([wrong])).rejects.toMatchObject(refused);
    await expect(add(["x@y.example", "X@Y.example"])).rejects.toMatchObject(refused);
    await expect(remove("nobody@y.example")).rejects.toMatchObject(refused);
    const visibility = { body: { visibility: "public" } } as const;
    await expect(ada.client.call("PATCH /api/v3/user/email/visibility", visibility)).rejects.toMatchObject(refused);
    const many = Array.from({ length: 20 }, (_, index) => `many-${index}@y.example`);
    await add(many);
    await expect(add(["one@more.example"])).rejects.toMatchObject(refused);
    await ada.client.call("DELETE /api/v3/user/emails", { body: { emails: many } });
  });

  test("are nowhere in the log", async () => {
    await add(["secret-place@y.example"]);
    await remove("secret-place@y.example");
    expect(logLines.join("\n")).not.toContain("secret-place");
  });
});
