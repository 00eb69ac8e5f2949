import { expect, it } from "vitest";
import { nl } from "../dutch.ts";
import type { Colleague } from "../fakes/teams.ts";
import { alice, type Bot, bob, type CardInHand, lea, minute, paul, second, startBot } from "../harness.ts";
import { mentions } from "../rings-of.ts";

/** By it Teams refuses a card and a message for good, among others. */
const seed = 5;
/** So many come within half a minute of each other. */
const atOnce = 5;
/** `npm run bench -- moody` plays more of them. */
const alarms = Number(process.env.MOODY_ALARMS ?? 100);

/** None of them wears a button that is pressed here. */
const onDuty: readonly Colleague[] = [alice, bob, paul];

interface Alarm {
  readonly place: string;
  readonly incident: string;
  readonly pressedAt: number;
}

async function press(bot: Bot, number: number): Promise<Alarm> {
  // No place is a part of another.
  const place = `Kamer ${number}z`;
  const pressedAt = bot.clock.now();
  const { incident } = await bot.press(`field-${number}`, { place });
  if (incident === null) throw new Error(`${place} opened nothing`);
  return { place, incident, pressedAt };
}

/** When security was first paged for each incident, to the second. */
type PagedAt = Map<string, number>;

/** Lets so many seconds pass, and notes each for whom security was paged by then. */
async function wait(bot: Bot, seconds: number, pagedAt: PagedAt): Promise<void> {
  for (let passed = 0; passed < seconds; passed += 1) {
    await bot.fastForward(second);
    for (const { incident } of bot.desk.pages) if (!pagedAt.has(incident.id)) pagedAt.set(incident.id, bot.clock.now());
  }
}

/** What stood in Teams before some alarms, so that of each only what came after is looked through. */
interface Before {
  readonly cards: number;
  readonly replies: number;
  readonly texts: number;
  readonly told: number;
}

function countPosts({ teams: { cards, replies, texts, told } }: Bot): Before {
  return { cards: cards.length, replies: replies.length, texts: texts.length, told: told.length };
}

/** Whether that colleague was rung for this place: by a message of words to them, or by a mention. */
function isRung(bot: Bot, colleague: Colleague, place: string, before: Before): boolean {
  const cards = bot.teams.cards.slice(before.cards);
  const replies = bot.teams.replies.slice(before.replies);
  const texts = bot.teams.texts.slice(before.texts);
  const told = bot.teams.told.slice(before.told);
  const isOfPlace = (body: unknown) => JSON.stringify(body).includes(place);
  if (told.some(({ to, body }) => to === colleague.teamsId && isOfPlace(body))) return true;
  const rooted = cards.filter(({ body }) => isOfPlace(body));
  const roots = new Set(rooted.map(({ id }) => id));
  const posts = [...rooted, ...[...replies, ...texts].filter(({ root }) => root !== null && roots.has(root))];
  return posts.some((post) => mentions(colleague, post));
}

/** The newest card of that place, as it is now. */
function cardOf(bot: Bot, place: string): CardInHand | undefined {
  const posted = bot.teams.cards.findLast(({ body }) => JSON.stringify(body).includes(place));
  return posted && bot.look(posted);
}

/** What was promised of an alarm and did not come, a sentence each. */
function findFaults(bot: Bot, { place, incident, pressedAt }: Alarm, before: Before, pagedAt: PagedAt): string[] {
  // A card that Teams did not take in time pages sooner.
  const isPaged = (pagedAt.get(incident) ?? Number.POSITIVE_INFINITY) - pressedAt <= minute;
  const named = cardOf(bot, place)?.text.match(new RegExp(`^${nl.card.label.unreached}.*$`, "m"))?.[0] ?? "";
  const silent = onDuty.filter((each) => !isRung(bot, each, place, before) && !named.includes(each.name));
  return [
    ...(isPaged ? [] : [`${place}: security was not paged within a minute`]),
    ...silent.map(({ name }) => `${place}: ${name} neither rang nor is named`),
  ];
}

it(
  `of ${alarms} alarms in a Teams that fails one call in a hundred, each rings everybody on duty or names them, and pages security`,
  async () => {
    await using bot = await startBot();
    bot.teams.beMoody(seed);
    const faults: string[] = [];
    const pagedAt: PagedAt = new Map();
    for (let begun = 0; begun < alarms; begun += atOnce) {
      const before = countPosts(bot);
      const some: Alarm[] = [];
      for (let number = 1; number <= atOnce; number += 1) {
        some.push(await press(bot, begun + number));
        await wait(bot, 5, pagedAt);
      }
      await wait(bot, 60, pagedAt);
      faults.push(...some.flatMap((alarm) => findFaults(bot, alarm, before, pagedAt)));
      for (const { incident } of some) await bot.click(lea, incident, "resolve", "test");
      await bot.fastForward(10 * second);
    }
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
    const failures = bot.lines.filter(
      ({ event, facts }) => event === "delivery-failed" && facts.reason !== "throttled",
    );
    expect(failures.length).toBeGreaterThan(3);
    expect(faults).toEqual([]);
  },
  alarms * 2 * second,
);
