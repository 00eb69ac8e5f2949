import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import type { Configuration } from "../../config/configuration.ts";
import { parseDuration } from "../../config/document/duration.ts";
import { type TeamsTest, teamsSteps } from "../../domain/teams-test/teams-test.ts";
import { toClockTime } from "../../words/shared/time.ts";
import { doctor as doctorWords } from "../../words/terminal/doctor.ts";
import { doctorTeams, toClickLine } from "../../words/terminal/doctor-teams.ts";
import { toInboundLines } from "../../words/terminal/teams-inbound.ts";
import { toStepLine } from "../../words/terminal/teams-step.ts";
import { loadConfigured } from "../configured.ts";
import { Enough } from "./enough.ts";
import { askToSend } from "./may-send.ts";
import { RunningBot } from "./running-bot.ts";

const pollEveryMs = 1_000;

export interface TestTeamsOptions {
  readonly config: string;
  readonly person?: string;
  readonly wait: string;
  /** Whether it need not be asked. */
  readonly yes: boolean;
}

/** Makes the running bot test Teams in that channel, and says how each step went, what it means and what to do. */
export async function testTeams(channel: string, options: TestTeamsOptions): Promise<void> {
  const configuration = await loadConfigured(options.config);
  const { language, timezone, channels } = configuration;
  const words = doctorTeams[language];
  const maxWaitMs = parseDuration(options.wait);
  if (maxWaitMs === null) throw new Error(doctorWords[language].badWait);
  const bot = new RunningBot(configuration);
  const { person = null } = options;
  const asking = doctorWords[language];
  const terminal = { input: process.stdin, output: process.stdout };
  if (!options.yes) await askToSend(terminal, asking.maySendToTeams(channel, person), asking);
  const started = await bot.startTeamsTest(channel, person);
  if (typeof started === "string")
    throw new Error(words.notStarted[started](channel, person ?? "", Object.keys(channels).join(", ")));
  print(words.started(channel, toClockTime(started.endsAt, timezone, language)));
  if (started.isAlarmOpen) print(words.alarmOpen);
  const test = await follow(bot, started, maxWaitMs, configuration);
  if (test.messages.left > 0) print(words.left(test.messages.left));
  if (test.messages.unmarked > 0) print(words.unmarked(test.messages.unmarked));
  // What to try with the channel itself comes when there is one.
  if (test.steps.post.reason !== "not-linked") print(words.next);
  const isGood = Object.values(test.steps).every(({ state }) => state !== "failed");
  print(isGood ? words.good : words.notGood);
  process.exitCode = isGood ? 0 : 1;
}

/** Prints what is new until the test is over; ends it once everything is tried, and nobody has to click any more. */
async function follow(
  bot: RunningBot,
  started: TeamsTest,
  maxWaitMs: number,
  configuration: Configuration,
): Promise<TeamsTest> {
  const { language, timezone } = configuration;
  const words = doctorTeams[language];
  const printNews = createReporter(configuration);
  using enough = new Enough({ input: process.stdin, output: process.stdout });
  let test = started;
  const goOnUntil = async (isReached: () => boolean): Promise<void> => {
    for (printNews(test); !isReached(); printNews(test)) {
      await wait(pollEveryMs);
      const loaded = await bot.loadTeamsTest(test.id);
      if (loaded === null) throw new Error(words.gone);
      test = loaded;
    }
  };
  await goOnUntil(() => test.steps.button.state !== "pending" || enough.isSaid);
  if (test.steps.button.state === "waiting" || test.steps.button.state === "ok") {
    const until = performance.now() + maxWaitMs;
    print(words.look(toClockTime(Math.min(Date.now() + maxWaitMs, test.endsAt), timezone, language)));
    if (enough.isAsked) print(words.enter);
    // Without a terminal nobody can say that they have seen enough, so the first click is.
    const isEnough = () => (enough.isAsked ? enough.isSaid : test.clicks.length > 0);
    await goOnUntil(() => isEnough() || performance.now() >= until || test.isOver);
  }
  await bot.endTeamsTest(test.id);
  await goOnUntil(() => test.isOver);
  return test;
}

/** Creates what prints each step once it has come to its end, in their order, and each click. */
function createReporter({ language, timezone }: Configuration): (test: TeamsTest) => void {
  let printed = 0;
  let clicked = 0;
  return ({ steps, clicks, inbound }) => {
    for (const click of clicks.slice(clicked)) print(toClickLine(click, language, timezone));
    clicked = clicks.length;
    for (const step of teamsSteps.slice(printed)) {
      const line = toStepLine(step, steps[step], language);
      if (line === null) return;
      print(line);
      if (step === "inbound") for (const each of toInboundLines(inbound, language, timezone)) print(each);
      printed += 1;
    }
  };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
