import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import type { Configuration } from "../../config/configuration.ts";
import { parseDuration } from "../../config/document/duration.ts";
import { toNames } from "../../config/names.ts";
import { toPagerWords } from "../../words/operator/route-test.ts";
import { toClockTime, toDateTime } from "../../words/shared/time.ts";
import { doctor as doctorWords } from "../../words/terminal/doctor.ts";
import { loadConfigured } from "../configured.ts";
import { askToSend } from "./may-send.ts";
import { Questions } from "./questions.ts";
import { type Report, RunningBot } from "./running-bot.ts";

const pollEveryMs = 1_000;

export interface TestPagersOptions {
  readonly config: string;
  readonly wait: string;
  /** Whether it need not be asked. */
  readonly yes: boolean;
}

/** Makes the running bot test every route to external security, until humans answered. */
export async function testPagers({ config, wait: maxWait, yes }: TestPagersOptions): Promise<void> {
  const configuration = await loadConfigured(config);
  const words = doctorWords[configuration.language];
  const maxWaitMs = parseDuration(maxWait);
  if (maxWaitMs === null) throw new Error(words.badWait);
  const until = performance.now() + maxWaitMs;
  const bot = new RunningBot(configuration);
  const names = toNames(configuration);
  const terminal = { input: process.stdin, output: process.stdout };
  if (!yes) await askToSend(terminal, words.maySendPages, words);
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
