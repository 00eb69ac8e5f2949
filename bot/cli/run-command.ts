import type { Command } from "commander";
import { toReport } from "./report.ts";

/**
 * Runs what was typed; what it rejects with becomes its sentence on standard error, and `failure` the exit code. The
 * work of a command is imported by its action, because who asks for --help, or mistypes an option, waits for it.
 */
export async function runCommand(command: Command, failure = 1): Promise<void> {
  try {
    await command.parseAsync();
  } catch (error) {
    process.stderr.write(`${toReport(error)}\n`);
    process.exitCode = failure;
  }
}
