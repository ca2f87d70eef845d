// Control characters could move the cursor, recolour the screen or retitle the terminal of whoever reads them.
// oxlint-disable-next-line no-control-regex -- these are what must not reach a terminal
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
// Overrides of writing direction can make a line read as something else (CVE-2021-42574).
const DIRECTION = /[\u202a-\u202e\u2066-\u2069]/g;

/** Text from other people, made harmless for a terminal; line feeds and tabs stay. */
export function safeText(text: string): string {
  return text.replace(CONTROL, "\ufffd").replace(DIRECTION, "\ufffd");
}

/** Like {@link safeText}, on one line. */
export function safeLine(text: string): string {
  return safeText(text.replace(/\s+/g, " ").trim());
}
