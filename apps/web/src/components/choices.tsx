import type { ReactElement } from "react";

interface ChoicesProps<Value extends string> {
  readonly name: string;
  readonly choices: readonly { readonly value: Value; readonly label: string; readonly meaning: string }[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}

/** One of a few, each with what it means. Stands in a fieldset whose legend says what is chosen. */
export function Choices<Value extends string>({ name, choices, value, onChange }: ChoicesProps<Value>): ReactElement {
  return (
    <div className="choices">
      {choices.map((choice) => (
        <label key={choice.value} className="choice plain">
          <input type="radio" name={name} checked={value === choice.value} onChange={() => onChange(choice.value)} />
          <strong>{choice.label}</strong>
          <small>{choice.meaning}</small>
        </label>
      ))}
    </div>
  );
}
