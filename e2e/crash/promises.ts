/** What writers were promised, and so what must be there after a crash. */

/** Ref values by name; null is a ref that is not there. */
export type RefValues = Readonly<Record<string, string | null>>;

/** What a writer knows, in the order in which it came to know it. */
export type Note =
  | { readonly type: "push"; readonly repository: string; readonly updates: RefValues; readonly isAtomic: boolean }
  | { readonly type: "pushed"; readonly repository: string; readonly updates: RefValues }
  | { readonly type: "describe" | "described"; readonly repository: string; readonly description: string };

/** One value that only one writer changes. */
interface Register {
  promised: string | null;
  /** Tried after the promise, and never answered: each may have happened. */
  readonly tried: Set<string | null>;
}

/** A fold over notes. */
export class Promises {
  readonly #refs = new Map<string, Map<string, Register>>();
  readonly #descriptions = new Map<string, Register>();
  /** Names that were always pushed together, atomically. */
  readonly #atomic = new Map<string, Set<string>>();
  /** Refs whose last push was acknowledged. */
  promisedCount = 0;

  add(note: Note): void {
    switch (note.type) {
      case "push":
        for (const [name, id] of Object.entries(note.updates)) this.#ref(note.repository, name).tried.add(id);
        if (note.isAtomic) this.#atomicOf(note.repository).add(Object.keys(note.updates).join(" "));
        break;
      case "pushed":
        for (const [name, id] of Object.entries(note.updates)) promise(this.#ref(note.repository, name), id);
        this.promisedCount += Object.keys(note.updates).length;
        break;
      case "describe":
        registerIn(this.#descriptions, note.repository).tried.add(note.description);
        break;
      case "described":
        promise(registerIn(this.#descriptions, note.repository), note.description);
        break;
    }
  }

  /** Repositories that anybody wrote to. */
  repositories(): readonly string[] {
    return [...this.#refs.keys()];
  }

  /** What is wrong with the refs of a repository; empty when every promise is kept. */
  findBroken(repository: string, found: ReadonlyMap<string, string>): readonly string[] {
    const broken: string[] = [];
    for (const [name, { promised, tried }] of this.#refs.get(repository) ?? []) {
      const value = found.get(name) ?? null;
      if (value !== promised && !tried.has(value))
        broken.push(`${repository} ${name} is ${value}, promised ${promised}, tried ${[...tried].join(" ")}`);
    }
    for (const group of this.#atomic.get(repository) ?? []) {
      const values = new Set(group.split(" ").map((name) => found.get(name) ?? null));
      if (values.size > 1)
        broken.push(`${repository} ${group} were pushed atomically and differ: ${[...values].join(" ")}`);
    }
    return broken;
  }

  /** Whether this may be the description of a repository. */
  allowsDescription(repository: string, description: string | null): boolean {
    const register = this.#descriptions.get(repository);
    return register === undefined || register.promised === description || register.tried.has(description);
  }

  /** A copy that goes its own way. */
  clone(): Promises {
    const copy = new Promises();
    copy.promisedCount = this.promisedCount;
    for (const [repository, refs] of this.#refs) copy.#refs.set(repository, cloneRegisters(refs));
    for (const [name, register] of cloneRegisters(this.#descriptions)) copy.#descriptions.set(name, register);
    for (const [repository, groups] of this.#atomic) copy.#atomic.set(repository, new Set(groups));
    return copy;
  }

  /** After a crash: what is there now is what the next promise builds on. */
  settle(repository: string, found: ReadonlyMap<string, string>): void {
    for (const [name, register] of this.#refs.get(repository) ?? []) promise(register, found.get(name) ?? null);
  }

  #ref(repository: string, name: string): Register {
    const refs = this.#refs.get(repository) ?? new Map<string, Register>();
    this.#refs.set(repository, refs);
    return registerIn(refs, name);
  }

  #atomicOf(repository: string): Set<string> {
    const groups = this.#atomic.get(repository) ?? new Set<string>();
    this.#atomic.set(repository, groups);
    return groups;
  }
}

function cloneRegisters(registers: ReadonlyMap<string, Register>): Map<string, Register> {
  return new Map(Array.from(registers, ([key, { promised, tried }]) => [key, { promised, tried: new Set(tried) }]));
}

function registerIn(registers: Map<string, Register>, key: string): Register {
  const register = registers.get(key) ?? { promised: null, tried: new Set() };
  registers.set(key, register);
  return register;
}

function promise(register: Register, value: string | null): void {
  register.promised = value;
  register.tried.clear();
}
