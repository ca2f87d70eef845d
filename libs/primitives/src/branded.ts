/** A `Base` that only its parser can make, so an owner's name cannot be passed where a ref name is meant. */
export type Branded<Base, Name extends string> = Base & { readonly __brand: Name };
