import { signUp, uniqueName, type Person } from "../harness/forge.ts";
import type { Members } from "./members.ts";

/** People who write at each node: more of them make fuller blocks, not more. */
const peoplePerNode = 2;
/** A repository costs git work at every node, a line about oneself does not. */
const changesPerRepository = 25;

/** Makes so many blocks as fast as these nodes agree on them: people sign up, change what they say of themselves, make repositories. */
export async function makeBlocks(members: Members, indices: readonly number[], count: number): Promise<void> {
  const target = (await members.level(indices)) + count;
  const people = await Promise.all(
    indices.flatMap((index) =>
      Array.from({ length: peoplePerNode }, () => signUp(members.url(index), uniqueName("busy"))),
    ),
  );
  await Promise.all(people.map((person) => writeUntil(person, target)));
}

async function writeUntil({ client }: Person, target: number): Promise<void> {
  for (let change = 0, height = 0; height < target; change++) {
    if (change % changesPerRepository === 0)
      await client.call("POST /api/v3/user/repos", { body: { name: uniqueName("made") } });
    const answer = await client.answer("PATCH /api/v3/user", { body: { bio: `Change ${change}` } });
    height = answer.height!;
  }
}
