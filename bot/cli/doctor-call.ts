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

/** The running bot, as the doctor asks it. All reject with a sentence when it does not answer, or refuses. */
export interface RunningBot {
  start(): Promise<Report>;
  look(test: string): Promise<Report>;
  /** null: it can't be confirmed any more. */
  confirm(test: string, pager: string): Promise<Report | null>;
}

/** The bot of this configuration, at its own address: past the proxy in front of it. Throws a sentence without a token. */
export function toRunningBot(configuration: Configuration): RunningBot {
  const { doctorToken: token, language } = configuration;
  const say = words[language];
  if (token === null) throw new Error(say.noToken(`doctorToken: "\${DOCTOR_TOKEN}"`));
  const url = toOwnUrl(configuration);

  async function call(method: "GET" | "POST", path: string): Promise<Response> {
    const headers = { authorization: `Bearer ${token}` };
    const signal = AbortSignal.timeout(patienceMs);
    const response = await fetch(`${url}/doctor/pagers${path}`, { method, headers, signal, redirect: "error" }).catch(
      () => null,
    );
    if (response === null) throw new Error(say.notRunning(url));
    if (response.status === 401) throw new Error(say.wrongToken);
    return response;
  }

  async function read(response: Response): Promise<Report> {
    if (!response.ok) throw new Error(say.refused(response.status));
    const report = Report.safeParse(await response.json().catch(() => null));
    if (!report.success) throw new Error(say.unreadable);
    return report.data;
  }

  return {
    async start() {
      const response = await call("POST", "");
      if (response.status === 404) throw new Error(say.noDoor);
      return read(response);
    },
    look: async (test) => read(await call("GET", `/${encodeURIComponent(test)}`)),
    async confirm(test, pager) {
      const response = await call("POST", `/${encodeURIComponent(test)}/${encodeURIComponent(pager)}`);
      return response.status === 409 ? null : read(response);
    },
  };
}
