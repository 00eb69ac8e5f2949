import { setTimeout } from "node:timers/promises";
import type { ClickVerb } from "../../bot/domain/incident/command.ts";
import type { Colleague } from "../fakes/teams.ts";
import type { Chance } from "./chance.ts";
import { bob, type KilledBot, lea, pageAfterMs, sourceSecret } from "./killed-bot.ts";

/** An alarm that got a 2xx. */
export interface AcceptedAlarm {
  readonly button: string;
  readonly place: string;
  readonly body: string;
  readonly incident: string;
  /** How often it was sent before it was answered. */
  readonly sent: number;
  /** Whether Bob's claim was answered. */
  claimed: boolean;
  /** What was promised and did not come, a sentence each. */
  readonly faults: string[];
}

/** Longer than two starts on a slow machine. */
const patienceMs = 60_000;
let last = 0;

/** Presses, some of them in the same moment, each sent again until it is answered; and Bob claims a third of them. */
export async function pressAll(bot: KilledBot, count: number, chance: Chance): Promise<AcceptedAlarm[]> {
  let isFirst = true;
  const plans = Array.from({ length: count }, () => ({
    waitMs: chance.whole(0, 150),
    isClaimed: chance.next() < 0.35,
  }));
  return Promise.all(
    plans.map(async ({ waitMs, isClaimed }) => {
      await setTimeout(waitMs);
      const alarm = await press(bot);
      if (isFirst) {
        isFirst = false;
        globalThis.setTimeout(() => bot.pass("paging"), pageAfterMs - 60);
      }
      if (isClaimed) alarm.claimed = await click(bot, bob, alarm, "claim");
      return alarm;
    }),
  );
}

async function press(bot: KilledBot): Promise<AcceptedAlarm> {
  last += 1;
  const [button, place] = [`knop-${last}`, `Kamer ${last}`];
  const body = JSON.stringify({ id: `druk-${last}`, button, place });
  let sent = 0;
  const { incident } = await persist(async () => {
    sent += 1;
    bot.pass("pressing");
    const answer = await send(bot, body);
    bot.pass("answered");
    return answer;
  });
  return { button, place, body, incident, sent, claimed: false, faults: [] };
}

/** A sender that did not read our answer sends the same message again; that opens nothing. */
export async function sendAgain(bot: KilledBot, { body, incident, faults }: AcceptedAlarm): Promise<void> {
  const again = await persist(() => send(bot, body));
  const isSame = again.outcome === "duplicate" && again.incident === incident;
  if (!isSame) faults.push(`sent again, it was ${again.outcome} of ${again.incident}`);
}

async function send(bot: KilledBot, body: string): Promise<{ incident: string; outcome: string }> {
  const answered = await fetch(`${bot.url}/alarms/buttons`, {
    method: "POST",
    headers: { authorization: `Bearer ${sourceSecret}`, "content-type": "application/json" },
    body,
    signal: AbortSignal.timeout(5_000),
  });
  const answer = (await answered.json()) as { incident: string; outcome: string };
  if (!answered.ok) throw new Error(`answered ${answered.status}`);
  return answer;
}

/** Clicks until the fresh card comes back, as a person would; false when it never did. */
async function click(bot: KilledBot, by: Colleague, alarm: AcceptedAlarm, verb: ClickVerb): Promise<boolean> {
  const { incident, faults } = alarm;
  try {
    await persist(async () => {
      bot.pass("clicking");
      const parts = verb === "resolve" ? { outcome: "test" as const } : {};
      const { status, body } = await bot.teams.click(by, { incident, verb, ...parts });
      const { type } = body as { type?: string };
      // A sentence says that it is not known or not kept yet; only a card says that it counts.
      const isTaken = status === 200 && type === "application/vnd.microsoft.card.adaptive";
      if (!isTaken) throw new Error(`answered ${status} and ${type}`);
    });
    return true;
  } catch (error) {
    faults.push(`${verb} was never taken: ${String(error)}`);
    return false;
  }
}

/** The lead closes them all, so that repeats do not pile up. */
export async function closeAll(bot: KilledBot, alarms: readonly AcceptedAlarm[]): Promise<void> {
  await Promise.all(
    alarms.map(async (alarm) => {
      bot.pass("closing");
      await click(bot, lea, alarm, "resolve");
    }),
  );
}

/** Tries again while the process is down; whatever else is wrong shows when patience ends. */
async function persist<T>(work: () => Promise<T>): Promise<T> {
  const until = Date.now() + patienceMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() > until) throw error;
      await setTimeout(200);
    }
  }
}
