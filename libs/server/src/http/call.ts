import type { ApiRouteName, PathParameters, Routes } from "@guts/api";
import type { Height } from "@guts/primitives";
import type { Static, TSchema } from "typebox";

import type { Actor, SignedInActor } from "../auth/actor.ts";

type StaticOf<Schema> = Schema extends TSchema ? Static<Schema> : undefined;
type RouteOf<Name extends ApiRouteName> = Routes[Name];
type FieldOf<R, Field extends string> = R extends { readonly [Key in Field]: infer Schema }
  ? StaticOf<Schema>
  : undefined;

/** The actor that a route's declaration guarantees. */
export type ActorOf<Name extends ApiRouteName> = RouteOf<Name>["access"] extends "signed-in" ? SignedInActor : Actor;

/** One request to a route of the API, checked: everything in it has the declared type. */
export interface Call<Name extends ApiRouteName> {
  readonly path: PathParameters<Name>;
  readonly query: FieldOf<RouteOf<Name>, "query">;
  readonly body: FieldOf<RouteOf<Name>, "body">;
  readonly actor: ActorOf<Name>;
  /** The `Cookie` header as it came; the session's cookie has been read already. */
  readonly cookie: string | undefined;
  /** `Accept`, lower case. */
  readonly accept: string;
  readonly idempotencyKey: string | undefined;
  readonly address: string;
  /** Scheme and host under which the client reached this node, without a slash at the end. */
  readonly baseUrl: string;
  /** Path and query as requested. */
  readonly url: string;
  /** Aborted when the client goes away or the request's time is up. */
  readonly signal: AbortSignal;
}

/** What a handler's answer may carry beside its body. */
export interface AnswerHeaders {
  /** The height at which a write was applied. */
  readonly height?: Height;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One of the answers that the route declares, or a body that is not JSON. */
export type Answer<Name extends ApiRouteName> =
  | {
      [Status in keyof RouteOf<Name>["responses"]]: {
        readonly status: Status;
        readonly body: StaticOf<RouteOf<Name>["responses"][Status]>;
      } & AnswerHeaders;
    }[keyof RouteOf<Name>["responses"]]
  | RawAnswer;

/** An answer in a media type that the client asked for instead of JSON. */
export interface RawAnswer extends AnswerHeaders {
  readonly status: 200;
  readonly type: string;
  readonly bytes: Uint8Array | string;
}

/** Answers one route. Handlers are short: they call one use case and present its result. */
export type RouteHandler<Name extends ApiRouteName> = (call: Call<Name>) => Promise<Answer<Name>> | Answer<Name>;

/** A handler for every route of the table: a missing one does not compile. */
export type RouteHandlers = { readonly [Name in ApiRouteName]: RouteHandler<Name> };
