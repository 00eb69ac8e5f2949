import type { EventText } from "./event-text.ts";

/** What is not as it should be with Teams; the bot goes on by itself. */
export const teamsWarnings = {
  "activity-learned-late": {
    means: "What an activity teaches was not on disk within its time; its command went on without it.",
    todo: "Nothing; when it comes often the disk is too slow.",
  },
  "answer-not-remembered": {
    means: "The id of an answer in Teams is not on disk; the answer itself was sent.",
    todo: "Look after the disk.",
  },
  "answerable-not-read": {
    means: "Somebody typed an answer, and which alarms they may answer could not all be read; none was named to them.",
    todo: "Look after the disk. What is clicked on a card counts meanwhile.",
  },
  "channel-health-not-saved": {
    means: "What is known of a lost channel is not on disk; after a restart it is found again, or forgotten.",
    todo: "Look after the disk.",
  },
  "chat-card-left": {
    means:
      "The card of an alarm in the chat of `person` is not there any more, Teams refused it until an hour after the alarm, or two answers to posting it were lost; it stays as it is.",
    todo: "Nothing; clicks on it count, and whoever clicks is shown the state as it is.",
  },
  "chat-card-refused": {
    means: "Teams refused to take or change the card of an alarm in the chat of `person`; it is tried on.",
    todo: "If it goes on, see that they have not blocked the app.",
  },
  "client-secret-ends": {
    means: "The client secret of the bot ends within 30 days, or has ended; `endsOn` and `daysLeft` say when.",
    todo: "Make a new one in Entra, enter it, set `teams.clientSecretEndsOn`, and start the bot anew.",
  },
  "command-refused": {
    means: "Somebody who may not asked in Teams to link a channel or to test; `command` says what.",
    todo: "Ask whoever `audit.by` names what they meant to do; who may is a team lead, or knows the code.",
  },
  "edited-alarm-not-read": {
    means: "A message was edited or deleted, and whether it was an alarm could not be read; the alarm, if any, stays.",
    todo: "Look after the disk.",
  },
  "follow-up-left": {
    means: "A message that shows `person` what becomes of their alarm or visit can't be changed; it stays as it is.",
    todo: "Nothing; a newer message goes on.",
  },
  "follow-up-refused": {
    means:
      "Teams refused to change a message that shows `person` what becomes of their alarm or visit; it is tried on.",
    todo: "If it goes on, see that they have not blocked the app.",
  },
  "old-card-left": {
    means: "Teams refused three times to let an older card of an alarm say that there is a newer one.",
    todo: "Nothing; clicks on it count, and whoever clicks is shown the state as it is.",
  },
  "person-not-ready": {
    means: "Teams does not let the bot message somebody of the configuration; `person` is their id there.",
    todo: "See that they are in the team and have not blocked the app. `person-ready` says that it works again.",
  },
  "press-not-followed": {
    means: "A message on an alarm or a visit was not noted as one that shows what becomes of it; it stays as it is.",
    todo: "Look after the disk; alarm and visit go their way.",
  },
  "presser-card-left": {
    means: "The card that shows `person` what becomes of their press can't be changed any more.",
    todo: "Nothing; when it is looked whether they can be messaged, and no alarm of theirs is open, a new one is made.",
  },
  "presser-card-not-enqueued": {
    means: "The card that shows `person` what becomes of their press could not be made; it is tried again each night.",
    todo: "Look after the disk.",
  },
  "presser-card-refused": {
    means: "Teams refused to change the card that shows `person` what becomes of their press; it is tried on.",
    todo: "If it goes on, see that they have not blocked the app.",
  },
  "reach-not-saved": {
    means: "That somebody can't be messaged, or can again, is not on disk; after a restart it is learned anew.",
    todo: "Look after the disk.",
  },
  "token-not-fetched": {
    means: "Entra gave no token; `err` holds its code. Tried again within half a minute; see `teams-lost`.",
    todo: "`invalid_client`: the client secret is wrong or has ended. `token_unreachable`: look at the network.",
  },
} as const satisfies Readonly<Record<string, EventText>>;
