import type { Person } from "../../../domain/person.ts";
import type { InboundState, TeamsTest, TestRefusal } from "../../../domain/teams-test/teams-test.ts";
import { Background } from "../../../kit/background.ts";
import type { Log } from "../../../log.ts";
import type { Audit } from "../../../log-events/audit.ts";
import type { InboundRecord } from "../../wire/inbound-record.ts";
import type { Channels } from "../channels.ts";
import type { TestCallsOptions } from "./test-calls.ts";
import { TestRun } from "./test-run.ts";

/** A test leaves messages in a channel: whoever has the token can't fill one with them. */
const betweenStartsMs = 30_000;

export interface TeamsTestsOptions extends TestCallsOptions {
  readonly channels: Pick<Channels, "names" | "findLink">;
  readonly record: InboundRecord;
  readonly isAlarmOpen: () => boolean;
  readonly log: Log;
}

/**
 * Tests of Teams, one at a time and in memory. Disposing ends the one that is under way; what it has posted stays as it
 * is.
 */
export class TeamsTests implements AsyncDisposable {
  readonly #options: TeamsTestsOptions;
  readonly #background = new Background();
  #newest: TestRun | null = null;

  constructor(options: TeamsTestsOptions) {
    this.#options = options;
  }

  /** What came in from Teams since the start. */
  get inbound(): InboundState {
    return this.#options.record.state;
  }

  /** Starts one. `person`: the only one who is rung; null: nobody is. Rejects when the storage is down. */
  async start(channel: string, person: Person | null): Promise<TeamsTest | TestRefusal> {
    const { channels, clock, log } = this.#options;
    if (!channels.names.includes(channel)) return "unknown-channel";
    const link = await channels.findLink(channel);
    const before = this.#newest;
    if (before !== null && !before.isOver) return "running";
    if (before !== null && clock.now() - before.startedAt < betweenStartsMs) return "too-soon";
    const run = new TestRun(this.#options, link, person);
    this.#newest = run;
    const by = { kind: "token", setting: "doctorToken" } as const;
    const audit: Audit = { by, on: [`channels.${channel}`], result: "done" };
    log.info({ channel, ...(person === null ? {} : { person: person.id }), audit }, "teams-under-test");
    void this.#background.track(run.play());
    return this.#toTest(run);
  }

  /** null: there is no such test, or a newer one. */
  load(id: string): TeamsTest | null {
    const run = this.#find(id);
    return run === null ? null : this.#toTest(run);
  }

  /** Ends it, and has its messages say so; null as above. */
  end(id: string): TeamsTest | null {
    this.#find(id)?.end();
    return this.load(id);
  }

  /** Notes a click on a test's card; false when that test is over, or its card does not stand there. */
  takeClick(id: string, conversation: string, client: string | null): boolean {
    return this.#find(id)?.takeClick(conversation, client) ?? false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#newest?.stop();
    await this.#background[Symbol.asyncDispose]();
  }

  #find(id: string): TestRun | null {
    return this.#newest?.id === id ? this.#newest : null;
  }

  #toTest(run: TestRun): TeamsTest {
    const { record, isAlarmOpen } = this.#options;
    return run.toTest(record.state, isAlarmOpen());
  }
}
