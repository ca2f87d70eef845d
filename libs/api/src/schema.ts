import { Type, type TEnum, type TNull, type TObject, type TSchema, type TString, type TUnion } from "typebox";

/** The schema's value or null, as JSON APIs spell "none". */
export function Nullable<Schema extends TSchema>(schema: Schema): TUnion<[Schema, TNull]> {
  return Type.Union([schema, Type.Null()]);
}

/** One of a closed set of strings. */
export function OneOf<const Values extends readonly string[]>(...values: Values): TEnum<[...Values]> {
  return Type.Enum([...values]) as unknown as TEnum<[...Values]>;
}

/** An object of required strings with these names. */
export function Strings<const Names extends readonly string[]>(
  ...names: Names
): TObject<{ [Name in Names[number]]: TString }> {
  const properties = Object.fromEntries(names.map((name) => [name, Type.String()]));
  return Type.Object(properties) as TObject<{ [Name in Names[number]]: TString }>;
}

/** A point in time in ISO 8601 with a `Z`, seconds or milliseconds. */
export function Timestamp(): TString {
  return Type.String({ format: "date-time" });
}

/** An object id of git: 40 hexadecimal characters for sha1, 64 for sha256. */
export function ObjectIdText(): TString {
  return Type.String({ pattern: "^([0-9a-f]{40}|[0-9a-f]{64})$" });
}
