/**
 * `node tools/github/extract-responses.ts FILE`: writes libs/server/src/testing/github-responses.json, the shapes of GitHub's answers
 * to the operations that we have, as JSON Schema.
 *
 * FILE is `generated/api.github.com.json` of the package @octokit/openapi (MIT). The package has 450 MB, of which tests need
 * these few hundred kB; so they are extracted, and nobody has to install it. `npm pack @octokit/openapi@VERSION` fetches it.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { routes } from "../../libs/api/src/index.ts";

type Json = Readonly<Record<string, unknown>>;

interface OpenApi {
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: Json }>>>>;
  readonly components: Readonly<Record<string, Json>>;
}

const prefix = "/api/v3";
const definitionPrefix = "#/definitions/";
/** What says nothing about the shape. A property may have such a name too; then its value is a schema. */
const prose = new Set(["description", "title", "deprecated"]);
const examples = new Set(["example", "examples", "externalDocs", "x-github"]);

const file = process.argv[2];
if (file === undefined) throw new RangeError("usage: node tools/github/extract-responses.ts api.github.com.json");
const document = JSON.parse(readFileSync(file, "utf8")) as OpenApi;
const definitions: Record<string, unknown> = {};
const operations: Record<string, Record<string, unknown>> = {};
for (const name of Object.keys(routes)
  .filter((route) => route.includes(` ${prefix}/`))
  .toSorted()) {
  const [method = "", template = ""] = name.split(" ");
  const operation = findOperation(method, template.slice(prefix.length));
  if (operation !== undefined) operations[name] = answersOf(operation.responses);
}
const source = { package: "@octokit/openapi", version: document.info.version, license: "MIT" };
const target = join(import.meta.dirname, "../../libs/server/src/testing/github-responses.json");
writeFileSync(target, `${JSON.stringify({ source, operations, definitions }, undefined, 1)}\n`);

/** Parameters may have other names, and ours may take slashes. */
function findOperation(method: string, path: string): { readonly responses: Json } | undefined {
  const nameless = (template: string): string => template.replaceAll(/\{[^}]*\}/g, "{}");
  const found = Object.entries(document.paths).find(([template]) => nameless(template) === nameless(path));
  return found?.[1][method.toLowerCase()];
}

function answersOf(responses: Json): Record<string, unknown> {
  const answers: Record<string, unknown> = {};
  for (const [status, response] of Object.entries(responses)) {
    const { content } = resolve(response as Json) as { content?: Record<string, { schema: unknown }> };
    const json = content?.["application/json"]?.schema;
    if (json !== undefined) answers[status] = convert(json);
    else if (content === undefined) answers[status] = false; // No body at all.
  }
  return answers;
}

function resolve(value: Json): Json {
  const { $ref } = value as { $ref?: string };
  if ($ref === undefined) return value;
  const [, , kind = "", name = ""] = $ref.split("/");
  return document.components[kind]![name] as Json;
}

/** OpenAPI 3.0's dialect in JSON Schema's words: `nullable` becomes a type, references lead to `definitions`. */
function convert(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(convert);
  if (typeof schema !== "object" || schema === null) return schema;
  const { $ref, nullable, ...rest } = schema as { $ref?: string; nullable?: boolean };
  const converted = $ref === undefined ? convertFields(rest) : { $ref: define($ref) };
  return nullable === true ? { anyOf: [converted, { type: "null" }] } : converted;
}

function convertFields(schema: Json): Json {
  const shape = Object.entries(schema).filter(
    ([key, value]) => !examples.has(key) && !(prose.has(key) && typeof value !== "object"),
  );
  return Object.fromEntries(shape.map(([key, value]) => [key, isLiteral(key) ? value : convert(value)]));
}

function isLiteral(key: string): boolean {
  return key === "enum" || key === "default" || key === "required";
}

function define($ref: string): string {
  const name = $ref.split("/").at(-1)!;
  if (!Object.hasOwn(definitions, name)) {
    definitions[name] = true; // Shapes refer to themselves.
    definitions[name] = convert(resolve({ $ref }));
  }
  return `${definitionPrefix}${name}`;
}
