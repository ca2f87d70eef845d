import { parseSync } from "rolldown/utils";

/** What the rules want to know of one TypeScript file. */
export interface SourceFile {
  /** Module names as written, static, dynamic, re-exported and in types alike. */
  readonly imports: readonly string[];
  /** Names of variables, types and globals that it mentions, and its member accesses as `Object.member`. */
  readonly names: ReadonlySet<string>;
  /** Whether a function in it is asynchronous or awaits. */
  readonly isAsynchronous: boolean;
}

interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** Reads a TypeScript file with a real parser, so that comments and strings never count. Undefined when it does not parse. */
export function readSourceFile(path: string, text: string): SourceFile | undefined {
  const parsed = parseSync(path, text);
  if (parsed.errors.length > 0) return undefined;
  const imports = new Set<string>();
  const names = new Set<string>();
  let isAsynchronous = false;
  visit(parsed.program as unknown as Node, (node) => {
    const imported = importedModule(node);
    if (imported !== undefined) imports.add(imported);
    if (node["async"] === true || node.type === "AwaitExpression") isAsynchronous = true;
    if (node.type === "Identifier") names.add(String(node["name"]));
    if (node.type === "MemberExpression") addMember(node, names);
  });
  return { imports: [...imports], names, isAsynchronous };
}

/** The keys under which a node keeps a mere name of a member or field, which is no mention of a global. */
function isFieldName(node: Node, key: string): boolean {
  if (node.type === "MemberExpression") return key === "property" && node["computed"] !== true;
  if (key !== "key") return false;
  return node["computed"] !== true && node["shorthand"] !== true;
}

function visit(node: Node, see: (node: Node) => void): void {
  see(node);
  for (const [key, value] of Object.entries(node)) {
    if (isFieldName(node, key)) continue;
    for (const child of Array.isArray(value) ? value : [value]) {
      if (child !== null && typeof child === "object" && typeof (child as Node).type === "string")
        visit(child as Node, see);
    }
  }
}

function importedModule(node: Node): string | undefined {
  const holder =
    node.type === "TSImportType" ? (node["source"] ?? node["argument"]) : (node["source"] as Node | null | undefined);
  if (!/^(Import(Declaration|Expression)|Export(Named|All)Declaration|TSImportType)$/.test(node.type)) return undefined;
  const value = (holder as Node | null | undefined)?.["value"];
  return typeof value === "string" ? value : undefined;
}

function addMember(node: Node, names: Set<string>): void {
  const object = node["object"] as Node;
  const property = node["property"] as Node;
  if (node["computed"] === true || property.type !== "Identifier") return;
  if (object.type === "Identifier") names.add(`${String(object["name"])}.${String(property["name"])}`);
  names.add(`.${String(property["name"])}`);
}
