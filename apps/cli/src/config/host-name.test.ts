import { expect, test } from "vitest";
import { CliError } from "../cli-error.ts";
import { hostLabel, parseHost } from "./host-name.ts";

test("takes https for a host without a scheme, and http for this machine", () => {
  expect(parseHost("forge.example.org")).toBe("https://forge.example.org");
  expect(parseHost("forge.example.org:8443")).toBe("https://forge.example.org:8443");
  expect(parseHost("localhost:3000")).toBe("http://localhost:3000");
  expect(parseHost("127.0.0.1:3000")).toBe("http://127.0.0.1:3000");
  expect(parseHost("[::1]:3000")).toBe("http://[::1]:3000");
});

test("keeps the scheme of a URL and drops a trailing slash and the default port", () => {
  expect(parseHost("http://forge.example.org/")).toBe("http://forge.example.org");
  expect(parseHost("https://localhost:443")).toBe("https://localhost");
  expect(hostLabel(parseHost("https://Forge.Example.org:444"))).toBe("forge.example.org:444");
});

test.each(["", "https://", "ftp://host", "host/path", "https://user@host", "https://host?x", "a b"])(
  "refuses %j",
  (text) => {
    expect(() => parseHost(text)).toThrow(CliError);
  },
);
