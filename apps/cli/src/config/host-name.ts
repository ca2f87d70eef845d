import type { Branded } from "@guts/primitives";
import { usageError } from "../cli-error.ts";

/** The origin of a node, `scheme://host[:port]` without a trailing slash, as `URL.origin` writes it. */
export type HostUrl = Branded<string, "HostUrl">;

/**
 * The origin that `--host`, GUTS_HOST or a person's answer names: a URL, or `host[:port]`.
 *
 * Without a scheme a name of this machine (`localhost`, `127.x`, `[::1]`) means http and every other https, so that a
 * token never crosses a network in the clear unless somebody writes `http://`. Throws `usage` for anything else.
 */
export function parseHost(text: string): HostUrl {
  const trimmed = text.trim();
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed);
  const url = URL.parse(hasScheme ? trimmed : `https://${trimmed}`);
  const isSound =
    url !== null &&
    (url.protocol === "http:" || url.protocol === "https:") &&
    url.username === "" &&
    url.password === "" &&
    url.pathname === "/" &&
    url.search === "" &&
    url.hash === "" &&
    url.hostname !== "";
  if (!isSound)
    throw usageError(`"${text}" is no host`, "Give host, host:port or a URL such as https://forge.example.org.");
  if (hasScheme || !isLoopback(url.hostname)) return url.origin as HostUrl;
  // Parsed again, because the default port of the scheme is not written in an origin.
  return new URL(`http://${trimmed}`).origin as HostUrl;
}

/** `host[:port]` of an origin, for people. */
export function hostLabel(host: HostUrl): string {
  return new URL(host).host;
}

function isLoopback(hostname: string): boolean {
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    hostname === "[::1]" ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname)
  );
}
