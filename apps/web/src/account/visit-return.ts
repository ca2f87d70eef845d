import { parseReturnPath } from "../paths/return-path.ts";

const key = "guts.visit.return";

/** Keeps in this tab where to go once the home node has sent the browser back. */
export function rememberReturn(path: string | undefined): void {
  window.sessionStorage.setItem(key, parseReturnPath(path));
}

/** Where to go now; the start page when nothing was kept. */
export function takeReturn(): string {
  const path = parseReturnPath(window.sessionStorage.getItem(key));
  window.sessionStorage.removeItem(key);
  return path;
}
