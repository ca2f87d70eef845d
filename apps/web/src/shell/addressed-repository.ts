import { useParams } from "@tanstack/react-router";

/** The repository that the present address names, if it names one. */
export function useAddressedRepository(): { readonly owner: string; readonly name: string } | undefined {
  const params = useParams({ strict: false });
  return params.owner !== undefined && params.repo !== undefined
    ? { owner: params.owner, name: params.repo }
    : undefined;
}
