import type { Configuration } from "../../config/configuration.ts";
import { toNames } from "../../config/names.ts";
import type { RecordedLine } from "../../domain/incident/history.ts";
import type { Log } from "../../log.ts";
import type { LogEvent } from "../../log-events/log-events.ts";
import { toHistoryLine } from "../../words/colleague/sentence.ts";
import { demo } from "../../words/terminal/demo.ts";
import type { Demo } from "./start-demo.ts";

/** Writes one line, or several, for the person at the terminal. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

const answers: readonly string[] = [
  "guard-accepted",
  "guard-declined",
  "guard-arrived",
  "guard-help",
] satisfies RecordedLine["kind"][];

/**
 * Prints a line of an incident's history as it was recorded, with its time; a guard's answer stands at the desk too.
 */
export function showLine(
  line: RecordedLine,
  incident: string,
  { noteAnswer }: Pick<Demo, "noteAnswer">,
  configuration: Configuration,
): void {
  const { language, timezone } = configuration;
  const shown = toHistoryLine(line, language, timezone, toNames(configuration));
  print(`  ${shown}`);
  if (answers.includes(line.kind)) noteAnswer(incident, shown);
}

/** The bot's log in the demo: hands over every event, and prints what went wrong. */
export function toDemoLog(
  { language }: Configuration,
  onEvent: (event: LogEvent, facts: Record<string, unknown>) => void,
): Log {
  return {
    info: (facts, event) => onEvent(event, facts),
    warn: (facts, event) => onEvent(event, facts),
    error(facts, event) {
      print(demo[language].wrong(event, facts.err instanceof Error ? facts.err.message : ""));
      onEvent(event, facts);
    },
  };
}
