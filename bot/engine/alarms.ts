import { randomUUID } from "node:crypto";
import type { Alarm } from "../incident/alarm.ts";
import type { Press } from "../incident/command.ts";
import type { Log } from "../log.ts";
import type { AlarmOutcome, Directory, Transaction } from "../ports.ts";
import type { Committed, Handler } from "./handle.ts";

/** A duplicate is recognised for this long (rule 2). */
export const duplicateMs = 24 * 3_600_000;

/** An alarm with the identity of its message: a hash over id and body, or null when the sender gave no id. */
export interface Received {
  readonly alarm: Alarm;
  readonly key: string | null;
}

export interface Taken {
  readonly incident: string | null;
  readonly outcome: AlarmOutcome | "duplicate";
}

export interface AlarmsOptions {
  readonly handler: Handler;
  readonly directory: Directory;
  readonly log: Log;
  /** Rule 1: the storage is down and the sender may not try again. */
  readonly onUnrecorded: (press: Press, key: string | null, receivedAt: number) => void;
}

/** Takes the alarms of one message in one transaction; resolves once they are on disk, rejects when they could not be recorded. */
export type TakeAlarms = (
  source: string,
  received: readonly Received[],
  receivedAt: number,
) => Promise<readonly Taken[]>;

/** The first mouth: alarms to commands. */
export function createTakeAlarms(options: AlarmsOptions): TakeAlarms {
  const { handler, directory, log, onUnrecorded } = options;

  async function take(tx: Transaction, source: string, { alarm, key }: Received, receivedAt: number) {
    const known = key === null ? null : await tx.findAlarm(source, key);
    if (known !== null && receivedAt - known.receivedAt < duplicateMs) {
      return { taken: { incident: known.incident, outcome: "duplicate" as const }, committed: null };
    }
    // A press is on record as an incident; what else it tells of its button is the battery.
    const isNews = alarm.kind !== "press" || alarm.battery !== null;
    if (isNews) await tx.noteButton(source, alarm.button, alarm.kind, receivedAt, alarm.battery);
    const { incident, outcome, committed } = await act(tx, source, alarm, receivedAt);
    if (key !== null) await tx.saveAlarm({ source, key, incident, outcome, receivedAt });
    return { taken: { incident, outcome }, committed };
  }

  async function act(tx: Transaction, source: string, alarm: Alarm, receivedAt: number): Promise<Acted> {
    if (alarm.kind === "press" || alarm.kind === "unreadable") return press(tx, source, alarm, receivedAt);
    if (alarm.kind !== "cancel") return seen;
    const incident = await tx.loadOpenByButton(source, alarm.button);
    if (incident === null) return seen;
    const { committed } = await handler.within(tx, incident.id, { kind: "cancel" });
    return { incident: incident.id, outcome: "seen", committed };
  }

  async function press(tx: Transaction, source: string, alarm: Alarm, receivedAt: number): Promise<Acted> {
    const press = directory.toPress(source, alarm, toIncidentId(receivedAt), receivedAt);
    const open =
      (await tx.loadOpenByButton(source, press.button)) ??
      (press.fixedPlace === null ? null : await tx.loadOpenByPlace(press.channel, press.fixedPlace));
    if (open !== null) {
      const { answer, committed } = await handler.within(tx, open.id, { kind: "press", press }, receivedAt);
      return { incident: open.id, outcome: answer?.reason === "verified" ? "verified" : "repeated", committed };
    }
    const { policy } = directory.policyOf(source);
    const { committed } = await handler.open(tx, press, policy, receivedAt);
    return { incident: press.incident, outcome: "opened", committed };
  }

  return async function takeAlarms(source, received, receivedAt) {
    try {
      const taken = await handler.write(async (tx) => {
        const all = [];
        for (const each of received) all.push(await take(tx, source, each, receivedAt));
        const committed: Committed[] = all.flatMap((each) => (each.committed === null ? [] : [each.committed]));
        return { value: all.map((each): Taken => each.taken), committed };
      });
      taken.forEach(({ incident, outcome }, index) => {
        log.info({ source, kind: received[index]?.alarm.kind, incident, outcome }, "alarm-taken");
      });
      return taken;
    } catch (error) {
      log.error({ source, err: error }, "alarm-not-recorded");
      for (const { alarm, key } of received) {
        if (alarm.kind !== "press" && alarm.kind !== "unreadable") continue;
        onUnrecorded(directory.toPress(source, alarm, toIncidentId(receivedAt), receivedAt), key, receivedAt);
      }
      throw error;
    }
  };
}

/**
 * A UUID of version 7 (RFC 9562, section 5.7): ids of one moment lie together on disk, which halves what a flood of
 * presses writes.
 */
function toIncidentId(at: number): string {
  const time = at.toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

interface Acted {
  readonly incident: string | null;
  readonly outcome: AlarmOutcome;
  readonly committed: Committed | null;
}

const seen: Acted = { incident: null, outcome: "seen", committed: null };
