import { usageError } from "../../cli-error.ts";

/** A JSON value that fields can build. */
export type FieldValue =
  | string
  | number
  | boolean
  | null
  | readonly FieldValue[]
  | { readonly [key: string]: FieldValue };

type Draft = Map<string, Draft | FieldValue>;

/**
 * Builds an object of `key=value` fields.
 *
 * `key[sub]=v` nests and `key[]=v` appends to a list. Raw fields are texts; in typed ones `true`, `false`, `null` and
 * integers are values of their own and `@name` is the text of a file. Throws `usage` for what does not fit together.
 */
export async function readFields(
  raw: readonly string[],
  typed: readonly string[],
  readFile: (name: string) => Promise<Uint8Array>,
): Promise<Readonly<Record<string, FieldValue>>> {
  const draft: Draft = new Map();
  for (const field of raw) {
    const [key, text] = split(field);
    place(draft, key, text);
  }
  for (const field of typed) {
    const [key, text] = split(field);
    place(draft, key, await typedValue(text, readFile));
  }
  return finish(draft) as Readonly<Record<string, FieldValue>>;
}

function split(field: string): readonly [key: string, text: string] {
  const equals = field.indexOf("=");
  if (equals < 1) throw usageError(`"${field}" is no field`, "Give KEY=VALUE.");
  return [field.slice(0, equals), field.slice(equals + 1)];
}

async function typedValue(text: string, readFile: (name: string) => Promise<Uint8Array>): Promise<FieldValue> {
  if (text === "true" || text === "false") return text === "true";
  if (text === "null") return null;
  if (/^-?(0|[1-9]\d*)$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text);
  return text.startsWith("@") ? new TextDecoder().decode(await readFile(text.slice(1))) : text;
}

/** Puts a value at `name`, `name[sub]`, `name[]` and so on. */
function place(draft: Draft, key: string, value: FieldValue): void {
  const match = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(key);
  if (match === null) throw usageError(`"${key}" is no name of a field`, "Give name, name[sub] or name[].");
  const path = [match[1]!, ...(match[2]!.match(/[^[\]]+|\[\]/g) ?? [])];
  let at = draft;
  for (const [index, step] of path.entries()) {
    const isLast = index === path.length - 1;
    const next = path[index + 1];
    if (isLast) {
      if (at.has(step)) throw usageError(`the field "${key}" is given twice`);
      at.set(step, value);
    } else if (next === "[]") {
      if (index + 2 !== path.length) throw usageError(`"${key}" nests a list too deep`, "[] must come last.");
      const list = at.get(step) ?? [];
      if (!Array.isArray(list)) throw usageError(`the field "${step}" is both a list and another value`);
      at.set(step, [...(list as readonly FieldValue[]), value]);
      return;
    } else {
      const inner = at.get(step) ?? new Map();
      if (!(inner instanceof Map)) throw usageError(`the field "${step}" is both an object and another value`);
      at.set(step, inner);
      at = inner as Draft;
    }
  }
}

function finish(draft: Draft): FieldValue {
  return Object.fromEntries([...draft].map(([key, value]) => [key, value instanceof Map ? finish(value) : value]));
}
