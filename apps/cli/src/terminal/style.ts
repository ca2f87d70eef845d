import { createColors } from "picocolors";

/** The few colours that the output uses, by meaning. Each is the identity when colour is off. */
export interface Style {
  readonly heading: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly quiet: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly name: (text: string) => string;
}

/** The style for an output that shows colour, or does not. */
export function styleFor(useColor: boolean): Style {
  const colors = createColors(useColor);
  return {
    heading: colors.bold,
    strong: colors.bold,
    quiet: colors.gray,
    good: colors.green,
    bad: colors.red,
    warning: colors.yellow,
    name: colors.cyan,
  };
}
