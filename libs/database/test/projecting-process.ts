/** Projects empty blocks until it is killed, saying each height once it was acknowledged. `argv`: directory, templates. */
import { openReadModel } from "../src/open-read-model.ts";
import * as make from "./entries.ts";

const [directory = "", templateDirectory] = process.argv.slice(2);
const signal = new AbortController().signal;
const model = await openReadModel({
  location: { type: "embedded", directory, templateDirectory },
  networkId: make.networkId,
  onQuarantine: () => {},
});
if (model.cursor() === undefined) await model.rebuild(make.snapshot([]), signal);
for (let at = model.cursor()!.height + 1; ; at++) {
  await model.project([make.block(at, [])], signal);
  process.stdout.write(`${at}\n`);
}
