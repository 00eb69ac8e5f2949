import type { TurnContext } from "botbuilder";
import type { InboundActivity } from "../activity.ts";

/** One activity on its way through the SDK, which revokes it afterwards. */
export type Turn = TurnContext;

const inboundKey = Symbol("inbound");

/** Keeps the parsed activity with its turn, because what is parsed twice has its escapes put back twice. */
export function keepInbound({ turnState }: Turn, inbound: InboundActivity): void {
  turnState.set(inboundKey, inbound);
}

/** The parsed activity of that turn. */
export function inboundOf({ turnState }: Turn): InboundActivity {
  const inbound: InboundActivity | undefined = turnState.get(inboundKey);
  if (inbound === undefined) throw new Error("this turn has no parsed activity");
  return inbound;
}
