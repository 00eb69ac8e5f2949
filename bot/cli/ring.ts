/** `npm run ring -- <source> [button]`: a press of that source, through the real door of the running bot. */
import { Command } from "commander";
import { kinds } from "../app.ts";
import { type Configuration, teamsType } from "../config/configuration.ts";
import { loadConfiguration } from "../config/load-configuration.ts";
import { toNames } from "../config/names.ts";
import { ring as ringWords } from "../words/terminal/ring.ts";
import { type PressAnswer, press, toOwnUrl } from "./press.ts";
import { toReport } from "./report.ts";

new Command("ring")
  .description("Presses a button. To the bot this is a real alarm: people are warned and security is called.")
  .argument("<source>", "a source of the configuration")
  .argument("[button]", "the id of a button; without it, the first one of that source")
  .option("--config <file>", "the configuration", process.env.RUGDEKKING_CONFIG ?? "rugdekking.yaml")
  .action(ring)
  .parseAsync()
  .catch((error: unknown) => {
    process.stderr.write(`${toReport(error)}\n`);
    process.exitCode = 1;
  });

async function ring(source: string, chosen: string | undefined, { config }: { config: string }): Promise<void> {
  const configuration = loadConfiguration(config, process.env, kinds);
  const words = ringWords[configuration.language];
  if (configuration.sources[source] === undefined) {
    throw new Error(words.unknownSource(source, Object.keys(configuration.sources).join(", ")));
  }
  const name = toNames(configuration).source(source);
  if (configuration.sources[source].type === teamsType) throw new Error(words.typedOnly(name));
  const button = chosen ?? configuration.buttons.find((each) => each.source === source)?.id;
  if (button === undefined) throw new Error(words.whichButton(name));
  const { status, body } = await pressOrExplain(configuration, source, button);
  if (status !== 202) throw new Error(words.refused(status, String(body.detail ?? "")));
  const { outcome, incident = null } = body;
  const result = incident === null ? words.taken(name) : words.answered(status, String(outcome), String(incident));
  process.stdout.write(`${result}\n`);
}

async function pressOrExplain(configuration: Configuration, source: string, button: string): Promise<PressAnswer> {
  try {
    return await press(configuration, source, button, Date.now());
  } catch (cause) {
    // The bot is not there, or hangs. Other errors are a listener's own, which say more than we could.
    const isUnreachable = cause instanceof Error && ("syscall" in cause || cause.name === "AbortError");
    if (!isUnreachable) throw cause;
    throw new Error(ringWords[configuration.language].noAnswer(toOwnUrl(configuration)), { cause });
  }
}
