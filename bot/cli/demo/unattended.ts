import type { Configuration } from "../../config/configuration.ts";
import type { Language } from "../../domain/language.ts";
import { SystemClock } from "../../engine/kernel/time/clock.ts";
import { type DemoWords, demo } from "../../words/terminal/demo.ts";
import { press } from "../ring/press.ts";
import { Follower } from "./follower.ts";
import { prepareDemo } from "./prepare-demo.ts";
import { startDemo } from "./start-demo.ts";
import { print, showLine, toDemoLog } from "./terminal.ts";

/** Longest that the run may take: it has to end within 60 s whatever happens, and the rest is for stopping. */
const maxMs = 50_000;

/**
 * One alarm from press to a guard who comes, with nobody at the keyboard: nobody claims, the desk is paged, the guard
 * accepts. Prints the history as it happens. Rejects with the first thing that did not happen in time.
 */
export async function runUnattended(language: Language): Promise<void> {
  const startedAt = performance.now();
  const deadline = AbortSignal.timeout(maxMs);
  await using prepared = await prepareDemo({ bot: 0, playground: 0, desk: 0 }, language);
  const { configuration } = prepared;
  const words: DemoWords = demo[language];
  const incidents = new Set<string>();
  const paged = Promise.withResolvers<string | null>();
  const posted = Promise.withResolvers<void>();
  const accepted = Promise.withResolvers<void>();

  const log = toDemoLog(configuration, () => {});
  using clock = new SystemClock(log);
  await using line = await startDemo({
    prepared,
    clock,
    log,
    onPage: ({ acceptUrl }) => paged.resolve(acceptUrl),
  });
  using follower = new Follower(line.app, incidents, (entry, incident) => {
    showLine(entry, incident, line, configuration);
    if (entry.kind === "card-posted") posted.resolve();
    if (entry.kind === "guard-accepted") accepted.resolve();
  });
  const inTime = <T>(step: Promise<T>, missing: string) => {
    const ended = line.playground.ended.then(() => {
      throw new Error(words.playgroundEnded);
    });
    return Promise.race([step, ended, rejectAfter(deadline, words.failed(missing))]);
  };

  incidents.add(await pressFirst(configuration));
  await inTime(posted.promise, words.missing.card);
  const acceptUrl = await inTime(paged.promise, words.missing.page);
  await follower.poll();
  await acceptPage(acceptUrl, words);
  await inTime(accepted.promise, words.missing.accepted);
  print(words.succeeded(Math.round((performance.now() - startedAt) / 1000)));
}

/** Presses the first button of the configuration; resolves with its incident. */
async function pressFirst(configuration: Configuration): Promise<string> {
  const words: DemoWords = demo[configuration.language];
  const [button] = configuration.buttons;
  if (button === undefined) throw new Error("the demo's configuration has no button");
  const { status, body } = await press(configuration, button.source, button.id, Date.now());
  if (status !== 202 || typeof body.incident !== "string") throw new Error(words.failed(words.missing.press(status)));
  print(`\n${words.pressed(button.id, button.place ?? words.placeUnknown)}`);
  return body.incident;
}

/** Accepts the page, as the button on the guard's page does. */
async function acceptPage(acceptUrl: string | null, words: DemoWords): Promise<void> {
  if (acceptUrl === null) throw new Error(words.failed(words.missing.acceptUrl));
  print(`  ${words.accepting}`);
  const answered = await fetch(acceptUrl, { method: "POST", body: new URLSearchParams({ answer: "accept" }) });
  await answered.text();
  if (!answered.ok) throw new Error(words.failed(words.missing.answer(answered.status)));
}

/** Rejects with that sentence once the time is over. */
function rejectAfter(deadline: AbortSignal, sentence: string): Promise<never> {
  return new Promise((_resolve, reject) => {
    const end = () => reject(new Error(sentence));
    if (deadline.aborted) end();
    else deadline.addEventListener("abort", end, { once: true });
  });
}
