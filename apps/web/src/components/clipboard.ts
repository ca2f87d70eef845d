/**
 * Puts text on the clipboard. The modern way exists only on pages served over TLS or from this machine; a node on a
 * local network may be neither, so there the text is selected in a field out of sight and copied the old way.
 */
export async function copyText(text: string): Promise<void> {
  if ("clipboard" in navigator) return navigator.clipboard.writeText(text);
  const focused = document.activeElement;
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  (document.querySelector("dialog[open]") ?? document.body).append(field);
  field.select();
  // oxlint-disable-next-line typescript/no-deprecated -- the only way where navigator.clipboard is not offered
  document.execCommand("copy");
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return undefined;
}
