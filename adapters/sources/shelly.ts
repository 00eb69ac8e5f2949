import { z } from "zod";
import type { AlarmSource, InboundRequest, RequestHead } from "../../bot/contracts.ts";
import { toAlarm } from "../../bot/domain/alarm.ts";
import { RequestRejected } from "../../bot/errors.ts";
import { toMembership, toNetwork } from "../../bot/kit/network.ts";
import { oneOrTwo } from "../../bot/kit/secrets/one-or-two.ts";
import { matchSecret, newestOf } from "../../bot/kit/secrets/secret.ts";
import { expects } from "../../bot/words/settings/expects.ts";
import { toIdentity } from "../kit/identity.ts";
import { ButtonId } from "../kit/message.ts";
import { findText, isClosed } from "../kit/torn-json.ts";

const ShellyOptions = z.object({
  /** A part of the address that the device calls. */
  secret: oneOrTwo(z.string().regex(/^[\w.~-]{16,}$/, expects("urlSecret"))),
  /** The networks from which devices may call, such as 10.20.0.0/16; any when left out. */
  networks: z
    .array(z.string().refine((text) => toNetwork(text) !== null, expects("network")))
    .min(1)
    .optional(),
  /** Events that are no press but a sign of life. */
  ignore: z.array(z.string().min(1)).optional(),
});
type ShellyOptions = z.infer<typeof ShellyOptions>;

/**
 * Shelly devices, all generations: a bare GET of an address that somebody typed into the device. An action without an
 * event, as Gen1 sends it, is a press, and so is every event that is not certainly something else.
 * https://shelly-api-docs.shelly.cloud/gen2/ComponentsAndServices/Webhook/
 */
export const shelly: AlarmSource<ShellyOptions> = {
  title: "Shelly (GET with a secret in the address)",
  Options: ShellyOptions,
  methods: ["GET", "POST", "PUT"],
  hasHeartbeat: false,

  verify(head, { secret, networks }) {
    const found = matchSecret(head.path.replace(/\/$/, ""), secret);
    if (found === null) throw new RequestRejected(401, "The secret behind the source's name is missing or wrong.");
    if (networks && !toMembership(networks)(head.remote)) {
      throw new RequestRejected(401, "This source is not called from there.");
    }
    if (isFollowedLink(head.headers)) {
      throw new RequestRejected(401, "This address is for devices: browsers and link previews raise no alarm.");
    }
    return found;
  },

  parse(request, { ignore = [] }) {
    const { receivedAt } = request;
    const parameters = toParameters(request);
    // Gen1 may add the device's id to an address by itself, as `id`.
    const button = ButtonId.parse(parameters.get("button") || parameters.get("device") || parameters.get("id"));
    const event = (parameters.get("event") ?? "").toLowerCase();
    const at = toMoment(parameters.get("ts"));
    const known = { id: toMessageIdentity(button, event, at, receivedAt), button, at, battery: toBattery(parameters) };
    const isIgnored = isSensorReport(event, parameters) || ignore.some((name) => name.toLowerCase() === event);
    if (isIgnored) return button === "" ? [] : [toAlarm("heartbeat", known)];
    return [toAlarm(button === "" ? "unreadable" : "press", known)];
  },

  example({ secret }, button) {
    const query = new URLSearchParams({ button, event: "input.button_longpush" }).toString();
    return { method: "GET", path: newestOf(secret), query, headers: {}, body: Buffer.alloc(0) };
  },

  exampleOptions: { secret: "an-example-and-no-secret" },
};

/**
 * The parameters of the address, and from the body, a form or our own JSON, those that the address leaves out. What is
 * neither says nothing: the address alone is a press. An event counts only when nothing of the body broke off.
 */
function toParameters({ query, body, isCut = false }: InboundRequest): URLSearchParams {
  const parameters = new URLSearchParams(query);
  const text = body.toString("utf8");
  // Of a form that broke off the last value may go on.
  const form = new URLSearchParams(isCut ? text.slice(0, Math.max(0, text.lastIndexOf("&"))) : text);
  const isJson = /^[\s\uFEFF]*\{/.test(text);
  const isWhole = isJson ? isClosed(body) : !isCut;
  const isNamed = ["button", "device", "id"].some((name) => parameters.get(name));
  for (const name of [...(isNamed ? [] : ["button"]), ...(isWhole ? ["event"] : []), "ts", "battery", "bat"]) {
    const value = isJson ? findText(body, name) : form.get(name);
    if (value && !parameters.get(name)) parameters.set(name, value);
  }
  return parameters;
}

/**
 * Whether it reports what a sensor measured, which nobody can press: an event of such a component, or, without an
 * event, what Gen1 sensors add to their report's address by themselves.
 * https://shelly-api-docs.shelly.cloud/gen1/#shelly-h-amp-t
 */
function isSensorReport(event: string, parameters: URLSearchParams): boolean {
  if (event === "") return parameters.has("hum") && parameters.has("temp");
  return /^(temperature|humidity|illuminance|devicepower)\./.test(event);
}

/**
 * The level of the battery, written into the address as `battery=${status["devicepower:0"].battery.percent}`; 0 to 1.
 */
function toBattery(parameters: URLSearchParams): number | null {
  const text = parameters.get("battery") ?? parameters.get("bat") ?? "";
  return /^\d{1,3}(\.\d+)?$/.test(text) && Number(text) <= 100 ? Number(text) / 100 : null;
}

/**
 * Unix time in seconds or milliseconds, written into the address as `ts=${status.sys.unixtime}`. A device that was
 * never told the time writes null.
 */
function toMoment(text: string | null): number | null {
  if (text === null || !/^\d{10}(\d{3})?(\.\d+)?$/.test(text)) return null;
  const number = Number(text);
  return Math.trunc(number < 1e11 ? number * 1000 : number);
}

const clockToleranceMs = 10 * 60_000;

/**
 * Only a device's clock makes two requests of one address differ. A clock that stands still, or a moment that somebody
 * typed in, would make every later press a duplicate: only a moment near our own time is trusted.
 */
function toMessageIdentity(button: string, event: string, at: number | null, receivedAt: number): string | null {
  return at === null || Math.abs(receivedAt - at) > clockToleranceMs ? null : toIdentity(button, event, at);
}

/**
 * The user agents of browsers, link previews, mail scanners and search engines. Devices and programs that press must
 * not look like one.
 */
const followerAgents = [
  // Windows' own client for scripts, as home automation uses it, calls itself so as well:
  // https://learn.microsoft.com/windows/win32/winhttp/winhttprequest
  /^mozilla\/(?!4\.0 \(compatible; win32; winhttp\.winhttprequest\.5\))/i,
  /^opera\//i,
  // Any word may end in "bot", and people call a program of their own homebot or robot; web crawlers add a version,
  // "(like …)", or the page that explains them.
  /(?<!home|\bro)bot(\/\d|\.html\b| \(like\b|\b.{0,200}\+https?:)/i,
  /crawler|spider|preview|externalhit|externalagent|whatsapp|telegram|slack|discord|viber|embedly|iframely/i,
];

/**
 * Whether a chat, a mail scanner or a browser follows the address, which must not raise an alarm. Only a request that
 * says so itself counts as one. `text/html` alone is no proof: Java's own client accepts it too, and home automation is
 * written in Java.
 */
function isFollowedLink(headers: RequestHead["headers"]): boolean {
  if (Object.keys(headers).some((name) => name.startsWith("sec-fetch-"))) return true;
  const purposes = ["purpose", "sec-purpose", "x-purpose", "x-moz"].map((name) => headers[name] ?? "");
  if (purposes.some((purpose) => /prefetch|prerender|preview/i.test(purpose))) return true;
  if (/application\/xhtml\+xml/i.test(headers.accept ?? "")) return true;
  return followerAgents.some((agent) => agent.test(headers["user-agent"] ?? ""));
}
