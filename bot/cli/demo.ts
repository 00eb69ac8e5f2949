/** `npm run demo`: the whole bot on one machine, with a Teams to click in and a guard desk to page. */
import { Command, Option } from "commander";
import { type Language, languages } from "../domain/language.ts";
import { runCommand } from "./run-command.ts";

const demo = new Command("demo")
  .description("Starts the bot, the Agents Playground as its Teams, and a guard desk. Enter presses a button.")
  .option("--unattended", "press one button, claim nothing, let the guard accept, and end: 0 when all of it happened")
  .addOption(
    new Option("--language <language>", "what the bot, Teams and the desk speak").choices(languages).default("nl"),
  )
  .action(async ({ unattended = false, language }: { unattended?: boolean; language: Language }) => {
    if (unattended) await (await import("./demo/unattended.ts")).runUnattended(language);
    else await (await import("./demo/attended.ts")).runAttended(language);
  });

void runCommand(demo);
