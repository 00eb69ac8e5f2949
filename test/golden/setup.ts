import { basename } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { recordAnswers } from "./answers.ts";
import { toNamed } from "./names.ts";
import { endRecord, type StoryRecord, startRecord } from "./recorder.ts";
import { render } from "./render.ts";
import { toSteady } from "./unsteady.ts";
import { waitForThreads } from "./wait-for-threads.ts";
import { leaveOutWays } from "./ways.ts";

/**
 * Every message that the fakes of a story receive stays the same, whatever moves inside the bot: `npm run golden`
 * compares with test/golden/stories, a file for each file of stories, and with `-- -u` it renews them. Apart from `npm
 * test`, where the fakes answer whoever comes first: who that is of two at the same moment is a race, and no fault.
 * Here each waits for its turn (turns.ts), because one race decides what is said, and when, for seconds after it.
 */
const isCompared = process.env.GOLDEN === "1";
if (isCompared) {
  waitForThreads();
  // What is loaded when it is needed takes its time in the first story that needs it, and in no other.
  await Promise.all([import("../../adapters/protocols/mqtt/link.ts"), import("nodemailer")]);
}

let story: { readonly record: StoryRecord; readonly answers: Disposable } | null = null;

beforeEach(({ task }) => {
  // A whole database of an older version goes out at once, and so does what forty callers press while a secret changes:
  // what leaves first there is a race, and these stories count it. A database server answers when it does.
  const isRace = /^(old-|secret-rotation|on-postgres|both-databases|database-away|committed-before)/;
  const isOnServer = /PostgreSQL|a database server/;
  if (!isCompared || !task.file.name.startsWith("test/stories/")) return;
  if (isRace.test(basename(task.file.name)) || isOnServer.test(task.fullTestName)) return;
  story = { record: startRecord(), answers: recordAnswers() };
});

afterEach(({ task, expect }) => {
  if (story === null) return;
  const { record, answers } = story;
  story = null;
  answers[Symbol.dispose]();
  endRecord();
  const name = `${basename(task.file.name, ".test.ts")} ${task.fullTestName}`;
  // A story that failed was cut short, and says itself why.
  if (task.result?.state === "fail") return;
  const steady = toSteady(name, leaveOutWays(record.received));
  expect(render(toNamed(steady, record.now === null))).toMatchSnapshot();
});
