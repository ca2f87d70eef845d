import { array, assert, asyncProperty, constantFrom, string } from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CliError } from "../../cli-error.ts";
import { parseHost } from "../../config/host-name.ts";
import { startFakeNode, type PreparedAnswer } from "../../testing/fake-node.ts";
import { signedInNode } from "../../testing/signed-in.ts";
import { createTestMachine, type TestMachine } from "../../testing/test-platform.ts";
import { readFields } from "./fields.ts";
import { apiUrl } from "./request.ts";

let machine: TestMachine;
beforeEach(async () => {
  machine = await createTestMachine();
});
afterEach(async () => await machine[Symbol.asyncDispose]());

const signedIn = async (answers: Readonly<Record<string, PreparedAnswer>>) => await signedInNode(machine, answers);

const noFile = async () => await Promise.reject(new Error("no file"));

test("nests fields, appends to lists and types what is typed", async () => {
  const fields = await readFields(
    ["name=x=y", "tags[]=a", "owner[login]=al", "number=1"],
    ["tags[]=2", "owner[id]=7", "private=true", "gone=null", "text=1.5", "file=@notes"],
    async () => await Promise.resolve(Buffer.from("from the file")),
  );
  expect(fields).toEqual({
    name: "x=y",
    tags: ["a", 2],
    owner: { login: "al", id: 7 },
    number: "1",
    private: true,
    gone: null,
    text: "1.5",
    file: "from the file",
  });
});

test.each([["=x"], ["x"], ["a[=1"], ["a]=1"], ["a=1", "a=2"], ["a=1", "a[b]=2"], ["a[b]=1", "a[]=2"], ["a[][b]=1"]])(
  "refuses the fields %j",
  async (...fields) => {
    await expect(readFields(fields, [], noFile)).rejects.toBeInstanceOf(CliError);
  },
);

test("never fails on a field but with a usage error", async () => {
  await assert(
    asyncProperty(
      array(string({ unit: constantFrom("a", "b", "[", "]", "=", "1", "@") }), { maxLength: 5 }),
      async (fields) => {
        await readFields(fields, [], noFile).catch((error: unknown) => {
          expect(error).toMatchObject({ code: "usage" });
        });
      },
    ),
  );
});

test("puts a path below /api/v3 unless it begins with /api/, and keeps the token at its node", () => {
  const host = parseHost("http://localhost:3000");
  expect(apiUrl(host, "user").href).toBe("http://localhost:3000/api/v3/user");
  expect(apiUrl(host, "/repos/a/b?x=1").href).toBe("http://localhost:3000/api/v3/repos/a/b?x=1");
  expect(apiUrl(host, "/api/guts/network").href).toBe("http://localhost:3000/api/guts/network");
  expect(apiUrl(host, "http://localhost:3000/api/v3/user").pathname).toBe("/api/v3/user");
  for (const other of ["http://evil.example/api/v3/user", "https://localhost:3000/api", "//evil.example/"])
    expect(() => {
      const { origin } = apiUrl(host, other);
      if (origin === host) throw new CliError("usage", "stays at the node");
    }).toThrow(CliError);
});

test("prints the answer with the token sent, and posts fields as JSON", async () => {
  await using node = await signedIn({
    "GET /api/v3/user": { json: { login: "alice" } },
    "POST /api/v3/user/repos": { status: 201, json: {} },
  });
  expect(await machine.run(["api", "user"])).toMatchObject({ exitCode: 0, stdout: '{"login":"alice"}\n' });
  await machine.run(["api", "user/repos", "-f", "name=x", "-F", "private=true"]);
  expect(node.seen.map(({ authorization }) => authorization)).toEqual(["Bearer guts_t", "Bearer guts_t"]);
  expect(node.seen[1]?.body).toEqual({ name: "x", private: true });
});

test("puts the fields of a GET into its query", async () => {
  await using node = await signedIn({ "GET /api/v3/user/repos": { json: [] } });
  await machine.run(["api", "user/repos", "-X", "get", "-f", "sort=full_name", "-F", "per_page=3"]);
  expect(node.seen[0]?.path).toBe("/api/v3/user/repos?sort=full_name&per_page=3");
});

test("follows pages at its own node only and prints each", async () => {
  await using node = await signedIn({
    "GET /api/v3/user/repos": ({ path }) =>
      path.includes("page=2")
        ? { json: [2] }
        : { json: [1], headers: { link: '<http://evil.example/api/v3/user/repos?page=2>; rel="next"' } },
  });
  const { stdout } = await machine.run(["api", "user/repos", "--paginate"]);
  expect(stdout).toBe("[1,2]\n");
  expect(node.seen).toHaveLength(2);
});

test("prints an error answer and ends with 1, or with 4 for 401", async () => {
  await using node = await signedIn({
    "GET /api/v3/no": { status: 403, json: { message: "no" } },
    "GET /api/v3/who": { status: 401, json: { message: "who" } },
  });
  expect(await machine.run(["api", "no"])).toMatchObject({ exitCode: 1, stdout: '{"message":"no"}\n' });
  expect(await machine.run(["api", "who"])).toMatchObject({ exitCode: 4, stdout: '{"message":"who"}\n' });
  expect(node.seen).toHaveLength(2);
});

test("sends the token to no other host, even when its node redirects there", async () => {
  await using other = await startFakeNode({ "GET /api/v3/user": { json: {} } });
  await using node = await signedIn({
    "GET /api/v3/user": { status: 302, headers: { location: `${other.url}/api/v3/user` } },
  });
  expect((await machine.run(["api", "user"])).exitCode).toBe(1);
  expect(node.seen).toHaveLength(1);
  expect(other.seen).toHaveLength(0);
});
