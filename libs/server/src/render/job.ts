/** What a worker is asked to do. */
export type RenderJob =
  | { readonly type: "highlight"; readonly path: string; readonly text: string }
  | { readonly type: "markdown"; readonly text: string; readonly links: LinkBase };

/** Where relative links of a document lead. Each is a path on this node that ends without a slash. */
export interface LinkBase {
  /** `/OWNER/REPO/blob/REF` */
  readonly blob: string;
  /** `/OWNER/REPO/raw/REF` */
  readonly raw: string;
  /** Directory of the document within the repository; empty for the root. */
  readonly directory: string;
}

/** Highlighted lines as HTML, with the name of the language when it is known. */
export interface HighlightedFile {
  readonly language: string | null;
  readonly lines: readonly string[];
}

/** What a worker answers. */
export type RenderResult =
  | { readonly type: "highlight"; readonly file: HighlightedFile }
  | { readonly type: "markdown"; readonly html: string };

/** A request to a worker and its answer, matched by number. */
export interface RenderRequest {
  readonly id: number;
  readonly job: RenderJob;
}
export type RenderReply =
  | { readonly id: number; readonly result: RenderResult }
  | { readonly id: number; readonly failure: string }
  | { readonly ready: true };
