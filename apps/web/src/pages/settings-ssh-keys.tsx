import { createLazyRoute } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { GpgKeys } from "../settings/gpg-keys.tsx";
import { SigningKeys } from "../settings/signing-keys.tsx";
import { SshKeys } from "../settings/ssh-keys.tsx";

export const settingsSshKeysRoute = createLazyRoute("/settings/ssh-keys")({ component: SshKeysPage });

/** Keys of OpenSSH and their like: those that let git in, and those that sign. */
function SshKeysPage(): ReactElement {
  return (
    <div className="stack loose">
      <title>SSH and GPG keys · Settings · Guts</title>
      <SshKeys />
      <SigningKeys />
      <GpgKeys />
    </div>
  );
}
