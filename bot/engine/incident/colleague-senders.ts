import type { ReadyPager } from "../../contracts.ts";
import type { Person } from "../../domain/person.ts";
import { DeliveryError } from "../../errors.ts";
import { done } from "../../ports/send-outcome.ts";
import type { TeamsSender } from "../../ports/teams-sender.ts";
import type { Handler, Request } from "../kernel/handle.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { RingingRetries } from "../kernel/outbox/ringing-retries.ts";
import { reportToIncident, type Senders, type SendResult, soonGivenUp } from "../kernel/outbox/sender.ts";
import { pagerOf } from "../kernel/pager-of.ts";
import { type ComposePageWords, composeUnlinkedPage } from "./compose-page.ts";
import { loadIncident } from "./load-incident.ts";

/** A message to a person is given up after this many attempts. */
const maxMessageAttempts = 8;
/** A call is given up after this many attempts, because the next round calls again. */
const maxCallAttempts = 3;

export interface ColleagueSendersOptions {
  readonly handler: Handler;
  readonly teams: TeamsSender;
  readonly pagers: Readonly<Record<string, ReadyPager>>;
  readonly composePageWords: ComposePageWords;
  /** null: that colleague has no phone in the configuration. */
  readonly phoneOf: (person: Person) => string | null;
}

/** Makes the senders of 1:1 messages and phone calls to colleagues on duty. */
export function createColleagueSenders(
  { store }: Kernel,
  { handler, teams, pagers, composePageWords, phoneOf }: ColleagueSendersOptions,
): Pick<Senders, "message" | "call"> {
  const messages = new RingingRetries(maxMessageAttempts);
  const report = reportToIncident(handler, toDeliveryRequest);
  return {
    message: {
      async send({ incident: id, outgoing }, signal) {
        const incident = await store.read((reader) => reader.loadIncident(id));
        return incident === null ? done : teams.sendToPerson(outgoing.person, { kind: "incident", incident }, signal);
      },
      async after(tx, row, result) {
        messages.note(row, result);
        // A refusal may be false, so it is told once it is final.
        if (result.isRetried && result.failure?.reason === "refused") return [];
        return report(tx, row, result);
      },
      retry: messages.retry,
      waitMs: messages.waitMs,
    },
    call: {
      async before({ incident, key }) {
        // When the storage is down a call too many is better than none.
        const result = await handler.handle(incident, { kind: "delivery-starting", key }).catch(() => null);
        return result === null || result.reason === "delivery-started" ? "send" : "drop";
      },
      async send({ incident: id, key, outgoing }, signal) {
        const pager = pagerOf(pagers, outgoing.pager);
        if (pager.call === undefined) throw new DeliveryError("misconfigured", "this pager can't call colleagues");
        const phone = phoneOf(outgoing.person);
        if (phone === null) {
          throw new DeliveryError("misconfigured", "this colleague has no phone in the configuration");
        }
        const incident = await loadIncident(store, id);
        await pager.call(
          composeUnlinkedPage(incident, key, "unclaimed", composePageWords(incident, "unclaimed")),
          phone,
          signal,
        );
        return done;
      },
      after: report,
      retry: soonGivenUp(maxCallAttempts),
    },
  };
}

function toDeliveryRequest({ key }: { readonly key: string }, { failure }: SendResult): Request {
  if (failure === null) return { kind: "delivery-accepted", key };
  return { kind: "delivery-failed", key, reason: failure.reason };
}
