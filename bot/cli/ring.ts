/** `npm run ring -- <source> [button]`: a press of that source, through the real door of the running bot. */
import { Command } from "commander";
import { kinds } from "../app.ts";
import { type Configuration, teamsType } from "../config/configuration.ts";
import { loadConfiguration } from "../config/load-configuration.ts";
import { ring as words } from "../words/terminal/ring.ts";
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

async function ring(source: string, named: string | undefined, { config }: { config: string }): Promise<void> {
  const configuration = loadConfiguration(config, process.env, kinds);
  const say = words[configuration.language];
  if (configuration.sources[source] === undefined) {
    throw new Error(say.unknownSource(source, Object.keys(configuration.sources).join(", ")));
  }
  if (configuration.sources[source].type === teamsType) throw new Error(say.typedOnly(source));
  const button = named ?? configuration.buttons.find((each) => each.source === source)?.id;
  if (button === undefined) throw new Error(say.whichButton(source));
  const { status, body } = await pressOrSay(configuration, source, button);
  if (status !== 202) throw new Error(say.refused(status, String(body.detail ?? "")));
  const { outcome, incident = null } = body;
  const said = incident === null ? say.taken(source) : say.answered(status, String(outcome), String(incident));
  process.stdout.write(`${said}\n`);
}

async function pressOrSay(configuration: Configuration, source: string, button: string): Promise<PressAnswer> {
  try {
    return await press(configuration, source, button, Date.now());
  } catch (cause) {
    // A bot that is not there, or hangs; what a listener says of itself tells more than we could.
    const isGone = cause instanceof Error && ("syscall" in cause || cause.name === "AbortError");
    if (!isGone) throw cause;
    throw new Error(words[configuration.language].noAnswer(toOwnUrl(configuration)), { cause });
  }
}
