import { CheckIcon } from "@primer/octicons-react/CheckIcon";
import { CopyIcon } from "@primer/octicons-react/CopyIcon";
import { useMutation } from "@tanstack/react-query";
import type { ReactElement } from "react";

import { Button } from "../components/button.tsx";
import { copyText } from "../components/clipboard.ts";
import { useToasts } from "../components/toast.tsx";

/** Copies a file exactly as it is stored, not as it is shown. */
export function CopyContents({ rawUrl }: { readonly rawUrl: string }): ReactElement {
  const toasts = useToasts();
  const copy = useMutation({
    mutationFn: async () => {
      const response = await fetch(rawUrl);
      await copyText(await response.text());
    },
    onSuccess: () => toasts.succeed("Copied the file"),
    onError: () => toasts.fail("The file could not be copied. The raw view shows it as plain text."),
  });
  return (
    <Button small square aria-label="Copy file contents" title="Copy file contents" onClick={() => copy.mutate()}>
      {copy.isSuccess ? <CheckIcon /> : <CopyIcon />}
    </Button>
  );
}
