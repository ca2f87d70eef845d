import {
  array,
  assert,
  constant,
  constantFrom,
  integer,
  oneof,
  option,
  property,
  record,
  type Arbitrary,
} from "fast-check";
import { describe, expect, test } from "vitest";
import { parseAccountId, parseTeamId } from "@guts/primitives";
import { comparePermissions, repositoryRoles } from "./permission.ts";
import { grantsOwnership, resolvePermission, type PermissionGrant } from "./permission-grant.ts";

const organization = parseAccountId(7)!;
const role = constantFrom(...repositoryRoles);
const team = integer({ min: 1, max: 9 }).map((id) => parseTeamId(id)!);

const grant: Arbitrary<PermissionGrant> = oneof(
  constant<PermissionGrant>({ source: "owner", permission: "admin" }),
  constant<PermissionGrant>({ source: "organization-owner", permission: "admin", organization }),
  constant<PermissionGrant>({ source: "public", permission: "read" }),
  role.map<PermissionGrant>((permission) => ({ source: "collaborator", permission })),
  role.map<PermissionGrant>((permission) => ({ source: "organization-member", permission, organization })),
  record({
    source: constant("team" as const),
    permission: role,
    team,
    through: option(team, { nil: undefined }),
  }),
);
const grants = array(grant, { maxLength: 12 });

describe("a resolved permission", () => {
  test("is never lowered by one more grant", () => {
    assert(
      property(grants, grant, (held, more) => {
        const [before, after] = [resolvePermission(held), resolvePermission([...held, more])];
        expect(comparePermissions(after.permission, before.permission)).toBeGreaterThanOrEqual(0);
        expect(comparePermissions(after.permission, more.permission)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test("is given by the grant that it names, alone", () => {
    assert(
      property(grants, (held) => {
        const { permission, decidedBy } = resolvePermission(held);
        expect(decidedBy === undefined).toBe(held.length === 0);
        expect(resolvePermission(decidedBy === undefined ? [] : [decidedBy]).permission).toBe(permission);
        if (decidedBy !== undefined) expect(held).toContain(decidedBy);
      }),
    );
  });

  test("does not depend on the order of the grants, and names all of them, strongest first", () => {
    assert(
      property(grants, (held) => {
        const resolved = resolvePermission(held);
        expect(resolvePermission(held.toReversed()).permission).toBe(resolved.permission);
        expect(resolved.grants.toSorted(byText)).toEqual(held.toSorted(byText));
        for (const [index, { permission }] of resolved.grants.entries()) {
          const next = resolved.grants[index + 1]?.permission ?? "none";
          expect(comparePermissions(permission, next)).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});

test("of two equal grants the more personal one decides", () => {
  const given: readonly PermissionGrant[] = [
    { source: "organization-member", permission: "write", organization },
    { source: "team", permission: "write", team: parseTeamId(1)!, through: undefined },
    { source: "collaborator", permission: "write" },
  ];
  expect(resolvePermission(given).decidedBy).toEqual({ source: "collaborator", permission: "write" });
});

test("who owns is told from who merely administers", () => {
  expect(grantsOwnership([{ source: "collaborator", permission: "admin" }])).toBe(false);
  expect(grantsOwnership([{ source: "owner", permission: "admin" }])).toBe(true);
  expect(grantsOwnership([{ source: "organization-owner", permission: "admin", organization }])).toBe(true);
});

function byText(left: PermissionGrant, right: PermissionGrant): number {
  const [first, second] = [JSON.stringify(left), JSON.stringify(right)];
  return first < second ? -1 : Number(first > second);
}
