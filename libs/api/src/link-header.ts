/** Relations of a `Link` header (RFC 8288) to their URLs. */
export type Links = Readonly<Partial<Record<"first" | "prev" | "next" | "last", string>>>;

/** Writes a `Link` header; undefined when there is nothing to link to. */
export function formatLinkHeader(links: Links): string | undefined {
  const parts = Object.entries(links).map(([relation, url]) => `<${url}>; rel="${relation}"`);
  return parts.length === 0 ? undefined : parts.join(", ");
}

/** Reads the relations that pages use from a `Link` header; unknown ones are skipped. */
export function parseLinkHeader(header: string): Links {
  const links: Record<string, string> = {};
  for (const [, url, relation] of header.matchAll(/<([^<>]*)>;\s*rel="(first|prev|next|last)"/g))
    if (url !== undefined && relation !== undefined) links[relation] = url;
  return links;
}
