import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keys } from "../../fixtures/names.ts";
import { alarms, alice, emptyStatus, type Started, start } from "../start.ts";

let bot: Started;
beforeEach(async () => {
  bot = await start({ teamsChannel: "frontdesk" });
});
afterEach(() => bot[Symbol.asyncDispose]());

describe("the day's line", () => {
  const button = (place: string | null, at: number) =>
    ({ kind: "button-silent", source: "buttons", button: `b${at}`, place, lastAt: null }) as const;

  it("is one line, whatever the names hold and however many there are", async () => {
    const place = `**x** <at>Alice</at> [a](http://evil)\n${"y".repeat(300)}`;
    const many = Array.from({ length: 500 }, (_, at) => button(`${at} ${place}`, at));
    await bot.teams.sendToChannel("frontdesk", { kind: "troubles", troubles: many }, bot.signal);
    const text = bot.fake.texts[0]?.body.text ?? "";
    expect(text).toMatch(
      /^Let op: 500 knoppen sturen niets meer \(0 .*, 1 .*, 2 .*, …\)\. Typ \*\*@Rugdekking status\*\* voor de lijst\.$/,
    );
    expect(text.replaceAll("**@Rugdekking status**", "")).not.toMatch(/[*<>[\]\n]|:\/\//);
    expect(text.length).toBeLessThan(600);
  });

  it("names a button without a place by its id", async () => {
    await bot.teams.sendToChannel("frontdesk", { kind: "troubles", troubles: [button(null, 7)] }, bot.signal);
    expect(bot.fake.texts[0]?.body.text).toContain("1 knop stuurt niets meer (b7).");
  });

  it("of every kind reads in both languages", async () => {
    const facts = { source: "buttons", button: "b1", place: "Balie" };
    await using english = await start({ language: "en" });
    const every = [
      { kind: "source-silent", source: "panel", lastAt: 0 },
      { kind: "source-down", source: "panel", since: 0 },
      { kind: "button-silent", ...facts, lastAt: 0 },
      { kind: "battery-low", ...facts, battery: 0.1 },
      { kind: "button-error", ...facts, since: 0 },
      { kind: "button-unreadable", ...facts, at: 0 },
      { kind: "button-unknown", source: "buttons", button: "b9", at: 0 },
      { kind: "pager-lost", pager: "centre", part: "primary", since: 0 },
      { kind: "route-unproven", pager: "mail", lastAt: 0 },
      { kind: "route-unproven", pager: "phone", lastAt: null },
      { kind: "teams-lost", channel: "front_desk", reason: "posts-refused", since: 0 },
      { kind: "client-secret-ends", endsOn: "2026-12-24", daysLeft: 30 },
      { kind: "client-secret-ends", endsOn: "2026-11-01", daysLeft: -23 },
    ] as const;
    for (const each of [bot, english]) {
      each.status = async () => ({ ...emptyStatus, troubles: every });
      await each.teams.sendToChannel("frontdesk", { kind: "troubles", troubles: every }, each.signal);
      await each.fake.say(alice, alarms, "status");
    }
    expect(bot.fake.texts[0]?.body.text).toMatch(
      /^Let op: 1 kanaal in Teams krijgt geen alarmen \(front&#95;desk\), 1 verbinding met de beveiliging is weg \(centre\), 1 bron doet het niet \(panel\), 1 bron stuurt niets meer/,
    );
    expect(bot.fake.texts[0]?.body.text).toContain(
      "2 routes naar de beveiliging zijn al lang niet getest (mail, phone)",
    );
    expect(english.fake.texts[0]?.body.text).toMatch(
      /^Note: 1 channel in Teams gets no alarms \(front&#95;desk\), 1 connection to security is lost \(centre\), 1 source is down \(panel\), 1 source sends nothing any more/,
    );
    expect(bot.fake.texts[1]?.body.text).toMatch(
      /3 problemen met de route naar de beveiliging:\n\n- Beveiliging via centre \(eerste ontvanger\): al \d+ dagen geen verbinding\n\n- Beveiliging via mail: al \d+ dagen heeft niemand gereageerd. Typ \*\*test\*\*.\n\n- Beveiliging via phone: er heeft nog nooit iemand gereageerd. Typ \*\*test\*\*.\n\n⚠️ 7 problemen met de knoppen:/,
    );
    expect(bot.fake.texts[1]?.body.text).toMatch(
      /3 problemen met Teams:\n\n- Kanaal front&#95;desk: al \d+ dagen kunnen we hier geen alarmen plaatsen. Teams weigert .+\n\n- Geheim van de Teams-app: verloopt over 30 dagen, op 24-12-2026. .+\n\n- Geheim van de Teams-app: verlopen op 01-11-2026. /,
    );
    expect(bot.fake.texts[1]?.body.text).toContain("- Balie (knop b1): de batterij is bijna leeg (10%)");
    expect(english.fake.texts[1]?.body.text).toContain("- Button b9 (buttons): is not in the configuration");
  });

  it("of the storage stands first, names nothing, and reads in both languages", async () => {
    await using english = await start({ language: "en" });
    const kinds = ["behind", "unlocked", "unread", "refuses", "aside", "lost", "gone"] as const;
    const every = kinds.map((kind) => ({ kind: `storage-${kind}`, since: 0 }) as const);
    const troubles = [button("Balie", 1), ...every];
    for (const each of [bot, english]) {
      each.status = async () => ({ ...emptyStatus, troubles });
      await each.teams.sendToChannel("frontdesk", { kind: "troubles", troubles }, each.signal);
      await each.fake.say(alice, alarms, "status");
    }
    const [day = "", status = ""] = bot.fake.texts.map(({ body }) => body.text);
    expect(day).toMatch(/^Let op: onze opslag is verwijderd of vervangen, onze opslag is niet meer te vertrouwen, /);
    expect(status).toMatch(/🟥 7 problemen met onze opslag:\n\n- Opslag: verwijderd of vervangen\. /);
    expect(status.indexOf("Opslag")).toBeLessThan(status.indexOf("Balie"));
    expect(english.fake.texts[1]?.body.text).toMatch(/- Storage: unusable for \d+ days\. New alarms are not recorded/);
  });

  it("calls a lost pager and a source by what people call them", async () => {
    const names = { ...keys, source: () => "de buitenknoppen", pager: () => "de meldkamer" };
    await using labelled = await start({ names });
    const troubles = [
      { kind: "pager-lost", pager: "centre", part: "primary", since: 0 },
      { kind: "source-down", source: "buttons", since: 0 },
    ] as const;
    labelled.status = async () => ({ ...emptyStatus, troubles });
    await labelled.fake.say(alice, alarms, "status");
    expect(labelled.fake.texts[0]?.body.text).toContain("- Beveiliging via de meldkamer (eerste ontvanger): al ");
    expect(labelled.fake.texts[0]?.body.text).toMatch(/- De buitenknoppen: al .+ buiten werking/);
  });

  it("waits for a channel that is not linked", async () => {
    await using other = await start({ channels: { frontdesk: { conversation: null } } });
    const sending = other.teams.sendToChannel(
      "frontdesk",
      { kind: "troubles", troubles: [button("Balie", 1)] },
      other.signal,
    );
    await expect(sending).rejects.toMatchObject({ reason: "misconfigured" });
  });
});
