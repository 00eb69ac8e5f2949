import type { z } from "zod";
import { siaDc09 } from "../../../../../adapters/pagers/sia-dc09.ts";
import type { Page } from "../../../../../bot/contracts.ts";
import { DeliveryError } from "../../../../../bot/errors.ts";
import { page, pagedAt } from "../../../../contracts/pager-contract.ts";
import { type AlarmCentre, type Refusal, startAlarmCentre } from "../../../../fakes/alarm-centre.ts";
import { FakeClock } from "../../../../fakes/clock.ts";
import { createPagerHost } from "../../../../fakes/pager-host.ts";

type Options = z.infer<typeof siaDc09.Options>;
export type Settings = Omit<Partial<Options>, "primary" | "secondary" | "codes"> & {
  readonly codes?: Partial<Options["codes"]>;
};
export const second = 1000;
export const key = "00112233445566778899aabbccddeeff";
export const keyBytes = Buffer.from(key, "hex");
export const account = "5A5A77";
export const never = { pollEvery: "never" } as const;
export const endless = new AbortController().signal;

/** How strict the receivers are, and how they read the key. */
interface Strictness {
  readonly key?: Buffer;
  readonly maxExtended?: number;
  readonly refusal?: Refusal;
}

/** What opens a sender, with its alarm centres, its host and its clock. */
export async function start(settings: Settings = {}, startAt = pagedAt, strictness: Strictness = {}) {
  const clock = new FakeClock(startAt);
  const host = createPagerHost(clock);
  const sealed = { ...(settings.key === undefined ? {} : { key: keyBytes }), ...strictness };
  const centre = await startAlarmCentre({ now: () => clock.now(), ...sealed });
  const second = await startAlarmCentre({ now: () => clock.now(), ...sealed });
  const options = siaDc09.Options.parse({
    account,
    primary: { host: centre.host, port: centre.port, ...never },
    ...settings,
  });
  return {
    clock,
    host,
    centre,
    second,
    options,
    secondary: { host: second.host, port: second.port, ...never },
    open: (more: Partial<Options> = {}) => siaDc09.open(siaDc09.Options.parse({ ...options, ...more }), host),
    async [Symbol.asyncDispose]() {
      await centre[Symbol.asyncDispose]();
      await second[Symbol.asyncDispose]();
    },
  };
}

/** Nothing waits any more for what can happen without time. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
}

export async function reasonOf(sending: Promise<unknown>): Promise<string> {
  const error = await sending.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DeliveryError)) throw new Error(`no DeliveryError: ${error}`);
  return error.reason;
}

export const next = (number: number, parts: Partial<Page> = {}): Page => ({
  ...page,
  key: `i-9-1-${number}`,
  pageKey: `i-9-1-${number}`,
  ...parts,
});
export const sequencesOf = ({ events }: AlarmCentre) => events.map(({ sequence }) => sequence);
export const bytesOf = ({ events }: AlarmCentre) => events.map(({ bytes }) => bytes.toString("latin1"));

/** Goes from one thing that somebody waits for to the next, until that moment. */
export async function pass(clock: FakeClock, until: number): Promise<void> {
  for (await settle(); clock.nextAt <= until; await settle()) clock.to(clock.nextAt);
  clock.to(until);
}
