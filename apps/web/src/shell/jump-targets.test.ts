import type { RepositoryCard } from "@guts/api";
import { describe, expect, it } from "vitest";

import { findJumpTargets, jumpTargetsMax } from "./jump-targets.ts";

const card = (id: number, owner: string, name: string): RepositoryCard => ({
  id,
  owner,
  name,
  description: null,
  isPrivate: false,
  isArchived: false,
  defaultBranch: "main",
  createdAt: "2026-01-01T00:00:00Z",
  pushedAt: null,
  topics: [],
  starCount: 0,
});
const repositories = [card(1, "alice", "tools"), card(2, "tom", "website"), card(3, "alice", "site-tools")];
const labels = (query: string): readonly string[] => findJumpTargets(query, repositories).map((target) => target.label);

describe("findJumpTargets", () => {
  it("puts names that begin with the query before names that contain it", () => {
    expect(labels("to").slice(0, 3)).toEqual(["tom/website", "alice/tools", "alice/site-tools"]);
  });

  it("finds letters in order", () => {
    expect(labels("tmweb")).toEqual(["tom/website"]);
  });

  it("offers an address typed in full even if it is not known", () => {
    expect(labels("bob/secret.js")).toEqual(["bob/secret.js"]);
    expect(labels("Tom/Website")).toEqual(["tom/website"]);
  });

  it("lists a repository once, and no more than the limit", () => {
    const many = Array.from({ length: 40 }, (_, index) => card(index % 20, "o", `r${index % 20}`));
    const found = findJumpTargets("", many);
    expect(found).toHaveLength(jumpTargetsMax);
    expect(new Set(found.map((target) => target.id)).size).toBe(jumpTargetsMax);
  });
});
