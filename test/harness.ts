import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { stringify } from "yaml";
import { type App, type AppOptions, kinds, startApp } from "../bot/app.ts";
import type { Configuration } from "../bot/config/configuration.ts";
import { parseConfiguration } from "../bot/config/load-configuration.ts";
import type { ClickVerb } from "../bot/domain/incident/command.ts";
import type { Outcome } from "../bot/domain/incident/incident.ts";
import { InFlight } from "../bot/kit/in-flight.ts";
import type { Log } from "../bot/log.ts";
import type { LogEvent } from "../bot/log-events/log-events.ts";
import type { GuardAnswer } from "../bot/ports/guard.ts";
import type { Reader } from "../bot/ports/store/store.ts";
import { noLimits, teamsLimits } from "../bot/teams/wire/budget/limits.ts";
import { toHistoryLine } from "../bot/words/colleague/sentence.ts";
import { isAtWork } from "./at-work.ts";
import { type CardInHand, type ChatCard, toCardInHand, toChatCard } from "./card-in-hand.ts";
import { textsOf } from "./card-text.ts";
import { alarmOf, isAnswer, isFurther, withFurther } from "./cards-of-alarm.ts";
import { FakeClock } from "./fakes/clock.ts";
import { type Desk, startDesk } from "./fakes/desk.ts";
import { type Colleague, FakeTeams, type FakeTeamsOptions, type Message, type PostedCard } from "./fakes/teams.ts";
import { startTokenIssuer, type TokenIssuer } from "./fakes/token-issuer.ts";
import { keys } from "./fixtures/names.ts";
import { holdRecord, isAsked, keepTime } from "./golden/recorder.ts";
import { GuardBrowser } from "./guard-browser.ts";
import { scratch } from "./scratch.ts";
import {
  alice,
  backOffice,
  bob,
  carol,
  deskSecret,
  frontdesk,
  lea,
  paul,
  phoneSecret,
  type Settings,
  sam,
  sourceSecret,
  toSettings,
} from "./settings.ts";
import { patient } from "./storage/postgres/server.ts";
import { SqliteStorage, type Storage } from "./storage/storage.ts";

export type { CardInHand, ChatCard } from "./card-in-hand.ts";
export * from "./settings.ts";

export interface BotOptions {
  readonly settings?: Settings;
  /** Parts of the policy `building` that differ. */
  readonly policy?: Settings;
  readonly startAt?: string;
  readonly maxPagesAtOnce?: number;
  /** Is told all that the bot tells its log. */
  readonly log?: Log;
  /** Strikes instead of the machine's own clock; left out: never. */
  readonly calendar?: NonNullable<AppOptions["calendar"]>;
  /** By how much the clock of the database's server is ahead of the machine's; left out: it is not asked. */
  readonly databaseAheadMs?: () => number;
  /** In what Teams is otherwise; left out: as strict as it can be. */
  readonly teams?: Pick<FakeTeamsOptions, "lenient" | "unlimited" | "tags" | "strangerStatus">;
  /** Nobody of the roster was ever asked whether they hear that they are rung; left out: all of them have said so. */
  readonly arePeopleNew?: boolean;
  /**
   * The bot has a registration, and every call to and from Teams a token that lives so long; left out: as beside an
   * emulator.
   */
  readonly registered?: { readonly lifeSeconds: number };
  /** Where everything is stored; left out: in a file. It goes with the bot. */
  readonly storage?: Storage;
}

/** What can't go on before time passes. */
export interface Waiting {
  /** The next moment that somebody waits for, in epoch milliseconds. */
  readonly nextAt: number;
  /** Calls that the fakes keep waiting. */
  readonly hanging: number;
  /** What of Teams takes no call now, and from when again. */
  readonly full: ReturnType<FakeTeams["listFull"]>;
}

/** What whoever clicked is shown: a sentence, or all that stands on a card. */
export function textOf(answer: unknown): string {
  const { value } = answer as { value: unknown };
  return typeof value === "string" ? value : textsOf(value).join("\n");
}

function toSaid(where: string, { id, body }: Message): ChatCard {
  return toChatCard(where, body.attachments?.[0]?.content, body.text ?? "", { summary: body.summary, id });
}

/** Nothing of a story happens because the machine's own clock strikes eight. */
function noCalendar(): Disposable {
  return { [Symbol.dispose]: () => undefined };
}

/** What a story is played with. */
interface BotParts {
  readonly folder: string;
  readonly clock: FakeClock;
  readonly teams: FakeTeams;
  readonly desk: Desk;
  readonly phone: Desk;
  readonly issuer: TokenIssuer | null;
  readonly storage: Storage;
}

const appId = "33333333-3333-4333-8333-333333333333";

/** The whole bot between a fake Teams, two fake desks and a clock that stands still until it is pushed. */
export class Bot implements AsyncDisposable {
  readonly folder: string;
  readonly clock: FakeClock;
  readonly teams: FakeTeams;
  /** The first pager of the policy. */
  readonly desk: Desk;
  /** The second pager of the policy. */
  readonly phone: Desk;
  /** Who gives out tokens; null: nobody asks for one. */
  readonly issuer: TokenIssuer | null;
  readonly storage: Storage;
  readonly #maxPagesAtOnce: number;
  readonly #limits: typeof teamsLimits;
  readonly #alsoTold: Log | undefined;
  readonly #calendar: NonNullable<AppOptions["calendar"]>;
  readonly #databaseAheadMs: (() => number) | undefined;
  readonly #arePeopleNew: boolean;
  readonly lines: { level: string; event: string; facts: Record<string, unknown> }[] = [];
  /** Why the process would have ended itself. */
  readonly ends: ("lost" | "whole")[] = [];
  settings: Settings;
  readonly #inFlight = new InFlight();
  #app: App | null = null;
  #opening: CardInHand | null = null;
  readonly #expectedCards = new Set<string>();
  /** Where each page led the guard who answered it by a button in the message. */
  readonly #queries = new Map<string | null, string>();
  #expectedTexts = 0;
  #presses = 0;
  #isKnownInTeams = false;

  constructor(parts: BotParts, options: BotOptions) {
    const { folder, clock, teams, desk, phone, issuer, storage } = parts;
    this.folder = folder;
    this.clock = clock;
    this.teams = teams;
    this.desk = desk;
    this.phone = phone;
    this.issuer = issuer;
    this.storage = storage;
    this.#maxPagesAtOnce = options.maxPagesAtOnce ?? 1_024;
    const { lenient = false, unlimited = lenient } = options.teams ?? {};
    this.#limits = unlimited ? noLimits : teamsLimits;
    this.#alsoTold = options.log;
    this.#calendar = options.calendar ?? noCalendar;
    this.#databaseAheadMs = options.databaseAheadMs;
    this.#arePeopleNew = options.arePeopleNew ?? false;
    this.settings = {
      ...toSettings(folder, teams.serviceUrl, desk.url, phone.url, options.policy),
      database: storage.url,
      ...(issuer === null ? {} : { teams: { appId, tenantId: teams.tenantId, clientSecret: "not-a-real-secret" } }),
      ...options.settings,
    };
  }

  get app(): App {
    if (this.#app === null) throw new Error("the bot is not running");
    return this.#app;
  }

  get url(): string {
    return `http://127.0.0.1:${this.app.port}`;
  }

  async start(settings: Settings = {}): Promise<this> {
    this.settings = { ...this.settings, ...settings };
    this.#app = await startApp({
      configuration: this.#parseSettings(),
      loadConfiguration: () => this.#parseSettings(),
      ...(this.issuer === null ? {} : { trust: this.issuer.trust }),
      clock: this.clock,
      log: this.#log(),
      calendar: this.#calendar,
      // A disk that a story holds is held until the story lets go of it.
      lockWaitMs: 0,
      timeouts: patient,
      databaseClock: async () => (this.#databaseAheadMs ? this.clock.wall() + this.#databaseAheadMs() : null),
      inFlight: this.#inFlight,
      teamsLimits: this.#limits,
      onLost: () => this.ends.push("lost"),
      onWhole: () => this.ends.push("whole"),
      maxPagesAtOnce: this.#maxPagesAtOnce,
    });
    this.teams.botUrl = `${this.url}/api/messages`;
    await this.settle();
    if (!this.#arePeopleNew && (!this.#isKnownInTeams || "people" in settings)) await this.#proveAll();
    if (!this.#isKnownInTeams) await this.teams.before(() => this.#becomeKnown());
    return this;
  }

  #parseSettings(): Configuration {
    const parsed = parseConfiguration("story.yaml", stringify(this.settings), {}, kinds);
    // No configuration may name what stands in for Microsoft's own service.
    const serviceUrl = this.issuer === null ? parsed.teams.serviceUrl : this.teams.serviceUrl;
    return { ...parsed, teams: { ...parsed.teams, serviceUrl } };
  }

  /** Has the running bot read its configuration again, with these settings changed; a refusal leaves them changed. */
  async reload(settings: Settings) {
    this.settings = { ...this.settings, ...settings };
    const answer = await this.app.reload({ kind: "machine" });
    await this.settle();
    return answer;
  }

  /** A bot has been in its channels for a while: it knows their team, and has a chat with everybody of the roster. */
  async #becomeKnown(): Promise<void> {
    this.#isKnownInTeams = true;
    await this.teams.introduce();
    await this.settle();
  }

  /** Everybody of the roster has been asked whether they hear it, and has said so on the day on which they came. */
  async #proveAll(): Promise<void> {
    await this.storage.run("update proven_routes set asked_on = known_on, proven_on = known_on where asked_on is null");
  }

  /**
   * Stops as the process does: it waits for what a fake keeps hanging until that times out, and for what has to wait
   * for its turn, and no longer.
   */
  async stop(): Promise<void> {
    const app = this.#app;
    this.#app = null;
    if (app === null) return;
    let stopped = false;
    const stopping = Promise.resolve(app[Symbol.asyncDispose]()).finally(() => {
      stopped = true;
    });
    while (!stopped) {
      const isHeldUp = () => this.#hanging + this.#inFlight.paused > 0;
      await this.#rest(500, 500, isHeldUp, () => stopped);
      if (!stopped && isHeldUp() && this.clock.nextAt < Number.POSITIVE_INFINITY) this.clock.to(this.clock.nextAt);
    }
    await stopping;
  }

  /** Stops, and starts again on the same disk with these settings changed; time stands still meanwhile. */
  async restart(settings: Settings = {}): Promise<void> {
    await this.stop();
    await this.start(settings);
  }

  /** Sends an alarm of that button through the front door; every call is a message of its own unless it has an `id`. */
  async press(button: string, alarm: Record<string, unknown> = {}, source = "buttons") {
    this.#presses += 1;
    const body = JSON.stringify({ id: `press-${this.#presses}`, button, ...alarm });
    return this.post(source, body);
  }

  /** Sends these bytes through the front door of a source, with its secret. */
  async post(source: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) {
    const answered = await fetch(`${this.url}/alarms/${source}`, {
      method: "POST",
      headers: { authorization: `Bearer ${sourceSecret}`, "content-type": "application/json", ...headers },
      body,
    });
    const answer = (await answered.json()) as { incident: string | null; incidents?: string[]; outcome: string };
    await this.settle();
    return { status: answered.status, retryAfter: answered.headers.get("retry-after"), ...answer };
  }

  /** A colleague clicks; answers with the card or the sentence that they get back. */
  async click(by: Colleague, card: CardInHand | string, verb: ClickVerb, outcome?: Outcome) {
    const incident = typeof card === "string" ? card : card.incident;
    const root = typeof card === "string" ? {} : { card: card.posted.id };
    const { status, body } = await this.teams.click(by, {
      incident,
      verb,
      ...root,
      ...(outcome === undefined ? {} : { outcome }),
    });
    await this.settle();
    return { status, text: textOf(body), body };
  }

  /**
   * A colleague types to the bot, in their own chat unless `where` is another conversation; answers with what it said
   * there.
   */
  async type(by: Colleague, text: string, where = this.teams.chatOf(by)): Promise<ChatCard> {
    const before = this.#saidIn(where).length;
    await this.teams.say(by, where, text);
    await this.settle();
    const said = this.#saidIn(where).at(before);
    if (said === undefined) throw new Error(`the bot said nothing to ${text}`);
    return said;
  }

  /** Everything the bot writes fails, as on a disk that is full. */
  holdDisk(): Disposable {
    return this.storage.hold();
  }

  /** What is wrong with buttons and sources, as the metrics have it. */
  troubles() {
    return this.app.troubles();
  }

  /** The last thing the bot said to somebody in their chat. */
  saidTo(colleague: Colleague): ChatCard | undefined {
    return this.#saidIn(this.teams.chatOf(colleague)).at(-1);
  }

  /** What stands in somebody's chat, as it is shown now, oldest first. */
  chatWith(colleague: Colleague): ChatCard[] {
    return this.teams.chatWith(colleague).map((message) => toSaid(message.conversation, message));
  }

  /** A colleague clicks a button in a chat; answers with the card they get back. */
  async clickInChat(by: Colleague, button: string, card: ChatCard): Promise<ChatCard> {
    const action = card.actions.find(({ title }) => title === button);
    if (action === undefined) throw new Error(`there is no ${button} on:\n${card.text}`);
    const { body } = await this.teams.invoke(by, card.conversation, action.verb, action.data, card.id);
    await this.settle();
    return toChatCard(card.conversation, (body as { value?: unknown } | null)?.value, "");
  }

  /** Without the cards of alarms. */
  #saidIn(where: string): ChatCard[] {
    const { cards, texts, direct, replies } = this.teams;
    return [...cards.filter((card) => alarmOf(card) === undefined), ...texts, ...direct, ...replies]
      .filter(
        ({ conversation, root }) => where === (root === null ? conversation : `${conversation};messageid=${root}`),
      )
      .toSorted((a, b) => Number(a.id) - Number(b.id))
      .map((message) => toSaid(where, message));
  }

  /** Opens the link of a page, as each guard who has it may. */
  openGuardPage(page: { acceptUrl: string | null }): Promise<GuardBrowser> {
    return GuardBrowser.open(this.#toLink(page) ?? "");
  }

  /**
   * A guard answers by a button in the message, and then where that led to. Answers with the status of the page that is
   * shown then.
   */
  async answer(page: { acceptUrl: string | null }, answer: GuardAnswer, outcome?: Outcome): Promise<number> {
    const body = new URLSearchParams({ answer, ...(outcome && { outcome }) });
    const shown = await fetch(this.#toOpen(page), { method: "POST", body });
    await shown.text();
    this.#queries.set(page.acceptUrl, new URL(shown.url).search);
    await this.settle();
    return shown.status;
  }

  /** The page that the guard of `answer` has open, as a browser shows it, without its tags. */
  async guardPage(page: { acceptUrl: string | null }): Promise<string> {
    return (await GuardBrowser.open(this.#toOpen(page))).text;
  }

  /** Those that nobody expected yet; no answer, and not one that follows another of its alarm, which `look` finds. */
  #listUnexpected(): readonly PostedCard[] {
    const isExpected = (card: PostedCard) =>
      this.#expectedCards.has(card.id) || isAnswer(card) || isFurther(card, this.teams);
    return this.teams.cards.filter((card) => !isExpected(card));
  }

  /** The first card that nobody expected yet and that shows this text, because several may come in any order. */
  async expectCard(text: string): Promise<CardInHand> {
    await this.settle();
    const unexpected = this.#listUnexpected();
    const posted = unexpected.find((card) => this.look(card).text.includes(text)) ?? unexpected[0];
    if (posted === undefined)
      throw new Error(`no card was posted; expected one with ${text}. What waits: ${JSON.stringify(this.#waiting)}`);
    this.#expectedCards.add(posted.id);
    const card = this.look(posted);
    if (!card.text.includes(text)) throw new Error(`the card does not show ${text}:\n${card.text}`);
    return card;
  }

  expectNoCard(): void {
    const [posted] = this.#listUnexpected();
    if (posted !== undefined) throw new Error(`a card was posted that nobody expected:\n${this.look(posted).text}`);
  }

  /**
   * The end of a story: nothing came that it did not expect, a restart rings nobody and loses nothing, and every open
   * incident has a next moment (rule 18).
   */
  async restartAndExpectNothingElse(): Promise<void> {
    this.#expectNothing();
    await this.#expectNoFurtherCard();
    const open = await this.read((reader) => reader.listOpen(1_000));
    const rung = this.teams.told.length;
    await this.restart();
    this.#expectNothing();
    expect(this.teams.told).toHaveLength(rung);
    expect(await this.read((reader) => reader.listOpen(1_000))).toEqual(open);
    for (const { id, nextAt } of open) {
      if (nextAt === null || nextAt <= this.clock.now())
        throw new Error(`incident ${id} is open and waits for nothing`);
    }
  }

  /** An alarm has a new card where a round began or its card was lost, and else none. */
  async #expectNoFurtherCard(): Promise<void> {
    const further = this.teams.cards.filter((card) => isFurther(card, this.teams)).map(alarmOf);
    for (const incident of new Set(further.filter((each) => each !== undefined))) {
      const rounds = (await this.events(incident)).filter((kind) => kind === "round-started").length;
      const lost = this.lines.filter(({ event, facts }) => event === "card-replaced" && facts.incident === incident);
      expect(further.filter((each) => each === incident).length).toBeLessThanOrEqual(rounds + lost.length);
    }
  }

  #expectNothing(): void {
    this.desk.expectNothing();
    this.phone.expectNothing();
    this.expectNoCard();
  }

  /** The next text in a channel that nobody expected yet. */
  expectNotice(conversation: string, text: string): void {
    const notice = this.teams.texts[this.#expectedTexts];
    this.#expectedTexts += 1;
    if (notice?.conversation !== conversation || !notice.body.text?.includes(text)) {
      throw new Error(`expected a notice with ${text}, got ${JSON.stringify(notice?.body.text)}`);
    }
  }

  /** That card as it is now; where a newer one has followed it, that one. */
  look(card: PostedCard | CardInHand): CardInHand {
    const cards = withFurther("posted" in card ? card.posted : card, this.teams);
    const newest = cards.at(-1);
    if (newest === undefined) throw new Error("there is no card");
    const roots = cards.map(({ id }) => id);
    return toCardInHand(newest, this.teams, roots);
  }

  /** The card of the alarm that this bot was started with, as it is now. */
  get card(): CardInHand {
    if (this.#opening === null) throw new Error("this bot was not started with an alarm");
    return this.look(this.#opening);
  }

  /** Presses button 0042 and takes its card in hand. */
  async open(): Promise<this> {
    await this.press("0042");
    this.#opening = await this.expectCard("Spreekkamer 3");
    return this;
  }

  /** Pushes the clock, standing exactly on every moment somebody waits for, and lets everything end that can. */
  async fastForward(ms: number): Promise<void> {
    const until = this.clock.now() + ms;
    await this.settle();
    for (let at = this.clock.nextAt; at <= until; at = this.clock.nextAt) {
      this.clock.to(at);
      await this.settle();
    }
    this.clock.to(until);
    await this.settle();
  }

  /**
   * Waits until nothing can go on without time passing, and says what waits for that; what a fake keeps hanging, and
   * what waits behind it, does not count.
   */
  async settle(): Promise<Waiting> {
    await this.#rest(4, 5_000, () => this.#hanging > 0);
    return this.#waiting;
  }

  /**
   * Waits for so many turns of the event loop in which nothing goes on, or for `maxStill` in which nothing does beside
   * what holds it up; or until it `isOver`.
   */
  async #rest(maxQuiet: number, maxStill: number, isHeldUp: () => boolean, isOver = () => false): Promise<void> {
    let pending = 0;
    for (let quiet = 0, still = 0, turns = 0; quiet < maxQuiet && still < maxStill && !isOver(); turns += 1) {
      if (turns > 2_000_000) throw new Error("the bot does not come to rest");
      await this.#turn();
      const before = pending;
      pending = this.#inFlight.count;
      quiet = pending > this.#hanging || isAsked() ? 0 : quiet + 1;
      still = isHeldUp() && pending === before ? still + 1 : 0;
    }
  }

  get #waiting(): Waiting {
    return { nextAt: this.clock.nextAt, hanging: this.#hanging, full: this.teams.listFull() };
  }

  /** What the fakes, and a database, keep waiting. */
  get #hanging(): number {
    return this.teams.hanging + this.desk.hanging + this.phone.hanging + (this.storage.isHanging ? 1 : 0);
  }

  /** A turn of the loop, once the machine has done what it was asked: a slow disk holds up everything. */
  async #turn(): Promise<void> {
    do await new Promise((resolve) => setImmediate(resolve));
    while (isAtWork());
  }

  /** The incident's history in Dutch, as the record has it. */
  async history(incident: string): Promise<string[]> {
    const lines = await this.read((reader) => reader.loadHistory(incident, 0));
    return lines.map((line) => toHistoryLine(line, "nl", "Europe/Amsterdam", keys));
  }

  /** What kinds of things happened to an incident, oldest first. */
  async events(incident: string): Promise<string[]> {
    const lines = await this.read((reader) => reader.loadHistory(incident, 0));
    return lines.map((line) => line.kind);
  }

  /** Reads what is stored, whether the bot runs or not. */
  read<T>(work: (reader: Reader) => Promise<T>): Promise<T> {
    return this.storage.read(work);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // What still goes out is a race with the end of the story.
    using _held = holdRecord();
    await this.stop();
    await this.teams[Symbol.asyncDispose]();
    await this.desk[Symbol.asyncDispose]();
    await this.phone[Symbol.asyncDispose]();
    await this.issuer?.[Symbol.asyncDispose]();
    await this.storage[Symbol.asyncDispose]();
    await rm(this.folder, { recursive: true });
  }

  /** The link of a page as it works here: the bot gets another port at every start. */
  #toOpen(page: { acceptUrl: string | null }): string {
    return `${this.#toLink(page)}${this.#queries.get(page.acceptUrl) ?? ""}`;
  }

  #toLink({ acceptUrl }: { acceptUrl: string | null }): string | null {
    return acceptUrl?.replace("http://127.0.0.1:1", this.url) ?? null;
  }

  #log(): Log {
    const at = (level: "info" | "warn" | "error") => (facts: Record<string, unknown>, event: LogEvent) => {
      this.lines.push({ level, event, facts });
      this.#alsoTold?.[level](facts, event as never);
    };
    const also = this.#alsoTold;
    return {
      ...{ info: at("info"), warn: at("warn"), error: at("error") },
      get dropped() {
        return also?.dropped;
      },
    };
  }
}

/** Starts a bot at a quiet moment: 24 November 2026, 10:00 in Amsterdam. */
export async function startBot(options: BotOptions = {}): Promise<Bot> {
  const clock = new FakeClock(Date.parse(options.startAt ?? "2026-11-24T09:00:00Z"));
  keepTime(clock.now);
  const folder = await mkdtemp(join(scratch, "story-"));
  const issuer =
    options.registered === undefined ? null : await startTokenIssuer({ now: clock.now, ...options.registered });
  const teams = await new FakeTeams({
    channels: [frontdesk, backOffice],
    colleagues: [alice, bob, carol, paul, lea, sam],
    now: clock.now,
    ...(issuer === null ? {} : { issuer }),
    ...options.teams,
  }).start();
  if (issuer !== null) teams.authorize = (serviceUrl) => issuer.sign(toClaims(serviceUrl, clock.now()));
  const desk = await startDesk({ secret: deskSecret, now: clock.now });
  const phone = await startDesk({ secret: phoneSecret, now: clock.now, name: "phone" });
  const storage = options.storage ?? new SqliteStorage(folder);
  return new Bot({ folder, clock, teams, desk, phone, issuer, storage }, options).start();
}

/** What stands in a token with which Teams calls the bot. */
function toClaims(serviceurl: string, now: number) {
  return { aud: appId, serviceurl, nbf: now / 1_000 - 60, exp: now / 1_000 + 600 };
}

/** The same, with button 0042 pressed and its card in hand. */
export async function startWithAlarm(options: BotOptions = {}): Promise<Bot> {
  return (await startBot(options)).open();
}
