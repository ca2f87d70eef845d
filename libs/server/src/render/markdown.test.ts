import type { Element } from "hast";
import rehypeRaw from "rehype-raw";
import { unified } from "unified";
import { visitParents } from "unist-util-visit-parents";
import { beforeAll, describe, expect, test } from "vitest";

import { createHighlighter, type Highlighter } from "./highlighter.ts";
import type { LinkBase } from "./job.ts";
import { createMarkdownRenderer } from "./markdown.ts";

const links: LinkBase = { blob: "/a/b/blob/main", raw: "/a/b/raw/main", directory: "docs" };
let highlighter: Highlighter;
let render: (text: string) => Promise<string>;

beforeAll(() => {
  highlighter = createHighlighter();
  const renderer = createMarkdownRenderer(highlighter);
  render = (text) => renderer(text, links);
});

/** Every element of the HTML as a browser's parser sees it. */
function elementsOf(html: string): Element[] {
  const tree = unified()
    .use(rehypeRaw)
    .runSync({ type: "root", children: [{ type: "raw", value: html }] });
  const elements: Element[] = [];
  visitParents(tree, "element", (element) => void elements.push(element));
  return elements;
}

describe("what runs nothing", () => {
  test.each([
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#x6A;avascript:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](<java\nscript:alert(1)>)",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=' &#14; javascript:alert(1)'>x</a>",
    "<iframe src=//evil></iframe>",
    "<object data=//evil></object><embed src=//evil>",
    "<form action=//evil><input name=q><button>go</button></form>",
    "<style>*{display:none}</style>",
    "<p style='position:fixed'>x</p>",
    "<math><mtext></mtext><mglyph><style><img src=x onerror=alert(1)></style></mglyph></math>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<base href=//evil>",
    "<meta http-equiv=refresh content='0;url=//evil'>",
    "<link rel=stylesheet href=//evil>",
    "<details ontoggle=alert(1) open>x</details>",
    "![x](javascript:alert(1))",
    "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "<b/onclick=alert(1)>x</b>",
    '```js"><script>alert(1)</script>\nx\n```',
    "<picture><source srcset='//evil/x.png'><img src=//evil/x.png></picture>",
    "<input type=image src=x onerror=alert(1)>",
    "<a href='\\\\\\\\evil'>x</a>",
  ])("%s", async (text) => {
    for (const element of elementsOf(await render(text))) {
      expect(element.tagName).not.toMatch(/^(script|iframe|object|embed|form|style|base|meta|link|svg|math|button)$/i);
      expect(Object.keys(element.properties).filter((name) => /^(on|style|srcdoc|srcset)/i.test(name))).toEqual([]);
      const { href, src } = element.properties;
      expect(href ?? "https://x").toMatch(/^(https?:\/\/|mailto:|#|\/a\/b\/)/);
      expect(src ?? "/a/b/raw/main/x").toMatch(/^\/a\/b\/raw\/main\//);
    }
  });
});

describe("links", () => {
  test.each([
    ["[x](other.md)", 'href="/a/b/blob/main/docs/other.md"'],
    ["[x](../up.md#part)", 'href="/a/b/blob/main/up.md#part"'],
    ["[x](../../../../etc/passwd)", 'href="/a/b/blob/main/etc/passwd"'],
    ["[x](/root.md?raw=1)", 'href="/a/b/blob/main/root.md?raw=1"'],
    ["![x](img/a.png)", 'src="/a/b/raw/main/docs/img/a.png"'],
    ["[x](#My-Part)", 'href="#user-content-My-Part"'],
    ["[x](//evil.example/a)", 'href="https://evil.example/a" rel="nofollow noopener noreferrer"'],
    ["[x](mailto:a@b.c)", 'href="mailto:a@b.c"'],
  ])("%s becomes %s", async (text, expected) => {
    expect(await render(text)).toContain(expected);
  });

  test("an image of another host becomes a link, because a page loads nothing from elsewhere", async () => {
    const html = await render("![the badge](https://example.com/b.svg)");
    expect(html).toContain('<a href="https://example.com/b.svg"');
    expect(html).toContain(">the badge</a>");
  });
});

describe("GitHub's dialect", () => {
  test("headings get anchors that cannot take the page's names", async () => {
    expect(await render("## Getting started")).toContain('<h2 id="user-content-getting-started">');
  });

  test("task lists become disabled boxes", async () => {
    expect(await render("- [x] done\n- [ ] open")).toMatch(/<input type="checkbox" checked disabled>/);
  });

  test("tables, strikethrough and footnotes are rendered", async () => {
    const html = await render("| a |\n|---|\n| ~~b~~ |\n\nx[^1]\n\n[^1]: note");
    expect(html).toContain("<table>");
    expect(html).toContain("<del>b</del>");
    const target = /href="#(user-content-fn-1)"/.exec(html)?.[1];
    expect(html).toContain(`id="${target}"`);
  });

  test("alerts get a title", async () => {
    const html = await render("> [!WARNING]\n> mind the gap");
    expect(html).toContain('<div class="markdown-alert markdown-alert-warning">');
    expect(html).toContain("mind the gap");
    expect(html).not.toContain("[!WARNING]");
  });

  test("fenced code is highlighted", async () => {
    expect(await render("```ts\nconst x = 1;\n```")).toContain('<span class="pl-k">const</span>');
  });
});

describe("files", () => {
  test("every line is balanced HTML and shows the line's text", async () => {
    const text = "/* a\n<b> */\nconst x = `1\n${y}`;\n";
    const { lines, language } = await highlighter.highlightFile("src/x.ts", text);
    expect(language).toBe("ts");
    expect(lines).toHaveLength(4);
    for (const line of lines) expect(line.match(/<span/g)?.length ?? 0).toBe(line.match(/<\/span>/g)?.length ?? 0);
    const shown = lines.map((line) =>
      line
        .replace(/<[^>]*>/g, "")
        .replaceAll("&lt;", "<")
        .replaceAll("&gt;", ">"),
    );
    expect(shown.join("\n")).toBe(text.trimEnd());
  });

  test("an unknown language is escaped only", async () => {
    const { lines, language } = await highlighter.highlightFile("x.unknown-thing", "<script>\n&");
    expect(language).toBeNull();
    expect(lines).toEqual(["&lt;script&gt;", "&amp;"]);
  });
});
