import { LawIcon } from "@primer/octicons-react/LawIcon";
import { ShieldCheckIcon } from "@primer/octicons-react/ShieldCheckIcon";
import { VerifiedIcon } from "@primer/octicons-react/VerifiedIcon";
import type { HomeView } from "@guts/api";
import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { buttonClass } from "../components/button.tsx";
import { NetworkCard } from "../network/network-card.tsx";
import { RepositoryList } from "../repository/repository-list.tsx";

const promises = [
  {
    icon: ShieldCheckIcon,
    title: "What you push stays",
    text: "Once a push is acknowledged it is in a ledger that no single operator can rewrite.",
  },
  {
    icon: LawIcon,
    title: "Rules hold everywhere",
    text: "Who may read and write is decided the same way by every node, not by the one you talk to.",
  },
  {
    icon: VerifiedIcon,
    title: "It feels like git",
    text: "Clone and push with the git you have. No wallet, no fee, nothing to install.",
  },
] as const;

/** What Guts is, in a few sentences, and what can be read without an account. */
export function SignedOutHome({ home }: { readonly home: HomeView }): ReactElement {
  return (
    <>
      <section className="hero">
        <h1>A forge that no single operator can take down, rewrite or censor</h1>
        <p className="lead">
          Host your repositories on a network of nodes run by different people. It looks and works like the forge you
          know, and keeps every change in a ledger that anyone can check.
        </p>
        <div className="form-actions">
          <Link to="/signup" className={buttonClass({ variant: "primary" })}>
            Create an account
          </Link>
          <Link to="/signin" className={buttonClass()}>
            Sign in
          </Link>
        </div>
      </section>
      <ul className="promises">
        {promises.map(({ icon: Icon, title, text }) => (
          <li key={title}>
            <Icon size={20} />
            <h2>{title}</h2>
            <p>{text}</p>
          </li>
        ))}
      </ul>
      <div className="columns">
        <section aria-labelledby="public-repositories">
          <h2 id="public-repositories">Public repositories</h2>
          {home.publicRepositories.length === 0 ? (
            <p className="muted">Nobody has published a repository on this network yet.</p>
          ) : (
            <RepositoryList repositories={home.publicRepositories} />
          )}
        </section>
        <aside aria-label="Network">
          <NetworkCard />
        </aside>
      </div>
    </>
  );
}
