import { formatSign, isSignOld, parseSign } from "../../../domain/channel/sign-of-life.ts";
import { formatKey } from "../../../domain/message-key.ts";
import type { NewOutboxRow } from "../../../ports/store/outbox.ts";
import type { TeamsLooks } from "../../../ports/teams-looks.ts";
import type { Handler } from "../../kernel/handle.ts";
import type { Kernel } from "../../kernel/kernel.ts";
import type { FailedTry, Senders } from "../../kernel/outbox/sender.ts";
import type { TeamsWatch } from "./teams-watch.ts";

const maxAttempts = 8;
/** As many refusals as make a channel lost. */
const maxRefusals = 3;

export interface SignsOfLifeOptions {
  readonly handler: Handler;
  readonly watch: Pick<TeamsWatch, "linked" | "isMute">;
  /** The date of that moment, as ISO 8601 writes it. */
  readonly toDay: (at: number) => string;
}

/**
 * Enqueues what shows, once a day and silently, that the bot works and may post: for each linked channel that got none
 * today, and for those whose posts were refused. Resolves with their number; rejects when the storage is down.
 */
export async function enqueueSigns({ clock }: Kernel, options: SignsOfLifeOptions): Promise<number> {
  const { handler, watch, toDay } = options;
  const now = clock.now();
  const day = toDay(now);
  return handler.write(async (tx) => {
    const rows: NewOutboxRow[] = [];
    for (const channel of watch.linked) {
      const isShown = (await tx.loadSetting("sign-of-life-shown", channel)) === day;
      if (isShown && !watch.isMute(channel)) continue;
      const key = formatKey({ kind: "sign-of-life", channel, day });
      rows.push({ key, lane: "quiet", incident: "", outgoing: { kind: "sign-of-life", channel, day }, dueAt: now });
    }
    return { value: rows.length, commits: [await handler.enqueue(tx, rows)] };
  });
}

/** Makes the sender of those signs. */
export function createSignSender(
  { clock, store }: Kernel,
  teams: TeamsLooks,
  watch: Pick<TeamsWatch, "isMute">,
): Pick<Senders, "sign-of-life"> {
  return {
    "sign-of-life": {
      async send({ outgoing: { channel, day } }, signal) {
        const shownOn = await store.read((reader) => reader.loadSetting("sign-of-life-shown", channel));
        // Two who asked for the day's sign get one, also where the second asked while the first was on its way.
        if (shownOn === day && !watch.isMute(channel)) return { kind: "done" };
        const standing = parseSign(await store.read((reader) => reader.loadSetting("sign-of-life", channel)));
        // Only a post finds that posts are refused, or that they are taken again.
        const isAnew = watch.isMute(channel) || (standing !== null && isSignOld(standing, clock.now()));
        const shown = await teams.showSignOfLife(channel, isAnew ? null : standing, signal);
        return {
          kind: "done",
          async record(tx) {
            await tx.saveSetting("sign-of-life", channel, formatSign(shown));
            await tx.saveSetting("sign-of-life-shown", channel, day);
          },
        };
      },
      retry: isTriedAgain,
    },
  };
}

function isTriedAgain({ attempts, failure: { reason } }: FailedTry): boolean {
  if (reason === "misconfigured") return false;
  return attempts < (reason === "refused" ? maxRefusals : maxAttempts);
}
