import type { EventText } from "./event-text.ts";

/** What happens on an ordinary day. */
export const infos = {
  "alarm-taken": { means: "An alarm is on disk; `outcome` says what came of it and `incident` where it counts." },
  "channel-linked": { means: "A channel of the configuration is linked to a conversation in Teams." },
  "configuration-changed": {
    means: "The configuration is another one than when the bot last ran: the settings under `audit.on`.",
  },
  "configuration-reloaded": {
    means: "The configuration was read again and holds; `needsRestart` names what stays as it was until a restart.",
  },
  "copy-made": {
    means:
      "A newer version is about to change the database in a way that the older one can't run beside; `copy` is what it was before, for `npm run restore`. Remove it once nobody goes back.",
  },
  "database-put-back": {
    means:
      "The database is a copy of `copiedAt` that was put back, and this is the first start on it; `closed` counts the alarms that were said to be over then.",
  },
  forgotten: { means: "The night's deletion is done; `forgotten` counts the records." },
  handled: { means: "Something was said or came due on an incident; `reason` says what came of it." },
  installed: { means: "The bot was added in Teams, to a team or by a person, and has greeted." },
  listening: { means: "The bot takes alarms over HTTP from now on." },
  "pager-there": { means: "The part of a route that was lost answers again." },
  "people-under-test": {
    means: "Who is on duty is asked whether they hear it; `routes` counts chats and phones. Answers are not logged.",
  },
  "person-ready": { means: "After `person-not-ready`: that colleague can be messaged in Teams again." },
  "reach-renewed": {
    means: "The night's look at who can be messaged in Teams has begun; `people` counts who is asked for.",
  },
  "route-tested": { means: "The state of one route in a test has changed." },
  "routes-under-test": {
    means: "A test of the routes was asked for; `isNew` is false when one was under way already.",
  },
  "secret-read": { means: "After `secret-not-read`: the stored key is known, or the spare one is stored." },
  "secrets-changed": {
    means:
      "With a new configuration, at a start or read again, the secrets of the settings under `audit.on` are others.",
  },
  "signs-of-life-asked": {
    means: "The hour's look at whom to show that the bot works is done; `channels` counts those that are shown it.",
  },
  "source-listening": { means: "A source that holds a connection or a port is at work." },
  stopped: { means: "The process has ended as it should; what was not done is on disk for the next start." },
  stopping: { means: "The process was asked to end, and finishes what is under way." },
  "storage-works-again": { means: "The storage takes writes again, after `storage-fails`." },
  "team-learned": { means: "The team of a linked channel is known, in which people are looked up." },
  "teams-there": { means: "Alarms can be posted in that channel again, after `teams-lost`." },
  "teams-under-test": {
    means: "A test of Teams was started in that channel, by who has the `doctorToken`; `person` is who is rung by it.",
  },
  "troubles-reported": { means: "The hour's look at troubles is done; `channels` counts those that got a line." },
  "visit-not-ended": { means: "A visit that nobody ended became a press." },
} as const satisfies Readonly<Record<string, EventText>>;
