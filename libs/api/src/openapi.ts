import type { TSchema } from "typebox";

import { ErrorBody } from "./errors.ts";
import type { Route } from "./route.ts";

/** An OpenAPI 3.1 document as plain JSON. */
export interface OpenApiDocument {
  readonly openapi: "3.1.0";
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components: Readonly<Record<string, unknown>>;
}

type Json = unknown;

/** The OpenAPI 3.1 document of a route table. A schema with a `title` becomes a named component of that name. */
export function buildOpenApi(
  routes: Readonly<Record<string, Route>>,
  options: { readonly version: string; readonly serverUrl: string },
): OpenApiDocument {
  const components = new Map<string, Json>();
  const paths: Record<string, Record<string, Json>> = {};
  for (const [name, route] of Object.entries(routes)) {
    const [method = "", template = ""] = name.split(" ");
    const path = template.replace(/\{\+/g, "{");
    (paths[path] ??= {})[method.toLowerCase()] = operation(route, template, components);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Guts",
      version: options.version,
      description: "GitHub's REST API for what Guts has, under /api/v3, and what only Guts has, under /api/guts.",
    },
    servers: [{ url: options.serverUrl }],
    paths,
    components: {
      schemas: Object.fromEntries([...components].sort(([left], [right]) => (left < right ? -1 : 1))),
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "A personal access token." },
      },
    },
  };
}

function operation(route: Route, template: string, components: Map<string, Json>): Json {
  return {
    operationId: route.operationId,
    summary: route.summary,
    tags: [route.operationId.split("/")[0]],
    security: route.access === "signed-in" ? [{ token: [] }] : [{}, { token: [] }],
    parameters: [...pathParameters(template), ...queryParameters(route, components)],
    ...(route.body !== undefined && { requestBody: { content: jsonContent(route.body, components) } }),
    responses: {
      ...Object.fromEntries(
        Object.entries(route.responses).map(([status, schema]) => [status, response(schema, components)]),
      ),
      default: { description: "The request was refused or failed.", content: jsonContent(ErrorBody, components) },
    },
  };
}

function pathParameters(template: string): Json[] {
  return [...template.matchAll(/\{(\+?)(\w+)\}/g)].map(([, plus, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
    ...(plus === "+" && { description: "May contain slashes, encoded or not." }),
  }));
}

function queryParameters(route: Route, components: Map<string, Json>): Json[] {
  const required = new Set<string>(route.query?.required ?? []);
  return Object.entries(route.query?.properties ?? {}).map(([name, schema]) => ({
    name,
    in: "query",
    required: required.has(name),
    schema: extract(schema, components),
  }));
}

function response(schema: TSchema | null, components: Map<string, Json>): Json {
  return schema === null
    ? { description: "Done." }
    : { description: "Done.", content: jsonContent(schema, components) };
}

function jsonContent(schema: TSchema, components: Map<string, Json>): Json {
  return { "application/json": { schema: extract(schema, components) } };
}

/** A copy of the schema in which titled schemas are references into `components`. */
function extract(schema: Json, components: Map<string, Json>): Json {
  if (Array.isArray(schema)) return schema.map((item) => extract(item, components));
  if (typeof schema !== "object" || schema === null) return schema;
  const title = (schema as { title?: Json }).title;
  const copy = (): Json =>
    Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, extract(value, components)]));
  if (typeof title !== "string") return copy();
  if (!components.has(title)) {
    components.set(title, undefined);
    components.set(title, copy());
  }
  return { $ref: `#/components/schemas/${title}` };
}
