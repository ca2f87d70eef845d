import type { OpenApiDocument } from "@guts/api";

import { escapeHtml } from "../render/html.ts";

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly security: readonly unknown[];
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
}
type Content = Readonly<Record<string, { readonly schema: Schema }>>;
interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly const?: string | number | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}
interface Route {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

/** A readable page of the API, made from its OpenAPI document: no script, nothing loaded from elsewhere. */
export function documentationPage(document: OpenApiDocument): string {
  const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Route => ({ method, path, operation: operation as Operation })),
  );
  const groups = Map.groupBy(routes, ({ operation }) => operation.tags[0] ?? "other");
  const schemas = (document.components["schemas"] ?? {}) as Readonly<Record<string, Schema>>;
  const { title, version, description } = document.info;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} API</title><link rel="stylesheet" href="/api/docs.css"></head><body>
<header><h1>${escapeHtml(title)} API <small>${escapeHtml(version)}</small></h1>
<p>${escapeHtml(description)}</p>
<p>Send a token as <code>Authorization: Bearer TOKEN</code>. Lists carry a <code>Link</code> header. Writes take an
<code>Idempotency-Key</code> and answer the height at which they are final as <code>X-Guts-Height</code>; send it back
as <code>X-Guts-Min-Height</code> to read your own writes at any node.
The same as data: <a href="/api/openapi.json">OpenAPI 3.1</a>.</p></header>
<nav aria-label="Contents"><ul>${[...groups.keys()].map((tag) => `<li><a href="#${escapeHtml(tag)}">${escapeHtml(tag)}</a></li>`).join("")}<li><a href="#schemas">schemas</a></li></ul></nav>
<main>${[...groups].map(([tag, members]) => groupHtml(tag, members)).join("\n")}
<section id="schemas"><h2>schemas</h2>${Object.entries(schemas).map(schemaHtml).join("\n")}</section></main></body></html>`;
}

function groupHtml(tag: string, routes: readonly Route[]): string {
  return `<section id="${escapeHtml(tag)}"><h2>${escapeHtml(tag)}</h2>${routes.map(routeHtml).join("\n")}</section>`;
}

function routeHtml({ method, path, operation }: Route): string {
  const needsToken = operation.security.length === 1 ? " <em>needs a token</em>" : "";
  const rows = operation.parameters.map(
    ({ name, in: place, required, schema }) =>
      `<tr><td><code>${escapeHtml(name)}</code></td><td>${place}${required ? "" : ", optional"}</td><td>${typeHtml(schema)}</td></tr>`,
  );
  const body = operation.requestBody?.content["application/json"]?.schema;
  if (body !== undefined) rows.push(`<tr><td>body</td><td></td><td>${typeHtml(body)}</td></tr>`);
  for (const [status, { content, description }] of Object.entries(operation.responses)) {
    const schema = content?.["application/json"]?.schema;
    rows.push(
      `<tr><td>${escapeHtml(status)}</td><td>answer</td><td>${schema === undefined ? escapeHtml(description) : typeHtml(schema)}</td></tr>`,
    );
  }
  return `<article id="${escapeHtml(operation.operationId)}"><h3><code><b>${method.toUpperCase()}</b> ${escapeHtml(path)}</code></h3>
<p>${escapeHtml(operation.summary)}.${needsToken}</p><table><tbody>${rows.join("")}</tbody></table></article>`;
}

function schemaHtml([name, schema]: readonly [string, Schema]): string {
  const required = new Set(schema.required ?? []);
  const rows = Object.entries(schema.properties ?? {}).map(
    ([field, type]) =>
      `<tr><td><code>${escapeHtml(field)}</code></td><td>${required.has(field) ? "" : "optional"}</td><td>${typeHtml(type)}</td></tr>`,
  );
  return `<article id="schema-${escapeHtml(name)}"><h3>${escapeHtml(name)}</h3><table><tbody>${rows.join("")}</tbody></table></article>`;
}

function typeHtml(schema: Schema): string {
  const name = /\/(\w+)$/.exec(schema.$ref ?? "")?.[1];
  if (name !== undefined) return `<a href="#schema-${name}">${name}</a>`;
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeHtml).join(" or ");
  if (schema.enum !== undefined) return schema.enum.map((value) => `<code>${escapeHtml(value)}</code>`).join(" or ");
  if (schema.const !== undefined) return `<code>${escapeHtml(String(schema.const))}</code>`;
  if (schema.items !== undefined) return `list of ${typeHtml(schema.items)}`;
  if (schema.properties === undefined) return escapeHtml(schema.type ?? "any");
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties).map(
    ([field, type]) => `<li><code>${escapeHtml(field)}</code>${required.has(field) ? "" : "?"}: ${typeHtml(type)}</li>`,
  );
  return `<ul>${fields.join("")}</ul>`;
}

/** The page's style, in both color schemes. */
export const documentationStyle = `:root{color-scheme:light dark;--line:#d0d7de;--soft:#f6f8fa;--link:#0969da}
@media(prefers-color-scheme:dark){:root{--line:#30363d;--soft:#161b22;--link:#4493f8}}
body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:60rem;padding:2rem 1rem}
a{color:var(--link)}code{font:.875em ui-monospace,monospace}small,em{font-weight:400;opacity:.7}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;list-style:none;padding:0}
article{border:1px solid var(--line);border-radius:6px;margin:1rem 0;padding:0 1rem 1rem;overflow-x:auto}
h3{font-size:1rem;background:var(--soft);margin:0 -1rem;padding:.5rem 1rem}
table{border-collapse:collapse;width:100%}td{border-top:1px solid var(--line);padding:.25rem .5rem;vertical-align:top}
td ul{margin:0;padding-left:1rem}`;
