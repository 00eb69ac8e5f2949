/** `npm run ring -- <source> [button]`: a press of that source, through the real door of the running bot. */
import { Command } from "commander";
import { configOption } from "./config-option.ts";
import type { RingOptions } from "./ring/ring.ts";
import { runCommand } from "./run-command.ts";

const ring = new Command("ring")
  .description(
    "Presses a button. To the bot this is a real alarm: people are warned and security is called. Without a source it " +
      "lists the sources.",
  )
  .argument("[source]", "a source of the configuration")
  .argument("[button]", "the id of a button; without it, the first one of that source")
  .addOption(configOption)
  .option("--test", "ask the running bot what it would do, and warn nobody; it needs a doctorToken", false)
  .option("--yes", "do not ask for the place before a real alarm, for scripts", false)
  .action(async (source: string | undefined, button: string | undefined, options: RingOptions) => {
    const { ring: work } = await import("./ring/ring.ts");
    await work(source, button, options);
  });

void runCommand(ring);
