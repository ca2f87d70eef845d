import { randomBytes } from "node:crypto";

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { tokenOf } from "./authenticate.ts";
import { assertSameOrigin } from "./same-origin.ts";
import { readCookie } from "./session-cookie.ts";
import { createToken, isToken } from "./token.ts";

describe("tokens", () => {
  test("have a checksum that a changed character breaks", () => {
    const token = createToken((length) => new Uint8Array(randomBytes(length)));
    expect(token).toMatch(/^guts_[0-9A-Za-z]{40}$/);
    expect(isToken(token)).toBe(true);
    const changed = token.slice(0, 10) + (token[10] === "a" ? "b" : "a") + token.slice(11);
    expect(isToken(changed)).toBe(false);
  });

  test("are drawn evenly: a byte that would favour the first characters is thrown away", () => {
    const bytes = [255, 248, 0, 61, 62];
    const token = createToken(() => Uint8Array.from({ length: 64 }, (_, index) => bytes[index % bytes.length] ?? 0));
    expect(token.slice(5, 11)).toBe("0z00z0");
  });
});

describe("the token of a request", () => {
  const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;
  test.each([
    ["token abc", "abc"],
    ["Bearer abc", "abc"],
    ["BEARER abc", "abc"],
    [basic("x-access-token:abc"), "abc"],
    [basic("abc:"), "abc"],
    [basic("abc:x-oauth-basic"), "abc"],
    [basic("login:a:b"), "a:b"],
    ["Digest abc", undefined],
    ["abc", undefined],
  ])("%s", (header, token) => {
    expect(tokenOf(header)).toBe(token);
  });

  test("any header is read without a throw", () => {
    fc.assert(fc.property(fc.string(), (header) => void tokenOf(header)));
    fc.assert(fc.property(fc.string(), (header) => void readCookie(header, "a")));
  });
});

describe("cookies", () => {
  test("are found whatever stands beside them", () => {
    expect(readCookie("b=1; a=2; aa=3", "a")).toBe("2");
    expect(readCookie("aa=3", "a")).toBeUndefined();
    expect(readCookie("a", "a")).toBeUndefined();
    expect(readCookie(undefined, "a")).toBeUndefined();
  });
});

describe("requests of other sites", () => {
  const request = {
    method: "POST",
    authorization: undefined,
    origin: undefined,
    secFetchSite: undefined,
    host: "forge.test:3000",
  };
  const isAllowed = (changes: Partial<Parameters<typeof assertSameOrigin>[0]>, isCookieSent = true): boolean => {
    try {
      assertSameOrigin({ ...request, ...changes }, { isCookieSent });
      return true;
    } catch {
      return false;
    }
  };

  test.each([
    [{ origin: "http://forge.test:3000" }, true],
    [{ origin: "https://forge.test:3000" }, true],
    [{ origin: "http://forge.test" }, false],
    [{ origin: "http://forge.test:3000.evil.example" }, false],
    [{ origin: "null" }, false],
    [{ secFetchSite: "same-origin" }, true],
    [{ secFetchSite: "none" }, false],
    [{ secFetchSite: "cross-site", origin: "http://forge.test:3000" }, false],
    [{}, false],
    [{ method: "GET", origin: "http://evil.example" }, true],
    [{ authorization: "token x", origin: "http://evil.example" }, true],
  ])("%j with a cookie: %s", (changes, allowed) => {
    expect(isAllowed(changes)).toBe(allowed);
  });

  test("a program without a cookie is no browser", () => {
    expect(isAllowed({}, false)).toBe(true);
    expect(isAllowed({ origin: "http://evil.example" }, false)).toBe(false);
  });
});
