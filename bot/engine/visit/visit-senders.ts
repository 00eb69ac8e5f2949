import type { Person } from "../../domain/person.ts";
import type { IsOccupied } from "../../ports/occupied.ts";
import { done, type SendOutcome } from "../../ports/send-outcome.ts";
import type { MessagePlace } from "../../ports/store/personal-cards.ts";
import type { Transaction } from "../../ports/store/store.ts";
import type { TeamsSender } from "../../ports/teams-sender.ts";
import type { Handler } from "../kernel/handle.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { toPresserRow } from "../kernel/outbox/presser-row.ts";
import { RingingRetries } from "../kernel/outbox/ringing-retries.ts";
import type { RowOf, Senders, SendResult } from "../kernel/outbox/sender.ts";

const maxAttempts = 8;

export interface VisitSendersOptions {
  readonly handler: Handler;
  readonly teams: Pick<TeamsSender, "sendToPerson">;
  readonly isInAnother: IsOccupied;
  /** Lets a message show from then on what becomes of a visit, or of the alarm that it became. */
  readonly follower: {
    followVisitIn(tx: Transaction, person: Person, message: MessagePlace): Promise<unknown>;
    followAlarmIn(tx: Transaction, person: Person, incident: string, message: MessagePlace): Promise<unknown>;
  };
}

/** Makes the senders of messages to somebody on a visit. */
export function createVisitSenders(
  { store, clock }: Kernel,
  { handler, teams, follower, isInAnother }: VisitSendersOptions,
): Pick<Senders, "visit-ask" | "visit-pressed"> {
  const retries = new RingingRetries(maxAttempts);
  const { retry, waitMs } = retries;
  /** What stands there shows it without a sound, whatever became of this message. */
  async function after(tx: Transaction, row: RowOf<"visit-ask" | "visit-pressed">, result: SendResult) {
    retries.note(row, result);
    return [await handler.enqueue(tx, [toPresserRow(row.outgoing.person, clock.now())])];
  }
  return {
    "visit-ask": {
      async send({ outgoing: { person, endsAt, asked } }, signal) {
        // A sound may give them away (rule 7): nothing is asked, and unanswered it is a press all the same.
        if (isInAnother(person, "")) return done;
        const visit = await store.read((reader) => reader.loadVisit(person.id));
        // The visit was ended, made longer or asked about again meanwhile, so this question is void.
        if (visit?.endsAt !== endsAt || visit.asked !== asked) return done;
        const outcome = await teams.sendToPerson(visit.person, { kind: "visit-ask", visit }, signal);
        return toFollowed(outcome, (tx, posted) => follower.followVisitIn(tx, person, posted));
      },
      after,
      ...{ retry, waitMs },
    },
    "visit-pressed": {
      async send({ incident, outgoing: { person } }, signal) {
        // An earlier version noted no alarm there.
        if (incident !== "" && isInAnother(person, incident)) return done;
        const outcome = await teams.sendToPerson(person, { kind: "visit-pressed" }, signal);
        return toFollowed(outcome, (tx, posted) => follower.followAlarmIn(tx, person, incident, posted));
      },
      after,
      ...{ retry, waitMs },
    },
  };
}

/** Lets the message go on that was posted. */
function toFollowed(
  outcome: SendOutcome,
  follow: (tx: Transaction, posted: MessagePlace) => Promise<unknown>,
): SendOutcome {
  const { record, posted } = outcome;
  if (posted === undefined) return outcome;
  return {
    ...outcome,
    async record(tx) {
      await record?.(tx);
      await follow(tx, posted);
    },
  };
}
