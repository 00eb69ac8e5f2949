import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { startConnector } from "../bench/connector.ts";
import { type Running, startBot } from "../bench/process.ts";
import type { GatePoint } from "../fakes/gate.ts";
import { type PagerType, type Provider, pagerTypes, startProvider } from "../fakes/providers.ts";
import { buildSettings, buildSource, toPolicy } from "../fixtures/configuration.ts";
import { followLog, type LogPoint } from "./follow-log.ts";

const hook = new URL("./kill-at-connect.ts", import.meta.url).href;
export const sourceSecret = "een-lang-geheim-voor-knoppen";
/** From the press to the moment at which all pagers are due. */
export const dueAfterMs = 300;

/**
 * Where the process is to die: `delayMs` after something passes that point for the `left`-th time; `connecting`: before
 * the first.
 */
export interface KillPlan {
  readonly at: LogPoint | { readonly pager: PagerType; readonly point: GatePoint | "connecting" };
  left: number;
  readonly delayMs: number;
}

/** The real process on a real file with a pager of every kind, each behind a gate; killed by plan. */
export class KilledBotWithPagers implements AsyncDisposable {
  readonly folder: string;
  readonly providers: readonly Provider[];
  readonly #settings: string;
  readonly #others: AsyncDisposable;
  #running: Running | null = null;
  #child: ChildProcess | null = null;
  #plan: KillPlan | null = null;
  #killed = Promise.withResolvers<void>();
  #starts = 0;
  #connectedBefore = new Map<PagerType, number>();

  constructor(folder: string, providers: readonly Provider[], teams: string, others: AsyncDisposable) {
    this.folder = folder;
    this.providers = providers;
    this.#others = others;
    this.#settings = join(folder, "rugdekking.yaml");
    writeFileSync(this.#killAt, "");
    writeFileSync(this.#settings, stringify(toSettings(this.database, teams, providers)));
    for (const { type, gate } of providers) {
      gate.onPoint = (point) => {
        const at = this.#plan?.at;
        if (typeof at === "object" && at.pager === type && at.point === point) this.#pass();
      };
    }
  }

  get database(): string {
    return join(this.folder, "rugdekking.db");
  }

  get #killAt(): string {
    return join(this.folder, "kill-at-connect");
  }

  get url(): string {
    return `http://127.0.0.1:${this.#running?.port ?? 9}`;
  }

  /** Resolves when its doors are open; false when it died before. */
  async start(): Promise<boolean> {
    this.#starts += 1;
    this.#connectedBefore = new Map(this.providers.map(({ type, gate }) => [type, gate.connections]));
    const log = join(this.folder, `bot-${this.#starts}.log`);
    try {
      const env = { KILL_AT_CONNECT: this.#killAt, NODE_OPTIONS: `--import ${hook}` };
      this.#running = await startBot(this.#settings, log, env, (child) => {
        this.#child = child;
        const stop = followLog(log, (command) => this.#plan?.at === command && this.#pass());
        child.once("exit", () => {
          stop();
          this.#killed.resolve();
        });
      });
      return true;
    } catch (error) {
      if (this.#child?.signalCode === "SIGKILL") return false;
      throw error;
    }
  }

  /** Whether this process has called the provider of that pager. */
  hasConnected({ type, gate }: Provider): boolean {
    return gate.connections > (this.#connectedBefore.get(type) ?? 0);
  }

  /** From now on it counts. */
  arm(plan: KillPlan): void {
    this.#plan = plan;
    this.#killed = Promise.withResolvers();
    const { at } = plan;
    const isConnect = typeof at === "object" && at.point === "connecting";
    const port = this.providers.find(({ type }) => isConnect && type === at.pager)?.gate.port;
    writeFileSync(this.#killAt, String(port ?? ""));
  }

  #pass(): void {
    const plan = this.#plan;
    if (plan === null) return;
    plan.left -= 1;
    if (plan.left > 0) return;
    if (plan.delayMs === 0) this.#kill();
    else setTimeout(() => this.#kill(), plan.delayMs);
    this.#plan = null;
  }

  #kill(): void {
    this.#child?.kill("SIGKILL");
    this.#killed.resolve();
  }

  /** Resolves when the plan, or patience after `ms`, has killed the process and it is gone. */
  async dead(ms: number): Promise<void> {
    const timer = setTimeout(() => {
      this.#plan = null;
      this.#kill();
    }, ms);
    await this.#killed.promise;
    clearTimeout(timer);
    this.#plan = null;
    writeFileSync(this.#killAt, "");
    const child = this.#child;
    if (child !== null && child.exitCode === null && child.signalCode === null) await once(child, "exit");
    // What it had sent and nobody had read must not reach a provider now.
    for (const { gate } of this.providers) gate.drop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running?.[Symbol.asyncDispose]();
    await this.#others[Symbol.asyncDispose]();
    await rm(this.folder, { recursive: true });
  }
}

export async function openKilledBotWithPagers(): Promise<KilledBotWithPagers> {
  await using stack = new AsyncDisposableStack();
  const providers: Provider[] = [];
  for (const type of pagerTypes) providers.push(stack.use(await startProvider(type)));
  const teams = stack.use(await startConnector());
  const folder = await mkdtemp(join(tmpdir(), "crash-pagers-"));
  return new KilledBotWithPagers(folder, providers, teams.url, stack.move());
}

/** A step for every kind of pager, all due at the same moment, and no repeat while a round is looked at. */
function toSettings(database: string, serviceUrl: string, providers: readonly Provider[]) {
  const pages = providers.map(({ type }) => ({ after: `${dueAfterMs}ms`, page: type }));
  return buildSettings({
    publicUrl: "http://127.0.0.1:1",
    database: `sqlite:${database}`,
    teams: { local: true, serviceUrl },
    channels: { frontdesk: { conversation: "19:alarms@thread.tacv2" } },
    sources: { buttons: buildSource(sourceSecret, "all") },
    policies: { all: toPolicy(pages, { arriveWithin: "1m", repeatEvery: "6h" }) },
    pagers: Object.fromEntries(providers.map(({ type, settings }) => [type, settings])),
  });
}
