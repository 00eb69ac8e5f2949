import { randomBytes } from "node:crypto";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { parseConfiguration } from "../../config/load-configuration.ts";
import type { Language } from "../../domain/language.ts";
import { toFileFault } from "../../words/shared/file-fault.ts";
import { type InitWords, init } from "../../words/terminal/init.ts";
import { toEnvironmentFile } from "../environment.ts";
import type { Given } from "./answers.ts";
import { askAnswers } from "./ask-answers.ts";
import { composeFiles } from "./compose-files.ts";
import { readAnswers } from "./read-answers.ts";

export interface InitOptions {
  readonly config: string;
  readonly env?: string;
  readonly database: string;
  readonly answers?: string;
}

/** Asks what is needed, or reads it, and writes both files. Rejects with a sentence, and has written nothing then. */
export async function makeConfiguration({ config, database, answers, ...options }: InitOptions): Promise<void> {
  const env = options.env ?? toEnvironmentFile(config);
  for (const file of [config, env]) if (existsSync(file)) throw new Error(init.nl.there(file));
  const terminal = { input: process.stdin, output: process.stdout };
  const given = answers === undefined ? await askAnswers(terminal, init.nl) : readAnswers(answers);
  const language = given.language === "en" ? "en" : "nl";
  const words = init[language];
  const files = composeFiles(given, database, () => randomBytes(24).toString("base64url"));
  const { kinds } = await import("../../compose/kinds.ts");
  // What is written has to start, whatever was answered.
  parseConfiguration(config, files.configuration, files.variables, kinds);
  write(env, files.environment, language);
  try {
    write(config, files.configuration, language);
  } catch (error) {
    rmSync(env);
    throw error;
  }
  process.stdout.write(`${[words.written(config, env), ...toNext(given, env, words)].join("\n")}\n`);
}

/** Writes a file that only this user may read, where there is none. */
function write(file: string, text: string, language: Language): void {
  try {
    writeFileSync(file, text, { flag: "wx", mode: 0o600 });
  } catch (cause) {
    throw new Error(init[language].unwritten(file, toFileFault(cause, language)), { cause });
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
