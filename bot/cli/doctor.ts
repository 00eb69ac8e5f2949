/**
 * `npm run doctor`: makes the running bot test every route to external security, until humans answered, or Teams.
 */
import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import { Command } from "commander";
import { kinds } from "../app.ts";
import type { Configuration } from "../config/configuration.ts";
import { parseDuration } from "../config/document/duration.ts";
import { loadConfiguration } from "../config/load-configuration.ts";
import { toNames } from "../config/names.ts";
import { toPagerWords } from "../words/colleague/route-test.ts";
import { toClockTime, toDateTime } from "../words/shared/time.ts";
import { doctor as doctorWords } from "../words/terminal/doctor.ts";
import { configOption } from "./config-option.ts";
import { Questions } from "./questions.ts";
import { toReport } from "./report.ts";
import { type Report, RunningBot } from "./running-bot.ts";
import { testTeams } from "./test-teams.ts";

const pollEveryMs = 1_000;

const doctor = new Command("doctor")
  .description("Finds out what would not work when it matters.")
  // 1 is the answer "not every human was reached"; a command that was typed wrongly never asked.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

doctor
  .command("pagers")
  .description("Sends a test by every route to external security. It ends with 0 once a human has answered everywhere.")
  .addOption(configOption)
  .option("--wait <duration>", "how long to wait for humans", "5m")
  .action(testPagers);

doctor
  .command("teams")
  .description("Tries what an alarm needs of Teams, with messages marked TEST. It ends with 0 once all of it works.")
  .argument("<channel>", "the only channel in which it posts, by its name in the configuration")
  .addOption(configOption)
  .option("--person <name>", "the only one who is rung, by their name in the configuration or their Entra id")
  .option("--wait <duration>", "how long to wait for clicks", "5m")
  .action(testTeams);

doctor.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${toReport(error)}\n`);
  process.exitCode = 2;
});

async function testPagers({ config, wait: maxWait }: { config: string; wait: string }): Promise<void> {
  const configuration = loadConfiguration(config, process.env, kinds);
  const words = doctorWords[configuration.language];
  const maxWaitMs = parseDuration(maxWait);
  if (maxWaitMs === null) throw new Error(words.badWait);
  const until = performance.now() + maxWaitMs;
  const bot = new RunningBot(configuration);
  const names = toNames(configuration);
  let report = await bot.startTest();
  const { id, endsAt } = report;
  const clock = toClockTime(endsAt, configuration.timezone, configuration.language);
  const printChanges = createReporter(configuration);
  print(words.started(clock));
  printChanges(report);
  using questions = new Questions((pager) => words.ask(names.pager(pager)), words.yes, print);
  while (!isSettled(report) && performance.now() < until) {
    await wait(pollEveryMs);
    const confirmed = questions.takeConfirmed();
    for (const pager of confirmed) {
      if ((await bot.confirmPager(id, pager)) === null) print(words.notConfirmed(names.pager(pager)));
    }
    report = await bot.loadTest(id);
    printChanges(report);
    questions.ask(toAccepted(report));
  }
  const isEachAnswered = Object.values(report.routes).every(({ state }) => state === "answered");
  print(isEachAnswered ? words.allAnswered : words.notAllAnswered);
  if (!isSettled(report)) print(words.goesOn(clock));
  process.exitCode = isEachAnswered ? 0 : 1;
}

/**
 * Creates what prints each route's state when it has changed, and the first time with when a human last answered by it.
 */
function createReporter(configuration: Configuration): (report: Report) => void {
  const { language, timezone } = configuration;
  const names = toNames(configuration);
  const lastStates = new Map<string, string>();
  const words = doctorWords[language];
  return ({ routes, isOver }) => {
    for (const [pager, pagerTest] of Object.entries(routes)) {
      const state = toPagerWords(pagerTest, isOver, language, timezone);
      if (lastStates.get(pager) === state) continue;
      const { provenAt } = pagerTest;
      const lastAnswer = provenAt === null ? words.neverProven : words.proven(toDateTime(provenAt, timezone, language));
      const line = `${names.pager(pager)}: ${state}`;
      print(lastStates.has(pager) ? line : `${line} (${lastAnswer})`);
      lastStates.set(pager, state);
    }
  };
}

function isSettled({ routes, isOver }: Report): boolean {
  return isOver || Object.values(routes).every(({ state }) => state === "answered" || state === "failed");
}

function toAccepted({ routes }: Report): string[] {
  return Object.entries(routes).flatMap(([pager, { state }]) => (state === "accepted" ? [pager] : []));
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
