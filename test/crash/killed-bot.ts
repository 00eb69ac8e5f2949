import { mkdtemp, rm, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { stringify } from "yaml";
import { type Running, startBot } from "../bench/process.ts";
import { type Desk, startDesk } from "../fakes/desk.ts";
import { type Colleague, FakeTeams } from "../fakes/teams.ts";
import { buildPager, buildSettings, buildSource, toPolicy } from "../fixtures/configuration.ts";

export const sourceSecret = "een-lang-geheim-voor-knoppen";
const deskSecret = "een-lang-geheim-voor-de-desk";
const conversation = "19:alarms@thread.tacv2";
/** Short, for real time passes here. */
export const pageAfterMs = 2_000;

export const bob: Colleague = {
  teamsId: "29:1",
  aadObjectId: "00000000-0000-4000-8000-000000000001",
  name: "Bob de Vries",
};
/** Team lead: closes what a round leaves open. */
export const lea: Colleague = {
  teamsId: "29:2",
  aadObjectId: "00000000-0000-4000-8000-000000000002",
  name: "Lea Leider",
};

/** What the process is doing when it is killed. */
export const moments = [
  "pressing",
  "answered",
  "posting",
  "updating",
  "clicking",
  "paging",
  "closing",
  "starting",
] as const;
export type Moment = (typeof moments)[number];

interface KillPlan {
  readonly moment: Moment;
  left: number;
  readonly delayMs: number;
}

/**
 * The real process on a real file, between a Teams and a desk on loopback; killed by plan and started again at once.
 */
export class KilledBot implements AsyncDisposable {
  readonly folder: string;
  readonly teams: FakeTeams;
  readonly desk: Desk;
  /** When which page arrived: index in `desk.pages`, epoch milliseconds. */
  readonly pagedAt: number[] = [];
  /**
   * Every card posted, as text, by the place it shows: searching them all at each look would hold up the test itself.
   */
  readonly cards = new Map<string, string[]>();
  /** From SIGKILL to the line `listening`, in epoch milliseconds. */
  readonly downs: { from: number; to: number }[] = [];
  readonly killed: Moment[] = [];
  readonly #settings: string;
  #running: Running | null = null;
  #restarting: Promise<void> | null = null;
  #plan: KillPlan | null = null;
  #starts = 0;
  #timer: NodeJS.Timeout;

  constructor(folder: string, teams: FakeTeams, desk: Desk) {
    this.folder = folder;
    this.teams = teams;
    this.desk = desk;
    this.#settings = join(folder, "rugdekking.yaml");
    writeFileSync(this.#settings, stringify(toSettings(this.database, teams.serviceUrl, desk.url)));
    teams.onActivity = (route, { body }) => {
      if (route === "card") this.#keep(JSON.stringify(body));
      this.pass(route === "card" ? "posting" : "updating");
    };
    this.#timer = setInterval(() => {
      while (this.pagedAt.length < desk.pages.length) this.pagedAt.push(Date.now());
    }, 2);
  }

  get database(): string {
    return join(this.folder, "rugdekking.db");
  }

  /** Where the bot listens now; it changes with every start. */
  get url(): string {
    return `http://127.0.0.1:${this.#running?.port ?? 9}`;
  }

  get isArmed(): boolean {
    return this.#plan !== null;
  }

  async start(): Promise<void> {
    this.#starts += 1;
    this.#running = await startBot(this.#settings, join(this.folder, `bot-${this.#starts}.log`));
    this.teams.botUrl = `${this.url}/api/messages`;
    // It may be killed meanwhile.
    await this.teams.introduce().catch(() => undefined);
    this.pass("starting");
  }

  /** The process dies `delayMs` after the `count`-th time it passes that moment. */
  arm(moment: Moment, count: number, delayMs: number): void {
    this.#plan = { moment, left: count, delayMs };
  }

  /** Something of that kind happens now. */
  pass(moment: Moment): void {
    const plan = this.#plan;
    if (plan?.moment !== moment) return;
    plan.left -= 1;
    if (plan.left === 0) setTimeout(() => this.kill(moment), plan.delayMs);
  }

  /** Kills the process, now, and starts it again. */
  kill(moment: Moment): void {
    if (this.#plan === null) return;
    this.#plan = null;
    this.killed.push(moment);
    const from = Date.now();
    const dying = this.#running?.kill();
    this.#restarting = (async () => {
      await dying;
      await this.start();
      this.downs.push({ from, to: Date.now() });
    })();
  }

  /** Resolves when the process is up, and is not about to be killed. */
  async settled(): Promise<void> {
    for (let waiting = this.#restarting; waiting !== null; waiting = this.#restarting) {
      await waiting;
      if (waiting === this.#restarting) this.#restarting = null;
    }
  }

  /** How much of that time the process was dead, in milliseconds. */
  downBetween(from: number, to: number): number {
    const overlaps = this.downs.map((down) => Math.min(to, down.to) - Math.max(from, down.from));
    return overlaps.reduce((sum, ms) => sum + Math.max(0, ms), 0);
  }

  #keep(card: string): void {
    const place = /Kamer \d+/.exec(card)?.[0] ?? "";
    this.cards.set(place, [...(this.cards.get(place) ?? []), card]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.settled();
    clearInterval(this.#timer);
    await this.#running?.[Symbol.asyncDispose]();
    await this.teams[Symbol.asyncDispose]();
    await this.desk[Symbol.asyncDispose]();
    await promisify(rm)(this.folder, { recursive: true });
  }
}

export async function openKilledBot(): Promise<KilledBot> {
  const folder = await promisify(mkdtemp)(join(tmpdir(), "crash-"));
  // More alarms in a second than any channel takes, as beside an emulator: what is tried here is the disk.
  const teams = await new FakeTeams({ channels: [conversation], colleagues: [bob, lea], unlimited: true }).start();
  const desk = await startDesk({ secret: deskSecret });
  const bot = new KilledBot(folder, teams, desk);
  await bot.start();
  return bot;
}

function toSettings(database: string, serviceUrl: string, desk: string) {
  const page = { after: `${pageAfterMs / 1_000}s`, page: "desk" };
  return buildSettings({
    publicUrl: "http://127.0.0.1:1",
    database: `sqlite:${database}`,
    teams: { local: true, serviceUrl },
    channels: { frontdesk: { conversation } },
    people: [
      { name: bob.name, id: bob.aadObjectId, onDuty: "always" },
      { name: lea.name, id: lea.aadObjectId, onDuty: "always", lead: true },
    ],
    sources: { buttons: buildSource(sourceSecret, "short") },
    policies: { short: toPolicy([page], { arriveWithin: "1m", repeatEvery: "3s", teamsWithin: "2s" }) },
    pagers: { desk: buildPager(desk, deskSecret) },
  });
}
