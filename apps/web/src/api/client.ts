import { createClient, type ApiClient } from "@guts/api/client";

/** The API of the node that served this page; it keeps no state, the session is a cookie that scripts cannot read. */
export const api: ApiClient = createClient({ baseUrl: "" });
