import type { TokenScope } from "@guts/api";

/** What each scope allows, in plain words, most often wanted first. */
export const scopeChoices: readonly { readonly scope: TokenScope; readonly label: string }[] = [
  { scope: "repo", label: "Read and push all repositories you can, private ones too" },
  { scope: "public_repo", label: "Push to public repositories only" },
  { scope: "repo:read", label: "Read private repositories, without pushing" },
  { scope: "delete_repo", label: "Delete repositories" },
  { scope: "user", label: "Change your profile" },
  { scope: "read:org", label: "See your organizations and teams" },
  { scope: "write:org", label: "Change teams and memberships" },
  { scope: "admin:org", label: "Administer your organizations" },
  { scope: "read:public_key", label: "List your SSH keys" },
  { scope: "write:public_key", label: "Add SSH keys" },
  { scope: "admin:public_key", label: "Add and delete SSH keys" },
  { scope: "admin:ssh_signing_key", label: "List, add and delete SSH keys that sign" },
  { scope: "read:gpg_key", label: "List your GPG keys" },
  { scope: "write:gpg_key", label: "Add GPG keys" },
  { scope: "admin:gpg_key", label: "Add and delete GPG keys" },
  { scope: "read:user", label: "Read your whole profile" },
  { scope: "user:email", label: "Read your e-mail addresses" },
  { scope: "workflow", label: "Change workflow files" },
  { scope: "read:audit_log", label: "Read audit logs" },
  { scope: "site_admin", label: "Administer this network, if you may" },
  { scope: "admin:credentials", label: "List, create and revoke tokens and sessions" },
];

/** How long a new token may live, in days; undefined is for ever. */
export const lifeChoices: readonly { readonly days: number | undefined; readonly label: string }[] = [
  { days: 7, label: "7 days" },
  { days: 30, label: "30 days" },
  { days: 90, label: "90 days" },
  { days: 366, label: "1 year" },
  { days: undefined, label: "No expiry" },
];
