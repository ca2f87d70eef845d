import { createCheckedFetch } from "@guts/api/checked-fetch";
import { createClient, type ApiClient, type ClientOptions } from "@guts/api/client";

/** The client that tests ask nodes with: an answer unlike its route's schema fails the test that asked. */
export function createCheckedClient(options: ClientOptions): ApiClient {
  return createClient({ ...options, fetch: createCheckedFetch(options.fetch) });
}
