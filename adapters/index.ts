import type { AlarmSource, Clock, Pager, ReadyPager, ReadySource } from "../bot/ports.ts";
import { webhook as webhookPager } from "./pagers/webhook.ts";
import { webhook as webhookSource } from "./sources/webhook.ts";

/**
 * The written list: the name is the `type` in the configuration and the name of the file. What an adapter calls its
 * options is its own affair, so here they are unknown until its schema has read them.
 */
export const sources: Readonly<Record<string, AlarmSource<unknown>>> = {
  webhook: webhookSource,
};

export const pagers: Readonly<Record<string, Pager<unknown>>> = {
  webhook: webhookPager,
};

/** Binds a kind of source to its settings. Throws ZodError when its schema refuses them, Error for an unknown type. */
export function toReadySource(type: string, settings: unknown): ReadySource {
  const source = find(sources, type);
  const options = source.Options.parse(settings);
  return {
    verify: (request) => source.verify(request, options),
    parse: (request) => source.parse(request),
    example: (button, now) => source.example(options, button, now),
  };
}

/** Binds a kind of pager to its settings and to the time. Throws ZodError when its schema refuses them, Error for an unknown type. */
export function toReadyPager(type: string, settings: unknown, clock: Clock): ReadyPager {
  const pager = find(pagers, type);
  const options = pager.Options.parse(settings);
  const { update, callOff } = pager;
  return {
    page: (page, signal) => pager.page(page, options, clock.wall(), signal),
    update: update ? (page, signal) => update(page, options, clock.wall(), signal) : null,
    callOff: callOff ? (page, signal) => callOff(page, options, clock.wall(), signal) : null,
  };
}

function find<Adapter>(list: Readonly<Record<string, Adapter>>, type: string): Adapter {
  const adapter = Object.hasOwn(list, type) ? list[type] : undefined;
  if (!adapter) throw new Error(`There is no adapter of type ${JSON.stringify(type)}.`);
  return adapter;
}
