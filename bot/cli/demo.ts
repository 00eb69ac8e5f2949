/** `npm run demo`: the whole bot on one machine, with a Teams to click in and a guard desk to page. */
import { Command, Option } from "commander";
import { type Language, languages } from "../domain/language.ts";
import { runAttended } from "./demo/attended.ts";
import { runUnattended } from "./demo/unattended.ts";
import { toReport } from "./report.ts";

new Command("demo")
  .description("Starts the bot, the Agents Playground as its Teams, and a guard desk. Enter presses a button.")
  .option("--unattended", "press one button, claim nothing, let the guard accept, and end: 0 when all of it happened")
  .addOption(
    new Option("--language <language>", "what the bot, Teams and the desk speak").choices(languages).default("nl"),
  )
  .action(({ unattended = false, language }: { unattended?: boolean; language: Language }) =>
    unattended ? runUnattended(language) : runAttended(language),
  )
  .parseAsync()
  .catch((error: unknown) => {
    process.stderr.write(`${toReport(error)}\n`);
    process.exitCode = 1;
  });
