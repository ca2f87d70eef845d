import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The text of every file that is, or would be, committed, by its path from the root with forward slashes. */
export type Workspace = ReadonlyMap<string, string>;

const BINARY = /\.(png|ico|woff2?|gz|zip|pack|idx|bin)$/;

/** Reads the files that git tracks or would track; what .gitignore names is not part of the workspace. */
export function readWorkspace(root: string): Workspace {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  const paths = listed.split("\0").filter((path) => path !== "" && !BINARY.test(path));
  return new Map(
    paths.filter((path) => existsSync(join(root, path))).map((path) => [path, readFileSync(join(root, path), "utf8")]),
  );
}

/** One package of the workspace, as its manifest and its tsconfig describe it. */
export interface Project {
  readonly name: string;
  /** Its folder from the root, such as `libs/git`. */
  readonly folder: string;
  /** The value of its one `layer:` tag; undefined when it has none. */
  readonly layer: string | undefined;
  readonly dependencies: ReadonlySet<string>;
  readonly devDependencies: ReadonlySet<string>;
  /** Folders that its tsconfig.json references; undefined when it has no tsconfig. */
  readonly references: readonly string[] | undefined;
}

interface Manifest {
  readonly name?: string;
  readonly workspaces?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly nx?: { readonly tags?: readonly string[] };
}

/** Reads the manifests of every folder that the root manifest's `workspaces` patterns name. */
export function projectsOf(workspace: Workspace): readonly Project[] {
  const patterns = manifestAt(workspace, "package.json").workspaces ?? [];
  const folders = [...workspace.keys()]
    .filter((path) => path.endsWith("/package.json"))
    .map((path) => path.slice(0, -"/package.json".length))
    .filter((folder) => patterns.some((pattern) => matchesPattern(folder, pattern)));
  return folders.toSorted().map((folder) => readProject(workspace, folder));
}

/** The packages that the root manifest offers to tests, configurations and tools. */
export function rootDevDependencies(workspace: Workspace): ReadonlySet<string> {
  return new Set(Object.keys(manifestAt(workspace, "package.json").devDependencies ?? {}));
}

function readProject(workspace: Workspace, folder: string): Project {
  const manifest = manifestAt(workspace, `${folder}/package.json`);
  const layers = (manifest.nx?.tags ?? []).filter((tag) => tag.startsWith("layer:"));
  return {
    name: manifest.name ?? folder,
    folder,
    layer: layers.length === 1 ? layers[0]!.slice("layer:".length) : undefined,
    dependencies: new Set(Object.keys(manifest.dependencies ?? {})),
    devDependencies: new Set(Object.keys(manifest.devDependencies ?? {})),
    references: referencesOf(workspace, folder),
  };
}

function referencesOf(workspace: Workspace, folder: string): readonly string[] | undefined {
  const text = workspace.get(`${folder}/tsconfig.json`);
  if (text === undefined) return undefined;
  const { references = [] } = JSON.parse(text) as { references?: readonly { readonly path: string }[] };
  return references.map(({ path }) => resolvePath(folder, path));
}

/** Resolves `relative` against the folder `from`, both with forward slashes; may begin with `..` when it leaves the root. */
export function resolvePath(from: string, relative: string): string {
  const parts = from === "" ? [] : from.split("/");
  for (const part of relative.split("/")) {
    if (part === "." || part === "") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else parts.push(part);
  }
  return parts.join("/");
}

function manifestAt(workspace: Workspace, path: string): Manifest {
  return JSON.parse(workspace.get(path) ?? "{}") as Manifest;
}

function matchesPattern(folder: string, pattern: string): boolean {
  if (!pattern.endsWith("/*")) return folder === pattern;
  const group = pattern.slice(0, -1);
  return folder.startsWith(group) && !folder.slice(group.length).includes("/");
}
