import { SearchIcon } from "@primer/octicons-react/SearchIcon";
import { useNavigate } from "@tanstack/react-router";
import type { ReactElement, ReactNode } from "react";

interface FilterFormProps {
  /** What is looked for, such as "Find branches". */
  readonly label: string;
  /** What the list is filtered by now. */
  readonly query: string;
  /** What stands beside the field. */
  readonly children?: ReactNode;
}

/** A field that filters the list below it by `?query=`, from its first page. */
export function FilterForm({ label, query, children }: FilterFormProps): ReactElement {
  const navigate = useNavigate();
  return (
    <form
      role="search"
      className="toolbar"
      onSubmit={(event) => {
        event.preventDefault();
        const typed = new FormData(event.currentTarget).get("query");
        const wanted = typeof typed === "string" ? typed.trim() : "";
        const search = (previous: object) => ({
          ...previous,
          page: undefined,
          since: undefined,
          query: wanted === "" ? undefined : wanted,
        });
        void navigate({ to: ".", search: search as never });
      }}
    >
      <div className="input-with-icon grow">
        <SearchIcon />
        <input
          key={query}
          className="input"
          type="search"
          name="query"
          aria-label={label}
          placeholder={`${label}…`}
          defaultValue={query}
        />
      </div>
      {children}
    </form>
  );
}
