import { parseInvitation } from "@guts/ledger";
import { assert, constantFrom, oneof, property, string } from "fast-check";
import { expect, test } from "vitest";
import { CliError } from "./cli-error.ts";
import { parseRequest } from "./commands/credential.ts";
import { parsePublicKeyText } from "./commands/key/public-key-text.ts";
import { parseHost } from "./config/host-name.ts";
import { decodeHosts } from "./config/hosts-file.ts";
import { decodeKeyPem } from "./config/key-file.ts";
import { quoteForShell } from "./git/credential-arguments.ts";
import { parseRepositoryUrl } from "./git/remotes.ts";
import { parseRepositoryArgument } from "./git/select-repository.ts";
import { safeLine } from "./terminal/safe-text.ts";

const text = oneof(
  string(),
  string({ unit: "binary" }),
  string({
    unit: constantFrom(
      "http",
      "s",
      ":",
      "/",
      "a",
      "b.git",
      "@",
      "?",
      "#",
      "[",
      "]",
      "-",
      "\n",
      "=",
      " ",
      '"',
      "{",
      "}",
      "1",
    ),
  }),
);

test("no text makes a parser of outside text fail but with a usage error", () => {
  assert(
    property(text, (given) => {
      for (const parse of [
        parsePublicKeyText,
        decodeKeyPem,
        decodeHosts,
        parseRequest,
        parseRepositoryUrl,
        parseInvitation,
      ])
        parse(given);
      for (const parse of [parseHost, parseRepositoryArgument]) {
        try {
          parse(given);
        } catch (error) {
          expect(error).toBeInstanceOf(CliError);
          expect(error).toMatchObject({ code: "usage" });
        }
      }
    }),
  );
});

test("a host that was parsed is parsed to itself again", () => {
  assert(
    property(text, (given) => {
      let host: string;
      try {
        host = parseHost(given);
      } catch {
        return;
      }
      expect(parseHost(host)).toBe(host);
      expect(new URL(host).pathname).toBe("/");
    }),
  );
});

test("a line for a terminal is one line without control characters", () => {
  assert(
    property(text, (given) => {
      // oxlint-disable-next-line no-control-regex -- these are what must not be in it
      expect(safeLine(given)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    }),
  );
});

test("a quoted word holds no quote that could end it early", () => {
  assert(
    property(text, (given) => {
      const word = quoteForShell(given);
      const unquoted = word.startsWith("'") ? word.slice(1, -1).replaceAll("'\\''", "'") : word;
      expect(unquoted).toBe(given);
    }),
  );
});
