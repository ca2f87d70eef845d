import { expect, test } from "vitest";

import { archiveName, attachment, parseArchivePath } from "./archive-name.ts";

test("an address says name and format", () => {
  expect(parseArchivePath("refs/heads/a.b.tar.gz")).toEqual({ name: "refs/heads/a.b", format: "tar.gz" });
  expect(parseArchivePath("v1.0.zip")).toEqual({ name: "v1.0", format: "zip" });
  for (const path of [".zip", "main", "main.rar", ""]) expect(parseArchivePath(path)).toBeUndefined();
});

test("files are called as GitHub calls them", () => {
  expect(archiveName("notes", { kind: "branch", name: "topic/one" })).toBe("notes-topic-one");
  expect(archiveName("notes", { kind: "tag", name: "v1.0" })).toBe("notes-1.0");
  expect(archiveName("notes", { kind: "tag", name: "version" })).toBe("notes-version");
});

test("a browser saves a file under any name, and no name ends the header", () => {
  expect(attachment("notes-main.zip")).toBe('attachment; filename="notes-main.zip"');
  const strange = attachment('n-ü"\r\nx.zip');
  expect(strange).toBe(`attachment; filename="n-____x.zip"; filename*=UTF-8''n-%C3%BC%22%0D%0Ax.zip`);
});
