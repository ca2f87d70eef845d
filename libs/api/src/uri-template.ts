import { GutsError } from "@guts/primitives";

/** A template was expanded without one of its parameters, or with one that could leave its place in the path. */
export class UriTemplateError extends GutsError<"parameter-missing" | "parameter-unsafe", { readonly name: string }> {}

/** What a query parameter may be; undefined leaves it out. */
export type QueryValue = string | number | boolean | undefined;

/**
 * Expands `{name}` to one encoded segment and `{+name}` to encoded segments joined by slashes, then appends the query
 * without undefined values. Segments `.` and `..` are refused, since URL parsers resolve them even when encoded.
 */
export function expandTemplate(
  template: string,
  path: Readonly<Record<string, string>>,
  query: Readonly<Record<string, QueryValue>>,
): string {
  const expanded = template.replace(/\{(\+?)(\w+)\}/g, (_, plus: string, name: string) => {
    const value = path[name];
    if (value === undefined) throw new UriTemplateError("parameter-missing", `missing parameter ${name}`, { name });
    const segments = plus === "" ? [value] : value.split("/");
    if (segments.some((segment) => segment === "." || segment === ".."))
      throw new UriTemplateError("parameter-unsafe", `parameter ${name} has a relative segment`, { name });
    return segments.map(encodeURIComponent).join("/");
  });
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.append(name, String(value));
  return search.size === 0 ? expanded : `${expanded}?${search.toString()}`;
}
