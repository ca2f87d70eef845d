import { parseRefName, zeroObjectId, type ObjectId } from "@guts/primitives";
import { describe, expect, it } from "vitest";
import { refUpdateKind } from "./ref-update.ts";

describe("refUpdateKind", () => {
  it.each(["sha1", "sha256"] as const)("tells creation, update and deletion apart in %s", (format) => {
    const name = parseRefName("refs/heads/main")!;
    const zero = zeroObjectId(format);
    const id = "a".repeat(zero.length) as ObjectId;
    expect(refUpdateKind({ name, oldId: zero, newId: id })).toBe("create");
    expect(refUpdateKind({ name, oldId: id, newId: id })).toBe("update");
    expect(refUpdateKind({ name, oldId: id, newId: zero })).toBe("delete");
  });
});
