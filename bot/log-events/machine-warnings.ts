import type { EventText } from "./event-text.ts";

/** What is not as it should be with the clock, the database or the machine; the bot goes on by itself. */
export const machineWarnings = {
  "clock-set": {
    means: "The clock of the database's server was `aheadMs` ahead of ours (negative: behind); time goes on by that.",
    todo: "Look at the time services of both machines.",
  },
  "clock-somewhat-behind": {
    means:
      "At the start the machine's clock was `behindMs` behind the newest moment on disk. Time goes on from that moment, so that nothing waits longer.",
    todo: "Look at the machine's time service.",
  },
  "clock-stepped": {
    means: "The machine's clock was stepped by `steppedMs`. Running deadlines did not move.",
    todo: "Look at the machine's time service.",
  },
  "database-made": {
    means: "There was no database, so that a new one was made: nothing of before is known, no channel is linked.",
    todo: "Nothing at the first start. Else, and where `hadLock` is true, see that its folder is mounted: stop, put the database back, start.",
  },
  "machine-suspended": {
    means: "The machine was suspended for `suspendedMs`. That time counts: what was due meanwhile is due now.",
    todo: "Switch suspending off on this machine: while it lasts no alarm is heard.",
  },
  "storage-whole": {
    means: "The database can be used again. This process writes what it held and ends itself, to be started anew.",
    todo: "See that it is started again.",
  },
} as const satisfies Readonly<Record<string, EventText>>;
