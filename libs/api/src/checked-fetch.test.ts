import { expect, test } from "vitest";

import { AnswerMismatch, createCheckedFetch } from "./checked-fetch.ts";
import { createClient } from "./client.ts";

const json = (body: unknown, status = 200): Response =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json; charset=utf-8" } });

function ask(path: string, answer: Response, method = "GET"): Promise<Response> {
  return createCheckedFetch(() => Promise.resolve(answer))(`http://node${path}`, { method });
}

const session = { account: null, scopes: [], expires_at: null };
const meta = { verifiable_password_authentication: false, installed_version: "3" };

test("takes an answer as its route declares it, and leaves it to be read", async () => {
  await expect((await ask("/api/v3/meta", json(meta))).json()).resolves.toEqual(meta);
  await expect(ask("/api/guts/genesis", new Response("bytes"))).resolves.toBeInstanceOf(Response);
  await expect(ask("/ada/notes", json(session))).resolves.toBeInstanceOf(Response);
  await expect(ask("/api/v3/repos/a/b", new Response(null, { status: 204 }), "DELETE")).resolves.toBeDefined();
});

test.each([
  ["a field that is missing", "/api/v3/meta", json({ installed_version: "3" }), "GET"],
  ["a field of another type", "/api/v3/meta", json({ ...meta, installed_version: 3 }), "GET"],
  ["a status that is not declared", "/api/v3/meta", json(meta, 202), "GET"],
  ["a body where there is none", "/api/v3/repos/a/b", json({}, 200), "DELETE"],
  ["a refusal that says nothing", "/api/v3/meta", json({}, 404), "GET"],
  ["one thing in place of a list", "/api/v3/user/repos", json({}), "GET"],
])("refuses %s", async (_what, path, answer, method) => {
  await expect(ask(path, answer, method)).rejects.toBeInstanceOf(AnswerMismatch);
});

test("tells the route and the field, through the client too", async () => {
  const fetch = createCheckedFetch(() => Promise.resolve(json({ ...meta, installed_version: 3 })));
  const asked = createClient({ baseUrl: "http://node", fetch }).call("GET /api/v3/meta", {});
  await expect(asked).rejects.toThrow(/GET \/api\/v3\/meta answered 200.*installed_version/);
});
