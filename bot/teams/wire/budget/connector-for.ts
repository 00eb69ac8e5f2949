import { z } from "zod";
import type { Connector, OutgoingActivity } from "../connector.ts";
import type { Account, Budget } from "./budget.ts";
import type { Urgency } from "./urgency.ts";

/**
 * How long a call of the outbox waits for its turn: in that time a conversation takes as many as it does in a row.
 * Whoever would wait longer is handed back, so that the calls that wait are few.
 */
const usualMaxWaitMs = 2_000;

/**
 * The connector for calls of that urgency, which wait for their turn, `maxWaitMs` at most; left out: as long as a row
 * of the outbox does. What can't have its turn in time rejects with a DeliveryError that is held back.
 */
export type ConnectorFor = (urgency: Urgency, maxWaitMs?: number) => Connector;

const Tagging = z.looseObject({ mentioned: z.looseObject({ type: z.literal("tag") }) });
const Card = z.looseObject({ msteams: z.looseObject({ entities: z.array(z.unknown()) }) });

/** Makes connectors that share a budget. */
export function shareBudget(connector: Connector, budget: Budget): ConnectorFor {
  return (urgency, maxWaitMs = usualMaxWaitMs) => {
    const spend = <T>(account: Account, signal: AbortSignal, call: () => Promise<T>) =>
      budget.spend(account, { urgency, maxWaitMs, signal }, call);
    return {
      post(serviceUrl, conversation, activity, signal) {
        const account = { kind: "message", of: conversation, mentionsTag: mentionsTag(activity) } as const;
        return spend(account, signal, () => connector.post(serviceUrl, conversation, activity, signal));
      },
      update(serviceUrl, conversation, id, activity, signal) {
        const account = { kind: "message", of: conversation, mentionsTag: false } as const;
        return spend(account, signal, () => connector.update(serviceUrl, conversation, id, activity, signal));
      },
      createConversation(serviceUrl, teamsId, tenant, signal) {
        const account = { kind: "converse", of: teamsId, mentionsTag: false } as const;
        return spend(account, signal, () => connector.createConversation(serviceUrl, teamsId, tenant, signal));
      },
      findMember(serviceUrl, conversation, id, signal) {
        const account = { kind: "look-up", of: conversation, mentionsTag: false } as const;
        return spend(account, signal, () => connector.findMember(serviceUrl, conversation, id, signal));
      },
      findAnyMember(serviceUrl, conversation, signal) {
        const account = { kind: "look-up", of: conversation, mentionsTag: false } as const;
        return spend(account, signal, () => connector.findAnyMember(serviceUrl, conversation, signal));
      },
    };
  };
}

/** Whether a message mentions a tag, on its card, which is where tags are mentioned. */
function mentionsTag({ attachments = [] }: OutgoingActivity): boolean {
  return attachments.some(({ content }) => {
    const entities = Card.safeParse(content).data?.msteams.entities ?? [];
    return entities.some((entity) => Tagging.safeParse(entity).success);
  });
}
