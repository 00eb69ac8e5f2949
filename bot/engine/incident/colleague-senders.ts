import type { ReadyPager } from "../../contracts.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import type { Person } from "../../domain/person.ts";
import { DeliveryError } from "../../errors.ts";
import type { Directory } from "../../ports/directory.ts";
import type { IsOccupied } from "../../ports/occupied.ts";
import { done } from "../../ports/send-outcome.ts";
import type { TeamsSender } from "../../ports/teams-sender.ts";
import type { Request } from "../kernel/decisions.ts";
import type { Handler } from "../kernel/handle.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { RingingRetries } from "../kernel/outbox/ringing-retries.ts";
import { always, reportToIncident, type Senders, type SendResult, soonGivenUp } from "../kernel/outbox/sender.ts";
import { pagerOf } from "../kernel/pager-of.ts";
import type { UnrecordedIncidents } from "../kernel/unrecorded/unrecorded-incidents.ts";
import { type ComposePageWords, composeUnlinkedPage, type SiteFor } from "./compose-page.ts";
import { toChatRow } from "./effect-rows.ts";
import { loadIncident, recallAhead } from "./load-incident.ts";

/** A message to a person is given up after this many attempts. */
const maxMessageAttempts = 8;
/** Of so many open alarms it is looked whether one is at the place of one that was closed. */
const maxOpen = 1_000;
/** A call is given up after this many attempts, because the next round calls again. */
const maxCallAttempts = 3;

export interface ColleagueSendersOptions {
  readonly handler: Handler;
  readonly teams: TeamsSender;
  readonly pagers: Readonly<Record<string, ReadyPager>>;
  readonly composePageWords: ComposePageWords;
  readonly isOccupied: IsOccupied;
  readonly directory: Pick<Directory, "phoneOf">;
  readonly siteFor: SiteFor;
  readonly unrecorded: Pick<UnrecordedIncidents, "of" | "isAhead">;
}

/** Makes the senders of 1:1 messages, of the cards that follow them, and of phone calls to colleagues on duty. */
export function createColleagueSenders(
  { store, clock }: Kernel,
  { handler, teams, pagers, composePageWords, siteFor, directory, isOccupied, unrecorded }: ColleagueSendersOptions,
): Pick<Senders, "message" | "chat" | "all-clear" | "let-go" | "call"> {
  const messages = new RingingRetries(maxMessageAttempts);
  const allClears = new RingingRetries(maxMessageAttempts);
  const lettingGo = new RingingRetries(maxMessageAttempts);
  const report = reportToIncident(handler, toDeliveryRequest);

  /**
   * Whether the same button, or the same place, has an open alarm again, so that nobody must turn round; or whether
   * another one occupies this person, whom a sound may give away there (rule 7).
   */
  async function isBetterSilent({ id, source, button, place }: Incident, person: Person): Promise<boolean> {
    if (isOccupied(person, id)) return true;
    const open = await store.read((reader) => reader.listOpen(maxOpen));
    return open.some((other) => {
      const isAgain = (other.source === source && other.button === button) || (place !== null && other.place === place);
      return other.id !== id && isAgain;
    });
  }

  return {
    message: {
      async send({ incident: id, outgoing }, signal, recalled) {
        const recall = recalled ?? recallAhead(unrecorded, id);
        const incident = recall === null ? await store.read((reader) => reader.loadIncident(id)) : recall();
        if (incident === null) return done;
        const content = { kind: "incident", incident, ...(recall && { recall }) } as const;
        return teams.sendToPerson(outgoing.person, content, signal);
      },
      async after(tx, row, result) {
        messages.note(row, result);
        // A refusal may be false, so it is told once it is final.
        if (result.isRetried && result.failure?.reason === "refused") return [];
        const reported = await report(tx, row, result);
        if (result.failure !== null || result.isWithheld) return reported;
        const { incident, outgoing } = row;
        return [...reported, await handler.enqueue(tx, [toChatRow(incident, outgoing.person, clock.now())])];
      },
      retry: messages.retry,
      waitMs: messages.waitMs,
    },
    chat: {
      send: ({ incident, outgoing }, signal) => teams.syncChatCards(incident, outgoing.person, signal),
      // What stands there must not go on showing an old state; what Teams refuses for good is let go by the sender.
      retry: always,
    },
    "all-clear": {
      async send({ incident: id, outgoing }, signal) {
        const incident = await store.read((reader) => reader.loadIncident(id));
        if (incident === null || (await isBetterSilent(incident, outgoing.person))) return done;
        return teams.sendToPerson(outgoing.person, { kind: "all-clear", incident }, signal);
      },
      after: allClears.after,
      retry: allClears.retry,
      waitMs: allClears.waitMs,
    },
    "let-go": {
      async send({ incident: id, outgoing }, signal) {
        const incident = await store.read((reader) => reader.loadIncident(id));
        if (incident === null || !isLetGo(incident, outgoing.person) || isOccupied(outgoing.person, id)) return done;
        return teams.sendToPerson(outgoing.person, { kind: "let-go", incident }, signal);
      },
      after: lettingGo.after,
      retry: lettingGo.retry,
      waitMs: lettingGo.waitMs,
    },
    call: {
      async before({ incident, key, outgoing }) {
        const result = await handler.handle(incident, { kind: "delivery-starting", key }).catch(() => null);
        if (result !== null) return result.reason === "delivery-started" ? "send" : "drop";
        // When the storage is down a call too many is better than none, but for a phone beside an aggressor.
        return isOccupied(outgoing.person, incident) ? "drop" : "send";
      },
      async send({ incident: id, key, outgoing }, signal) {
        const pager = pagerOf(pagers, outgoing.pager);
        if (pager.call === undefined) throw new DeliveryError("misconfigured", "this pager can't call colleagues");
        const phone = directory.phoneOf(outgoing.person);
        if (phone === null) {
          throw new DeliveryError("misconfigured", "this colleague has no phone in the configuration");
        }
        const incident = unrecorded.of(id)?.incident ?? (await loadIncident(store, id));
        const site = siteFor(incident, null);
        const words = composePageWords(incident, "unclaimed", site);
        await pager.call(composeUnlinkedPage(incident, key, "unclaimed", words, site), phone, signal);
        return done;
      },
      after: report,
      retry: soonGivenUp(maxCallAttempts),
    },
  };
}

/** Whether it still goes on without that person: they answered nothing new, and nobody asked them anew. */
function isLetGo({ closedAt, responders, deliveries }: Incident, { id }: Person): boolean {
  const isOut = responders.some(({ person, state, helpAt }) => {
    return person.id === id && state === "none" && helpAt === undefined;
  });
  return closedAt === null && isOut && deliveries.every(({ person }) => person.id !== id);
}

function toDeliveryRequest({ key }: { readonly key: string }, { failure, isWithheld }: SendResult): Request {
  if (isWithheld) return { kind: "delivery-withheld", key };
  if (failure === null) return { kind: "delivery-accepted", key };
  return { kind: "delivery-failed", key, reason: failure.reason };
}
