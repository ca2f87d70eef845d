/**
 * Capability lists, from gitprotocol-capabilities(5) and gitprotocol-v2(5).
 *
 * A capability is a name, or a name and a value joined by `=`. v0 and v1 put them on one line, separated by spaces, so
 * neither part holds a space there; v2 has one capability a line, and a value may hold spaces. A name may occur again
 * (`symref=`, `server-option=`), so a list keeps its order.
 */
import { GitWireError } from "../errors.ts";
import { assertWithin } from "../limits.ts";
import { excerptOf } from "./byte-string.ts";

/** One capability. `value` is undefined for a bare name and may be empty. */
export interface Capability {
  readonly name: string;
  readonly value: string | undefined;
}

/** The capabilities that one side named, in its order. */
export type Capabilities = readonly Capability[];

/** Whether `capabilities` names `name`, with or without a value. */
export function hasCapability(capabilities: Capabilities, name: string): boolean {
  return capabilities.some((capability) => capability.name === name);
}

/** The value of the first capability called `name`; undefined when it is absent or bare. */
export function capabilityValue(capabilities: Capabilities, name: string): string | undefined {
  return capabilities.find((capability) => capability.name === name)?.value;
}

/** Parses one `name` or `name=value`. Throws `line-malformed`. */
export function parseCapability(text: string): Capability {
  const separator = text.indexOf("=");
  const name = separator === -1 ? text : text.slice(0, separator);
  const value = separator === -1 ? undefined : text.slice(separator + 1);
  // oxlint-disable-next-line no-control-regex -- a value is one line of text
  if (!/^[A-Za-z0-9_-]+$/.test(name) || (value !== undefined && /[\u0000-\u001f\u007f]/.test(value)))
    throw new GitWireError("line-malformed", { expected: "capability", excerpt: excerptOf(text) });
  return { name, value };
}

/** Parses the list of v0 and v1: capabilities separated by spaces. Throws `line-malformed`, `limit-exceeded`. */
export function parseCapabilities(text: string): Capabilities {
  const words = text.split(" ").filter((word) => word !== "");
  assertWithin("capabilityCountMax", words.length);
  return words.map(parseCapability);
}

/** The text of one capability. */
export function formatCapability(capability: Capability): string {
  return capability.value === undefined ? capability.name : `${capability.name}=${capability.value}`;
}

/** The list of v0 and v1. */
export function formatCapabilities(capabilities: Capabilities): string {
  return capabilities.map(formatCapability).join(" ");
}
