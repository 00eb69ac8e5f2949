/** `npm run demo`: the whole bot on one machine, with a Teams to click in and a guard desk to page. */
import { Command } from "commander";
import { runAttended } from "./demo/attended.ts";
import { runUnattended } from "./demo/unattended.ts";
import { toReport } from "./report.ts";

new Command("demo")
  .description("Starts the bot, the Agents Playground as its Teams, and a guard desk. Enter presses a button.")
  .option("--unattended", "press one button, claim nothing, let the guard accept, and end: 0 when all of it happened")
  .action(({ unattended = false }: { unattended?: boolean }) => (unattended ? runUnattended() : runAttended()))
  .parseAsync()
  .catch((error: unknown) => {
    process.stderr.write(`${toReport(error)}\n`);
    process.exitCode = 1;
  });
