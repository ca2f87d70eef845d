import type { MemberCard, OrganizationRole } from "@guts/api";
import { Link } from "@tanstack/react-router";
import { useState, type ReactElement } from "react";

import { Avatar } from "../components/avatar.tsx";
import { Button } from "../components/button.tsx";
import { LeaveDialog, RemoveMemberDialog, RoleDialog } from "./membership-dialogs.tsx";
import { organizationRoleNames } from "./roles.ts";

interface PersonRowProps {
  readonly org: string;
  readonly person: MemberCard;
  readonly isSelf: boolean;
  readonly isLastOwner: boolean;
  readonly mayAdminister: boolean;
  /** Whether the viewer is a member, who sees which memberships are concealed. */
  readonly isInside: boolean;
}

type Question = "remove" | "leave" | OrganizationRole;

/** A member with what the viewer may do about them. */
export function PersonRow(props: PersonRowProps): ReactElement {
  const { org, person, isSelf, isLastOwner, isInside } = props;
  const [question, setQuestion] = useState<Question>();
  const close = (): void => setQuestion(undefined);
  const dialog = { org, username: person.handle, onClose: close };
  return (
    <li className="box-row setting-row">
      <div className="row">
        <Avatar handle={person.handle} size={36} />
        <div className="grow">
          <div className="row wrap">
            <Link to="/$owner" params={{ owner: person.handle }}>
              <strong>{person.handle}</strong>
            </Link>
            {isSelf ? <span className="label accent">You</span> : null}
          </div>
          <p className="small muted">
            {[person.name, isInside ? (person.isPublic ? "Public member" : "Shown to members only") : undefined]
              .filter(Boolean)
              .join(" · ")}
          </p>
          {isSelf && isLastOwner ? (
            <p className="small muted">
              You are the only owner, so you cannot leave or step down. Make somebody else an owner first.
            </p>
          ) : null}
        </div>
      </div>
      <Actions {...props} onAsk={setQuestion} />
      {question === "remove" ? <RemoveMemberDialog {...dialog} /> : null}
      {question === "leave" ? <LeaveDialog {...dialog} /> : null}
      {question === "owner" || question === "member" ? (
        <RoleDialog {...dialog} role={question} isSelf={isSelf} />
      ) : null}
    </li>
  );
}

interface ActionsProps extends PersonRowProps {
  readonly onAsk: (question: Question) => void;
}

function Actions({ person, isSelf, isLastOwner, mayAdminister, onAsk }: ActionsProps): ReactElement {
  const { handle, role } = person;
  const isStuck = isSelf && isLastOwner;
  return (
    <div className="row">
      {mayAdminister && !isStuck ? (
        <select
          className="select compact"
          aria-label={`Role of ${handle}`}
          value={role}
          onChange={(event) => onAsk(event.target.value === "owner" ? "owner" : "member")}
        >
          <option value="owner">Owner</option>
          <option value="member">Member</option>
        </select>
      ) : (
        <span className="label">{organizationRoleNames[role]}</span>
      )}
      {isSelf ? (
        <Button small variant="danger" disabled={isStuck} onClick={() => onAsk("leave")}>
          Leave
        </Button>
      ) : mayAdminister ? (
        <Button small variant="danger" aria-label={`Remove ${handle}`} onClick={() => onAsk("remove")}>
          Remove
        </Button>
      ) : null}
    </div>
  );
}
