import { styleText } from "node:util";
import type { Configuration } from "../../config/configuration.ts";
import { ConfigurationError } from "../../config/configuration-error.ts";
import { checkUp as checkUpWords } from "../../words/terminal/check-up.ts";
import type { CheckState, CheckUpWords } from "../../words/terminal/check-up-words.ts";
import { loadConfigured } from "../configured.ts";
import { toEnvironmentFile } from "../environment.ts";
import { toOwnUrl } from "../ring/press.ts";
import type { CheckUpReport } from "./check-up-report.ts";
import { checkBot } from "./checks/bot.ts";
import { checkDatabase } from "./checks/database.ts";
import { checkPagers, checkPublicUrl } from "./checks/hosts.ts";
import { checkClock, checkDisk, checkNode, checkRights, toDatabasePath } from "./checks/machine.ts";
import { type Finding, toLine } from "./finding.ts";
import { RunningBot } from "./running-bot.ts";

export interface CheckUpOptions {
  readonly config: string;
  readonly json?: boolean;
}

/**
 * Looks at all that can be seen without changing or sending anything: a line each, with what to do. It ends with 1 when
 * something is not well, and with 0 also where something can't be seen from here.
 */
export async function checkUp({ config, json = false }: CheckUpOptions): Promise<void> {
  const { findings, words } = await examine(config);
  const bad = findings.filter(({ state }) => state === "bad").length;
  const unseen = findings.filter(({ state }) => state === "unseen").length;
  const text = json ? JSON.stringify({ isGood: bad === 0, findings }, null, 2) : toText(findings, bad, unseen, words);
  process.stdout.write(`${text}\n`);
  process.exitCode = bad === 0 ? 0 : 1;
}

async function examine(file: string): Promise<{ findings: readonly Finding[]; words: CheckUpWords }> {
  const finding = (words: CheckUpWords) => ({ check: "configuration", subject: words.subject.configuration });
  try {
    const configuration = await loadConfigured(file);
    const words = checkUpWords[configuration.language];
    const count = configuration.warnings.length;
    const said = count === 0 ? words.configuration.good(file) : words.configuration.warned(file, count);
    return { findings: [{ ...finding(words), state: "good", said }, ...(await lookAt(file, configuration))], words };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    // Which language is spoken here stands in what can't be read.
    const words = checkUpWords.nl;
    const said = words.configuration.bad(file, error.problems.length);
    return { findings: [{ ...finding(words), state: "bad", said }, checkNode(words)], words };
  }
}

async function lookAt(file: string, configuration: Configuration): Promise<readonly Finding[]> {
  const words = checkUpWords[configuration.language];
  const { bot, report } = await askBot(configuration, words);
  const [clock, disk, database, publicUrl, pagers] = await Promise.all([
    checkClock(configuration, words),
    checkDisk(configuration, words),
    checkDatabase(configuration, words),
    checkPublicUrl(configuration, words),
    checkPagers(configuration, words),
  ]);
  return [
    checkNode(words),
    bot,
    clock,
    disk,
    ...checkRights(toFiles(file, configuration), words),
    ...database,
    ...publicUrl,
    ...pagers,
    ...checkBot(report, configuration, words),
  ];
}

/** Asks the running bot, by its own door; `report` null: it can't be asked, and `bot` says why. */
async function askBot(
  configuration: Configuration,
  words: CheckUpWords,
): Promise<{ readonly bot: Finding; readonly report: CheckUpReport | null }> {
  const finding = { check: "bot", subject: words.subject.bot };
  const isAllowed = configuration.doctorToken !== null;
  try {
    const report = await new RunningBot(configuration).loadCheckUp();
    return { bot: { ...finding, state: "good", said: words.running(toOwnUrl(configuration)) }, report };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return { bot: { ...finding, state: isAllowed ? "bad" : "unseen", said }, report: null };
  }
}

/** The colour of a sign, for who sees it; the sign and its word say the same. */
const colours = { good: "green", bad: "red", unseen: "yellow" } as const satisfies Record<CheckState, string>;

function toText(findings: readonly Finding[], bad: number, unseen: number, words: CheckUpWords): string {
  const lines = findings.map((each) => {
    const line = toLine(each, words);
    const sign = words.state[each.state];
    return `${styleText(colours[each.state], sign, { stream: process.stdout })}${line.slice(sign.length)}`;
  });
  return [...lines, "", words.end(bad, unseen)].join("\n");
}

/** The files that hold secrets or alarms. */
function toFiles(file: string, configuration: Configuration): readonly string[] {
  return [file, toDatabasePath(configuration), toEnvironmentFile(file)].filter((each) => each !== null);
}
