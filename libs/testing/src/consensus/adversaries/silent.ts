import { scripted } from "./scripted.ts";

/** Is connected and says nothing. */
export const silent = scripted("silent", () => ({}));
