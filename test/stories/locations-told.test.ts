import { describe, expect, it } from "vitest";
import { nl } from "../dutch.ts";
import type { Colleague } from "../fakes/teams.ts";
import {
  alice,
  type Bot,
  backOffice,
  bob,
  carol,
  frontdesk,
  lea,
  minute,
  type Settings,
  second,
  sourceSecret,
  startBot,
} from "../harness.ts";
import { personAt } from "../located.ts";

const zoe: Colleague = { teamsId: "29:7", aadObjectId: "00000000-0000-4000-8000-000000000007", name: "Zoë Nieuw" };

function policy(pager: string): Settings {
  return {
    repeatEvery: "3m",
    steps: [
      { after: "0s", tell: "own" },
      { after: "60s", page: pager },
    ],
  };
}

/** The town hall has the front desk and calls the desk; the yard has a channel and a way to security of its own. */
function start(people: readonly Settings[] = []): Promise<Bot> {
  return startBot({
    settings: {
      locations: {
        "town-hall": { name: "Gemeentehuis" },
        yard: { name: "Stadswerf", channel: "back-office", policy: "yard" },
      },
      people: [
        ...[personAt(alice, ["town-hall"]), personAt(bob, ["yard"]), personAt(carol, ["town-hall", "yard"])],
        personAt(lea, ["yard"], { onDuty: "never", lead: true }),
        ...people,
      ],
      sources: {
        buttons: {
          type: "webhook",
          secret: sourceSecret,
          policy: "town-hall",
          channel: "frontdesk",
          silentAfter: "never",
        },
      },
      buttons: [
        { source: "buttons", id: "hall", place: "Balie", location: "town-hall" },
        { source: "buttons", id: "yard", place: "Balie", location: "yard" },
      ],
      policies: { "town-hall": policy("desk"), yard: policy("phone") },
    },
  });
}

/** Who has been asked in their chat whether they hear it. */
function asked(bot: Bot): readonly string[] {
  const chats = [alice, bob, carol, lea, zoe];
  return chats.flatMap((each) => (bot.saidTo(each)?.buttons.includes(nl.ringTest.button.heard) ? [each.name] : []));
}

describe("what is told goes by location (rule 22)", () => {
  it("status of a channel names who is on duty for its alarms, and what is open there", async () => {
    await using bot = await start();
    await bot.press("yard");
    await bot.expectCard("Stadswerf, Balie");
    const hall = await bot.type(lea, "status", frontdesk);
    expect(hall.text).toContain(nl.channel.status.onDuty([alice.name, carol.name]));
    expect(hall.text).not.toContain("Stadswerf");
    const yard = await bot.type(lea, "status", backOffice);
    expect(yard.text).toContain(nl.channel.status.onDuty([bob.name, carol.name]));
    expect(yard.text).toContain("Stadswerf, Balie");
  });

  it("a colleague whom Teams does not let the bot message is a trouble of their own channel", async () => {
    await using bot = await start([personAt(zoe, ["yard"])]);
    await bot.fastForward(2 * minute);
    expect((await bot.troubles()).map(({ kind }) => kind)).toContain("person-not-ready");
    expect((await bot.type(lea, "status", frontdesk)).text).not.toContain(zoe.name);
    expect((await bot.type(lea, "status", backOffice)).text).toContain(zoe.name);
  });

  it("a button whose battery is low is a trouble of the channel to which its alarms go", async () => {
    await using bot = await start();
    await bot.press("yard", { kind: "battery-low" });
    expect(await bot.app.reportTroubles()).toBe(1);
    await bot.fastForward(second);
    bot.expectNotice(backOffice, nl.trouble.count["battery-low"](1));
  });

  it.each([
    ["in a channel", frontdesk, [alice.name, carol.name]],
    ["in a private chat, by the location of the lead", null, [bob.name, carol.name]],
  ])("a ring test asks who is rung there: %s", async (_where, conversation, names) => {
    await using bot = await start();
    await bot.type(lea, "oproeptest", conversation ?? bot.teams.chatOf(lea));
    await bot.fastForward(10 * second);
    expect(asked(bot)).toEqual(names);
  });

  it("a test of the ways to security takes those by which alarms of that channel call it", async () => {
    await using bot = await start();
    await bot.type(lea, "test", backOffice);
    await bot.fastForward(second);
    await bot.phone.expectPage("test");
    bot.desk.expectNothing();
  });

  it("and all of them in a private chat, which is of no channel", async () => {
    await using bot = await start();
    await bot.type(lea, "test");
    await bot.fastForward(second);
    await bot.phone.expectPage("test");
    await bot.desk.expectPage("test");
  });
});
