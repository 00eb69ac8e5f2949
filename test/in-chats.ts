import type { Colleague } from "./fakes/teams.ts";
import { type Bot, type BotOptions, type ChatCard, second, startBot } from "./harness.ts";

/** The cards in somebody's chat, as they are shown now, oldest first. */
export function cardsOf(bot: Bot, who: Colleague): readonly ChatCard[] {
  const texts = new Set(bot.teams.told.map(({ id }) => id));
  return bot.chatWith(who).filter(({ id = "" }) => !texts.has(id));
}

export function newestOf(bot: Bot, who: Colleague): ChatCard {
  return toCard(cardsOf(bot, who).at(-1), who);
}

/** The card that was made in somebody's chat before all else: it shows what becomes of their own press. */
export function presserCardOf(bot: Bot, who: Colleague): ChatCard {
  return toCard(bot.chatWith(who)[0], who);
}

function toCard(card: ChatCard | undefined, { name }: Colleague): ChatCard {
  if (card === undefined) throw new Error(`no card stands in the chat with ${name}`);
  return card;
}

/** How many messages somebody got 1:1, each of which made a sound. */
export function countDirect(bot: Bot, { teamsId }: Colleague): number {
  return bot.teams.direct.filter(({ to }) => to === teamsId).length;
}

/** A bot, and a night's look at who can be messaged, with what follows from it within that time. */
export async function startWithNights(
  options: BotOptions = {},
): Promise<{ bot: Bot; night: (forMs?: number) => Promise<void> }> {
  let work: Parameters<NonNullable<BotOptions["calendar"]>>[0] | undefined;
  const bot = await startBot({
    ...options,
    calendar: (given) => {
      work = given;
      return { [Symbol.dispose]: () => undefined };
    },
  });
  async function night(forMs = 3 * second): Promise<void> {
    await work?.renewReach();
    await bot.fastForward(forMs);
  }
  return { bot, night };
}
