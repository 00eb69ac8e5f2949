import type { EventText } from "./event-text.ts";

/** What is not as it should be with Teams; the bot goes on by itself. */
export const teamsWarnings = {
  "person-not-ready": {
    means: "Teams does not let the bot message somebody of the configuration; `person` is their id there.",
    todo: "See that they are in the team and have not blocked the app. `person-ready` says that it works again.",
  },
} as const satisfies Readonly<Record<string, EventText>>;
