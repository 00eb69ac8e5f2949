import type { Alarm } from "../../../domain/alarm.ts";
import { toPressed } from "../../../domain/incident/colleagues/elsewhere.ts";
import type { Press } from "../../../domain/incident/command.ts";
import { namesWhere, toJoiningButton } from "../../../domain/incident/press.ts";
import { toSaidWhere } from "../../../domain/incident/whereabouts/said-where.ts";
import type { Log } from "../../../log.ts";
import type { UnrecordedPress } from "../../../ports/status.ts";
import type { Occupations } from "../open/occupations.ts";
import { findJoined } from "../open/open-incidents.ts";
import type { UnrecordedQueue } from "./unrecorded-queue.ts";
import { toProgress, type Waiting, type Writing } from "./waiting.ts";

/** By then somebody has answered, or sent it again, and no duplicate is known any more (rule 2). */
const keptForMs = 24 * 3_600_000;
/** More buttons than this are not pressed while a disk takes nothing. */
const maxKept = 1_000;
/** Nor this many while Teams and no pager takes anything either; until then none is dropped that nobody has. */
const maxUnheard = 2_000;
/** Of one button: the first, by which its alarm is as old as it is, and the newest. */
const maxOfButton = 5;

/** A press that is kept in memory because it is not on disk. Its incident is the one that its card bears. */
export interface KeptPress extends UnrecordedPress, Waiting {
  readonly kind: "press";
  readonly alarm: Alarm;
  /** Whether somebody has it, by its card or a page. */
  isOut: boolean;
  /** In which incident the transaction under way has it, as far as it gets there. */
  writtenIn: string | null;
  /** What waits for it to be on disk. */
  readonly followers: ((incident: string) => Promise<void>)[];
}

/** The presses that could not be recorded, until they are (rule 1). Whom they occupy is rung for no other alarm. */
export class UnrecordedPresses {
  readonly #queue: UnrecordedQueue;
  readonly #occupations: Pick<Occupations, "add" | "settle">;
  readonly #log: Log;
  readonly #toWriting: Writing<KeptPress>;
  /** Each by the incident that its card bears, because every write asks that of every card. */
  readonly #byIncident = new Map<string, KeptPress>();
  /** Those which will open an alarm of their own once all that waits is on disk. */
  readonly #opening = new WeakSet<Press>();
  /** In which incident a press was recorded, by the one that its card bears, where these are two. */
  readonly #joined = new Map<string, string>();

  constructor(
    queue: UnrecordedQueue,
    occupations: Pick<Occupations, "add" | "settle">,
    log: Log,
    toWriting: Writing<KeptPress>,
  ) {
    this.#queue = queue;
    this.#occupations = occupations;
    this.#log = log;
    this.#toWriting = toWriting;
  }

  /** The one that is kept of that message; null: there is none, or it says something else by now. */
  find(source: string, { id, colleague }: Alarm): KeptPress | null {
    if (id === null || colleague?.isEdited) return null;
    return this.all.find(({ press, alarm }) => press.source === source && alarm.id === id) ?? null;
  }

  /**
   * Keeps a press, unless that message is kept already. `writing`: its write that may still succeed, which resolves
   * with the incident that has it; null: it changed none, because it was decided on before it went out.
   */
  keep(press: Press, alarm: Alarm, receivedAt: number, writing: Promise<string | null> | null): void {
    const known = this.find(press.source, alarm);
    const kept = known ?? this.#add(press, alarm, receivedAt, writing !== null);
    const noteRefused = () => {
      if (known === null) this.#queue.noteRefused(kept);
    };
    writing?.then((incident) => (incident === null ? noteRefused() : this.noteRecorded(kept, incident)), noteRefused);
  }

  /** Whether that press is not on disk yet. */
  has({ incident }: Pick<Press, "incident">): boolean {
    return this.#byIncident.has(incident);
  }

  /** Whether that alarm will be closed once all that waits is on disk, so that a press of now joins it no more. */
  isClosing(incident: string): boolean {
    return this.#queue.listClosing().has(incident);
  }

  /**
   * The id of the alarm of which a press of now will be that joins none that is open: that of the first that waits and
   * that it joins, or else its own.
   */
  toOpened(press: Press): string {
    const closing = this.#queue.listClosing();
    const opened = this.all.flatMap(({ press }) => {
      const { incident, source, channel, fixedPlace } = press;
      if (!this.#opening.has(press) || closing.has(incident)) return [];
      return [{ incident, source, channel, fixedPlace, button: toJoiningButton(press) }];
    });
    const joined = findJoined(opened, press);
    if (joined === null) this.#opening.add(press);
    return (joined ?? press).incident;
  }

  /** Teams or a pager has taken it. */
  noteOut({ incident }: Press): void {
    const kept = this.#byIncident.get(incident);
    if (kept !== undefined) kept.isOut = true;
  }

  /** It is on disk, in that incident; null: it changed none. */
  noteRecorded(kept: KeptPress, incident: string | null): void {
    this.#remove(kept);
    if (incident === null) return;
    this.#noteJoined(kept.press.incident, incident);
    for (const follow of kept.followers.splice(0)) void follow(incident);
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

  /** Oldest first. */
  get all(): readonly KeptPress[] {
    return this.#queue.listOf(isKeptPress);
  }

  /** The one that is kept still and on which a card depends that bears this incident; null: there is none. */
  keptBehind(id: string): KeptPress | null {
    return this.#byIncident.get(this.#joined.get(id) ?? id) ?? null;
  }

  /** In which incident a press is whose card bears this one; null: it is in none yet. */
  incidentOf(id: string): string | null {
    const kept = this.keptBehind(id);
    return kept === null ? (this.#joined.get(id) ?? id) : kept.writtenIn;
  }

  /** The newest of each button, of the last day. */
  list(now: number): readonly UnrecordedPress[] {
    this.#forgetOld(now);
    return [...new Map(this.all.map((kept) => [toButton(kept.press), kept])).values()];
  }

  /** Those which somebody has, of the last day. */
  listOut(now: number): readonly UnrecordedPress[] {
    this.#forgetOld(now);
    return this.all.filter(({ isOut }) => isOut);
  }

  #add(press: Press, alarm: Alarm, receivedAt: number, isBeingWritten: boolean): KeptPress {
    const kept: KeptPress = {
      ...{ kind: "press", press, alarm, receivedAt, holds: [], waitsFor: [], closes: null },
      ...{ isOut: false, writtenIn: null, followers: [] },
      ...toProgress(receivedAt, isBeingWritten),
      work: (tx) => this.#toWriting(kept).work(tx),
      onFault: (error) => this.#toWriting(kept).onFault(error),
      onGivenUp: () => this.#drop(kept, "stopped"),
    };
    this.#forgetOld(receivedAt);
    this.#makeRoom(press);
    this.#queue.add(kept);
    const { incident, holder } = press;
    this.#byIncident.set(incident, kept);
    const elsewhere = press.via === "visit" ? null : toPressed(toSaidWhere(press), receivedAt);
    if (holder?.id != null) this.#occupations.add(incident, { person: holder.id, at: receivedAt }, elsewhere);
    return kept;
  }

  #forgetOld(now: number): void {
    for (const kept of this.all) if (kept.receivedAt < now - keptForMs) this.#drop(kept, "old");
  }

  #makeRoom(press: Press): void {
    const { all } = this;
    const own = all.filter((kept) => kept.press.source === press.source && kept.press.button === press.button);
    if (own.length >= maxOfButton) this.#dropFrom(own);
    else if (all.length >= maxKept) this.#dropAny(all);
  }

  /** Drops one of a button that was pressed several times, as long as there is one. */
  #dropAny(all: readonly KeptPress[]): void {
    const buttons = Map.groupBy(all, (kept) => toButton(kept.press));
    const several = [...buttons.values()].find((kept) => kept.length > 1);
    if (several === undefined) this.#dropHeard(all);
    else this.#dropFrom(several);
  }

  #dropHeard(all: readonly KeptPress[]): void {
    const dropped = all.find(({ isOut }) => isOut) ?? (all.length < maxUnheard ? undefined : all[0]);
    if (dropped !== undefined) this.#drop(dropped, "many");
  }

  /** Drops one of a button, and not the first: the oldest that says nothing of where it is, as long as there is one. */
  #dropFrom([first, ...others]: readonly KeptPress[]): void {
    const dropped = others.find(({ press }) => !namesWhere(press)) ?? others[0];
    if (first === undefined || dropped === undefined) return;
    this.#drop(dropped, "many");
    // Its card leads to the alarm of its button.
    this.#noteJoined(dropped.press.incident, first.press.incident);
    first.followers.push(...dropped.followers);
  }

  #drop(kept: KeptPress, why: "old" | "many" | "stopped"): void {
    const { source, incident, place } = kept.press;
    this.#remove(kept);
    this.#log.error({ source, incident, place, why }, "press-not-kept");
  }

  #remove(kept: KeptPress): void {
    const { incident, holder } = kept.press;
    this.#queue.remove(kept);
    this.#byIncident.delete(incident);
    if (holder?.id != null) this.#occupations.settle(incident, holder.id, kept.receivedAt);
  }

  #noteJoined(id: string, incident: string): void {
    if (id === incident) return;
    for (const [from, to] of this.#joined) if (to === id) this.#joined.set(from, incident);
    this.#joined.set(id, incident);
    const [oldest] = this.#joined.keys();
    if (this.#joined.size > maxKept && oldest !== undefined) this.#joined.delete(oldest);
  }
}

export function isKeptPress(waiting: Waiting): waiting is KeptPress {
  return waiting.kind === "press";
}

function toButton({ source, button }: Press): string {
  return JSON.stringify([source, button]);
}
