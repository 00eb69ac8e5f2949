import type { RecordedLine } from "../../../domain/incident/history.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import type { Store } from "../../../ports/store/store.ts";
import type { CardState, SentMessage } from "../../../ports/store/teams.ts";

/** An incident whose card stands in Teams, with what is not shown there yet. */
export interface FoundCard {
  readonly incident: Incident;
  /** Of the newest card. */
  readonly state: CardState;
  /** History that has no reply yet. */
  readonly lines: readonly RecordedLine[];
  /** Older cards that do not say yet that there is a newer one. */
  readonly older: readonly SentMessage[];
}

/** Loads it; null while no card stands. */
export function loadCard(store: Store, id: string): Promise<FoundCard | null> {
  return store.read(async (reader) => {
    const state = await reader.loadCard(id);
    const incident = state === null ? null : await reader.loadIncident(id);
    if (state === null || incident === null) return null;
    const messages = await reader.listMessages(id);
    const older = messages.filter(({ kind, activity }) => kind === "card" && activity !== state.activity);
    return { state, incident, older, lines: await reader.loadHistory(id, state.repliedTo) };
  });
}
