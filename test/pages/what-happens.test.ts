import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { PolicyEntry } from "../../bot/config/document/policy-format.ts";
import { tablesIn } from "./markdown.ts";

const page = readFileSync("test/stories/README.md", "utf8");

/** Where each row of "What happens if …" is tried: a file of tests, and how the name of a test in it begins. */
const tried: Readonly<Record<string, readonly (readonly [file: string, test: string])[]>> = {
  "a pager is renamed or taken out while alarms are open": [
    ["stories/policy-kept", "rule 6: the only pager was renamed before it was due"],
    ["stories/policy-kept", "rule 6: a pager was renamed after it was called on"],
  ],
  "the process is killed while paging": [["crash/pagers", "never loses a page and never changes its key"]],
  "the channel is not linked yet": [["stories/teams-down", "rule 16: a channel that is not linked yet"]],
  "the bot is removed from a team or blocked, a team is archived or deleted, a channel is deleted, posting is forbidden, or the app's secret ends":
    [
      ["stories/teams-lost", "rule 26: is known at once when Teams tells it"],
      ["stories/teams-lost", "rule 26: is found within two minutes"],
      ["stories/teams-lost", "rule 26: three in a row are a lost channel"],
      ["stories/signs-of-life", "rule 26: finds within a week that nobody but moderators may post"],
      ["stories/troubles-elsewhere", "rule 26: at once that a channel is lost"],
    ],
  "Teams is down or slow": [
    ["stories/teams-down", "rule 16: a fault that passes within ten seconds pages nobody"],
    ["stories/teams-down", "rule 16: no page waits for it"],
  ],
  "Teams refuses a mention or a message to a colleague": [
    ["stories/ringing-refused", "for ever: after 1, 3 and 8 s it is given up and the card says so"],
    ["stories/ringing-refused", "for ever: the card says whom it did not reach"],
    ["stories/ringing-refused", "keeps nobody from being told 1:1"],
  ],
  "somebody deletes a card": [
    ["stories/lost-cards", "is followed by a new one after three tries"],
    ["stories/new-rounds", "and whoever still has the old card before them may click on it"],
  ],
  "Teams does not take or change the card in somebody's chat": [
    [
      "stories/chat-cards-failing",
      "is tried on, also after closing, and holds up neither the channel nor anybody else",
    ],
    ["stories/chat-cards-failing", "hangs for itself alone"],
  ],
  "a device is pressed, and its wearer's own card can't be changed": [
    [
      "stories/presser-failing",
      "a card that can't be changed is made anew by a later look, but not while an alarm of theirs is open",
    ],
    ["stories/presser", "whose chat takes nothing holds up no alarm"],
  ],
  "the buttons of a card do nothing on a colleague's phone": [
    ["stories/typed-answers", "that they go, are there, and how it ended"],
  ],
  "a pager is down, hangs, or nobody picks up": [
    ["stories/paging", "rule 14: a pager that is down is tried until it is up again"],
    ["stories/paging", "rule 14: an unanswered page does not stop the next one"],
    ["stories/pagers-failing", "rule 14: a page that hangs holds up no other page"],
    ["stories/pagers-failing", "rule 14: it goes on for ever"],
  ],
  "somebody there says that security need not come": [["stories/call-off", "by somebody who is there"]],
  "the disk is full, or hangs in whatever it is asked": [
    ["store/sql/group/group-commit", "knows that the disk hangs"],
    ["crash/disk", "a disk that hangs in a %s: presses are refused in time and go out from memory once"],
    ["crash/disk", "a disk that hangs in a %s: a page that falls due meanwhile goes out"],
    ["stories/storage-down", "rule 1: storage down: 503 with Retry-After"],
    ["stories/storage-down", "rule 1: storage down: what is due on an open incident"],
    ["stories/kept-presses", "is an alarm once the disk is back"],
    ["stories/storage-down", "rule 1: storage down: a click says that it is not saved yet"],
  ],
  "PostgreSQL hangs, refuses, restarts, may only be read or has no connection left": [
    ["stories/database-away", "and %s: its page goes out, the guard's answer holds the next one"],
    ["stories/database-away", "and nobody answers: each step goes out once"],
    ["stories/database-away", "and %s: colleagues are rung for a new round on a card that can be clicked"],
    ["stories/committed-before", "a page that its provider did not take: it is tried on from memory"],
    ["stories/committed-before", "a card and messages that Teams did not take: all are rung once"],
    ["stories/committed-before", "what had been sent and not recorded counts"],
    ["stories/rung-from-memory", "they are called once, from memory, and the history says so"],
    ["engine/incident/unstored/unstored-sendings", "a step whose commit was done and never answered"],
    ["stories/on-postgres", "a press whose commit was done and never answered is taken as any other"],
    ["stories/on-postgres", "rule 1: where PostgreSQL stays away after that it is one alarm"],
  ],
  "the disk fails a sync": [["store/sql/group/group-commit", "takes nothing more once a sync has failed"]],
  "strangers flood it": [
    ["stories/strangers", "beside a flood of strangers"],
    ["adapters/listeners/sia-dc09", "are left without an answer when strangers"],
  ],
  "it starts on a disk that is read-only, full, held by somebody or damaged": [
    ["stories/broken-storage", "listens, takes presses from memory"],
    ["stories/broken-storage", "pages what is open, and again"],
    ["stories/broken-storage", "says that it may not be alone"],
    ["stories/broken-storage", "starts when somebody holds the file"],
    ["crash/disk", "a disk that lets no lock be held"],
  ],
  "a part of an alarm on disk can't be read": [
    ["stories/damaged-rows", "an alarm of which part can't be read is paged"],
    ["stories/damaged-rows", "an alarm of which part could not be read goes on"],
  ],
  "a page of the database is damaged": [
    ["stories/broken-storage", "with a page that is damaged"],
    ["crash/disk", "a damaged page of %s"],
    ["crash/disk", "a page that is damaged and read by nobody: known within 10 s"],
    ["store/sqlite/broken-file", "any page may be damaged"],
  ],
  "the database is gone, or cut short, at a start, and its log (`-wal`) is still there": [
    ["store/sqlite/left-of-it", "when that is %s: it is kept"],
    ["store/sqlite/left-of-it", "without its last page"],
  ],
  "the database, its log or its lock is removed or replaced beneath it": [
    ["stories/broken-storage", "%s: what is open is posted and paged"],
    ["stories/broken-storage", "without its lock"],
    ["crash/disk", "a database that is removed beneath the process"],
  ],
  "what was written can't be brought into the database": [
    ["store/sqlite/checkpoints", "that fails is told, counted and tried again"],
    ["store/sqlite/checkpoints", "keeps the log of a real file short"],
  ],
  "a copy of the database is put back": [
    ["stories/from-a-copy", "rule 29: an alarm that was open then goes on"],
    ["stories/from-a-copy", "rule 29: what a person said is over ends"],
    ["stories/from-a-copy", "rule 29: what is open in a dump that is put back"],
    ["store/postgres/home", "is %s: it was put back, and that is seen at one start"],
    ["cli/copies", "puts it back, keeps the other"],
  ],
  "a database was changed by a newer version": [
    ["store/migrations/versions", "is refused where this one can't run beside it"],
    ["store/migrations/versions", "that has only added something goes on"],
  ],
  "several guards have one link": [
    ["stories/one-link", "a page opened before another one's promise takes nothing back"],
  ],
  "somebody has an incident's id, and no card": [
    ["stories/who-may", "from %s changes nothing and shows nothing"],
    ["stories/who-may", "of somebody who was rung for it counts in their own chat"],
  ],
  "two people click at once": [
    ["stories/responding", "rule 7: two claims in the same millisecond"],
    ["stories/responding-stale", "rule 8: a click on the card of a closed incident"],
  ],
  "the machine's clock is stepped": [["engine/kernel/time/clock", "that is stepped is logged once"]],
  "the machine is suspended": [
    ["engine/kernel/time/clock", "that was suspended counts what it lost"],
    ["crash/clock", "a machine that was suspended for an hour pages at once"],
  ],
  "it starts with the machine's clock behind what is on disk": [
    ["stories/wrong-clock", "makes up for 10 minutes, and for no more"],
    ["stories/wrong-clock", "by %i ms: what waits is due now, and it is said"],
  ],
  "the device's clock is wrong": [
    ["stories/unreadable", "rule 5: more than a minute between the device's time and arrival shows as late"],
    ["adapters/sources/webhook", "a timestamp of %i ms from now"],
  ],
  "two processes start on one database": [["store/sqlite/lock", "refuses a second process"]],
  "the same message comes twice, by two gateways or as a retry": [
    ["stories/recording", "rule 2: still a duplicate after closing and across a restart"],
    ["stories/lorawan", "rule 2: the same frame by a second gateway"],
  ],
  "an alarm that was typed in Teams is edited": [
    ["stories/edited-texts", "says where it really is"],
    ["stories/edited-texts", "into %s is taken back by nothing"],
    ["stories/edited-texts", "is not taken back by deleting it either"],
  ],
  "a text that did nothing is edited into an alarm": [
    ["stories/edited-texts", "is an alarm once it is edited into one"],
  ],
  "a button or monitoring repeats that it is pressed, with each report and after the alarm was closed": [
    ["stories/repeated-states", "rule 2: a report opens nothing after the alarm was closed"],
    ["stories/repeated-states", "may be a repetition after closing when it never said"],
    ["stories/repeated-states", "rule 2: opens nothing a day later"],
  ],
  "a message can't be read and may be a press": [
    ["stories/unreadable", "rule 5: later unreadable messages of that source join"],
    ["stories/unreadable-button", "rule 5: closed as false, that button's unreadable messages open nothing"],
  ],
  "a source's port is taken, or its broker is away": [["stories/listeners", "a port that is taken"]],
  "a visit is not ended": [["stories/visits", "is asked about at its end, once more after 2 minutes"]],
  "who is on a visit presses": [
    ["stories/quiet-visits", "is over by %s: no question, no second press"],
    ["stories/visits-shown", "reads on the message of that visit, without a sound"],
  ],
  "who types an alarm belongs to several locations and names none, or several at once": [
    [
      "stories/locations-named",
      "rings the people of all of them at once, and then sees the question, which nobody has to answer",
    ],
    ["stories/locations-named", "the guard hears between which, and then which, with its address"],
    ["stories/locations-named", "of two whole names rings those"],
  ],
  "nobody knows at which location a button is": [
    [
      "stories/locations",
      "everybody is rung whose location has the same channel, and the card says that it is unknown",
    ],
  ],
  "who presses is on a visit or carries the button, or its position is elsewhere": [
    ["stories/locations-outside", "of a visit that nobody ended, whose people are rung all the same"],
    ["stories/locations-outside", "of one that hangs there, when its own position is elsewhere"],
  ],
  "nobody is on duty": [["stories/paging", "rule 9: nobody is on duty, and the card says so"]],
};

describe("what happens if", () => {
  const rows = tablesIn(page)[0] ?? [];

  it("says nothing that is not tried", () => {
    expect(rows.map(([event]) => event)).toEqual(Object.keys(tried));
  });

  it.each(Object.entries(tried))("%s", (_event, tests) => {
    for (const [file, test] of tests) {
      const text = readFileSync(`test/${file}.test.ts`, "utf8");
      expect(text.includes(`"${test}`), `a test in ${file} called "${test} …"`).toBe(true);
    }
  });

  it("names the moment of the first page as it is when a policy does not say", () => {
    const policy = PolicyEntry.parse({ repeatEvery: "3m", steps: [{ after: "0s", tell: "frontdesk" }] });
    const [, then] = rows.find(([event]) => event === "Teams is down or slow") ?? [];
    expect(then).toContain(`after ${policy.teamsWithin / 1000} s the first page goes`);
  });
});
