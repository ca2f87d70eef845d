import { describe, expect, test } from "vitest";
import * as fc from "fast-check";

import { execCommandLengthMax, parseExecCommand } from "./exec-command.ts";

const fetch = { type: "git", service: "git-upload-pack", owner: "ada", name: "r" };

describe("the command of an exec request", () => {
  test.each([
    "git-upload-pack 'ada/r.git'",
    "git-upload-pack 'ada/r'",
    "git upload-pack 'ada/r.git'",
    "git-upload-pack '/ada/r.git'",
    "git-upload-pack '~/ada/r.git'",
    "git-upload-pack '/~/ada/r.git'",
    "git-upload-pack ada/r.git",
    "git-upload-pack 'ada/r.git/'",
  ])("%s fetches", (text) => expect(parseExecCommand(text)).toEqual(fetch));

  test("pushes too, and keeps a name's own dots", () => {
    const push = { ...fetch, service: "git-receive-pack", name: "a.b_c-d" };
    expect(parseExecCommand("git-receive-pack 'ada/a.b_c-d.git'")).toEqual(push);
  });

  test("is known where it is refused in words", () => {
    expect(parseExecCommand("git-upload-archive 'ada/r.git'")).toEqual({ type: "archive" });
    expect(parseExecCommand("git-lfs-authenticate ada/r.git download")).toEqual({ type: "lfs" });
  });

  test.each([
    "git-upload-pack 'ada/r.git'; rm -rf /",
    "git-upload-pack 'ada/r.git' && id",
    "git-upload-pack '$(id)/r.git'",
    "git-upload-pack 'ada/`id`'",
    "git-upload-pack 'ada/../../etc/passwd'",
    "git-upload-pack '../r.git'",
    "git-upload-pack 'ada/r.git'\\''x'",
    "git-upload-pack 'ada/r.git",
    'git-upload-pack "ada/r.git"',
    "git-upload-pack --strict ada/r.git",
    "git-upload-pack 'ada/r.git'\n",
    "git-upload-pack '/'",
    "git-upload-pack ' ada/r'",
    "git-upload-pack 'ada//r'",
  ])("%j names no repository", (text) => {
    expect(["bad-path", "unknown"]).toContain(parseExecCommand(text).type);
  });

  test.each([
    "",
    "sh",
    "git-shell",
    "git",
    "git-upload-pack",
    "scp -t x",
    "git-upload-packx 'a/b'",
    "git  upload-pack a/b",
  ])("%j is none", (text) => expect(parseExecCommand(text)).toEqual({ type: "unknown" }));

  test("is at most 512 characters long", () => {
    const spaces = " ".repeat(execCommandLengthMax - "git-upload-packada/r".length);
    expect(parseExecCommand(`git-upload-pack${spaces}ada/r`)).toEqual(fetch);
    expect(parseExecCommand(`git-upload-pack${spaces} ada/r`)).toEqual({ type: "unknown" });
  });

  test("gives names that hold only letters of names, whatever is asked", () => {
    const near = fc.array(
      fc.constantFrom("git-upload-pack ", "'", "ada", "/", "r", ".git", "~", ";", "$", " ", "..", "\n"),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          near.map((parts) => parts.join("")),
        ),
        (text) => {
          const command = parseExecCommand(text);
          if (command.type !== "git") return;
          expect(command.owner).toMatch(/^[A-Za-z0-9-]+$/);
          expect(command.name).toMatch(/^[A-Za-z0-9._-]+$/);
        },
      ),
    );
  });
});
