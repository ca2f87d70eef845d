import { describe, expect, it } from "vitest";

import { baseName, locationPath, parentPath, pathPrefixes } from "./repository-path.ts";
import { parseReturnPath } from "./return-path.ts";

const at = { owner: "alice", name: "tools" };

describe("locationPath", () => {
  it("has the shape of GitHub's deep links", () => {
    expect(locationPath("blob", { ...at, revision: "main", path: "src/index.ts" })).toBe(
      "/alice/tools/blob/main/src/index.ts",
    );
    expect(locationPath("tree", { ...at, revision: "feature/x", path: "" })).toBe("/alice/tools/tree/feature/x");
  });

  it("escapes what a URL would read as its own", () => {
    expect(locationPath("raw", { ...at, revision: "main", path: "a b/100%#?.txt" })).toBe(
      "/alice/tools/raw/main/a%20b/100%25%23%3F.txt",
    );
  });
});

describe("paths", () => {
  it("lists every ancestor from the top", () => {
    expect(pathPrefixes("a/b/c").map((prefix) => prefix.path)).toEqual(["a", "a/b", "a/b/c"]);
    expect(pathPrefixes("")).toEqual([]);
  });

  it("finds the parent and the last segment", () => {
    expect(parentPath("a/b")).toBe("a");
    expect(parentPath("a")).toBe("");
    expect(baseName("a/b.ts")).toBe("b.ts");
    expect(baseName("b.ts")).toBe("b.ts");
  });
});

describe("parseReturnPath", () => {
  it("follows a path of this site", () => {
    expect(parseReturnPath("/alice/tools?tab=1#L3")).toBe("/alice/tools?tab=1#L3");
  });

  it.each(["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "", "a", 7, "/a\nb"])(
    "goes home instead of %j",
    (text) => {
      expect(parseReturnPath(text)).toBe("/");
    },
  );
});
