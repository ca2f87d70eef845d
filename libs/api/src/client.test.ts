import { expect, expectTypeOf, test } from "vitest";

import { ApiError, createClient, type Repository, type RepositoryView } from "./index.ts";

interface Seen {
  readonly url: string;
  readonly init: RequestInit;
}

function clientAnswering(...answers: Response[]) {
  const seen: Seen[] = [];
  const fetch = (url: string | URL | Request, init?: RequestInit) => {
    seen.push({ url: url as string, init: init ?? {} });
    return Promise.resolve(answers.shift() ?? new Response("{}", { status: 500 }));
  };
  return { seen, client: createClient({ baseUrl: "http://node/", token: "guts_x", fetch }) };
}

const json = (body: unknown, init: ResponseInit = {}) => new Response(JSON.stringify(body), init);

test("builds the URL from the route, encoding segments and keeping the slashes of a path", async () => {
  const { client, seen } = clientAnswering(json({}));
  await client.call("GET /api/v3/repos/{owner}/{repo}/contents/{+path}", {
    path: { owner: "a", repo: "b", path: "docs/what is this?.md" },
    query: { ref: "feat/x" },
  });
  expect(seen[0]?.url).toBe("http://node/api/v3/repos/a/b/contents/docs/what%20is%20this%3F.md?ref=feat%2Fx");
});

test("sends the token, the idempotency key and the least height as headers", async () => {
  const { client, seen } = clientAnswering(json({}, { status: 201, headers: { "x-guts-height": "7" } }));
  const answer = await client.answer("POST /api/v3/user/repos", {
    body: { name: "x" },
    idempotencyKey: "k1",
    minHeight: 5,
  });
  const headers = new Headers(seen[0]?.init.headers);
  expect(headers.get("authorization")).toBe("Bearer guts_x");
  expect(headers.get("idempotency-key")).toBe("k1");
  expect(headers.get("x-guts-min-height")).toBe("5");
  expect(answer.height).toBe(7);
});

test("follows the next pages of a list and sends the token to no other host", async () => {
  const { client, seen } = clientAnswering(
    json([{ id: 1 }], { headers: { link: '<http://elsewhere/next?page=2>; rel="next", <http://node/l>; rel="last"' } }),
    json([{ id: 2 }]),
  );
  const ids: number[] = [];
  for await (const repository of client.items("GET /api/v3/repositories", {})) ids.push(repository.id);
  expect(ids).toEqual([1, 2]);
  expect(seen[1]?.url).toBe("http://node/next?page=2");
});

test("throws the server's refusal with its status and code", async () => {
  const { client } = clientAnswering(
    json({ message: "no", code: "name-taken", documentation_url: "d" }, { status: 422 }),
  );
  const error = await client.call("GET /api/guts/network", {}).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ code: "refused", status: 422, reason: "name-taken" });
});

test("calls an answer that is not JSON malformed", async () => {
  const { client } = clientAnswering(new Response("<html>", { status: 200 }));
  await expect(client.call("GET /api/guts/network", {})).rejects.toMatchObject({ code: "malformed" });
});

test("throws the reason of an aborted signal", async () => {
  const fetch = () => Promise.reject(new TypeError("aborted"));
  const client = createClient({ baseUrl: "http://node", fetch });
  const signal = AbortSignal.abort(new Error("left the page"));
  await expect(client.call("GET /api/guts/network", { signal })).rejects.toThrow("left the page");
});

test("a connection that fails is unreachable", async () => {
  const client = createClient({ baseUrl: "http://node", fetch: () => Promise.reject(new TypeError("refused")) });
  await expect(client.call("GET /api/guts/network", {})).rejects.toMatchObject({ code: "unreachable", status: 0 });
});

test("a path that climbs is refused before anything is sent", async () => {
  const { client, seen } = clientAnswering();
  const path = { owner: "a", repo: "b", ref_path: "main/../../x" };
  await expect(client.call("GET /api/guts/view/repos/{owner}/{repo}/tree/{+ref_path}", { path })).rejects.toMatchObject(
    {
      code: "parameter-unsafe",
    },
  );
  expect(seen).toEqual([]);
});

test("types of inputs and outputs follow the route", () => {
  const { client } = clientAnswering();
  type Created = Awaited<ReturnType<typeof client.call<"POST /api/v3/user/repos">>>;
  type View = Awaited<ReturnType<typeof client.call<"GET /api/guts/view/repos/{owner}/{repo}">>>;
  expectTypeOf<Created>().toEqualTypeOf<Repository>();
  expectTypeOf<View>().toEqualTypeOf<RepositoryView>();
});
