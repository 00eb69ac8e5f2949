import { createInterface } from "node:readline";
import type { Configuration } from "../../config/configuration.ts";
import type { Language } from "../../domain/language.ts";
import { SystemClock } from "../../engine/kernel/time/clock.ts";
import { card } from "../../words/colleague/card.ts";
import { type DemoWords, demo } from "../../words/terminal/demo.ts";
import { press } from "../ring/press.ts";
import { Follower } from "./follower.ts";
import { prepareDemo } from "./prepare-demo.ts";
import { type Demo, startDemo } from "./start-demo.ts";
import { print, showLine, toDemoLog } from "./terminal.ts";

/** The ports where people expect them; another is taken where one is busy. */
const preferredPorts = { bot: 3978, playground: 56_150, desk: 3979 };
const echoMs = 1_000;

/**
 * The demo with somebody at the keyboard: Enter presses a button, Ctrl-C ends it. Resolves when all is stopped; rejects
 * when the Playground ended by itself.
 */
export async function runAttended(language: Language): Promise<void> {
  const interrupted = untilInterrupted();
  await using prepared = await prepareDemo(preferredPorts, language);
  const { configuration } = prepared;
  const words: DemoWords = demo[language];
  const incidents = new Set<string>();
  let isSomebodyLooking = false;

  print(words.starting);
  const log = toDemoLog(configuration, (event, { incident }) => {
    // Whoever opens the Playground's page installs the bot there.
    if (event === "installed") isSomebodyLooking = true;
    // A press from elsewhere (`npm run ring`) is followed too.
    if (typeof incident === "string") incidents.add(incident);
  });
  using clock = new SystemClock(log);
  await using line = await startDemo({ prepared, clock, log, onPage: () => {} });
  using _follower = new Follower(line.app, incidents, (entry, incident) =>
    showLine(entry, incident, line, configuration),
  );
  print(toIntroduction(configuration, line));

  using keyboard = createInterface({ input: process.stdin });
  keyboard.on("line", (typed) => {
    if (!isSomebodyLooking) print(words.nobodyLooks);
    pressButton(configuration, typed.trim()).catch((error: unknown) => log.error({ err: error }, "press"));
  });
  const why = await Promise.race([interrupted, line.playground.ended.then(() => "ended" as const)]);
  if (why === "ended") throw new Error(words.playgroundEnded);
  print(words.stopping);
}

function toIntroduction({ language, buttons, policies }: Configuration, { playground, deskUrl }: Demo): string {
  const { introduction: words, placeUnknown }: DemoWords = demo[language];
  const [first, ...others] = buttons;
  const steps = Object.values(policies).flatMap((policy) => policy.steps);
  const firstPageMs = steps.find((step) => step.kind === "page")?.afterMs ?? 0;
  const named = others.map(({ id, place }) => `${id} (${place ?? placeUnknown})`).join(", ");
  return `
${words.local}

  1. ${words.teams(playground.url)}
  2. ${words.desk(deskUrl)}
  3. ${words.press(first?.place ?? placeUnknown)}

${words.claim(card[language].button.claim, firstPageMs / 1000)}
${words.others(named)}
${words.chat}
${words.ringTest}
${words.stop}
`;
}

/** Presses the button with that number, or the first one when none was typed. A number that nobody knows alarms too. */
async function pressButton(configuration: Configuration, typed: string): Promise<void> {
  const words = demo[configuration.language];
  const [first] = configuration.buttons;
  const button = configuration.buttons.find((each) => each.id === typed) ?? (typed === "" ? first : undefined);
  const id = button?.id ?? typed;
  const source = button?.source ?? Object.keys(configuration.sources)[0] ?? "";
  print(`\n${words.pressed(id, button?.place ?? words.placeUnknown)}`);
  const { status } = await press(configuration, source, id, Date.now());
  if (status !== 202) print(words.failed(words.missing.press(status)));
}

/**
 * Resolves at Ctrl-C, or when the system ends this process. A second Ctrl-C ends it at once, with what it started; not
 * within `echoMs`, because npm passes on the one that the terminal has sent already.
 */
function untilInterrupted(): Promise<"interrupted"> {
  const { promise, resolve } = Promise.withResolvers<"interrupted">();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    let isFirst = true;
    // Not `once`: for a moment nobody would listen, and an echo that comes then ends the process where it stands.
    const onSignal = () => {
      if (isFirst) setTimeout(() => process.off(signal, onSignal), echoMs).unref();
      isFirst = false;
      resolve("interrupted");
    };
    process.on(signal, onSignal);
  }
  return promise;
}
