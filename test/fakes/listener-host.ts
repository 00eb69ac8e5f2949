import type { ListenerHost } from "../../bot/contracts.ts";
import type { Alarm } from "../../bot/domain/alarm.ts";
import { Strangers } from "../../bot/kit/strangers.ts";
import { FakeClock } from "./clock.ts";

export const startedAt = Date.UTC(2026, 10, 24, 9, 0, 0);

/** The host as a listener sees it, with a disk that a test can hold up or break. */
export class FakeHost implements ListenerHost {
  readonly clock = new FakeClock(startedAt);
  readonly strangers: Strangers = new Strangers(this.clock);
  /** What was accepted, in order. */
  readonly alarms: Alarm[] = [];
  readonly notes: { event: string; facts: unknown }[] = [];
  /** Whether the disk takes these alarms; a test replaces it. */
  commit: (alarms: readonly Alarm[]) => Promise<void> = async () => {};

  /** How many messages are on their way to the disk. */
  accepting = 0;

  accept = async (alarms: readonly Alarm[]): Promise<void> => {
    this.accepting += 1;
    try {
      await this.commit(alarms);
      this.alarms.push(...alarms);
    } finally {
      this.accepting -= 1;
    }
  };

  /** Which value of which secret was used, in order. */
  readonly used: string[] = [];

  noteSecret = (setting: string, value: string): void => {
    this.used.push(`${setting} ${value}`);
  };

  note = (event: string, facts: unknown = {}): void => {
    this.notes.push({ event, facts });
  };

  /** What was accepted of buttons, without the source's own signs of life. */
  get pressed(): string[] {
    return this.alarms.filter(({ kind }) => kind === "press").map(({ button }) => button);
  }

  /** What the source said of itself. */
  get ofSource(): string[] {
    return this.alarms.filter(({ button, kind }) => button === "" && kind !== "unreadable").map(({ kind }) => kind);
  }
}

const patienceMs = 10_000;

/** Waits until that is so, while sockets do their work. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const from = performance.now();
  while (!(await isSo())) {
    if (performance.now() - from > patienceMs) throw new Error(`still not so: ${isSo}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
