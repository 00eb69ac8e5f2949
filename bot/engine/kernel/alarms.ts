import { type Alarm, limitAlarms, mayBePress, mayChangeIncident } from "../../domain/alarm.ts";
import {
  type ButtonState,
  isRepeatedState,
  judgeState,
  toButtonState,
  toStateName,
} from "../../domain/device/button-state.ts";
import type { Press } from "../../domain/incident/command.ts";
import { isSince } from "../../domain/incident/time/is-since.ts";
import { late, withTimeout } from "../../kit/with-timeout.ts";
import type { Directory } from "../../ports/directory.ts";
import type { Transaction } from "../../ports/store/store.ts";
import type { AlarmReceipt, TakeAlarms } from "../../ports/take-alarms.ts";
import type { Request } from "./decisions.ts";
import { type Commit, type Handler, type Work, writeWithinMs } from "./handle.ts";
import { createIncidentId } from "./incidents/incident-id.ts";
import { loadOpen, withoutTakenPlace } from "./incidents/load-open.ts";
import { loadOrRestore } from "./incidents/load-or-restore.ts";
import type { Kernel } from "./kernel.ts";
import type { LastSeenBuffer } from "./last-seen-buffer.ts";
import { type AlarmChange, noChange, seen, toOutcome } from "./taking/alarm-change.ts";
import { correctPlace } from "./taking/correct-place.ts";
import { EndedStates } from "./taking/ended-states.ts";
import { foreseeAlarms } from "./taking/foresee.ts";
import { HeardStates } from "./taking/heard-states.ts";
import { isButton, isMuted } from "./taking/is-muted.ts";
import { loadLeftBehind } from "./taking/load-left-behind.ts";
import { isEnd, type UnrecordedEnds } from "./unrecorded/unrecorded-ends.ts";
import type { UnrecordedPresses } from "./unrecorded/unrecorded-presses.ts";

/** A duplicate is recognised for this long (rule 2). */
export const duplicateMs = 24 * 3_600_000;

/** The result of an alarm inside a transaction. */
export interface AlarmResult {
  readonly receipt: AlarmReceipt;
  readonly commits: readonly Commit[];
}

export interface AlarmsOptions {
  readonly handler: Handler;
  readonly directory: Directory;
  readonly lastSeen: LastSeenBuffer;
  readonly presses: UnrecordedPresses;
  readonly ends: UnrecordedEnds;
  readonly unstored: {
    /** Called when the storage is down, because the sender may not try again (rule 1). */
    raise(press: Press, key: string | null, receivedAt: number): void;
  };
}

/** Turns alarms into commands on incidents. */
export class Alarms {
  readonly #kernel: Pick<Kernel, "clock" | "log">;
  readonly #options: AlarmsOptions;
  readonly #endedStates = new EndedStates();
  readonly #heardStates = new HeardStates();
  /** The ids of the incidents that alarms open, the same on disk and from memory, so that they go on on one card. */
  readonly #ids = new WeakMap<Alarm, string>();

  constructor(kernel: Pick<Kernel, "clock" | "log">, options: AlarmsOptions) {
    this.#kernel = kernel;
    this.#options = options;
  }

  /** Takes the alarms of one message. An arrow function, because it is passed on without its object. */
  readonly take: TakeAlarms = async (source, all, receivedAt) => {
    const alarms = limitAlarms(all);
    const taking = this.#takeAll(source, alarms, receivedAt);
    try {
      using _entry = this.#options.handler.presses.enter();
      const receipts = await withTimeout(this.#kernel.clock, writeWithinMs, taking);
      if (receipts === late) throw new Error("the storage did not answer in time");
      return receipts;
    } catch (error) {
      this.#kernel.log.error({ source, err: error }, "alarm-not-recorded");
      alarms.forEach((alarm, index) => {
        const writing = taking.then((receipts) => receipts[index]?.incident ?? null);
        if (mayBePress(alarm.kind)) this.raise(source, alarm, receivedAt, writing);
        else this.#keepRest(source, alarm, receivedAt, writing);
      });
      throw error;
    }
  };

  /** Takes one alarm inside a transaction of the caller, who returns the commits from `write`. */
  async takeIn(tx: Transaction, source: string, alarm: Alarm, receivedAt: number): Promise<AlarmResult> {
    const taken = await this.takeKeptIn(tx, source, alarm, receivedAt);
    if (alarm.state !== null && taken.receipt.outcome !== "duplicate") {
      const before = await this.#loadState(tx, source, alarm, receivedAt);
      // One that was kept may be written behind what was said since.
      const isKnown = isSince(before?.at, { now: receivedAt, decidedAt: this.#kernel.clock.now() });
      if (!isKnown) await tx.saveButtonState(toButtonState(before, source, alarm, receivedAt));
    }
    return taken;
  }

  /**
   * As `takeIn`, of a press that was kept: it says nothing of how its state is, because that may have ended while
   * nothing was written, and the next one would be taken for this.
   */
  async takeKeptIn(tx: Transaction, source: string, alarm: Alarm, receivedAt: number): Promise<AlarmResult> {
    const earlier = alarm.id === null || !mayChangeIncident(alarm) ? null : await tx.findAlarm(source, alarm.id);
    const isForAlarm = earlier?.incident == null && this.#isOut(alarm);
    if (earlier !== null && !isForAlarm && receivedAt - earlier.receivedAt < duplicateMs) {
      if (isRepeatedState(alarm)) await tx.saveAlarm({ ...earlier, receivedAt });
      const { commits } =
        isRepeatedState(alarm) && mayBePress(alarm.kind)
          ? await this.#pressOn(tx, source, alarm, receivedAt)
          : { commits: await correctPlace(tx, this.#options, { source, alarm, receivedAt }, earlier.incident) };
      return { receipt: { incident: earlier.incident, outcome: "duplicate" }, commits };
    }
    const { incident, outcome, commits } = await this.#applyAlarm(tx, source, alarm, receivedAt);
    // A position or cancel without an open incident is not recorded, because trackers send positions all day.
    const isRemembered = mayBePress(alarm.kind) || (mayChangeIncident(alarm) && incident !== null);
    if (alarm.id !== null && isRemembered) await tx.saveAlarm({ source, key: alarm.id, incident, outcome, receivedAt });
    return { receipt: { incident, outcome }, commits };
  }

  /**
   * Sends a press that can't be recorded from memory, once, and keeps it until it can (rule 1). `writing`: its write
   * that may still succeed, which resolves with the incident that has it; left out: there is none.
   */
  raise(source: string, alarm: Alarm, receivedAt: number, writing: Promise<string | null> | null = null): void {
    const { directory, presses, unstored } = this.#options;
    const press = directory.toPress(source, alarm, this.#idOf(source, alarm, receivedAt), receivedAt);
    presses.keep(press, alarm, receivedAt, writing);
    // An edit may say where that is, and its message went out before.
    unstored.raise(press, alarm.colleague?.isEdited ? null : alarm.id, receivedAt);
  }

  /** The incident that it opens, where it opens one, and that its card from memory bears; null: it was not taken. */
  incidentOf(alarm: Alarm): string | null {
    return this.#ids.get(alarm) ?? null;
  }

  /** What is no press shows how its button is without the disk, and its end is kept until it is there. */
  #keepRest(source: string, alarm: Alarm, receivedAt: number, writing: Promise<unknown>): void {
    this.#options.lastSeen.note(source, alarm, receivedAt);
    if (isEnd(alarm)) this.#options.ends.keep(source, alarm, receivedAt, writing);
  }

  /** What the source last said of that state, by then. */
  async #loadState(tx: Transaction, source: string, alarm: Alarm, receivedAt: number): Promise<ButtonState | null> {
    const onDisk = await tx.loadButtonState(source, toStateName(alarm));
    return this.#options.ends.stateAt(source, alarm, receivedAt, onDisk);
  }

  async #takeAll(source: string, alarms: readonly Alarm[], receivedAt: number): Promise<readonly AlarmReceipt[]> {
    for (const alarm of alarms) this.#heardStates.doubt(source, alarm);
    const states = alarms.map((alarm) => this.#endedStates.follow(source, alarm, receivedAt));
    const mustWrite = alarms.some(mayChangeIncident) || states.some((noteEnd) => noteEnd !== null);
    // Hundreds of heartbeats come in each second, and almost none changes what has to be on disk.
    const receipts = mustWrite ? await this.#record(source, alarms, receivedAt) : alarms.map(() => seen);
    for (const noteEnd of states) noteEnd?.();
    receipts.forEach(({ incident, outcome }, index) => {
      const alarm = alarms[index];
      if (alarm === undefined) return;
      // Noted only after the commit, because a press that could not be recorded comes again and must not count as seen.
      if (alarm.colleague === null) this.#options.lastSeen.note(source, alarm, receivedAt);
      // What is said once more says nothing of how its state is now.
      if (outcome !== "duplicate") this.#heardStates.note(source, alarm);
      if (mayChangeIncident(alarm))
        this.#kernel.log.info({ source, kind: alarm.kind, incident, outcome }, "alarm-taken");
    });
    return receipts;
  }

  /**
   * What may be a press is written however late the disk takes it, though its sender is told that it failed; and so is
   * the end of a state, or the press before it would go on.
   */
  #record(source: string, alarms: readonly Alarm[], receivedAt: number): Promise<readonly AlarmReceipt[]> {
    const { handler, directory } = this.#options;
    const work: Work<readonly AlarmReceipt[]> = async (tx) => {
      const all: AlarmResult[] = [];
      for (const alarm of alarms) all.push(await this.takeIn(tx, source, alarm, receivedAt));
      return { value: all.map((each) => each.receipt), commits: all.flatMap(({ commits }) => commits) };
    };
    const isLateToo = alarms.some(({ kind, state }) => mayBePress(kind) || state !== null);
    const foreseen = foreseeAlarms(directory, source, alarms, receivedAt);
    return isLateToo ? handler.writeLate(work, foreseen) : handler.write(work, foreseen);
  }

  async #applyAlarm(tx: Transaction, source: string, alarm: Alarm, receivedAt: number): Promise<AlarmChange> {
    switch (alarm.kind) {
      case "press":
        return this.#press(tx, source, alarm, receivedAt);
      case "unreadable":
        return (await isMuted(tx, source, alarm, receivedAt))
          ? this.#pressIfOut(tx, source, alarm, receivedAt)
          : this.#press(tx, source, alarm, receivedAt);
      case "pressed":
      case "still-pressed":
        return this.#pressByState(tx, source, alarm, receivedAt);
      case "cancel":
        return this.#commandOpenIncident(tx, source, alarm, receivedAt, { kind: "cancel" });
      case "position":
        if (alarm.position === null) return noChange;
        return this.#commandOpenIncident(tx, source, alarm, receivedAt, {
          kind: "position",
          position: alarm.position,
        });
      default:
        return noChange;
    }
  }

  async #press(
    tx: Transaction,
    source: string,
    alarm: Alarm,
    receivedAt: number,
    changes: Partial<Press> = {},
  ): Promise<AlarmChange> {
    const { handler, directory } = this.#options;
    const id = this.#idOf(source, alarm, receivedAt);
    const press = { ...directory.toPress(source, alarm, id, receivedAt), ...changes };
    const open = await loadOpen(tx, press);
    if (open !== null) {
      const moment = { now: receivedAt, decidedAt: this.#kernel.clock.now() };
      const left = await loadLeftBehind(tx, directory, press, open, moment);
      const joining = await withoutTakenPlace(tx, press, open);
      const { result, commit } = await handler.handleIn(tx, open.id, { kind: "press", press: joining }, receivedAt);
      const commits = [commit];
      for (const each of left) commits.push(...(await this.#press(tx, each.source, each.alarm, receivedAt)).commits);
      return { incident: open.id, outcome: toOutcome(result?.reason), commits };
    }
    const { policy } = directory.policyOf(press);
    const { commit } = await handler.open(tx, press, policy, receivedAt);
    return { incident: press.incident, outcome: "opened", commits: [commit] };
  }

  /**
   * Takes a state that is on for a press, unless it is surely one that was taken before, whose alarm a person may have
   * closed meanwhile (rule 2).
   */
  async #pressByState(tx: Transaction, source: string, alarm: Alarm, receivedAt: number): Promise<AlarmChange> {
    const before = await this.#loadState(tx, source, alarm, receivedAt);
    const judgement = judgeState(before, alarm, receivedAt, this.#heardStates.has(source, alarm));
    if (judgement !== "repeated") {
      return this.#press(tx, source, alarm, receivedAt, { mayBeRepeat: judgement === "doubtful" });
    }
    const goesOn = await this.#pressOn(tx, source, alarm, receivedAt);
    return goesOn.incident === null ? this.#pressIfOut(tx, source, alarm, receivedAt) : goesOn;
  }

  /** Notes in its open alarm, if there is one, that a press goes on which was taken before. */
  async #pressOn(tx: Transaction, source: string, alarm: Alarm, receivedAt: number): Promise<AlarmChange> {
    const { directory } = this.#options;
    const open = await loadOpen(tx, directory.toPress(source, alarm, "", receivedAt));
    const found = open && (await loadOrRestore(tx, directory, open.id));
    const isItsOwn = found?.incident.pressers.some((presser) => isButton(presser.button, alarm.button)) ?? false;
    return isItsOwn ? this.#press(tx, source, alarm, receivedAt, { isOngoing: true }) : noChange;
  }

  /**
   * What opens nothing, unless it went out from memory: then somebody may have gone there, and only a person says that
   * it is over.
   */
  async #pressIfOut(tx: Transaction, source: string, alarm: Alarm, receivedAt: number): Promise<AlarmChange> {
    return this.#isOut(alarm) ? this.#press(tx, source, alarm, receivedAt, { mayBeRepeat: true }) : noChange;
  }

  #isOut(alarm: Alarm): boolean {
    const incident = this.incidentOf(alarm);
    return incident !== null && this.#options.presses.has({ incident });
  }

  #idOf(source: string, alarm: Alarm, receivedAt: number): string {
    const kept = this.#options.presses.find(source, alarm);
    const id = kept?.press.incident ?? this.#ids.get(alarm) ?? createIncidentId(receivedAt);
    this.#ids.set(alarm, id);
    return id;
  }

  /** Applies a request to the open incident of that button, if there is one. */
  async #commandOpenIncident(
    tx: Transaction,
    source: string,
    alarm: Alarm,
    receivedAt: number,
    request: Request,
  ): Promise<AlarmChange> {
    const { handler, directory } = this.#options;
    const { button } = directory.toPress(source, alarm, "", 0);
    const incident = await tx.loadOpenByButton(source, button);
    if (incident === null) return noChange;
    const { commit } = await handler.handleIn(tx, incident.id, request, receivedAt);
    return { incident: incident.id, outcome: "seen", commits: [commit] };
  }
}
