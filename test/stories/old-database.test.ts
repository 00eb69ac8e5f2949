import { expect, it } from "vitest";
import { actionsOf, textsOf } from "../card-text.ts";
import { isFurther } from "../cards-of-alarm.ts";
import { line, nl } from "../dutch.ts";
import { toActivity } from "../fakes/teams-activity.ts";
import { alice, type Bot, bob, carol, frontdesk, minute, paul, second } from "../harness.ts";
import { cardOf, type OldBot, openOldBot } from "../old-database/old-bot.ts";

/** Everything that can wait, by its name in the database. */
const kinds = [
  ...["board", "call", "call-off", "card", "feedback", "message", "notice", "page", "test", "test-result", "troubles"],
  ...["update", "visit-ask", "visit-pressed"],
];

/** A button of a card, as what a client knows of it. */
interface Action {
  readonly verb?: string;
  readonly data?: { readonly incident?: string; readonly outcome?: string };
  readonly fallback?: { readonly data: object };
}

function actionOf(old: OldBot, incident: string, verb: string, outcome?: string): Action {
  const actions: readonly Action[] = actionsOf(cardOf(old, incident).shown[0]?.attachments?.[0]?.content);
  const action = actions.find((each) => each.verb === verb && each.data?.outcome === outcome);
  if (action === undefined) throw new Error(`the card of ${incident} has no ${verb}`);
  return action;
}

/** Clicks on that card with what it carries, and answers with what stands in the card that comes back. */
async function click(old: OldBot, incident: string, verb: string, outcome?: string): Promise<string> {
  const { conversation, id } = cardOf(old, incident);
  const { data } = actionOf(old, incident, verb, outcome);
  const answer = await old.bot.teams.invoke(alice, `${conversation};messageid=${id}`, verb, data ?? {});
  return textsOf((answer.body as { value?: unknown } | null)?.value).join("\n");
}

/** Why each desk was paged since the start, by the button: `desk unclaimed`. */
function pagedFor({ bot, incidents }: OldBot, button: string): string[] {
  const id = incidents.find((each) => each.button === button)?.id;
  const of = ({ desk, phone }: Bot) => [
    ...desk.pages.map((page) => ["desk", page] as const),
    ...phone.pages.map((page) => ["phone", page] as const),
  ];
  return of(bot).flatMap(([pager, { incident, reason }]) => (incident.id === id ? [`${pager} ${reason}`] : []));
}

it("holds something of every kind that waits, and all of it goes out under the key that it had", async () => {
  await using old = await openOldBot();
  const { bot, rows, twilio, centre, network } = old;
  expect([...new Set(rows.map(({ outgoing }) => outgoing.kind))].sort()).toEqual(kinds);
  await bot.fastForward(30 * second);
  const of = (...names: string[]) => rows.filter(({ outgoing }) => names.includes(outgoing.kind));

  const pages = { desk: bot.desk.pages, phone: bot.phone.pages };
  for (const { key, outgoing } of of("page", "update", "call-off", "test")) {
    if (outgoing.pager !== "desk" && outgoing.pager !== "phone") continue;
    const reason = outgoing.reason ?? outgoing.kind;
    const sent = pages[outgoing.pager].filter((page) => page.key === key);
    expect(sent, key).toMatchObject([{ page: outgoing.page, reason }]);
  }
  const calls = twilio.orders.map(({ form }) => new URL(form.StatusCallback ?? "").searchParams.get("key"));
  const called = rows.filter(({ outgoing }) => outgoing.pager === "calls").map(({ key }) => key);
  expect(called).toHaveLength(4);
  // Bob is asked whether all is well on his visit, and may be beside an aggressor there.
  const mayRing = called.filter((key) => !key.includes(bob.aadObjectId));
  expect(mayRing).toHaveLength(3);
  expect(calls).toEqual(expect.arrayContaining(mayRing));
  expect(calls.filter((key) => key?.includes(bob.aadObjectId))).toEqual([]);
  expect(twilio.orders.map(({ form }) => form.To)).toEqual(
    expect.arrayContaining(["+31600000000", "+31600000003", "+31612345678"]),
  );
  // The frame that was under way, once more: the same number, and by the clock that the receiver taught.
  const [frame] = old.inHand("frame").slice(-1);
  expect(centre.events.map(({ sequence, data }) => ({ sequence, data }))).toEqual([
    { sequence: frame?.sequence, data: "Nri1/RX000" },
  ]);
  expect(centre.answers).toEqual(["ACK"]);
  expect(network.queue).toMatchObject([{ device: "tracker-1", payload: "ff02030305" }]);

  const added = bot.teams.cards.slice(old.inHand("card").length);
  const posted = added.filter((card) => !isFurther(card, bot.teams)).map((card) => bot.look(card));
  expect(posted.map(({ incident }) => incident).sort()).toEqual(
    of("card")
      .map(({ incident }) => incident)
      .sort(),
  );
  const answered = new Set(bot.teams.replies.map(({ root }) => root));
  const boards = of("board").map(({ incident }) => cardOf(old, incident));
  expect(boards.filter(({ id, shown }) => shown.length < 2 && !answered.has(id)).map(({ id }) => id)).toEqual([]);
  expect(bot.look(cardOf(old, old.of("witnessed"))).text).toContain(bob.name);
  const texts = bot.teams.texts.map(({ conversation, body }) => `${conversation} ${body.text}`);
  expect(texts).toHaveLength(3);
  expect(texts.join("\n")).toContain(`${frontdesk} ${nl.routeTest.notAllAnswered}`);
  expect(texts.join("\n")).toContain(`- desk: ${nl.routeTest.route.answered("10:00:01")}`);
  expect(texts.join("\n")).toContain(
    `${frontdesk} ${nl.trouble.day("Rugdekking", [`${nl.trouble.count["battery-low"](1)} (Kamer coming)`])}`,
  );
  expect(texts.join("\n")).toContain(`${frontdesk} **Kamer notice**`);
  const direct = bot.teams.direct.map(({ to, body }) => `${to} ${body.summary}`);
  const told = bot.teams.told.map(({ to, body }) => `${to} ${body.summary}`);
  for (const { teamsId } of [alice, bob, paul]) {
    const messages = told.filter((each) => each.startsWith(`${teamsId} Kamer no-card`));
    expect(messages).toHaveLength(teamsId === bob.teamsId ? 0 : 1);
  }
  expect(direct.filter((each) => each.includes(nl.personal.answer["visit-pressed"].headline))).toEqual([
    expect.stringContaining(paul.teamsId),
  ]);
  expect(direct.filter((each) => each.includes(nl.visit.ask("").headline))).toEqual([
    expect.stringContaining(carol.teamsId),
  ]);

  expect(await old.figure("rugdekking_outbox_rows")).toBe(0);
  const warnings = bot.lines.filter(({ level }) => level !== "info").map(({ event }) => event);
  // Of the start before the old one was put in the place of its database.
  expect(warnings).toEqual(["database-made"]);
});

it("every open incident goes on: what falls due in the next minutes is done, and nothing else", async () => {
  await using old = await openOldBot();
  const { bot } = old;
  await bot.fastForward(2 * minute + 30 * second);
  const both = (reason: string) => [`desk ${reason}`, `phone ${reason}`];
  const due: Record<string, readonly string[]> = {
    open: both("unclaimed"),
    "no-card": both("unclaimed"),
    coming: both("lapsed"),
    half: ["desk unclaimed"],
    pair: ["desk lapsed"],
    held: both("lapsed"),
    notice: ["desk unclaimed"],
    asked: both("check"),
    paged: both("repeat"),
    silent: both("repeat"),
    help: both("repeat"),
    "guard-declined": ["desk repeat"],
    "guard-lapsed": both("repeat"),
    again: ["phone unclaimed"],
    leased: ["phone unclaimed"],
    "desk-due": both("unclaimed"),
    there: [],
    "guard-coming": [],
    "guard-there": [],
    "was-called-off": [],
    "checked-in": [],
    "called-off": ["desk call-off"],
    witnessed: ["desk update"],
    closed: [],
  };
  const done = Object.fromEntries(Object.keys(due).map((button) => [button, pagedFor(old, button)]));
  expect(done).toEqual(due);
  // The desk knows by the key whether it has a page already.
  const keys = [...bot.desk.pages, ...bot.phone.pages].map(({ key }) => key);
  const [open, paged] = [old.of("open"), old.of("paged")];
  expect(keys).toEqual(expect.arrayContaining([`${open}-1-1`, `${open}-1-2`, `${paged}-2-1`, `${paged}-2-2`]));
  expect(bot.look(cardOf(old, old.of("coming"))).text).toContain(nl.card.headline.lapsed);
});

it("every open incident is clicked to its end on the card that stood there", async () => {
  await using old = await openOldBot();
  const { bot, incidents } = old;
  const open = incidents.filter(({ isOpen }) => isOpen);
  expect(await old.figure("rugdekking_open_incidents")).toBe(open.length);
  await bot.fastForward(10 * second);
  for (const { id } of open) {
    // Where a round began meanwhile, what is shown stands on the card below.
    const { counted } = nl.card.old;
    expect(await click(old, id, "claim")).toMatch(new RegExp(`${alice.name}|${counted}`));
    expect(await click(old, id, "arrive")).toMatch(new RegExp(`${line("there")}.*${alice.name}|${counted}`));
    await bot.settle();
    expect(await click(old, id, "resolve", "real")).toMatch(new RegExp(`${nl.card.headline.closed.real}|${counted}`));
  }
  await bot.fastForward(30 * second);
  expect(await old.figure("rugdekking_open_incidents")).toBe(0);
  expect(await old.figure("rugdekking_outbox_rows")).toBe(0);
  // The card that was closed then keeps its words of then.
  for (const [headline, count] of [
    [nl.card.headline.closed.real, open.length],
    ["⬛ Gesloten – het was echt", 1],
  ] as const) {
    const cards = bot.teams.cards.filter((card) => !isFurther(card, bot.teams));
    expect(cards.filter((card) => bot.look(card).text.includes(headline))).toHaveLength(count);
  }
  for (const button of ["paged", "guard-coming", "guard-there", "lapsed", "help"]) {
    expect(pagedFor(old, button)).toContain("desk call-off");
  }
});

it("each button of a card that stood there still does what it says", async () => {
  await using old = await openOldBot();
  const { bot, of } = old;
  await bot.fastForward(10 * second);
  expect(await click(old, of("open"), "decline")).toContain(line("declined", alice));
  expect(await click(old, of("asked"), "check-in")).toContain(nl.card.headline.there);
  expect(await click(old, of("there"), "witness")).toContain(nl.terms.verification.witnessed);
  await bot.fastForward(second);
  await click(old, of("witnessed"), "arrive");
  expect(await click(old, of("witnessed"), "call-off")).toContain(nl.security.callOff.queued);
  expect(await click(old, of("there"), "resolve", "false")).toContain(nl.card.headline.closed.false);
  expect(await click(old, of("asked"), "resolve", "test")).toContain(nl.card.headline.closed.test);
  // Last, because whoever needs help there is there in no other one any more.
  expect(await click(old, of("notice"), "help")).toContain(nl.card.headline.help);
});

it("what happened before is still told, line by line", async () => {
  await using old = await openOldBot();
  const { bot, incidents } = old;
  await bot.stop();
  for (const { id, button, lines } of incidents) {
    const history = await bot.history(id);
    expect(history.length, button).toBeGreaterThanOrEqual(lines);
    expect(history.join("\n"), button).not.toMatch(/undefined|null|NaN/);
  }
});

it("a client that knows no such buttons sends what they carry as a message, and that still counts", async () => {
  await using old = await openOldBot();
  const { bot } = old;
  const incident = old.of("open");
  const { fallback } = actionOf(old, incident, "claim");
  const { conversation, id } = cardOf(old, incident);
  const message = { type: "message", value: fallback?.data };
  await bot.teams.send(toActivity(bot.teams, alice, `${conversation};messageid=${id}`, message));
  await bot.fastForward(second);
  expect(bot.look(cardOf(old, incident)).text).toContain(nl.card.headline.coming(1));
});

it("an incident keeps the policy of then, whatever is configured today", async () => {
  const toLater = (channel: string) => ({
    repeatEvery: "30m",
    steps: [
      { after: "0s", tell: channel },
      { after: "10m", page: "desk" },
    ],
  });
  const policies = { building: toLater("frontdesk"), annex: toLater("back-office"), tower: toLater("frontdesk") };
  await using old = await openOldBot({ policies });
  await old.bot.fastForward(105 * second);
  expect(pagedFor(old, "open")).toEqual(["desk unclaimed", "phone unclaimed"]);
});
