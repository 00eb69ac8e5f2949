import { titlesOf } from "../card-text.ts";
import type { MessageBody } from "../fakes/teams.ts";
import {
  alice,
  type Bot,
  backOffice,
  bob,
  carol,
  frontdesk,
  lea,
  minute,
  paul,
  type Settings,
  sam,
  second,
} from "../harness.ts";
import type { BotWithFakes } from "./bot-with-fakes.ts";
import type { Hand } from "./in-hand.ts";

type Move = () => Promise<unknown>;

const down = { kind: "status", status: 503 } as const;

/**
 * Half an hour of the bot, all of it through its doors. It ends with Teams and every provider down for ten seconds,
 * with an open incident in each phase and with something of every kind that waits to go out.
 */
export class Morning {
  readonly #fakes: BotWithFakes;
  readonly #bot: Bot;
  readonly #startedAt: number;
  readonly #incidents = new Map<string, string>();
  readonly #alarms: Hand[] = [];
  #frames = 0;

  constructor(started: BotWithFakes) {
    this.#fakes = started;
    this.#bot = started.bot;
    this.#startedAt = started.bot.clock.now();
  }

  async pass(): Promise<void> {
    const moves = [...this.#early(), ...this.#guards(), ...this.#colleagues(), ...this.#pressers(), ...this.#outage()];
    for (const [at, move] of moves.toSorted(([a], [b]) => toMs(a) - toMs(b))) {
      await this.#bot.fastForward(this.#startedAt + toMs(at) - this.#bot.clock.now());
      await move();
      await this.#bot.settle();
    }
  }

  /** What people and providers were given until now, and may still use. */
  inHand(): Hand[] {
    const { teams, desk, phone } = this.#bot;
    const { twilio, centre } = this.#fakes;
    return [
      ...this.#alarms,
      ...teams.cards.map(({ id, conversation, root, body, shown }, index): Hand => {
        return { kind: "card", id, conversation, root, body: toBrief(shown.at(-1) ?? body, index > 1) };
      }),
      ...teams.direct
        .filter(({ body }) => titlesOf(body.attachments?.[0]?.content).length > 0)
        .map(({ to, body }): Hand => ({ kind: "chat", to, body })),
      ...[...desk.pages.map((page) => ["desk", page] as const), ...phone.pages.map((page) => ["phone", page] as const)]
        .filter(([, { acceptUrl }]) => acceptUrl !== null)
        .map(([pager, { key, page, reason, incident, acceptUrl }]): Hand => {
          return { kind: "page", pager, key, page, reason, incident: incident.id, acceptUrl };
        }),
      ...twilio.orders.map(({ form }): Hand => ({ kind: "call", form })),
      ...centre.events.map(({ sequence, data }): Hand => ({ kind: "frame", sequence, data })),
    ];
  }

  #early(): [string, Move][] {
    const { teams } = this.#bot;
    return [
      ["00:00", () => teams.install(lea, frontdesk)],
      ["00:00", () => teams.install(sam, teams.chatOf(sam))],
      ["00:00", () => this.#bot.type(lea, "koppel frontdesk", frontdesk)],
      ["00:00", () => this.#bot.type(lea, "koppel back-office", backOffice)],
      ["00:00", () => this.#bot.type(lea, "plek Balie 2")],
      ["00:00", () => this.#press("notice", { kind: "battery-low", battery: 0.1 }, "annex")],
      ["00:00", () => this.#bot.type(lea, "test", frontdesk)],
      ["00:01", () => this.#answerTest()],
      ["00:03", () => this.#bot.type(paul, "bezoek 26m")],
      ["00:04", () => this.#bot.type(carol, "bezoek 30m")],
      ["00:05", () => this.#bot.type(bob, "bezoek 29m")],
      ["00:06", () => this.#bot.type(sam, "bezoek 45m")],
      // Of the annex only: that channel was told today.
      ["00:20", () => this.#bot.app.reportTroubles()],
      ["00:30", () => this.#press("closed")],
      ["00:40", () => this.#click(alice, "closed", "arrive")],
      ["00:50", () => this.#bot.click(alice, this.#of("closed"), "resolve", "real")],
      ["20:00", () => this.#press("open", { kind: "heartbeat" })],
      ["20:00", () => this.#press("coming", { kind: "battery-low", battery: 0.15 })],
      ["20:00", () => this.#press("held", { kind: "test" })],
    ];
  }

  #guards(): [string, Move][] {
    return [
      ["10:00", () => this.#press("guard-lapsed")],
      ["11:10", () => this.#guard("guard-lapsed", "accept")],
      ["24:00", () => this.#press("guard-coming")],
      ["25:05", () => this.#guard("guard-coming", "accept")],
      ["24:00", () => this.#press("guard-there")],
      ["25:05", () => this.#guard("guard-there", "accept")],
      ["25:50", () => this.#guard("guard-there", "arrived")],
      ["28:00", () => this.#press("guard-declined", {}, "annex")],
      ["29:10", () => this.#guard("guard-declined", "decline")],
      ["26:00", () => this.#press("paged")],
      ["28:08", () => this.#press("leased")],
      ["28:00", () => this.#press("called", {}, "tower")],
    ];
  }

  #colleagues(): [string, Move][] {
    return [
      ["12:00", () => this.#press("silent")],
      ["12:10", () => this.#click(bob, "silent", "arrive")],
      ["19:00", () => this.#press("asked")],
      ["19:30", () => this.#click(alice, "asked", "arrive")],
      ["18:00", () => this.#press("checked-in")],
      ["18:10", () => this.#click(bob, "checked-in", "arrive")],
      ["28:30", () => this.#click(bob, "checked-in", "check-in")],
      // A phone call can't be taken back.
      ["24:00", () => this.#press("told-by-phone", {}, "tower")],
      ["25:20", () => this.#click(bob, "told-by-phone", "arrive")],
      ["25:40", () => this.#click(bob, "told-by-phone", "call-off")],
      ["24:00", () => this.#press("called-off")],
      ["25:20", () => this.#click(carol, "called-off", "arrive")],
      ["24:00", () => this.#press("was-called-off")],
      ["25:20", () => this.#click(carol, "was-called-off", "arrive")],
      ["26:00", () => this.#click(carol, "was-called-off", "call-off")],
      ["24:30", () => this.#press("witnessed")],
      ["26:00", () => this.#click(bob, "witnessed", "arrive")],
      ["25:00", () => this.#press("lapsed")],
      ["25:20", () => this.#click(alice, "lapsed", "claim")],
      ["25:30", () => this.#press("help")],
      ["25:40", () => this.#click(bob, "help", "help")],
      ["26:00", () => this.#press("all-declined")],
      ...[alice, bob, paul].map((who): [string, Move] => ["26:10", () => this.#click(who, "all-declined", "decline")]),
      ["27:00", () => this.#press("there")],
      ["27:10", () => this.#click(alice, "there", "arrive")],
      ["27:00", () => this.#press("there-help")],
      ["27:10", () => this.#click(alice, "there-help", "arrive")],
      ["27:20", () => this.#click(alice, "there-help", "help")],
      ["28:40", () => this.#press("held")],
      ["28:50", () => this.#click(alice, "held", "claim")],
      ["29:00", () => this.#press("half", {}, "annex")],
      ["29:10", () => this.#click(alice, "half", "claim")],
      ["29:00", () => this.#press("pair", {}, "annex")],
      ...[alice, bob].map((who): [string, Move] => ["29:10", () => this.#click(who, "pair", "claim")]),
      ["29:52", () => this.#press("coming")],
      ["29:55", () => this.#click(alice, "coming", "claim")],
    ];
  }

  #pressers(): [string, Move][] {
    return [
      ["27:30", () => this.#press("cancelled")],
      ["27:40", () => this.#press("cancelled", { kind: "cancel" })],
      ["27:30", () => this.#send("unreadable", "buttons", "<alarm>leesbaar is dit niet</alarm>")],
      ["27:40", () => this.#press("niet-bekend", { place: "Kelder" })],
      ["27:45", () => this.#press("shared-1")],
      ["27:50", () => this.#press("shared-2")],
      ["27:50", () => this.#press("again")],
      ["28:00", () => this.#click(bob, "again", "arrive")],
      ["28:20", () => this.#press("again")],
      // So late that it can still be taken back; only cards go out by now.
      ["30:00", () => this.#bot.type(sam, "alarm")],
      ["28:10", () => this.#frame("tracker", { messageType: "EVENT", eventType: "SOS_MODE_START", sosFlag: 0 })],
      ["28:15", () => this.#frame("tracker", { ...fix, gpsLatitude: 52.5, gpsLongitude: 5.7, sosFlag: 1 })],
      ["29:50", () => this.#press("open")],
      ["22:50", async () => this.#bot.teams.fail("card", down)],
      ["22:50", () => this.#press("teams-lost")],
      ["23:03", async () => this.#bot.teams.fail("card", null)],
    ];
  }

  /** The order is by how often each kind is tried before it is given up. */
  #outage(): [string, Move][] {
    return [
      ["29:07", () => this.#press("desk-due")],
      ["29:37", () => this.#press("calling", {}, "tower")],
      ["29:47", () => this.#press("notice", {}, "annex")],
      // The first test ends two seconds later, and its result waits.
      ["29:58", async () => this.#breakDown()],
      ["30:02", async () => this.#bot.teams.fail("card", down)],
      ["30:05", () => this.#press("no-card")],
      ["30:07", () => this.#click(bob, "tracker", "claim")],
      ["30:07", () => this.#click(bob, "witnessed", "witness")],
      ["30:07", () => this.#click(carol, "called-off", "call-off")],
      ["30:07", () => this.#bot.app.reportTroubles()],
      ["30:07", () => this.#startTest()],
      ["30:09", async () => undefined],
    ];
  }

  #breakDown(): void {
    const { teams, desk, phone } = this.#bot;
    const { twilio, centre, network } = this.#fakes;
    for (const route of ["text", "reply", "update"] as const) teams.fail(route, down);
    desk.answerWith({ ...down, kind: "refuse" });
    phone.answerWith({ kind: "hang" });
    twilio.behave(down);
    centre.behave({ kind: "reset" });
    network.answerWith({ ...down, kind: "refuse" });
  }

  /** Of the second test only the card goes out. */
  async #startTest(): Promise<void> {
    const { teams } = this.#bot;
    teams.fail("card", null);
    await teams.say(lea, frontdesk, "test");
    await this.#bot.settle();
    teams.fail("card", down);
  }

  async #answerTest(): Promise<void> {
    const [page] = this.#bot.desk.pages;
    if (page === undefined) throw new Error("the desk got no test");
    await this.#bot.answer(page, "accept");
  }

  #press(button: string, alarm: Settings = {}, source = "buttons"): Promise<void> {
    const id = `${button} ${this.#alarms.length}`;
    return this.#send(button, source, JSON.stringify({ id, button, ...alarm }));
  }

  #frame(name: string, decoded: object): Promise<void> {
    this.#frames += 1;
    const uplink = { session_key_id: "AYfHx0Y6RGJx5dHUXEGWTA==", f_cnt: this.#frames, f_port: 17, frm_payload: "AA==" };
    const device = { device_id: "tracker-1" };
    const message = { end_device_ids: device, uplink_message: { ...uplink, decoded_payload: decoded } };
    return this.#send(name, "field", JSON.stringify(message));
  }

  async #send(name: string, source: string, body: string): Promise<void> {
    const { status, incident } = await this.#bot.post(source, body);
    if (status !== 202) throw new Error(`${name} was answered ${status}`);
    if (incident !== null) this.#incidents.set(name, incident);
    this.#alarms.push({ kind: "alarm", name, source, body, incident });
  }

  async #click(by: typeof alice, name: string, verb: Parameters<Bot["click"]>[2]): Promise<void> {
    const { status } = await this.#bot.click(by, this.#of(name), verb);
    if (status !== 200) throw new Error(`the click on ${name} was answered ${status}`);
  }

  async #guard(name: string, answer: Parameters<Bot["answer"]>[1]): Promise<void> {
    const page = this.#bot.desk.pages.find(({ incident }) => incident.id === this.#of(name));
    if (page === undefined) throw new Error(`the desk got no page for ${name}`);
    const status = await this.#bot.answer(page, answer);
    if (status !== 200) throw new Error(`the guard's answer on ${name} was answered ${status}`);
  }

  #of(name: string): string {
    const incident = this.#incidents.get(name);
    if (incident === undefined) throw new Error(`${name} was not pressed`);
    return incident;
  }
}

/** Most cards are kept for their buttons only. */
function toBrief(body: MessageBody, isBrief: boolean): MessageBody {
  if (!isBrief || body.attachments === undefined) return body;
  const attachments = body.attachments.map((each) => ({ ...each, content: { ...each.content, body: [] } }));
  return { ...body, attachments };
}

const fix = { messageType: "POSITION_MESSAGE", rawPositionType: "GPS" };

/** "mm:ss" after the start, in milliseconds. */
function toMs(at: string): number {
  const [minutes = 0, seconds = 0] = at.split(":").map(Number);
  return minutes * minute + seconds * second;
}
