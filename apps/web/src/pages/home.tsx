import { createLazyRoute } from "@tanstack/react-router";
import { useSuspenseQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";

import { homeQuery } from "../api/queries.ts";
import { SignedInHome } from "../account/signed-in-home.tsx";
import { SignedOutHome } from "../account/signed-out-home.tsx";

export const homeRoute = createLazyRoute("/")({ component: HomePage });

/** The start page: one's own repositories, or what this is for those who are new. */
function HomePage(): ReactElement {
  const { data: home } = useSuspenseQuery(homeQuery);
  return (
    <div className="page">
      <title>Guts</title>
      {home.account === null ? <SignedOutHome home={home} /> : <SignedInHome home={home} />}
    </div>
  );
}
