import type { Static, TObject, TSchema } from "typebox";

/** The methods that routes use. HEAD is served wherever GET is. */
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/**
 * A route's name: its method and its URI template. `{name}` is one path segment; `{+name}`, last in the template, is
 * the rest of the path, slashes included (RFC 6570's reserved expansion).
 */
export type RouteName = `${Method} /${string}`;

/** What a route takes and answers. `null` for a status that has no body. */
export interface Route {
  /** GitHub's operation id where the route is GitHub's. */
  readonly operationId: string;
  readonly summary: string;
  /** Whether the route answers a request without a credential. */
  readonly access: "anyone" | "signed-in";
  readonly query?: TObject;
  readonly body?: TSchema;
  /** Bytes that a request's body may have, where that is more than is usual. */
  readonly bodyBytesMax?: number;
  readonly responses: Readonly<Record<number, TSchema | null>>;
}

/** Keeps the literal types of a table of routes. */
export function defineRoutes<const Table extends Readonly<Record<RouteName, Route>>>(table: Table): Table {
  return table;
}

/** The names of a template's parameters. */
export type ParameterNames<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? (Name extends `+${infer Bare}` ? Bare : Name) | ParameterNames<Rest>
  : never;

/** What a route's parameters are called, each a string. */
export type PathParameters<Name extends string> = { readonly [Parameter in ParameterNames<Name>]: string };

/** What a request to the route may carry. */
export type RouteInput<Name extends string, R extends Route> = ([ParameterNames<Name>] extends [never]
  ? { readonly path?: undefined }
  : { readonly path: PathParameters<Name> }) &
  (R["query"] extends TSchema ? QueryInput<Static<R["query"]>> : { readonly query?: undefined }) &
  (R["body"] extends TSchema ? BodyInput<Static<R["body"]>> : { readonly body?: undefined });

type QueryInput<Query> = Partial<Query> extends Query ? { readonly query?: Query } : { readonly query: Query };
type BodyInput<Body> = Partial<Body> extends Body ? { readonly body?: Body } : { readonly body: Body };

/** What the route answers when it succeeds: the union of its bodies; undefined where it has none. */
export type RouteOutput<R extends Route> = {
  [Status in keyof R["responses"]]: R["responses"][Status] extends TSchema ? Static<R["responses"][Status]> : undefined;
}[keyof R["responses"]];
