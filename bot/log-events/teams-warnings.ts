import type { EventText } from "./event-text.ts";

/** What is not as it should be with Teams; the bot goes on by itself. */
export const teamsWarnings = {
  "edited-alarm-not-read": {
    means: "A message was edited or deleted, and whether it was an alarm could not be read; the alarm, if any, stays.",
    todo: "Look after the disk.",
  },
  "old-card-left": {
    means: "Teams refused three times to let an older card of an alarm say that there is a newer one.",
    todo: "Nothing; clicks on it count, and whoever clicks is shown the state as it is.",
  },
  "person-not-ready": {
    means: "Teams does not let the bot message somebody of the configuration; `person` is their id there.",
    todo: "See that they are in the team and have not blocked the app. `person-ready` says that it works again.",
  },
} as const satisfies Readonly<Record<string, EventText>>;
