import { constants, setPriority } from "node:os";
import { type CopyFault, toCopyFault } from "./copy-fault.ts";
import { type CopyFacts, writeCopy } from "./write-copy.ts";

/** What came of it. */
export type CopyOutcome = { readonly facts: CopyFacts } | { readonly fault: CopyFault };

/** The process of `makeCopy`: copies one database, and tells what came of it. */
const [, , from, to] = process.argv;
if (from !== undefined && to !== undefined && process.send !== undefined) {
  process.once("disconnect", () => process.exit());
  // What is pressed meanwhile comes first.
  setPriority(constants.priority.PRIORITY_LOW);
  const outcome = copy(from, to);
  process.send(outcome, () => process.disconnect());
}

function copy(database: string, into: string): CopyOutcome {
  try {
    return { facts: writeCopy(database, into, Date.now()) };
  } catch (error) {
    return { fault: toCopyFault(error) };
  }
}
