import { builtinModules } from "node:module";

import {
  ABOUT_WORDS,
  ALLOWED_IMPURITIES,
  ARROWS_WITHIN_A_ROW,
  FOREIGN_WORDS,
  IMPURE_NAMES,
  MACHINE_PATH,
  PRIVATE_MODULES,
  PURE_LAYERS,
  REPLICATED_PROJECTS,
  ROWS,
  sourceLinesMax,
  TASK_WITHOUT_ISSUE,
  TEST_LAYERS,
  testLinesMax,
} from "./rules.ts";
import { readSourceFile, type SourceFile } from "./source-file.ts";
import { projectsOf, resolvePath, rootDevDependencies, type Project, type Workspace } from "./workspace.ts";

/** The rules, by the name that a problem carries. */
export type Rule =
  | "layer"
  | "arrow"
  | "references"
  | "undeclared-import"
  | "unused-dependency"
  | "leaves-project"
  | "builtin-prefix"
  | "private-module"
  | "purity"
  | "foreign-word"
  | "unparsable"
  | "too-long"
  | "task-without-issue"
  | "machine-path"
  | "registry-host";

/** One broken rule: where, and what to do about it. */
export interface Problem {
  readonly rule: Rule;
  readonly path: string;
  readonly message: string;
}

/** Every problem of a workspace, and what was looked at: a check that saw nothing has proved nothing. */
export interface WorkspaceReport {
  readonly problems: readonly Problem[];
  readonly projectCount: number;
  readonly arrowCount: number;
  readonly sourceFileCount: number;
}

type Report = (rule: Rule, path: string, message: string) => void;

/** Checks the architecture of `workspace`: arrows, declared imports, purity, absences and the lengths of files. */
export function checkWorkspace(workspace: Workspace): WorkspaceReport {
  const problems: Problem[] = [];
  const report: Report = (rule, path, message) => problems.push({ rule, path, message });
  const projects = projectsOf(workspace);
  const projectByName = new Map(projects.map((project) => [project.name, project]));
  const rootPackages = rootDevDependencies(workspace);
  let arrowCount = 0;
  let sourceFileCount = 0;

  for (const project of projects) {
    arrowCount += checkManifest(project, projectByName, report);
    const used = new Set<string>();
    for (const [path, text] of sourcesUnder(workspace, `${project.folder}/`)) {
      sourceFileCount += 1;
      const source = readSourceFile(path, text);
      if (source === undefined) report("unparsable", path, "the parser rejects this file");
      else checkSource({ project, path, source, used, rootPackages }, report);
    }
    for (const name of stylePackagesOf(workspace, project)) used.add(name);
    checkUse(project, used, report);
  }
  checkTexts(workspace, report);
  return { problems, projectCount: projects.length, arrowCount, sourceFileCount };
}

function isTestFile(path: string): boolean {
  return /\.(test|bench|fixture)\.tsx?$|\/(test|testing|test-support)\//.test(path);
}

/** What runs when something is built, not when it is used. */
function isConfiguration(path: string): boolean {
  return /\.config\.(ts|js|mjs)$|^apps\/web\/build\//.test(path);
}

function* sourcesUnder(workspace: Workspace, folder: string): Iterable<readonly [string, string]> {
  for (const [path, text] of workspace)
    if (path.startsWith(folder) && /\.(ts|tsx|mts)$/.test(path) && !path.includes("/fixtures/")) yield [path, text];
}

/** Checks layers, arrows and references; answers how many arrows to other projects it saw. */
function checkManifest(project: Project, projectByName: ReadonlyMap<string, Project>, report: Report): number {
  const path = `${project.folder}/package.json`;
  const { layer } = project;
  if (layer === undefined || ![...ROWS, ...TEST_LAYERS].some((known) => known === layer)) {
    report("layer", path, `needs exactly one tag layer:${[...ROWS, ...TEST_LAYERS].join("|")}`);
    return 0;
  }
  const targets = [...project.dependencies].flatMap((name) => projectByName.get(name) ?? []);
  for (const target of targets) {
    const arrow = `${project.name} -> ${target.name}`;
    if (!isArrowAllowed(project, target)) report("arrow", path, `${arrow}: ${layer} may not import ${target.layer}`);
  }
  if (project.references !== undefined && layer !== "test") {
    const expected = targets.map(({ folder }) => folder);
    const forTests = [...project.devDependencies].flatMap((name) => projectByName.get(name)?.folder ?? []);
    const references = new Set(project.references);
    const isComplete = expected.every((folder) => references.has(folder));
    const hasExtra = [...references].some((folder) => !expected.includes(folder) && !forTests.includes(folder));
    if (!isComplete || hasExtra)
      report(
        "references",
        `${project.folder}/tsconfig.json`,
        `references must be exactly ${expected.toSorted().join(", ")}`,
      );
  }
  return targets.length;
}

function isArrowAllowed(from: Project, to: Project): boolean {
  const rowOf = (project: Project) => ROWS.findIndex((row) => row === project.layer);
  if (from.layer === "test") return to.layer !== "test";
  if (from.layer === "testing") return rowOf(to) >= 0 && rowOf(to) <= ROWS.indexOf("adapter");
  if (rowOf(to) < 0) return false;
  return rowOf(to) < rowOf(from) || ARROWS_WITHIN_A_ROW.has(`${from.name} -> ${to.name}`);
}

interface SourceContext {
  readonly project: Project;
  readonly path: string;
  readonly source: SourceFile;
  /** Packages that the project's files import; filled here. */
  readonly used: Set<string>;
  readonly rootPackages: ReadonlySet<string>;
}

function checkSource(context: SourceContext, report: Report): void {
  const { project, path, source } = context;
  for (const imported of source.imports) checkImport(context, imported, report);
  if (isTestFile(path) || isConfiguration(path) || project.layer === "test" || project.layer === "testing") return;
  checkPrivateModules(path, source, report);
  if (project.layer !== undefined && PURE_LAYERS.has(project.layer)) checkPurity(context, report);
  const foreign = FOREIGN_WORDS[project.name];
  for (const name of source.names) {
    if (foreign?.test(name)) report("foreign-word", path, `${project.name} must not know what "${name}" is`);
  }
}

function checkImport({ project, path, used, rootPackages }: SourceContext, imported: string, report: Report): void {
  const isTest = isTestFile(path) || isConfiguration(path) || project.layer === "test";
  if (imported.startsWith(".")) {
    const target = resolvePath(path.slice(0, path.lastIndexOf("/")), imported);
    const isInside = target.startsWith(`${project.folder}/`) || (isTest && /^(tools|e2e\/harness)\//.test(target));
    if (!isInside) report("leaves-project", path, `imports ${target}; import the package instead`);
    return;
  }
  // A subpath import (`#name`) is declared in the manifest's own `imports`, which cannot name another project's files.
  if (imported.startsWith("node:") || imported.startsWith("#") || /^(virtual:|vite\/client$)/.test(imported)) return;
  const packageName = packageNameOf(imported);
  if (builtinModules.includes(packageName)) {
    report("builtin-prefix", path, `import node:${imported}`);
    return;
  }
  used.add(packageName);
  if (packageName === project.name || project.dependencies.has(packageName)) return;
  if (project.devDependencies.has(`@types/${packageName}`)) return; // Types alone; nothing is there at run time.
  if (isTest && (project.devDependencies.has(packageName) || rootPackages.has(packageName))) return;
  report("undeclared-import", path, `imports ${packageName}, which ${project.folder}/package.json does not declare`);
}

/** Packages whose style sheets a project's style sheets import. */
function stylePackagesOf(workspace: Workspace, { folder }: Project): readonly string[] {
  return [...workspace]
    .filter(([path]) => path.startsWith(`${folder}/`) && path.endsWith(".css"))
    .flatMap(([, text]) => [...text.matchAll(/@import\s+(?:url\()?["']([^."'/][^"']*)["']/g)])
    .map(([, imported]) => packageNameOf(imported!));
}

function packageNameOf(imported: string): string {
  return imported
    .split("/")
    .slice(0, imported.startsWith("@") ? 2 : 1)
    .join("/");
}

function checkUse(project: Project, used: ReadonlySet<string>, report: Report): void {
  for (const name of project.dependencies) {
    if (!used.has(name))
      report("unused-dependency", `${project.folder}/package.json`, `${name} is declared and nothing imports it`);
  }
}

function checkPrivateModules(path: string, source: SourceFile, report: Report): void {
  for (const { what, module, allowed } of PRIVATE_MODULES) {
    const offending = source.imports.find((imported) => module.test(imported));
    if (offending !== undefined && !allowed.some((prefix) => path.startsWith(prefix)))
      report("private-module", path, `imports ${offending}: ${what}`);
  }
}

function checkPurity({ project, path, source }: SourceContext, report: Report): void {
  const allowed = ALLOWED_IMPURITIES[path] ?? [];
  const impurities = [
    ...source.imports.filter((imported) => imported.startsWith("node:")),
    ...IMPURE_NAMES.filter((name) => source.names.has(name)),
  ];
  if (REPLICATED_PROJECTS.has(project.name)) {
    if (source.isAsynchronous) impurities.push("async");
    if (source.names.has("JSON.stringify")) impurities.push("JSON.stringify");
  }
  for (const impurity of impurities)
    if (!allowed.includes(impurity)) report("purity", path, `uses ${impurity}; take it as an argument`);
}

/** Rules about the text of any file, product or not. */
function checkTexts(workspace: Workspace, report: Report): void {
  for (const [path, text] of workspace) {
    if (/(^|\/)package-lock\.json$/.test(path)) {
      if (/"resolved": *"https?:/.test(text)) report("registry-host", path, "set omit-lockfile-registry-resolved");
      continue;
    }
    const isSource = /\.(ts|tsx|mts|mjs|js|sh|css)$/.test(path) && !/\/(fixtures|migrations)\//.test(path);
    const linesMax = isTestFile(path) ? testLinesMax : sourceLinesMax;
    if (isSource && text.split("\n").length > linesMax + 1) report("too-long", path, `has more than ${linesMax} lines`);
    if (ABOUT_WORDS.has(path)) continue;
    if (isSource && TASK_WITHOUT_ISSUE.test(text)) report("task-without-issue", path, "name the issue, as in (#12)");
    const machinePath = MACHINE_PATH.exec(text);
    if (machinePath !== null) report("machine-path", path, `names a path of one machine, ${machinePath[0]}...`);
  }
}
