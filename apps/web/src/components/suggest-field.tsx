import { useId, type ComponentProps, type ReactElement } from "react";

import { TextField } from "./field.tsx";

interface SuggestFieldProps extends ComponentProps<typeof TextField> {
  /** What the browser offers below the field; anything else may be typed too. */
  readonly suggestions: readonly { readonly value: string; readonly label?: string | undefined }[];
}

/** A field for a name, with the platform's own list of suggestions. */
export function SuggestField({ suggestions, ...field }: SuggestFieldProps): ReactElement {
  const id = useId();
  return (
    <>
      <TextField {...field} list={id} autoComplete="off" autoCapitalize="off" spellCheck={false} />
      <datalist id={id}>
        {suggestions.map(({ value, label }) => (
          <option key={value} value={value} label={label} />
        ))}
      </datalist>
    </>
  );
}
