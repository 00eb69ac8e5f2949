import type { EventText } from "./event-text.ts";

/** What has gone wrong, and needs somebody. */
export const errors = {
  "activity-failed": {
    means: "An activity from Teams could not be handled; whoever clicked was told so.",
    todo: "Look at `err`; a click or command can be given again.",
  },
  "alarm-not-recorded": {
    means:
      "The storage did not take an alarm in time. Its sender is to send it again; a press goes out from memory and is " +
      "kept there until the storage takes it.",
    todo: "Look after the disk: see `storage-fails`, which comes before.",
  },
  "alarm-parser-failed": {
    means: "An adapter failed on a message whose sender is known; the message became an unreadable alarm.",
    todo: "Answer that alarm as any other, and report `err`: it is a fault in the adapter.",
  },
  "answer-kept": {
    means: "What a colleague or guard answered is not on disk yet; it is written before all that was said after it.",
    todo: "Look after the disk; `answer-lost` tells if it never got there.",
  },
  "answer-lost": {
    means: "The process stopped before the storage took what a colleague or guard had answered.",
    todo: "Ask who answered on that incident, and answer again.",
  },
  "answer-not-written": {
    means: "What a colleague or guard answered could not be recorded although the storage takes the rest; tried again.",
    todo: "Ask who answered on that incident; report `err`: it is a fault of ours.",
  },
  "calendar-not-ended": {
    means: "The calendar could not be ended when the process stopped. All else was.",
    todo: "Nothing, and report `err` when it comes again.",
  },
  "calendar-not-started": {
    means: "The calendar did not start: nothing old is forgotten, and channels are not told of troubles each day.",
    todo: "Start the bot anew, and report `err` when it comes again. Alarms go on meanwhile.",
  },
  "call-back-not-recorded": {
    means: "What the provider of a pager told could not be recorded; it was asked to tell it again.",
    todo: "Look after the disk.",
  },
  "channel-not-hastened": {
    means: "A channel was linked, but what waits for it goes with its next try and not at once.",
    todo: "Nothing, unless it stands in the log again and again: then look after the disk.",
  },
  "checkpoint-failed": {
    means:
      "What was written could not be brought from the write-ahead log into the database, `failures` times in a row; nothing is lost, and it is tried again.",
    todo: "Look after the disk: the log grows meanwhile, and from some 120 MB on `/health/ready` says no.",
  },
  "click-failed": {
    means: "A click on a card could not be handled; whoever clicked was told so.",
    todo: "Look at `err`; the click can be given again.",
  },
  "click-late": {
    means: "A click was not handled in the time that Teams leaves for an answer; it may be handled later.",
    todo: "Look at the card: it shows what counts. When it comes often the disk is too slow.",
  },
  "clock-behind": {
    means:
      "At the start the machine's clock was `behindMs` behind the newest moment on disk, more than is made up for: it was wrong before, or is wrong now. What waits for a moment ahead is due now.",
    todo: "Set the clock right, look at the machine's time service, and start again.",
  },
  "clock-differs": {
    means:
      "The clock of the database's server is `apartMs` from the machine's, or from ours: one of them is wrong. At a start the server's counts; one that moves this far later is not followed.",
    todo: "Set the clocks of both machines right, look at their time services, and start again.",
  },
  "command-failed": {
    means: "A command in Teams could not be handled; whoever typed it was told so.",
    todo: "Look at `err`, and type it again.",
  },
  "configuration-not-reloaded": {
    means: "The configuration was to be read again, and nothing of it has changed; `reason` and `problems` say why.",
    todo: "Put right what `problems` name, or start the bot anew where `reason` is restart-needed.",
  },
  "configuration-not-stored": {
    means: "The configuration was read again, and its policies could not be written, so that nothing has changed.",
    todo: "Look after the disk, and have it read again.",
  },
  "copy-not-made": {
    means:
      "A newer version is about to change the database, and no copy of it could be made; it was changed all the same.",
    todo: "Look at `err`, most often a full disk. Going back to the older version needs another backup.",
  },
  "damage-not-noted": {
    means: "Damage was met in the database, and the file that tells the next start so could not be made.",
    todo: "Look after the disk. A large database is opened as if it were whole, until damage is met again.",
  },
  "deadline-not-handled": {
    means:
      "What was due on `failed` incidents, `incident` among them, could not be recorded; their pages go out from memory.",
    todo: "Look after the disk at once, since rounds go on from memory only.",
  },
  "doctor-not-answered": {
    means: "`npm run doctor` got no answer, because the storage could not be used.",
    todo: "Look after the disk, and ask the doctor again.",
  },
  "end-not-kept": {
    means:
      "That a state is over, or a cancel, could not be recorded and is kept in memory no longer; `why`: there were too " +
      "`many`, or the process `stopped`. Its sender was told to send it again.",
    todo: "Look after the disk. The next time that state is on is taken for a press, which may be a repetition.",
  },
  "ending-after-disk-failure": {
    means: "What is on disk can't be trusted any more, so that this process ends itself in `endsInMs`.",
    todo: "See that it is started again; read the disk's own log before trusting it.",
  },
  "ending-after-fault": {
    means: "A fault of the bot that nothing caught, see `uncaught-exception`; this process ends itself in `endsInMs`.",
    todo: "See that it is started again, and report the fault with its stack.",
  },
  "guard-answer-not-saved": {
    means: "What a guard answered on their page could not be saved; the page told them so.",
    todo: "Look after the disk; call external security when the incident is open.",
  },
  "guard-page-failed": {
    means: "A guard's page could not be shown, because the storage could not be read; the guard was told so.",
    todo: "Look after the disk.",
  },
  "incident-restored": {
    means: "Part of an open incident could not be read. It began anew from the rest, and security is paged at once.",
    todo: "Ask in its channel who was on the way; look after the disk.",
  },
  "incident-returned": {
    means:
      "An open incident goes on from a copy of the database, made at `copiedAt`. What was done since is not known: security is paged at once, unless whoever put the copy back said that it is over.",
    todo: "Ask in its channel whether it is over, and close it there.",
  },
  "kept-not-written": {
    means:
      "The storage took nothing when what is kept in memory was to be written; that goes before all else that it " +
      "takes, and is tried every second.",
    todo: "Look after the disk: see `storage-fails`.",
  },
  "look-failed": {
    means: "One look for what is due failed; the next one is a second later. Open incidents are paged from memory.",
    todo: "Look after the disk when it comes more than once.",
  },
  "message-not-read": {
    means: "What had to go out could not be read any more, not even from its key; it is given up.",
    todo: "Look after the disk.",
  },
  "not-forgotten": {
    means: "Old records could not be deleted tonight; tomorrow night they are tried again.",
    todo: "Look at `err`: what is kept too long is a matter for the privacy officer.",
  },
  "not-ready": {
    means: "`GET /health/ready` answered 503, because the storage took no write, or had not done so after 4 s.",
    todo: "Look after the disk.",
  },
  "outbox-not-recorded": {
    means: "What came of a message could not be recorded; it may go out once more with the same key.",
    todo: "Look after the disk.",
  },
  "page-not-known": {
    means: "A page went out from memory for a press, and its alarm could not be told: nobody calls that page off.",
    todo: "Call that guard when the alarm is over; look after the disk.",
  },
  "pager-lost": {
    means: "Part of a route to external security is lost: `part` does not answer its supervision.",
    todo: "Ask who runs that route now; `npm run doctor -- pagers` tells whether pages still arrive.",
  },
  "pager-supervision-ended": {
    means: "The supervision of a route failed: nobody watches over it until it begins anew, a minute later.",
    todo: "Report `err`: it is a fault in the adapter. Pages go out as ever.",
  },
  press: {
    means: "Only in the demo: a button at the keyboard could not be pressed.",
    todo: "Look at `err`.",
  },
  "press-not-kept": {
    means:
      "A press that could not be recorded is kept in memory no longer; `why`: `many` of its button or in all, `old` " +
      "after a day, or the process `stopped`. It went out from memory, and its sender was told to send it again.",
    todo: "Write down by hand what happened, and look after the disk. Its card goes on saying that it is not recorded.",
  },
  "press-not-written": {
    means:
      "A press from memory, its card, or what ended since could not be recorded although the storage takes the rest; " +
      "tried again.",
    todo: "Look at the card from memory and answer it by hand; report `err`: it is a fault of ours.",
  },
  "reach-not-renewed": {
    means: "Who can be messaged in Teams was not looked at in the night; what was known before counts.",
    todo: "Report `err` when it comes again.",
  },
  "request-failed": {
    means: "A request over HTTP met a fault of the bot and was answered with 500.",
    todo: "Report `err` with its stack.",
  },
  "rollback-failed": {
    means: "A transaction that the storage refused could not be taken back either.",
    todo: "Look after the disk; start the process again when `storage-works-again` does not follow.",
  },
  "secret-not-read": {
    means:
      "A key of this installation can't be read or stored, so that a spare one stands in until `secret-read`: guards' links from before don't work, or another code links channels.",
    todo: "Look after the disk; the phone and the alarm centre go on working.",
  },
  "signs-of-life-not-asked": {
    means: "The storage did not take that channels are to be shown that the bot works.",
    todo: "Look after the disk; it is tried again within the hour.",
  },
  "source-not-listening": {
    means: "A source can't listen or connect: a port in use, most often. It is tried again every 10 s.",
    todo: "Free the port or put the configuration right; `source-listening` tells that it worked.",
  },
  "start-not-recorded": {
    means: "What a start writes (policies, pagers) could not be written; it is tried again until it can.",
    todo: "Look after the disk.",
  },
  "stop-overdue": {
    means: "A stop was not over in time, because of a disk that hangs; the process ends at once.",
    todo: "Look after the disk. What was accepted is on it, and goes on after the next start.",
  },
  "teams-lost": {
    means: "Alarms can't be posted in a channel; `reason` says why. Security is paged, colleagues there do not hear.",
    todo: "Do what `status` says of it: `bot/words/operator/teams-trouble.ts` has the sentences.",
  },
  "teams-not-looked-at": {
    means: "A look at how it is with Teams failed by a fault of our own; it counts as one that failed.",
    todo: "Report `err`: it is a fault in the bot. The next look is half a minute later.",
  },
  "test-wish-failed": {
    means: "A test of the routes that was asked for in Teams could not be begun or shown.",
    todo: "Look at `err`, and ask again.",
  },
  "test-wish-late": {
    means: "A test of the routes was not begun or shown in the time that Teams leaves for an answer.",
    todo: "Ask for it again; when it comes often the disk is too slow.",
  },
  "troubles-not-reported": {
    means: "The hourly look for troubles failed, so that today's line may be missing; it is tried again next hour.",
    todo: "Ask `status` in Teams, and look at `err`.",
  },
  "uncaught-exception": {
    means: "A fault of the bot that nothing caught. The process ends itself, so that a new one takes over.",
    todo: "Report `err` with its stack; see that the process was started again.",
  },
  "unhandled-rejection": {
    means: "A fault of the bot that nothing else caught. The process goes on.",
    todo: "Report `err` with its stack.",
  },
  "unrecorded-not-read": {
    means:
      "What is due on an open incident could not be recorded, and memory does not know it: its pages could not go out.",
    todo: "Call external security, and look after the disk at once.",
  },
  "unrecorded-not-sent": {
    means: "What went out from memory did not arrive; `err` says why. It is tried again where that is possible.",
    todo: "Call external security, and look after the disk and the route.",
  },
  "visit-not-recorded": {
    means: "A visit that is due could not be recorded; a visit that nobody ends becomes a press all the same.",
    todo: "Look after the disk.",
  },
  "wish-failed": {
    means: "An alarm or visit from a chat could not be taken; whoever typed it was told so.",
    todo: "Look at `err`: whoever asked for help needs another way to get it.",
  },
  "wish-late": {
    means: "An alarm or visit from a chat was not taken in the time that Teams leaves for an answer.",
    todo: "Look at the channel: it may have been taken later. When it comes often the disk is too slow.",
  },
} as const satisfies Readonly<Record<string, EventText>>;
