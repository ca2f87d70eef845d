import { describe, expect, test } from "vitest";

import { parseConfig, type ConfigProblem, type NodeConfig } from "./config.ts";
import { environmentNameOf } from "./settings.ts";

const configOf = (text: string, environment = {}): NodeConfig => {
  const outcome = parseConfig(text, environment);
  if ("problems" in outcome) throw new Error(JSON.stringify(outcome.problems));
  return outcome.config;
};
const problemsOf = (text: string, environment = {}): readonly ConfigProblem[] => {
  const outcome = parseConfig(text, environment);
  return "problems" in outcome ? outcome.problems : [];
};

describe("parseConfig", () => {
  test("fills in what nobody set", () => {
    const config = configOf("{}");
    expect(config.http).toEqual({
      host: "127.0.0.1",
      port: 3000,
      publicUrl: "http://127.0.0.1:3000",
      isBehindProxy: false,
    });
    expect(config.databaseUrl).toBeUndefined();
  });

  test("takes nested values from the file and lets the environment override them", () => {
    const text = '{"http":{"port":4000,"host":"::1"},"log":{"level":"debug"}}';
    const config = configOf(text, { GUTS_HTTP_PORT: "5000", GUTS_HTTP_IS_BEHIND_PROXY: "true" });
    expect(config.http.port).toBe(5000);
    expect(config.http.publicUrl).toBe("http://[::1]:5000");
    expect(config.http.isBehindProxy).toBe(true);
    expect(config.logLevel).toBe("debug");
  });

  test("takes DATABASE_URL, and its own name before that", () => {
    expect(configOf("{}", { DATABASE_URL: "postgres://a" }).databaseUrl).toBe("postgres://a");
    const both = { DATABASE_URL: "postgres://a", GUTS_DATABASE_URL: "postgres://b" };
    expect(configOf("{}", both).databaseUrl).toBe("postgres://b");
  });

  test("puts the node's name into the database's, so that several nodes may share a variable", () => {
    const shared = { DATABASE_URL: "postgres://a/guts_{name}" };
    expect(configOf('{"name":"north"}', shared).databaseUrl).toBe("postgres://a/guts_north");
  });

  test("reports all problems at once, each with its key, source and hint", () => {
    const problems = problemsOf('{"http":{"port":70000,"prot":1},"log":{"level":"loud"}}', { GUTS_NAME: "a b" });
    expect(problems.map(({ key, source }) => [key, source])).toEqual([
      ["http.prot", "config.json"],
      ["name", "GUTS_NAME"],
      ["http.port", "config.json"],
      ["log.level", "config.json"],
    ]);
    expect(problems.filter(({ hint }) => hint !== "")).toHaveLength(3);
  });

  test("never shows a secret that is wrong", () => {
    const [problem] = problemsOf("{}", { GUTS_DATABASE_URL: "mysql://user:hunter2@host" });
    expect(problem?.problem).not.toContain("hunter2");
  });

  test.each(["", "[]", "7", "{"])("reports a file that is no JSON object: %j", (text) => {
    expect(problemsOf(text).map(({ key }) => key)).toEqual(["(whole file)"]);
  });

  test.each([
    ["http.port", '{"http":{"port":1}}', '{"http":{"port":0}}'],
    ["http.port", '{"http":{"port":65535}}', '{"http":{"port":65536}}'],
    ["p2p.port", '{"p2p":{"port":65535}}', '{"p2p":{"port":65536}}'],
    ["packs.announce", '{"packs":{"announce":"[::1]:1"}}', '{"packs":{"announce":"::1:1"}}'],
    ["git.spawnerCount", '{"git":{"spawnerCount":16}}', '{"git":{"spawnerCount":17}}'],
  ])("accepts %s at its limit and not one past it", (key, good, bad) => {
    expect(problemsOf(good)).toEqual([]);
    expect(problemsOf(bad).map((problem) => problem.key)).toEqual([key]);
  });
});

describe("the doors for other nodes", () => {
  const peer = "/ip4/127.0.0.1/tcp/3013/p2p/12D3KooWGC6TvWhfajpX6wvJHMYvKpDMPaP7xQZxvyH5xJ8TVmY2";

  test("listen where the web does, on ports beside its own, and say so to others", () => {
    const { p2p, packs } = configOf("{}", { GUTS_HTTP_PORT: "43000" });
    expect(p2p).toEqual({ host: "127.0.0.1", port: 43003, announce: ["/ip4/127.0.0.1/tcp/43003"], peers: [] });
    expect(packs).toEqual({ host: "127.0.0.1", port: 43004, announce: "127.0.0.1:43004" });
    expect(configOf('{"http":{"port":65535}}').p2p.port).toBe(65_532);
  });

  test("are announced by the public name when they listen everywhere, and by what is said before that", () => {
    const text = '{"http":{"host":"0.0.0.0","publicUrl":"https://git.example.org"}}';
    const { p2p, packs } = configOf(text);
    expect([p2p.announce, packs.announce]).toEqual([["/dns/git.example.org/tcp/3003"], "git.example.org:3004"]);
    expect(configOf('{"http":{"host":"::"}}').p2p.announce).toEqual([]);
    const said = configOf(text, { GUTS_P2P_ANNOUNCE: "/ip6/::1/tcp/9", GUTS_PACKS_ANNOUNCE: "a.example:7" });
    expect([said.p2p.announce, said.packs.announce]).toEqual([["/ip6/::1/tcp/9"], "a.example:7"]);
  });

  test("take peers from the file, or from words between commas", () => {
    expect(configOf(JSON.stringify({ p2p: { peers: [peer] } })).p2p.peers).toEqual([peer]);
    expect(configOf("{}", { GUTS_P2P_PEERS: `${peer},${peer}` }).p2p.peers).toEqual([peer, peer]);
  });

  test("name each list that has a wrong entry, and show the entry", () => {
    const problems = problemsOf(JSON.stringify({ p2p: { peers: [peer, "elsewhere"], announce: [peer] } }));
    expect(problems.map(({ key }) => key)).toEqual(["p2p.announce", "p2p.peers"]);
    expect(problems[1]?.problem).toContain('"elsewhere"');
  });
});

test("an environment variable is named after its setting", () => {
  expect(environmentNameOf("http.publicUrl")).toBe("GUTS_HTTP_PUBLIC_URL");
});
