import type { Configuration } from "../config/configuration.ts";
import { ConfigurationError } from "../config/configuration-error.ts";
import type { SecretUses } from "../engine/kernel/secret-uses.ts";
import type { KnownConfiguration } from "../engine/known-configuration.ts";
import type { Log } from "../log.ts";
import type { Audit, AuditBy } from "../log-events/audit.ts";
import type { Directory, ReloadAnswer } from "../ports/directory.ts";
import { configuration as words } from "../words/operator/configuration.ts";
import { findChangedSettings, toKnownConfiguration } from "./changed-settings.ts";
import { findNewParts, mergeConfiguration } from "./new-configuration.ts";
import { type Around, type Setup, toSetup } from "./setup.ts";

export interface ReloaderOptions {
  readonly setup: Setup;
  /** Reads the file as it is now; throws ConfigurationError with all that is wrong with it. */
  readonly loadConfiguration: () => Configuration;
  readonly around: Around;
  readonly secretUses: Pick<SecretUses, "forget">;
  readonly log: Log;
}

/** Writes what a directory needs on disk before an alarm goes by it; rejects when the storage does not take it. */
export type RecordDirectory = (directory: Directory, known: KnownConfiguration) => Promise<void>;

/**
 * Holds the setup of now, and replaces it as a whole. A file with a mistake changes nothing, and neither does one whose
 * policies can't be written, because an incident finds its policy on disk (rule 6).
 */
export class Reloader {
  readonly #options: ReloaderOptions;
  #setup: Setup;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: ReloaderOptions) {
    this.#options = options;
    this.#setup = options.setup;
  }

  /** What holds now. */
  readonly now = (): Setup => this.#setup;

  /** One after the other; `by`: who asked for it. Never rejects. */
  reload(by: AuditBy, record: RecordDirectory): Promise<ReloadAnswer> {
    const reloaded = this.#last.then(() => this.#reload(by, record));
    this.#last = reloaded;
    return reloaded;
  }

  async #reload(by: AuditBy, record: RecordDirectory): Promise<ReloadAnswer> {
    const answer = await this.#tryToReload(by, record);
    if (answer.kind !== "reloaded") {
      const audit: Audit = { by, on: [], result: answer.kind === "not-stored" ? "failed" : "refused" };
      this.#options.log.error({ reason: answer.kind, problems: answer.problems, audit }, "configuration-not-reloaded");
    }
    return answer;
  }

  /** Goes by the setup from now on, with all that hangs on which of two it is. */
  #replace(setup: Setup, by: AuditBy, needsRestart: readonly string[]): void {
    const { secretUses, log } = this.#options;
    const { settings, secrets } = findChangedSettings(this.#setup.configuration, setup.configuration);
    this.#setup = setup;
    secretUses.forget(secrets);
    const toAudit = (on: readonly string[]): Audit => ({ by, on: [...on], result: "done" });
    log.info({ needsRestart, audit: toAudit(settings) }, "configuration-reloaded");
    if (secrets.length > 0) log.info({ audit: toAudit(secrets) }, "secrets-changed");
  }

  async #tryToReload(by: AuditBy, record: RecordDirectory): Promise<ReloadAnswer> {
    const { loadConfiguration, around, log } = this.#options;
    const before = this.#setup;
    try {
      const loaded = loadConfiguration();
      const newParts = findNewParts(before.configuration, loaded);
      if (newParts.length > 0) return { kind: "restart-needed", problems: newParts };
      const { configuration, needsRestart } = mergeConfiguration(before.configuration, loaded, before.pagers);
      const setup = toSetup(configuration, around, before);
      await record(setup.directory, toKnownConfiguration(configuration));
      this.#replace(setup, by, needsRestart);
      return { kind: "reloaded", needsRestart };
    } catch (error) {
      if (error instanceof ConfigurationError) return { kind: "refused", problems: toProblems(error) };
      log.error({ err: error }, "configuration-not-stored");
      return { kind: "not-stored", problems: [] };
    }
  }
}

/** A line for each mistake, without the values that may be secrets. */
function toProblems({ problems, language }: ConfigurationError): readonly string[] {
  const { mistake } = words[language];
  return problems.map(
    ({ path, line, wrong, expected }) => `${line}: ${path || "-"}: ${mistake(wrong, null, expected)}`,
  );
}
