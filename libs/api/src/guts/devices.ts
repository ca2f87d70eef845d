import { Type, type Static } from "typebox";

import { OneOf, Timestamp } from "../schema.ts";

/** A login that began on another device and waits for its confirmation. */
export const DeviceLogin = Type.Object(
  {
    /** As the device shows it, such as `WDJB-MJHT`. */
    userCode: Type.String(),
    /** The program that asks, by its own word. */
    clientName: Type.String(),
    scopes: Type.Array(Type.String()),
    /** Where the request came from. */
    address: Type.String(),
    requestedAt: Timestamp(),
    expiresAt: Timestamp(),
  },
  { title: "DeviceLogin" },
);
export type DeviceLogin = Static<typeof DeviceLogin>;

/** Whether the device is let in. */
export const DeviceAnswer = Type.Object({ decision: OneOf("approve", "deny") });
export type DeviceAnswer = Static<typeof DeviceAnswer>;
