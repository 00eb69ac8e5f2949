import type { Incident } from "../../domain/incident/incident.ts";
import { formatKey } from "../../domain/message-key.ts";
import type { Person } from "../../domain/person.ts";
import type { Directory } from "../../ports/directory.ts";
import type { NewOutboxRow } from "../../ports/store/outbox.ts";
import type { HowToTell, TeamsSender } from "../../ports/teams-sender.ts";
import type { Handler } from "../kernel/handle.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { findPress } from "../kernel/open/find-press.ts";
import type { OpenIncidents } from "../kernel/open/open-incidents.ts";
import { always, atMost, type Senders } from "../kernel/outbox/sender.ts";

/** The making of a card is given up after this many attempts; it is tried again each night. */
const maxAttempts = 8;

export interface PresserSendersOptions {
  readonly teams: Pick<TeamsSender, "tellPresser">;
  readonly openIncidents: Pick<OpenIncidents, "listNearest">;
  readonly directory: Pick<Directory, "presserHearsBy" | "locationsOfWearer">;
}

/** Makes the senders of what somebody is told of their own press (rule 27). */
export function createPresserSenders({
  teams,
  openIncidents,
  directory,
}: PresserSendersOptions): Pick<Senders, "presser" | "presser-card"> {
  return {
    presser: {
      send({ outgoing: { person } }, signal) {
        const isWearer = directory.locationsOfWearer(person).length > 0;
        const isTold = (alarm: Incident | null) =>
          directory.presserHearsBy(person, alarm?.location ?? null) === "message";
        const howToTell: HowToTell = (alarm) => {
          if (isTold(alarm)) return "message";
          return alarm === null && !isWearer ? "not" : "edit";
        };
        const open = findPress(openIncidents, person);
        // The card of who wears no button is the answer to one press, and shows no other.
        return teams.tellPresser(person, isWearer || isTold(open) ? open : null, howToTell, signal);
      },
      // What stands there must not go on showing an old state.
      retry: always,
    },
    "presser-card": {
      send({ outgoing: { person } }, signal) {
        // Whoever hears it by messages has no card made; one that stands there from before goes on being true.
        const isShown = directory
          .locationsOfWearer(person)
          .some((location) => directory.presserHearsBy(person, location) === "card");
        return teams.tellPresser(person, findPress(openIncidents, person), () => (isShown ? "card" : "edit"), signal);
      },
      retry: atMost(maxAttempts),
    },
  };
}

/** Has the card made, or brought up to date, of who hears of their own press. Never rejects: it is tried each night. */
export async function enqueuePresserCard(
  person: Person,
  { clock, log }: Pick<Kernel, "clock" | "log">,
  handler: Handler,
  directory: Pick<Directory, "locationsOfWearer">,
): Promise<void> {
  if (directory.locationsOfWearer(person).length === 0) return;
  const key = formatKey({ kind: "presser-card", person: person.id });
  const outgoing = { kind: "presser-card", person } as const;
  const row: NewOutboxRow = { key, lane: "quiet", incident: "", outgoing, dueAt: clock.now() };
  await handler
    .write(async (tx) => ({ value: null, commits: [await handler.enqueue(tx, [row])] }))
    .catch((error: unknown) => log.warn({ person: person.id, err: error }, "presser-card-not-enqueued"));
}
