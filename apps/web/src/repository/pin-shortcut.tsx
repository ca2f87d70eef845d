import type { ResolvedRef } from "@guts/api";
import { useRouter } from "@tanstack/react-router";

import { copyText } from "../components/clipboard.ts";
import { useToasts } from "../components/toast.tsx";
import { useShortcuts } from "../keyboard/shortcuts.tsx";
import { locationPath } from "../paths/repository-path.ts";
import { useRepositoryName } from "./use-repository.ts";

interface PinShortcutProps {
  readonly kind: "tree" | "blob" | "commits";
  readonly at: ResolvedRef;
  readonly path: string;
}

/** Binds `y`: replaces the branch in the address by the commit it is at now, and copies that lasting address. */
export function PinShortcut({ kind, at, path }: PinShortcutProps): null {
  const { owner, name } = useRepositoryName();
  const router = useRouter();
  const toasts = useToasts();
  const pin = async (): Promise<void> => {
    const target = locationPath(kind, { owner, name, revision: at.commit, path }) + window.location.hash;
    router.history.replace(target);
    await copyText(new URL(target, window.location.origin).href);
    toasts.succeed("Copied a link that always shows this commit");
  };
  useShortcuts([
    { keys: "y", label: "Pin the address to this commit and copy it", group: "Repository", run: () => void pin() },
  ]);
  return null;
}
