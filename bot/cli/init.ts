/** `npm run init`: makes a first configuration of what it is told, with secrets, and says what to enter where. */
import { randomBytes } from "node:crypto";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { Command } from "commander";
import { kinds } from "../app.ts";
import { parseConfiguration } from "../config/load-configuration.ts";
import { toFileFault } from "../kit/file-fault.ts";
import { type InitWords, init } from "../words/terminal/init.ts";
import { configOption } from "./config-option.ts";
import { toEnvironmentFile } from "./environment.ts";
import type { Given } from "./init/answers.ts";
import { askAnswers } from "./init/ask-answers.ts";
import { composeFiles } from "./init/compose-files.ts";
import { readAnswers } from "./init/read-answers.ts";
import { toReport } from "./report.ts";

interface InitOptions {
  readonly config: string;
  readonly env?: string;
  readonly database: string;
  readonly answers?: string;
}

new Command("init")
  .description(
    "Asks what a first configuration needs, makes the secrets, writes both files for you alone to read, and says what\n" +
      "to enter where. It writes over nothing.",
  )
  .addOption(configOption)
  .option("--env <file>", "where to write the secrets; left out, .env beside the configuration, where commands look")
  .option("--database <file>", "where the bot keeps its database", "data/rugdekking.db")
  .option("--answers <file>", "a file with the answers, in YAML, instead of questions")
  .action(makeConfiguration)
  .parseAsync()
  .catch((error: unknown) => {
    process.stderr.write(`${toReport(error)}\n`);
    process.exitCode = 1;
  });

async function makeConfiguration({ config, database, answers, ...options }: InitOptions): Promise<void> {
  const env = options.env ?? toEnvironmentFile(config);
  for (const file of [config, env]) if (existsSync(file)) throw new Error(init.nl.there(file));
  const terminal = { input: process.stdin, output: process.stdout };
  const given = answers === undefined ? await askAnswers(terminal, init.nl) : readAnswers(answers);
  const words = init[given.language === "en" ? "en" : "nl"];
  const files = composeFiles(given, database, () => randomBytes(24).toString("base64url"));
  // What is written has to start, whatever was answered.
  parseConfiguration(config, files.configuration, files.variables, kinds);
  write(env, files.environment, words);
  try {
    write(config, files.configuration, words);
  } catch (error) {
    rmSync(env);
    throw error;
  }
  process.stdout.write(`${[words.written(config, env), ...toNext(given, env, words)].join("\n")}\n`);
}

/** Writes a file that only this user may read, where there is none. */
function write(file: string, text: string, words: InitWords): void {
  try {
    writeFileSync(file, text, { flag: "wx", mode: 0o600 });
  } catch (cause) {
    throw new Error(words.unwritten(file, toFileFault(cause)), { cause });
  }
}

/** What to enter where, a line each. */
function toNext({ publicUrl, channel, pager }: Given, env: string, words: InitWords): readonly string[] {
  const { next } = words;
  const address = publicUrl ?? "http://127.0.0.1:3978";
  return [
    ...(publicUrl === undefined ? [next.local] : [next.bot(`${publicUrl}/api/messages`), next.proxy(publicUrl)]),
    next.source(`${address}/alarms/buttons`, "BUTTONS_SECRET", env),
    ...(pager === "webhook" ? [next.desk("SECURITY_SECRET", env)] : []),
    next.start(String(channel)),
  ];
}
