import { describe, expect, it } from "vitest";

import { splitCommitMessage } from "./commit-message.ts";
import { formatBytes, formatCount } from "./quantity.ts";
import { formatRelativeTime } from "./relative-time.ts";

const now = new Date("2026-11-20T12:00:00Z");
const ago = (seconds: number): Date => new Date(now.getTime() - seconds * 1000);

describe("formatRelativeTime", () => {
  it.each([
    [0, "now"],
    [44, "now"],
    [-44, "now"],
    [45, "1 minute ago"],
    [119, "1 minute ago"],
    [3600, "1 hour ago"],
    [86_399, "23 hours ago"],
    [86_400, "yesterday"],
    [3 * 86_400, "3 days ago"],
    [14 * 86_400, "2 weeks ago"],
    [65 * 86_400, "2 months ago"],
    [800 * 86_400, "2 years ago"],
    [-3 * 86_400, "in 3 days"],
  ])("says a moment %i seconds back is %j", (seconds, text) => {
    expect(formatRelativeTime(ago(seconds), now)).toBe(text);
  });
});

describe("formatBytes", () => {
  it.each([
    [0, "0 bytes"],
    [1, "1 byte"],
    [1023, "1,023 bytes"],
    [1024, "1 KiB"],
    [4301, "4.2 KiB"],
    [1_048_576, "1 MiB"],
    [1_073_741_800, "1 GiB"],
    [5e15, "4,547 TiB"],
  ])("writes %i as %j", (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe("formatCount", () => {
  it("agrees in number", () => {
    expect(formatCount(1, "branch", "branches")).toBe("1 branch");
    expect(formatCount(0, "branch", "branches")).toBe("0 branches");
    expect(formatCount(12_000, "commit")).toBe("12,000 commits");
  });
});

describe("splitCommitMessage", () => {
  it("takes the first paragraph as the subject, on one line", () => {
    expect(splitCommitMessage("fix: a\nb\n\nwhy\n\nmore\n")).toEqual({ subject: "fix: a b", body: "why\n\nmore" });
    expect(splitCommitMessage("only\r\n")).toEqual({ subject: "only", body: "" });
    expect(splitCommitMessage("")).toEqual({ subject: "", body: "" });
  });
});
