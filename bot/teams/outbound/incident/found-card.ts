import type { RecordedLine } from "../../../domain/incident/history.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import type { Store } from "../../../ports/store/store.ts";
import type { CardState, RoundReply, SentMessage } from "../../../ports/store/teams.ts";

/** An incident whose card stands in Teams, with what is not shown there yet. */
export interface FoundCard {
  readonly incident: Incident;
  /** Of the newest card. */
  readonly state: CardState;
  /** History that is not told yet. */
  readonly lines: readonly RecordedLine[];
  /** History about which nobody was asked yet; a part of it may be told. */
  readonly asks: readonly RecordedLine[];
  readonly reply: RoundReply;
  /** What `reply` tells, if it stands under the newest card and can be edited; else nothing. */
  readonly told: readonly RecordedLine[];
  /** Older cards that do not say yet that there is a newer one. */
  readonly older: readonly SentMessage[];
}

/** Loads it; null while no card stands. */
export function loadCard(store: Store, id: string): Promise<FoundCard | null> {
  return store.read(async (reader) => {
    const [state, incident, messages, replied] = await Promise.all([
      reader.loadCard(id),
      reader.loadIncident(id),
      reader.listMessages(id),
      reader.loadRoundReply(id),
    ]);
    if (state === null || incident === null) return null;
    const older = messages.filter(({ kind, activity }) => kind === "card" && activity !== state.activity);
    const { repliedTo } = state;
    const reply = replied ?? toNoReply(id, repliedTo);
    const isEditable = reply.activity !== "" && reply.card === state.activity;
    const from = Math.min(repliedTo, reply.askedTo, isEditable ? reply.from - 1 : repliedTo);
    const history = await reader.loadHistory(id, from);
    const isTold = ({ seq }: RecordedLine) => seq <= repliedTo;
    return {
      ...{ state, incident, older, reply },
      lines: history.filter((line) => !isTold(line)),
      asks: history.filter(({ seq }) => seq > reply.askedTo),
      told: isEditable ? history.filter((line) => isTold(line) && line.seq >= reply.from) : [],
    };
  });
}

/** Nothing stands there; of what was told before nobody waits to be asked. */
function toNoReply(incident: string, askedTo: number): RoundReply {
  return { incident, card: "", activity: "", from: 0, askedTo };
}
