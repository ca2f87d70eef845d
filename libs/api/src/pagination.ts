import { Type, type Static } from "typebox";

/** Most items on one page, GitHub's number; a larger `per_page` means this. */
export const perPageMax = 100;
/** Items on a page when the request does not say. */
export const perPageDefault = 30;

/** Pages by number, GitHub's way. The `Link` header of the answer names the next page. */
export const PageQuery = Type.Object({
  page: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000, default: 1 })),
  per_page: Type.Optional(Type.Integer({ minimum: 1, default: perPageDefault })),
});
export type PageQuery = Static<typeof PageQuery>;

/** A page by its number, of a size that the list has chosen. */
export const PageNumberQuery = Type.Object({ page: PageQuery.properties.page });

/** Pages by the last id seen: GitHub's `since` lists. */
export const SinceQuery = Type.Object({
  since: Type.Optional(Type.Integer({ minimum: 0, default: 0 })),
  per_page: Type.Optional(Type.Integer({ minimum: 1, default: perPageDefault })),
});
export type SinceQuery = Static<typeof SinceQuery>;
