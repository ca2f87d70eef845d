/** What stands after the `?` of an address. Anything that is not what a page knows is left out. */

import type { FollowList } from "@guts/api";

type Search = Readonly<Record<string, unknown>>;

/** `?page=2`, from 1; anything else is the first page. */
export const pageSearch = (search: Search): { page?: number } => {
  const page = Number(search["page"]);
  return Number.isSafeInteger(page) && page > 1 ? { page } : {};
};

/** A page of a list and what it is filtered by. */
export const filterSearch = (search: Search): { page?: number; query?: string } => {
  const query = textIn(search, "query");
  return { ...pageSearch(search), ...(query === undefined ? {} : { query }) };
};

/** What an account's page lists. */
export type OwnerTab = "repositories" | "stars" | FollowList;

const ownerTabs: readonly Exclude<OwnerTab, "repositories">[] = ["stars", "followers", "following"];

/** A page of what an account's page lists: repositories, or another list by `?tab=`. */
export const ownerSearch = (search: Search): { page?: number; query?: string; tab?: (typeof ownerTabs)[number] } => {
  const tab = ownerTabs.find((each) => each === search["tab"]);
  return { ...filterSearch(search), ...(tab === undefined ? {} : { tab }) };
};

/** Which lists of people an account's page has. */
export function isFollowTab(tab: OwnerTab | undefined): tab is FollowList {
  return tab === "followers" || tab === "following";
}

/** A text that is not empty. A number in the address is a text too: `?owner=007`. */
export function textIn(search: Search, name: string): string | undefined {
  const value = search[name];
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && text !== "" ? text : undefined;
}
