import { expect, test } from "vitest";

import { buildOpenApi, routes } from "./index.ts";

const document = buildOpenApi(routes, { version: "1", serverUrl: "http://node" });

test("every route is an operation and no two share an id", () => {
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
  const ids = operations.map((operation) => (operation as { operationId: string }).operationId);
  expect(ids).toHaveLength(Object.keys(routes).length);
  expect(new Set(ids).size).toBe(ids.length);
});

test("named schemas become components and references", () => {
  const text = JSON.stringify(document.paths["/api/v3/repos/{owner}/{repo}"]?.["get"]);
  expect(text).toContain('"$ref":"#/components/schemas/Repository"');
  const schemas = document.components["schemas"] as Record<string, unknown>;
  expect(JSON.stringify(schemas["Repository"])).toContain('"$ref":"#/components/schemas/SimpleUser"');
});

test("every reference leads to a component", () => {
  const schemas = document.components["schemas"] as Record<string, unknown>;
  const names = [...JSON.stringify(document).matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name ?? "");
  expect(names.filter((name) => schemas[name] === undefined)).toEqual([]);
});
