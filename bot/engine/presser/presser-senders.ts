import type { Incident } from "../../domain/incident/incident.ts";
import { formatKey } from "../../domain/message-key.ts";
import type { Person } from "../../domain/person.ts";
import type { Directory } from "../../ports/directory.ts";
import type { NewOutboxRow } from "../../ports/store/outbox.ts";
import type { TeamsSender } from "../../ports/teams-sender.ts";
import type { Handler } from "../kernel/handle.ts";
import type { OpenIncidents } from "../kernel/incidents/open-incidents.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { always, atMost, type Senders } from "../kernel/outbox/sender.ts";

/** The making of a card is given up after this many attempts; it is tried again each night. */
const maxAttempts = 8;

export interface PresserSendersOptions {
  readonly teams: Pick<TeamsSender, "tellPresser">;
  readonly openIncidents: Pick<OpenIncidents, "all">;
  readonly directory: Pick<Directory, "presserHearsBy">;
}

/** Makes the senders of what somebody is told of their own press (rule 27). */
export function createPresserSenders({
  teams,
  openIncidents,
  directory,
}: PresserSendersOptions): Pick<Senders, "presser" | "presser-card"> {
  /** The open alarm of theirs in which they pressed last; null: none of theirs is open. */
  function findOpen({ id }: Person): Incident | null {
    const pressed = openIncidents.all().flatMap(({ incident }) => {
      const moments = incident.pressers.flatMap(({ holder, at }) => (holder?.id === id ? [at] : []));
      return moments.length === 0 ? [] : [{ incident, at: Math.max(...moments) }];
    });
    const newest = pressed.toSorted((one, other) => one.at - other.at || one.incident.number - other.incident.number);
    return newest.at(-1)?.incident ?? null;
  }

  return {
    presser: {
      send({ outgoing: { person } }, signal) {
        const how = directory.presserHearsBy(person) === "message" ? "message" : "edit";
        return teams.tellPresser(person, findOpen(person), how, signal);
      },
      // What stands there must not go on showing an old state.
      retry: always,
    },
    "presser-card": {
      send({ outgoing: { person } }, signal) {
        // Whoever hears it by messages has no card made; one that stands there from before goes on being true.
        const how = directory.presserHearsBy(person) === "message" ? "edit" : "card";
        return teams.tellPresser(person, findOpen(person), how, signal);
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
  directory: Pick<Directory, "presserHearsBy">,
): Promise<void> {
  if (directory.presserHearsBy(person) === null) return;
  const key = formatKey({ kind: "presser-card", person: person.id });
  const outgoing = { kind: "presser-card", person } as const;
  const row: NewOutboxRow = { key, lane: "quiet", incident: "", outgoing, dueAt: clock.now() };
  await handler
    .write(async (tx) => ({ value: null, commits: [await handler.enqueue(tx, [row])] }))
    .catch((error: unknown) => log.warn({ person: person.id, err: error }, "presser-card-not-enqueued"));
}
