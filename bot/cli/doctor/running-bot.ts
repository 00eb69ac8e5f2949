import { z } from "zod";
import type { Configuration } from "../../config/configuration.ts";
import type { OutboundRequest } from "../../contracts.ts";
import type { TestRefusal } from "../../domain/teams-test/teams-test.ts";
import { readText } from "../../kit/read-text.ts";
import { newestOf } from "../../kit/secrets/secret.ts";
import type { ReloadAnswer } from "../../ports/directory.ts";
import { doctor as doctorWords } from "../../words/terminal/doctor.ts";
import { toOwnUrl } from "../ring/press.ts";
import { CheckUpReport } from "./check-up-report.ts";
import { TeamsReport, TestNotStarted } from "./teams-report.ts";

const answerWithinMs = 10_000;

const Moment = z.iso.datetime().transform((text) => Date.parse(text));

/** A test of the routes as the running bot reports it; see `bot/web/ops/doctor-door.ts`. */
const Report = z.object({
  id: z.string(),
  endsAt: Moment,
  isOver: z.boolean(),
  routes: z.record(
    z.string(),
    z.object({
      state: z.enum(["queued", "accepted", "answered", "failed"]),
      failure: z.enum(["refused", "throttled", "unreachable", "misconfigured", "no-answer", "undelivered"]).nullable(),
      toldBy: z.enum(["guard", "colleague"]).nullable(),
      at: Moment,
      provenAt: Moment.nullable(),
    }),
  ),
});
export type Report = z.infer<typeof Report>;

/** What came of reading the configuration again; see `bot/web/ops/reload-door.ts`. */
const ReloadReport = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("reloaded"), needsRestart: z.array(z.string()) }),
  z.object({ kind: z.enum(["refused", "restart-needed", "not-stored"]), problems: z.array(z.string()) }),
]) satisfies z.ZodType<ReloadAnswer>;

/** What the running bot would do with a press; see `bot/web/ops/press-test-door.ts`. */
const PressTest = z.object({
  outcome: z.enum(["press", "unreadable", "no-press", "refused", "not-sent"]),
  button: z.string(),
  place: z.string().nullable(),
  channel: z.string(),
  isLinked: z.boolean(),
});
export type PressTest = z.infer<typeof PressTest>;

/**
 * The running bot, as the doctor asks it: at its own address, past the proxy in front of it. All methods reject with a
 * sentence when it does not answer, or refuses.
 */
export class RunningBot {
  readonly #url: string;
  readonly #token: string;
  readonly #words: (typeof doctorWords)["nl"];

  /** Throws with a sentence when the configuration has no token. */
  constructor(configuration: Configuration) {
    this.#words = doctorWords[configuration.language];
    this.#url = toOwnUrl(configuration);
    if (configuration.doctorToken === null) throw new Error(this.#words.noToken(`doctorToken: "\${DOCTOR_TOKEN}"`));
    this.#token = newestOf(configuration.doctorToken);
  }

  /** Loads what the bot knows of itself. */
  async loadCheckUp(): Promise<CheckUpReport> {
    const response = await this.#call("GET", "");
    if (response.status === 404) throw new Error(this.#words.noDoor);
    return this.#read(response, CheckUpReport);
  }

  /** Makes the bot read its configuration again. */
  async reload(): Promise<ReloadAnswer> {
    const response = await this.#call("POST", "/configuration");
    if (response.status === 404) throw new Error(this.#words.noDoor);
    return response.status === 409 ? this.#parse(response, ReloadReport) : this.#read(response, ReloadReport);
  }

  async startTest(): Promise<Report> {
    const response = await this.#call("POST", "/pagers");
    if (response.status === 404) throw new Error(this.#words.noDoor);
    return this.#read(response, Report);
  }

  async loadTest(test: string): Promise<Report> {
    return this.#read(await this.#call("GET", `/pagers/${encodeURIComponent(test)}`), Report);
  }

  /** Resolves with null when it can't be confirmed any more. */
  async confirmPager(test: string, pager: string): Promise<Report | null> {
    const response = await this.#call("POST", `/pagers/${encodeURIComponent(test)}/${encodeURIComponent(pager)}`);
    return response.status === 409 ? null : this.#read(response, Report);
  }

  /**
   * Asks what the bot would do with that message of that button. `message` null: it comes by a connection of its own.
   * Resolves with null when it has no such source.
   */
  async testPress(source: string, button: string, message: OutboundRequest | null): Promise<PressTest | null> {
    const sent = message && { ...message, body: message.body.toString("base64") };
    const body = JSON.stringify({ button, message: sent });
    const response = await this.#call("POST", `/presses/${encodeURIComponent(source)}`, body);
    if (response.status === 404) throw new Error(this.#words.noDoor);
    return response.status === 409 ? null : this.#read(response, PressTest);
  }

  /** Resolves with why not, when no test of Teams could be started. `person` null: nobody is rung. */
  async startTeamsTest(channel: string, person: string | null): Promise<TeamsReport | TestRefusal> {
    const response = await this.#call("POST", "/teams", JSON.stringify({ channel, person }));
    if (response.status === 404) throw new Error(this.#words.noDoor);
    if (response.status === 409) return (await this.#parse(response, TestNotStarted)).reason;
    return this.#read(response, TeamsReport);
  }

  /** Resolves with null when the bot does not know that test any more. */
  async loadTeamsTest(test: string): Promise<TeamsReport | null> {
    const response = await this.#call("GET", `/teams/${encodeURIComponent(test)}`);
    return response.status === 404 ? null : this.#read(response, TeamsReport);
  }

  /** Ends it, as far as it is still there. */
  async endTeamsTest(test: string): Promise<void> {
    await this.#call("POST", `/teams/${encodeURIComponent(test)}/end`);
  }

  async #call(method: "GET" | "POST", path: string, body: string | null = null): Promise<Response> {
    const headers = { authorization: `Bearer ${this.#token}` };
    const signal = AbortSignal.timeout(answerWithinMs);
    const url = `${this.#url}/doctor${path}`;
    const response = await fetch(url, { method, headers, body, signal, redirect: "error" }).catch(() => null);
    if (response === null) throw new Error(this.#words.notRunning(this.#url));
    if (response.status === 401) throw new Error(this.#words.wrongToken);
    return response;
  }

  async #read<T>(response: Response, schema: z.ZodType<T>): Promise<T> {
    if (!response.ok) throw new Error(this.#words.refused(response.status));
    return this.#parse(response, schema);
  }

  async #parse<T>(response: Response, schema: z.ZodType<T>): Promise<T> {
    const answer = schema.safeParse(
      await readText(response.body)
        .then(JSON.parse)
        .catch(() => null),
    );
    if (!answer.success) throw new Error(this.#words.unreadable);
    return answer.data;
  }
}
