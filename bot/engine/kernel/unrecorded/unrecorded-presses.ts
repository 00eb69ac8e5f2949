import type { Alarm } from "../../../domain/alarm.ts";
import { isWhereUnknown } from "../../../domain/incident/colleagues/elsewhere.ts";
import type { Press } from "../../../domain/incident/command.ts";
import type { Log } from "../../../log.ts";
import type { UnrecordedPress } from "../../../ports/status.ts";
import type { Occupations } from "../incidents/occupations.ts";
import { isDue, toWaiting, type WaitingAlarm } from "./waiting.ts";

/** By then somebody has answered, or sent it again, and no duplicate is known any more (rule 2). */
const keptForMs = 24 * 3_600_000;
/** More buttons than this are not pressed while a disk takes nothing. */
const maxKept = 1_000;
/** Of one button: the first, by which its alarm is as old as it is, and the newest. */
const maxOfButton = 5;

/** A press that is kept in memory because it is not on disk. Its incident is the one that its card bears. */
export interface KeptPress extends UnrecordedPress, WaitingAlarm {
  /** Whether somebody has it, by its card or a page. */
  isOut: boolean;
  /** In which incident the transaction under way has it, as far as it gets there. */
  writtenIn: string | null;
  /** What waits for it to be on disk. */
  readonly followers: ((incident: string) => Promise<void>)[];
}

/**
 * The presses that could not be recorded, oldest first, until they are (rule 1). Whom they occupy is rung for no other
 * alarm.
 */
export class UnrecordedPresses {
  readonly #occupations: Pick<Occupations, "add" | "forget">;
  readonly #log: Log;
  #kept: readonly KeptPress[] = [];
  /** In which incident a press was recorded, by the one that its card bears, where these are two. */
  readonly #joined = new Map<string, string>();

  constructor(occupations: Pick<Occupations, "add" | "forget">, log: Log) {
    this.#occupations = occupations;
    this.#log = log;
  }

  /** The one that is kept of that message; null: there is none, or it says something else by now. */
  find(source: string, { id, colleague }: Alarm): KeptPress | null {
    if (id === null || colleague?.isEdited) return null;
    return this.#kept.find(({ press, alarm }) => press.source === source && alarm.id === id) ?? null;
  }

  /**
   * Keeps a press, unless that message is kept already. `writing`: its write that may still succeed, which resolves
   * with the incident that has it; null: it changed none, because it was decided on before it went out.
   */
  keep(press: Press, alarm: Alarm, receivedAt: number, writing: Promise<string | null> | null): void {
    const waiting = toWaiting(alarm, receivedAt, writing !== null);
    const kept: KeptPress = { press, ...waiting, isOut: false, writtenIn: null, followers: [] };
    writing?.then(
      (incident) => {
        if (incident !== null) this.noteRecorded(kept, incident);
        kept.isBeingWritten = false;
      },
      () => {
        kept.isBeingWritten = false;
      },
    );
    if (this.find(press.source, alarm) !== null) return;
    this.#forgetOld(receivedAt);
    this.#makeRoom(press);
    this.#kept = [...this.#kept, kept];
    const { incident: id, holder } = press;
    const how = isWhereUnknown(press) ? "lost" : null;
    const isByTimer = press.via === "visit";
    if (holder?.id != null) this.#occupations.add(id, { person: holder.id, at: receivedAt }, isByTimer ? "visit" : how);
  }

  /** Whether that press is not on disk yet. */
  has({ incident }: Pick<Press, "incident">): boolean {
    return this.#kept.some(({ press }) => press.incident === incident);
  }

  /** Teams or a pager has taken it. */
  noteOut({ incident }: Press): void {
    for (const kept of this.#kept) if (kept.press.incident === incident) kept.isOut = true;
  }

  /** It is on disk, in that incident; null: it changed none. */
  noteRecorded(kept: KeptPress, incident: string | null): void {
    if (!this.#kept.includes(kept)) return;
    this.#kept = this.#kept.filter((each) => each !== kept);
    if (incident !== kept.press.incident) this.#occupations.forget(kept.press.incident);
    if (incident === null) return;
    this.#noteJoined(kept.press.incident, incident);
    for (const follow of kept.followers) void follow(incident);
  }

  /**
   * Calls `follow`, which never rejects, with the incident of the press whose card bears this one: at once where that
   * is on disk, and resolves then, else as soon as it is.
   */
  async whenRecorded(id: string, follow: (incident: string) => Promise<void>): Promise<void> {
    const kept = this.keptBehind(id);
    if (kept === null) await follow(this.#joined.get(id) ?? id);
    else kept.followers.push(follow);
  }

  get all(): readonly KeptPress[] {
    return this.#kept;
  }

  /** Those that wait for the disk, oldest first. */
  listDue(now: number): readonly KeptPress[] {
    return this.#kept.filter((kept) => isDue(kept, now));
  }

  /** The one that is kept still and on which a card depends that bears this incident; null: there is none. */
  keptBehind(id: string): KeptPress | null {
    const incident = this.#joined.get(id) ?? id;
    return this.#kept.find(({ press }) => press.incident === incident) ?? null;
  }

  /** In which incident a press is whose card bears this one; null: it is in none yet. */
  incidentOf(id: string): string | null {
    const kept = this.keptBehind(id);
    return kept === null ? (this.#joined.get(id) ?? id) : kept.writtenIn;
  }

  /** The newest of each button, of the last day. */
  list(now: number): readonly UnrecordedPress[] {
    this.#forgetOld(now);
    return [...new Map(this.#kept.map((kept) => [toButton(kept.press), kept])).values()];
  }

  /** Those which somebody has, of the last day. */
  listOut(now: number): readonly UnrecordedPress[] {
    this.#forgetOld(now);
    return this.#kept.filter(({ isOut }) => isOut);
  }

  /** Forgets all that is kept, because the process ends. */
  giveUp(): void {
    for (const kept of this.#kept) this.#drop(kept, "stopped");
  }

  #forgetOld(now: number): void {
    for (const kept of this.#kept) if (kept.receivedAt < now - keptForMs) this.#drop(kept, "old");
  }

  #makeRoom(press: Press): void {
    const ofButton = this.#kept.filter((kept) => toButton(kept.press) === toButton(press));
    if (ofButton.length >= maxOfButton) this.#dropSecond(ofButton);
    if (this.#kept.length < maxKept) return;
    const buttons = [...Map.groupBy(this.#kept, (kept) => toButton(kept.press)).values()];
    this.#dropSecond(buttons.find((kept) => kept.length > 1) ?? this.#kept.slice(0, 1));
  }

  /** Drops one of a button, and of several not the first. */
  #dropSecond([first, second]: readonly KeptPress[]): void {
    if (first === undefined) return;
    this.#drop(second ?? first, "many");
    if (second === undefined) return;
    // Its card leads to the alarm of its button.
    this.#noteJoined(second.press.incident, first.press.incident);
    first.followers.push(...second.followers);
  }

  #drop(kept: KeptPress, why: "old" | "many" | "stopped"): void {
    const { source, incident, place } = kept.press;
    this.#kept = this.#kept.filter((each) => each !== kept);
    this.#occupations.forget(incident);
    this.#log.error({ source, incident, place, why }, "press-not-kept");
  }

  #noteJoined(id: string, incident: string): void {
    if (id === incident) return;
    for (const [from, to] of this.#joined) if (to === id) this.#joined.set(from, incident);
    this.#joined.set(id, incident);
    const [oldest] = this.#joined.keys();
    if (this.#joined.size > maxKept && oldest !== undefined) this.#joined.delete(oldest);
  }
}

function toButton({ source, button }: Press): string {
  return JSON.stringify([source, button]);
}
