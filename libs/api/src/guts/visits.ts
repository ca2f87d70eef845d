import { Type, type Static } from "typebox";

import { defineRoutes } from "../route.ts";
import { Nullable, OneOf } from "../schema.ts";
import { SignedIn } from "./identity.ts";

const NodeId = Type.String({ pattern: "^[0-9a-f]{64}$" });
/** 32 bytes in base64url. */
const Secret = Type.String({ minLength: 43, maxLength: 43 });

/** A node of an account where its person can agree to sign in elsewhere. */
export const VisitHome = Type.Object(
  {
    nodeId: Type.String(),
    name: Type.String(),
    /** The page at that node which asks the person; null while this node does not know a safe address of it. */
    consentUrl: Nullable(Type.String()),
    isConnected: Type.Boolean(),
  },
  { title: "VisitHome" },
);
export type VisitHome = Static<typeof VisitHome>;

/** Who wants to sign in here whose home is another node. */
export const VisitBeginning = Type.Object({ login: Type.String({ minLength: 1, maxLength: 39 }) });
export type VisitBeginning = Static<typeof VisitBeginning>;

/** A sign-in that has begun in this browser. What only the browser may have is in a cookie. */
export const VisitBegun = Type.Object({ homes: Type.Array(VisitHome, { minItems: 1 }) }, { title: "VisitBegun" });
export type VisitBegun = Static<typeof VisitBegun>;

/** A node as who is about to sign in there should know it. */
export const VisitedNode = Type.Object(
  { nodeId: Type.String(), name: Type.String(), url: Type.String(), scopes: Type.Array(Type.String()) },
  { title: "VisitedNode" },
);
export type VisitedNode = Static<typeof VisitedNode>;

/** A person's consent to sign in at another node. `request` is what the other node asked with, in hexadecimal. */
export const VisitConsent = Type.Object({ nodeId: NodeId, request: Type.String({ pattern: "^[0-9a-f]{64}$" }) });
export type VisitConsent = Static<typeof VisitConsent>;

/** The code that signs in there, once and soon, in the browser or program that began; and where to bring it. */
export const VisitCode = Type.Object(
  { code: Type.String(), height: Type.Integer(), returnUrl: Type.String() },
  { title: "VisitCode" },
);
export type VisitCode = Static<typeof VisitCode>;

/** The code at the node where the sign-in began. A program gives what a browser has in its cookie. */
export const VisitSignIn = Type.Object({
  code: Secret,
  secret: Type.Optional(Secret),
  session: Type.Optional(OneOf("cookie", "token")),
});
export type VisitSignIn = Static<typeof VisitSignIn>;

/** Signing in at a node that is no home, in the order of its steps. */
export const visitRoutes = defineRoutes({
  "POST /api/guts/visits/requests": {
    operationId: "visits/begin",
    summary: "Begin to sign in here with the consent of one's home node",
    access: "anyone",
    body: VisitBeginning,
    responses: { 201: VisitBegun },
  },
  "GET /api/guts/visits/{node_id}": {
    operationId: "visits/get-node",
    summary: "At the home node: where one is about to sign in, and with what scopes",
    access: "signed-in",
    responses: { 200: VisitedNode },
  },
  "POST /api/guts/visits": {
    operationId: "visits/consent",
    summary: "At the home node: agree to one sign-in at another node",
    access: "signed-in",
    body: VisitConsent,
    responses: { 201: VisitCode },
  },
  "POST /api/guts/signin/visit": {
    operationId: "visits/sign-in",
    summary: "Start a session with the code that the home node gave",
    access: "anyone",
    body: VisitSignIn,
    responses: { 200: SignedIn },
  },
});
