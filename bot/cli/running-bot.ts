import { z } from "zod";
import type { Configuration } from "../config/configuration.ts";
import { doctor as words } from "../words/terminal/doctor.ts";
import { toOwnUrl } from "./press.ts";

const patienceMs = 10_000;

const Moment = z.iso.datetime().transform((text) => Date.parse(text));

/** A test of the routes as the running bot tells of it; see `bot/web/ops/doctor-door.ts`. */
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

/**
 * The running bot, as the doctor asks it: at its own address, past the proxy in front of it. All methods reject with a
 * sentence when it does not answer, or refuses.
 */
export class RunningBot {
  readonly #url: string;
  readonly #token: string;
  readonly #say: (typeof words)["nl"];

  /** Throws a sentence without a token. */
  constructor(configuration: Configuration) {
    this.#say = words[configuration.language];
    this.#url = toOwnUrl(configuration);
    if (configuration.doctorToken === null) throw new Error(this.#say.noToken(`doctorToken: "\${DOCTOR_TOKEN}"`));
    this.#token = configuration.doctorToken;
  }

  async startTest(): Promise<Report> {
    const response = await this.#call("POST", "");
    if (response.status === 404) throw new Error(this.#say.noDoor);
    return this.#read(response);
  }

  async loadTest(test: string): Promise<Report> {
    return this.#read(await this.#call("GET", `/${encodeURIComponent(test)}`));
  }

  /** null: it can't be confirmed any more. */
  async confirmPager(test: string, pager: string): Promise<Report | null> {
    const response = await this.#call("POST", `/${encodeURIComponent(test)}/${encodeURIComponent(pager)}`);
    return response.status === 409 ? null : this.#read(response);
  }

  async #call(method: "GET" | "POST", path: string): Promise<Response> {
    const headers = { authorization: `Bearer ${this.#token}` };
    const signal = AbortSignal.timeout(patienceMs);
    const url = `${this.#url}/doctor/pagers${path}`;
    const response = await fetch(url, { method, headers, signal, redirect: "error" }).catch(() => null);
    if (response === null) throw new Error(this.#say.notRunning(this.#url));
    if (response.status === 401) throw new Error(this.#say.wrongToken);
    return response;
  }

  async #read(response: Response): Promise<Report> {
    if (!response.ok) throw new Error(this.#say.refused(response.status));
    const report = Report.safeParse(await response.json().catch(() => null));
    if (!report.success) throw new Error(this.#say.unreadable);
    return report.data;
  }
}
