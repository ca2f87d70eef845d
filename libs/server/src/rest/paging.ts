import { formatLinkHeader, perPageDefault, perPageMax } from "@guts/api";

import type { Listed, PageRequest } from "../ports/index.ts";

/** The page of a query; a size above the maximum means the maximum. */
export function pageOf(query: { readonly page?: number; readonly per_page?: number }): PageRequest {
  return { page: query.page ?? 1, perPage: Math.min(query.per_page ?? perPageDefault, perPageMax) };
}

/** The items of one page of a list that is in memory, and whether there are more. */
export function slicePage<Item>(items: readonly Item[], { page, perPage }: PageRequest): Listed<Item> {
  const start = (page - 1) * perPage;
  return { items: items.slice(start, start + perPage), hasMore: items.length > start + perPage };
}

/** The `Link` header of a page by number. */
export function pageLinks(
  { page }: PageRequest,
  hasMore: boolean,
  { url, baseUrl }: { readonly url: string; readonly baseUrl: string },
): Record<string, string> {
  const at = (number: number): string => withQuery(url, baseUrl, { page: number });
  const link = formatLinkHeader({
    ...(page > 1 && { prev: at(page - 1) }),
    ...(hasMore && { next: at(page + 1) }),
    ...(page > 1 && { first: at(1) }),
  });
  return link === undefined ? {} : { link };
}

/** The `Link` header of a list that goes on after the last id shown. */
export function sinceLink(
  last: number | undefined,
  { url, baseUrl }: { readonly url: string; readonly baseUrl: string },
): Record<string, string> {
  const link = last === undefined ? undefined : formatLinkHeader({ next: withQuery(url, baseUrl, { since: last }) });
  return link === undefined ? {} : { link };
}

function withQuery(url: string, baseUrl: string, changes: Readonly<Record<string, number>>): string {
  const target = new URL(url, "http://node");
  for (const [name, value] of Object.entries(changes)) target.searchParams.set(name, String(value));
  return baseUrl + target.pathname + target.search;
}
