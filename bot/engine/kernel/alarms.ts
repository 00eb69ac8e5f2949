import { randomUUID } from "node:crypto";
import type { Alarm } from "../../domain/alarm.ts";
import { isSameAlarm } from "../../domain/device/last-seen.ts";
import type { Press } from "../../domain/incident/command.ts";
import { toJoiningButton } from "../../domain/incident/press.ts";
import type { Log } from "../../log.ts";
import type { Directory } from "../../ports/directory.ts";
import type { AlarmOutcome } from "../../ports/store/alarms.ts";
import type { Transaction } from "../../ports/store/store.ts";
import type { AlarmReceipt, TakeAlarms } from "../../ports/take-alarms.ts";
import type { Commit, Handler, Request } from "./handle.ts";
import type { LastSeenBuffer } from "./last-seen-buffer.ts";

/** A duplicate is recognised for this long (rule 2). */
export const duplicateMs = 24 * 3_600_000;
/** So long a button whose unreadable message was closed as false opens nothing with another one (rule 5). */
const mutedMs = 24 * 3_600_000;
/** So long a device that goes on with an alarm after it was closed opens nothing; then somebody should look again. */
const sameAlarmMs = 30 * 60_000;
/** More than that are not closed in such a time; what is missed opens an incident too many. */
const maxClosed = 200;

/** What an alarm came to inside a transaction. */
export interface AlarmResult {
  readonly receipt: AlarmReceipt;
  readonly commit: Commit | null;
}

export interface AlarmsOptions {
  readonly handler: Handler;
  readonly directory: Directory;
  readonly lastSeen: LastSeenBuffer;
  /** Rule 1: the storage is down and the sender may not try again. */
  readonly onUnstored: (press: Press, key: string | null, receivedAt: number) => void;
}

/** Alarms become commands. */
export class Alarms {
  readonly #log: Log;
  readonly #options: AlarmsOptions;

  constructor(log: Log, options: AlarmsOptions) {
    this.#log = log;
    this.#options = options;
  }

  /** Takes the alarms of one message; an arrow, because it is handed on alone. */
  readonly take: TakeAlarms = async (source, alarms, receivedAt) => {
    try {
      const taken = await this.#record(source, alarms, receivedAt);
      // After the commit: a press that could not be recorded comes again, and is no press that we had.
      for (const alarm of alarms) {
        if (alarm.colleague === null) this.#options.lastSeen.note(source, alarm, receivedAt);
      }
      taken.forEach(({ incident, outcome }, index) => {
        const alarm = alarms[index];
        if (alarm && isLasting(alarm)) this.#log.info({ source, kind: alarm.kind, incident, outcome }, "alarm-taken");
      });
      return taken;
    } catch (error) {
      this.#log.error({ source, err: error }, "alarm-not-recorded");
      for (const alarm of alarms) if (mayBePress(alarm)) this.raise(source, alarm, receivedAt);
      throw error;
    }
  };

  /** Takes one inside a transaction of the caller, who returns what came of it from `write`. */
  async takeIn(tx: Transaction, source: string, alarm: Alarm, receivedAt: number): Promise<AlarmResult> {
    const known = alarm.id === null || !isLasting(alarm) ? null : await tx.findAlarm(source, alarm.id);
    if (known !== null && receivedAt - known.receivedAt < duplicateMs) {
      return { receipt: { incident: known.incident, outcome: "duplicate" }, commit: null };
    }
    const { incident, outcome, commit } = await this.#act(tx, source, alarm, receivedAt);
    // What only tells of an incident and found none leaves nothing behind: trackers send positions all day.
    const isKept = mayBePress(alarm) || (isLasting(alarm) && incident !== null);
    if (alarm.id !== null && isKept) await tx.saveAlarm({ source, key: alarm.id, incident, outcome, receivedAt });
    return { receipt: { incident, outcome }, commit };
  }

  /** It can't be recorded: what may be a press gets through once from memory (rule 1). */
  raise(source: string, alarm: Alarm, receivedAt: number): void {
    const press = this.#options.directory.toPress(source, alarm, toIncidentId(receivedAt), receivedAt);
    this.#options.onUnstored(press, alarm.id, receivedAt);
  }

  async #record(source: string, alarms: readonly Alarm[], receivedAt: number): Promise<readonly AlarmReceipt[]> {
    // Heartbeats come in by the hundreds a second, and change nothing that has to be on disk.
    if (!alarms.some(isLasting)) return alarms.map(() => ({ incident: null, outcome: "seen" }));
    return this.#options.handler.write(async (tx) => {
      const all: AlarmResult[] = [];
      for (const alarm of alarms) all.push(await this.takeIn(tx, source, alarm, receivedAt));
      const commits = all.flatMap((each) => (each.commit === null ? [] : [each.commit]));
      return { value: all.map((each) => each.receipt), commits };
    });
  }

  async #act(tx: Transaction, source: string, alarm: Alarm, receivedAt: number): Promise<AlarmAction> {
    switch (alarm.kind) {
      case "press":
        return this.#press(tx, source, alarm, receivedAt);
      case "unreadable":
        return (await isMuted(tx, source, alarm, receivedAt)) ? seen : this.#press(tx, source, alarm, receivedAt);
      case "still-pressed":
        return this.#stillPressed(tx, source, alarm, receivedAt);
      case "cancel":
        return this.#commandOpen(tx, source, alarm, { kind: "cancel" });
      case "position":
        if (alarm.position === null) return seen;
        return this.#commandOpen(tx, source, alarm, { kind: "position", position: alarm.position });
      default:
        return seen;
    }
  }

  async #press(tx: Transaction, source: string, alarm: Alarm, receivedAt: number): Promise<AlarmAction> {
    const { handler, directory } = this.#options;
    const press = directory.toPress(source, alarm, toIncidentId(receivedAt), receivedAt);
    const open = await loadOpen(tx, press);
    if (open !== null) {
      const { result, commit } = await handler.handleIn(tx, open.id, { kind: "press", press }, receivedAt);
      return { incident: open.id, outcome: toOutcome(result?.reason), commit };
    }
    const { policy } = directory.policyOf(source);
    const { commit } = await handler.open(tx, press, policy, receivedAt);
    return { incident: press.incident, outcome: "opened", commit };
  }

  /** Opens what a lost press would have opened, unless it goes on with an alarm that a person has closed. */
  async #stillPressed(tx: Transaction, source: string, alarm: Alarm, receivedAt: number): Promise<AlarmAction> {
    const open = await loadOpen(tx, this.#options.directory.toPress(source, alarm, "", receivedAt));
    const isOver = open === null && (await this.#isClosedSince(tx, source, alarm.button, receivedAt));
    return isOver ? seen : this.#press(tx, source, alarm, receivedAt);
  }

  async #isClosedSince(tx: Transaction, source: string, button: string, now: number): Promise<boolean> {
    const closed = await tx.listClosed(source, now - sameAlarmMs, maxClosed);
    const last = closed.find(({ pressers }) => pressers.some((presser) => isButton(presser.button, button)));
    if (last === undefined || last.closedAt === null) return false;
    return isSameAlarm(await this.#options.lastSeen.of(tx, source, button), last.closedAt);
  }

  /** What is no press itself: news for the open incident of that button, if there is one. */
  async #commandOpen(tx: Transaction, source: string, alarm: Alarm, request: Request): Promise<AlarmAction> {
    const { handler, directory } = this.#options;
    const { button } = directory.toPress(source, alarm, "", 0);
    const incident = await tx.loadOpenByButton(source, button);
    if (incident === null) return seen;
    const { commit } = await handler.handleIn(tx, incident.id, request);
    return { incident: incident.id, outcome: "seen", commit };
  }
}

/**
 * Rule 5, without drowning people: what a known button sent was closed as false, and it sends more of the same. Those
 * that joined it meanwhile were not what somebody went to look at: their next message opens one of its own.
 */
async function isMuted(tx: Transaction, source: string, { button }: Alarm, receivedAt: number): Promise<boolean> {
  if (button === "") return false;
  const closed = await tx.listClosed(source, receivedAt - mutedMs, maxClosed);
  return closed.some(({ unreadable, outcome, pressers: [opener] }) => {
    return unreadable && outcome === "false" && opener !== undefined && isButton(opener.button, button);
  });
}

async function loadOpen(tx: Transaction, press: Press) {
  const byButton = await tx.loadOpenByButton(press.source, toJoiningButton(press));
  if (byButton !== null || press.fixedPlace === null) return byButton;
  return tx.loadOpenByPlace(press.channel, press.fixedPlace);
}

/** Whether it may be a press: what must go out even when it can't be recorded. */
function mayBePress({ kind }: Alarm): boolean {
  return kind === "press" || kind === "still-pressed" || kind === "unreadable";
}

/** Whether it may change an incident: the rest only says how a button is. */
function isLasting(alarm: Alarm): boolean {
  return mayBePress(alarm) || alarm.kind === "cancel" || alarm.kind === "position";
}

function isButton(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function toOutcome(reason: string | undefined): AlarmOutcome {
  if (reason === "verified") return "verified";
  return reason === "still-pressed" || reason === "located" ? "seen" : "repeated";
}

/**
 * A UUID of version 7 (RFC 9562, section 5.7): ids of one moment lie together on disk, which halves what a flood of
 * presses writes.
 */
function toIncidentId(at: number): string {
  const time = at.toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

interface AlarmAction {
  readonly incident: string | null;
  readonly outcome: AlarmOutcome;
  readonly commit: Commit | null;
}

const seen: AlarmAction = { incident: null, outcome: "seen", commit: null };
