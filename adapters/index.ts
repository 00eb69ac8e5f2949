import type {
  AlarmListener,
  AlarmSource,
  Pager,
  PagerHost,
  ReadyListener,
  ReadyPager,
  ReadySource,
  SendFeedback,
} from "../bot/contracts.ts";
import type { Clock } from "../bot/ports/time.ts";
import { mqtt } from "./listeners/mqtt.ts";
import { siaDc09 } from "./listeners/sia-dc09.ts";
import { cmSms } from "./pagers/cm-sms.ts";
import { ntfy } from "./pagers/ntfy.ts";
import { pagerduty } from "./pagers/pagerduty.ts";
import { siaDc09 as siaDc09Pager } from "./pagers/sia-dc09.ts";
import { smtp } from "./pagers/smtp.ts";
import { twilioSms } from "./pagers/twilio-sms.ts";
import { twilioVoice } from "./pagers/twilio-voice.ts";
import { webhook as webhookPager } from "./pagers/webhook.ts";
import { alertmanager } from "./sources/alertmanager.ts";
import { chirpstack } from "./sources/chirpstack.ts";
import { cloudevents } from "./sources/cloudevents.ts";
import { kpnThings } from "./sources/kpn-things.ts";
import { pagerdutyEvents } from "./sources/pagerduty-events.ts";
import { shelly } from "./sources/shelly.ts";
import { theThingsStack } from "./sources/the-things-stack.ts";
import { thingpark } from "./sources/thingpark.ts";
import { webhook as webhookSource } from "./sources/webhook.ts";

/**
 * The list of adapters: the name is the `type` in the configuration and the name of the file. Each adapter has options
 * of its own, so here they are unknown until its schema has parsed them.
 */
export const sources: Readonly<Record<string, AlarmSource<unknown>>> = {
  alertmanager,
  chirpstack,
  cloudevents,
  "kpn-things": kpnThings,
  "pagerduty-events": pagerdutyEvents,
  shelly,
  "the-things-stack": theThingsStack,
  thingpark,
  webhook: webhookSource,
};

export const listeners: Readonly<Record<string, AlarmListener<unknown>>> = {
  mqtt,
  "sia-dc09": siaDc09,
};

export const pagers: Readonly<Record<string, Pager<unknown>>> = {
  "cm-sms": cmSms,
  ntfy,
  pagerduty,
  "sia-dc09": siaDc09Pager,
  smtp,
  "twilio-sms": twilioSms,
  "twilio-voice": twilioVoice,
  webhook: webhookPager,
};

export { isForbidden } from "./kit/network/target.ts";

/** Binds a kind of source to its settings. Throws ZodError when its schema refuses them, Error for an unknown type. */
export function toReadySource(type: string, settings: unknown): ReadySource {
  const source = findAdapter(sources, type);
  const options = source.Options.parse(settings);
  return {
    methods: source.methods ?? ["POST"],
    verify: (head) => source.verify(head, options),
    parse: (request) => source.parse(request, options),
    example: (button, now) => source.example(options, button, now),
  };
}

/**
 * How this source sends feedback to its devices; null when it, or these settings of it, can't. Throws as
 * `toReadySource`.
 */
export function toFeedback(type: string, settings: unknown, clock: Clock): SendFeedback | null {
  const source = Object.hasOwn(sources, type) ? sources[type] : undefined;
  if (source?.feedback === undefined) return null;
  const notify = source.feedback(source.Options.parse(settings));
  return notify && ((button, what, signal) => notify(button, what, clock.wall(), signal));
}

/** The device whose signs of life count for that button of a source of this type; null when only its own count. */
export function parentOf(type: string, button: string): string | null {
  const listener = Object.hasOwn(listeners, type) ? listeners[type] : undefined;
  return listener?.parentOf?.(button) ?? null;
}

/**
 * Binds a kind of listener to its settings. Throws ZodError when its schema refuses them, Error for an unknown type.
 */
export function toReadyListener(type: string, settings: unknown): ReadyListener {
  const listener = findAdapter(listeners, type);
  const options = listener.Options.parse(settings);
  return {
    listen: (host) => listener.listen(options, host),
    press: (button, now, signal) => listener.press(options, button, now, signal),
  };
}

/** Opens a kind of pager with its settings. Throws ZodError when its schema refuses them, Error for an unknown type. */
export function openPager(type: string, settings: unknown, host: PagerHost): ReadyPager {
  const pager = findAdapter(pagers, type);
  return pager.open(pager.Options.parse(settings), host);
}

function findAdapter<Adapter>(list: Readonly<Record<string, Adapter>>, type: string): Adapter {
  const adapter = Object.hasOwn(list, type) ? list[type] : undefined;
  if (!adapter) throw new Error(`There is no adapter of type ${JSON.stringify(type)}.`);
  return adapter;
}
