import { BookIcon } from "@primer/octicons-react/BookIcon";
import type { ReactElement } from "react";

import { baseName } from "../paths/repository-path.ts";
import { Markdown } from "./markdown.tsx";

/** A README under the files of its directory. */
export function Readme({ path, html }: { readonly path: string; readonly html: string }): ReactElement {
  return (
    <section className="box readme" aria-label={baseName(path)}>
      <div className="box-header">
        <BookIcon />
        <h2>{baseName(path)}</h2>
      </div>
      <Markdown html={html} />
    </section>
  );
}
