import { describe, expect, it } from "vitest";
import { toSentenceStart } from "../../bot/words/shared/line.ts";
import { textsOf, titlesOf } from "../card-text.ts";
import { nl, shown, upTo, way } from "../dutch.ts";
import { alice, type Bot, frontdesk, hour, lea, minute, paul, type Settings, second, startBot } from "../harness.ts";

const source = "de buitenknoppen";
const pagers = { desk: "de meldkamer", phone: "de telefoon van de beveiliger" };
const keys = /\b(?:buttons|desk|phone)\b/;

function label(things: unknown, labels: Readonly<Record<string, string>>): Settings {
  const entries = Object.entries(things as Readonly<Record<string, Settings>>);
  return Object.fromEntries(entries.map(([key, thing]) => [key, { ...thing, label: labels[key] }]));
}

/** A bot whose source and pagers have labels, and all that Teams shows of it from now on, however briefly. */
async function startLabelled(): Promise<{ bot: Bot; seen: string[] }> {
  const bot = await startBot();
  const seen: string[] = [];
  bot.teams.onActivity = (_route, { body }) => {
    const content = body.attachments?.[0]?.content;
    seen.push([body.text, body.summary, ...textsOf(content), ...titlesOf(content)].join("\n"));
  };
  await bot.restart({
    sources: label(bot.settings.sources, { buttons: source }),
    pagers: label(bot.settings.pagers, pagers),
  });
  return { bot, seen };
}

function expectNoKeys(seen: readonly string[]): void {
  expect(seen.length).toBeGreaterThan(0);
  expect(seen.filter((text) => keys.test(text))).toEqual([]);
}

describe("a source and pagers that have labels", () => {
  it("are called by them from press to close, in cards, threads and messages", async () => {
    const { bot, seen } = await startLabelled();
    await using _bot = bot;
    bot.desk.answerWith({ kind: "refuse", status: 400 });
    await bot.open();
    expect(bot.card.text).toContain(`(${source})`);
    await bot.fastForward(minute + second);
    await bot.desk.expectPage("unclaimed");
    const page = await bot.phone.expectPage("unclaimed");
    expect(bot.card.text).toContain(way(pagers.desk, upTo(nl.security.failed)));
    expect(bot.card.thread.join("\n")).toContain(nl.thread.pageAccepted(pagers.phone));
    expect(bot.card.thread.join("\n")).toContain("De telefoon van de beveiliger heeft het bericht.");
    await bot.answer(page, "accept");
    await bot.fastForward(second);
    expect(bot.card.thread.at(-1)).toContain(nl.thread.guardAccepted(pagers.phone));

    const clicked = await bot.click(alice, bot.card, "arrive");
    expect(clicked.text).toContain(way(pagers.phone, nl.security.answered("10:01:01")));
    await bot.click(alice, bot.card, "call-off");
    await bot.fastForward(second);
    await bot.phone.expectPage("update");
    await bot.phone.expectPage("call-off");
    expect(bot.card.thread.at(-1)).toContain(nl.thread.callOffTaken(pagers.phone));
    await bot.click(alice, bot.card, "resolve", "real");
    await bot.fastForward(second);
    expectNoKeys([...seen, clicked.text, await bot.guardPage(page)]);
    const incident = await bot.read((reader) => reader.loadIncident(bot.card.incident));
    expect(Object.keys(incident?.pagers ?? {})).toEqual(["desk", "phone"]);
  });

  it("are called by them where there is no place to name", async () => {
    const { bot, seen } = await startLabelled();
    await using _bot = bot;
    await bot.post("buttons", "no alarm at all");
    await bot.expectCard(nl.terms.unreadable(source));
    const unreadable = await bot.type(paul, "status");
    expect(unreadable.text).toContain(`- Alarm 1: ${nl.terms.unreadable(source)}`);
    expect(unreadable.text).toContain(nl.channel.status.pagers(Object.values(pagers)));
    using disk = bot.holdDisk();
    await bot.post("buttons", "nor is this");
    await bot.fastForward(second);
    await bot.expectCard(nl.card.headline.unstored);
    disk[Symbol.dispose]();
    expectNoKeys(seen);
  });

  it("are called by them in what is wrong, and in a test of the routes", async () => {
    const { bot, seen } = await startLabelled();
    await using _bot = bot;
    await bot.press("0042", { kind: "heartbeat" });
    await bot.press("0099", { kind: "heartbeat" });
    await bot.stop();
    bot.clock.to(bot.clock.now() + 36 * 24 * hour);
    await bot.start();
    await bot.app.reportTroubles();
    await bot.settle();
    const { count, line, pager, button } = nl.trouble;
    const silent = `${count["source-silent"](1)} (${source})`;
    expect(bot.teams.texts.at(-1)?.body.text).toContain(silent);
    expect(bot.teams.texts.at(-1)?.body.text).toContain(`(${pagers.desk}, ${pagers.phone})`);
    const { text } = await bot.type(alice, "status", frontdesk);
    expect(text).toContain(upTo((since) => line["source-silent"](toSentenceStart(source), since)));
    expect(text).toContain(pager(pagers.desk));
    await bot.press("0099", { kind: "heartbeat" });
    expect((await bot.type(alice, "status", frontdesk)).text).toContain(button("0099", source));

    const card = await bot.type(lea, "test", frontdesk);
    await bot.desk.expectPage("test");
    const fresh = await bot.clickInChat(lea, nl.routeTest.button.refresh, card);
    expect(fresh.text).toContain(`${pagers.desk}: ${nl.routeTest.route.accepted}`);
    const confirmed = await bot.clickInChat(lea, nl.routeTest.button.confirm(pagers.desk), fresh);
    expect(confirmed.text).toContain(`${pagers.desk}: ${upTo(nl.routeTest.route.confirmed)}`);
    await bot.fastForward(hour);
    expect(bot.teams.texts.at(-1)?.body.text).toContain(`- ${pagers.phone}: ${nl.routeTest.route.unanswered}`);
    expectNoKeys([...seen, fresh.text, ...fresh.buttons, confirmed.text, ...confirmed.buttons]);
    expect(shown(text)).not.toMatch(keys);
  });
});
