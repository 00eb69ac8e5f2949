import { isListener, toReadySource } from "../../compose/kinds.ts";
import { type Configuration, teamsType } from "../../config/configuration.ts";
import { toNames } from "../../config/names.ts";
import { type RingWords, ring as ringWords } from "../../words/terminal/ring.ts";
import { loadConfigured } from "../configured.ts";
import { RunningBot } from "../doctor/running-bot.ts";
import { confirmPress } from "./confirm-press.ts";
import { type PressAnswer, press, toOwnUrl } from "./press.ts";

export interface RingOptions {
  readonly config: string;
  readonly test: boolean;
  readonly yes: boolean;
}

/** What is pressed. `name` is what people call the source. */
interface Target {
  readonly source: string;
  readonly name: string;
  readonly button: string;
}

/** How many buttons of a source the list names. */
const maxListed = 5;

/** Presses a button, asks what that would do, or lists what can be pressed. Rejects with a sentence. */
export async function ring(
  source: string | undefined,
  button: string | undefined,
  options: RingOptions,
): Promise<void> {
  const configuration = await loadConfigured(options.config);
  const words = ringWords[configuration.language];
  if (source === undefined) return print(toList(configuration, words));
  const target = toTarget(configuration, source, button, words);
  if (options.test) return testPress(configuration, target, words);
  if (!options.yes) {
    const place = configuration.buttons.find((each) => each.source === source && each.id === target.button)?.place;
    await confirmPress({ input: process.stdin, output: process.stdout }, place ?? target.button, words);
  }
  const { status, body } = await pressOrExplain(configuration, target);
  if (status !== 202) throw new Error(words.refused(status, String(body.detail ?? "")));
  const { outcome, incident = null } = body;
  print(incident === null ? words.taken(target.name) : words.answered(status, String(outcome), String(incident)));
}

function toTarget(configuration: Configuration, source: string, chosen: string | undefined, words: RingWords): Target {
  const entry = Object.hasOwn(configuration.sources, source) ? configuration.sources[source] : undefined;
  if (entry === undefined) {
    throw new Error(words.unknownSource(source, Object.keys(configuration.sources).join(", ")));
  }
  const name = toNames(configuration).source(source);
  if (entry.type === teamsType) throw new Error(words.typedOnly(name));
  const button = chosen ?? configuration.buttons.find((each) => each.source === source)?.id;
  if (button === undefined) throw new Error(words.whichButton(name));
  return { source, name, button };
}

/** Lists the sources with their first buttons. */
function toList(configuration: Configuration, words: RingWords): string {
  const names = toNames(configuration);
  const sources = Object.entries(configuration.sources).map(([source, { type }]) => {
    const buttons = configuration.buttons.filter((each) => each.source === source);
    const listed = buttons.slice(0, maxListed).map(({ id, place }) => `    ${id}  ${place ?? words.placeUnknown}`);
    const more = buttons.length > maxListed ? [`    ${words.more(buttons.length - maxListed)}`] : [];
    const label = names.source(source);
    return [`  ${source}  (${label === source ? type : `${label}, ${type}`})`, ...listed, ...more].join("\n");
  });
  return `${words.sources}\n\n${sources.join("\n")}\n\n${words.usage}`;
}

/**
 * Asks the running bot what it would do with that press; ends with 1 when nobody would be called to it in a channel.
 */
async function testPress(configuration: Configuration, { source, name, button }: Target, words: RingWords) {
  const { type, options } = configuration.sources[source] ?? { type: "" };
  const message = isListener(type) ? null : toReadySource(type, options).example(button, Date.now());
  const found = await new RunningBot(configuration).testPress(source, button, message);
  if (found === null) throw new Error(words.notRunning(name));
  const { outcome, place, channel, isLinked } = found;
  print(words.read[outcome](name, found.button, place ?? words.placeUnknown));
  if (outcome === "refused" || outcome === "no-press") process.exitCode = 1;
  else print(isLinked ? words.goesTo(channel) : words.notLinked(channel));
  if (!isLinked || outcome === "unreadable") process.exitCode = 1;
  print(words.nobodyWarned);
}

async function pressOrExplain(configuration: Configuration, { source, button }: Target): Promise<PressAnswer> {
  try {
    return await press(configuration, source, button, Date.now());
  } catch (cause) {
    // The bot is not there, or hangs. Other errors are a listener's own, which say more than we could.
    const isUnreachable = cause instanceof Error && ("syscall" in cause || cause.name === "AbortError");
    if (!isUnreachable) throw cause;
    throw new Error(ringWords[configuration.language].noAnswer(toOwnUrl(configuration)), { cause });
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
