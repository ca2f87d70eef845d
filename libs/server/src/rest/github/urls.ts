/** URLs of one node, as they stand in answers of the API. */
export class Urls {
  /** Scheme and host, without a slash at the end. */
  readonly base: string;
  /** Root of the API in GitHub's shape. */
  readonly api: string;

  constructor(base: string) {
    this.base = base;
    this.api = `${base}/api/v3`;
  }

  user(login: string): string {
    return `${this.api}/users/${login}`;
  }

  repository(fullName: string): string {
    return `${this.api}/repos/${fullName}`;
  }

  /** The page of a file or directory. */
  page(fullName: string, kind: "blob" | "tree" | "raw" | "commit" | "commits", rest: string): string {
    return `${this.base}/${fullName}/${kind}/${encodePath(rest)}`;
  }
}

/** A path with each segment encoded and the slashes kept. */
export function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

/** An opaque id that is unique over all kinds of things; GraphQL will use the same. */
export function nodeIdOf(kind: string, ...parts: readonly (string | number)[]): string {
  return Buffer.from([kind, ...parts].join(":"), "utf8").toString("base64url");
}
