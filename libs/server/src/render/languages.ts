/**
 * Which grammar highlights what: TextMate scopes by the names of languages, as a Markdown fence says them, and by the
 * names and endings of files. Others are shown plain. Adding a language is a line here.
 */
const LANGUAGES: Readonly<Record<string, string>> = {
  "source.c": "c h",
  "source.c++": "cpp c++ cc cxx hpp hh hxx",
  "source.cs": "cs csharp c#",
  "source.clojure": "clojure clj cljs cljc edn",
  "source.cmake": "cmake CMakeLists.txt",
  "source.css": "css",
  "source.css.scss": "scss",
  "source.css.less": "less",
  "source.dart": "dart",
  "source.diff": "diff patch",
  "source.dockerfile": "dockerfile docker Containerfile",
  "source.dotenv": "dotenv .env",
  "source.editorconfig": ".editorconfig editorconfig",
  "source.elixir": "elixir ex exs",
  "source.elm": "elm",
  "source.erlang": "erlang erl hrl",
  "source.fsharp": "fsharp fs fsx f#",
  "source.gitattributes": ".gitattributes",
  "source.gitconfig": ".gitconfig .gitmodules",
  "source.gitignore": ".gitignore .dockerignore .npmignore .prettierignore gitignore",
  "source.gleam": "gleam",
  "source.go": "go golang",
  "go.mod": "go.mod",
  "go.sum": "go.sum",
  "source.graphql": "graphql gql",
  "source.groovy": "groovy Jenkinsfile",
  "source.groovy.gradle": "gradle",
  "source.haskell": "haskell hs",
  "source.hcl": "hcl",
  "source.hcl.terraform": "terraform tf tfvars",
  "source.ini": "ini cfg conf service",
  "source.java": "java",
  "source.java-properties": "properties",
  "source.js": "js javascript mjs cjs jsx node",
  "source.json": "json jsonl webmanifest map",
  "source.json.comments": "jsonc json5 tsconfig.json",
  "source.julia": "julia jl",
  "source.just": "just justfile",
  "source.kotlin": "kotlin kt kts",
  "source.lean4": "lean",
  "source.lisp": "lisp cl",
  "source.emacs.lisp": "elisp el",
  "source.llvm": "llvm ll",
  "source.lua": "lua",
  "source.makefile": "makefile make mk GNUmakefile",
  "source.meson": "meson meson.build",
  "source.mermaid": "mermaid mmd",
  "source.nginx": "nginx nginx.conf",
  "source.nim": "nim",
  "source.nix": "nix",
  "source.objc": "objc objective-c m",
  "source.ocaml": "ocaml ml mli",
  "source.odin": "odin",
  "source.pascal": "pascal pas",
  "source.perl": "perl pl pm",
  "source.powershell": "powershell ps1 psm1 pwsh",
  "source.prisma": "prisma",
  "source.proto": "proto protobuf",
  "source.python": "python py pyi python3",
  "source.r": "r",
  "source.racket": "racket rkt",
  "source.regexp": "regexp regex",
  "source.ruby": "ruby rb gemspec rakefile gemfile",
  "source.rust": "rust rs",
  "source.sass": "sass",
  "source.scala": "scala sc sbt",
  "source.scheme": "scheme scm ss",
  "source.shell": "shell sh bash zsh .bashrc .profile .zshrc",
  "source.solidity": "solidity sol",
  "source.sql": "sql",
  "source.svelte": "svelte",
  "source.swift": "swift",
  "source.tcl": "tcl",
  "source.toml": "toml",
  "source.ts": "ts typescript mts cts",
  "source.tsx": "tsx",
  "source.typst": "typst typ",
  "source.vala": "vala",
  "source.verilog": "verilog v",
  "source.vhdl": "vhdl vhd",
  "source.viml": "vim viml .vimrc",
  "source.vue": "vue",
  "source.vbnet": "vb vbnet",
  "source.wgsl": "wgsl",
  "source.webassembly": "wat wast webassembly",
  "source.yaml": "yaml yml",
  "source.zig": "zig",
  "text.codeowners": "codeowners",
  "text.haml": "haml",
  "text.html.basic": "html htm xhtml",
  "text.html.erb": "erb",
  "text.html.handlebars": "handlebars hbs",
  "text.html.php": "php",
  "text.html.twig": "twig",
  "text.md": "md markdown mkd mdown",
  "text.restructuredtext": "rst restructuredtext",
  "text.tex.latex": "latex tex sty cls",
  "text.bibtex": "bibtex bib",
  "text.xml": "xml xsd rss plist csproj",
  "text.xml.svg": "svg",
  "text.shell-session": "console shell-session sh-session",
};

const scopeByName = new Map(
  Object.entries(LANGUAGES).flatMap(([scope, names]) =>
    names.split(" ").map((name): [string, string] => [name.toLowerCase(), scope]),
  ),
);

/** The grammar for a language's name, or undefined. */
export function scopeOfLanguage(name: string): string | undefined {
  return scopeByName.get(name.trim().toLowerCase());
}

/** The grammar for a file, by its whole name or by its longest ending that is known. */
export function scopeOfFile(path: string): string | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  const whole = scopeByName.get(name);
  if (whole !== undefined) return whole;
  for (let dot = name.indexOf("."); dot !== -1; dot = name.indexOf(".", dot + 1)) {
    const scope = scopeByName.get(name.slice(dot + 1));
    if (scope !== undefined) return scope;
  }
  return undefined;
}
