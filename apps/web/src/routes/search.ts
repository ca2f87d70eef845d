/** What stands after the `?` of an address. Anything that is not what a page knows is left out. */

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

/** What a person's page lists. */
export type OwnerTab = "repositories" | "stars";

/** A page of what a person's page lists: their repositories, or `?tab=stars`. */
export const ownerSearch = (search: Search): { page?: number; query?: string; tab?: "stars" } => ({
  ...filterSearch(search),
  ...(search["tab"] === "stars" ? { tab: "stars" } : {}),
});

/** A text that is not empty. A number in the address is a text too: `?owner=007`. */
export function textIn(search: Search, name: string): string | undefined {
  const value = search[name];
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && text !== "" ? text : undefined;
}
