import {
  type ChannelHealth,
  type ChannelSign,
  formatHealth,
  healthy,
  type LookFinding,
  lostOf,
  noteSign,
  parseHealth,
} from "../../../domain/channel/health.ts";
import type { TokenFault } from "../../../domain/teams-test/teams-test.ts";
import { Background } from "../../../kit/background.ts";
import { late, withTimeout } from "../../../kit/with-timeout.ts";
import type { Figures, TeamsTrouble } from "../../../ports/status.ts";
import type { TeamsLooks, WatchedChannel } from "../../../ports/teams-looks.ts";
import type { Handler } from "../../kernel/handle.ts";
import type { Kernel } from "../../kernel/kernel.ts";
import { Poller } from "../../kernel/poller.ts";

/** Two looks that fail make a trouble: it is one within two minutes. */
const lookEveryMs = 60_000;
const lookAgainMs = 30_000;
/** A post that was refused has its team looked at this soon; its own next tries come first. */
const hastenedMs = 5_000;
/** What waited for a start goes out first. */
const beginAfterMs = 10_000;
const lookWithinMs = 5_000;
/** Many teams that hang must not make each other wait; Teams takes some 30 calls a second of one app. */
const maxLooksAtOnce = 10;
/** A look that does not heed the end of its time is left behind after this long. */
const graceMs = 1_000;
const endWithinMs = 2_000;
const noAnswer: TokenFault = { flaw: "login-unreachable", answer: null };

interface Watched extends WatchedChannel {
  readonly health: ChannelHealth;
}

export interface TeamsWatchOptions {
  readonly handler: Handler;
  readonly teams: TeamsLooks;
  /** Called when a channel was lost or is there again. */
  readonly onChange: () => void;
}

/**
 * Watches over Teams: whether alarms can be posted in each channel (rule 26). Nothing waits for a look. What it knows
 * of a lost channel survives a restart, because not every loss is found again.
 */
export class TeamsWatch implements AsyncDisposable {
  readonly #kernel: Kernel;
  readonly #options: TeamsWatchOptions;
  readonly #watched = new Map<string, Watched>();
  /** Since when a channel is not linked, as far as this process knows. */
  readonly #unlinkedSince = new Map<string, number>();
  /** When each team is looked at next, and the token. */
  readonly #dueAt = new Map<string, number>();
  #tokenDueAt: number;
  #tokenFault: TokenFault | null = null;
  readonly #end = new AbortController();
  readonly #saving = new Background();
  readonly #poller: Poller;

  constructor(kernel: Kernel, options: TeamsWatchOptions) {
    this.#kernel = kernel;
    this.#options = options;
    this.#tokenDueAt = kernel.clock.now();
    options.teams.subscribeToSigns((channel, sign) => this.#note(channel, sign));
    this.#poller = new Poller(kernel, () => this.#poll(), lookEveryMs);
  }

  /** The channels that are lost now. */
  get troubles(): readonly TeamsTrouble[] {
    const ofLinked = [...this.#watched.values()].flatMap(({ channel, health }) => {
      const lost = lostOf(health);
      return lost === null ? [] : [{ kind: "teams-lost", channel, reason: lost.reason, since: lost.since } as const];
    });
    const ofUnlinked = [...this.#unlinkedSince].map(
      ([channel, since]) => ({ kind: "teams-lost", channel, reason: "not-linked", since }) as const,
    );
    return [...ofLinked, ...ofUnlinked];
  }

  /** Whether alarms can be posted in each channel, as far as is known. */
  get channels(): Figures["teamsUp"] {
    const lost = new Set(this.troubles.map(({ channel }) => channel));
    return [...this.linked, ...this.#unlinkedSince.keys()].map((channel) => ({ channel, isUp: !lost.has(channel) }));
  }

  /** Why there was no token when one was last asked for; null: there was, or none was asked for yet. */
  get tokenFault(): TokenFault | null {
    return this.#tokenFault;
  }

  /** The channels that are linked. */
  get linked(): readonly string[] {
    return [...this.#watched.keys()];
  }

  /** Looks at once which channels are linked, because one was. */
  resume(): void {
    this.#poller.expect(this.#kernel.clock.now());
  }

  /** Whether the bot is let in there and its posts are refused: only a post that is taken ends that. */
  isMute(channel: string): boolean {
    const health = this.#watched.get(channel)?.health;
    return health !== undefined && health.mute !== null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    const ended = Promise.all([this.#poller[Symbol.asyncDispose](), this.#saving[Symbol.asyncDispose]()]);
    await withTimeout(this.#kernel.clock, endWithinMs, ended);
  }

  /** Does what is due; resolves with the next moment that something is. */
  async #poll(): Promise<number> {
    const { clock } = this.#kernel;
    await this.#listChannels();
    if (this.#tokenDueAt <= clock.now()) await this.#freshenToken();
    // Without a token a look would say nothing more.
    if (this.#tokenFault === null) await Promise.all(this.#listDue().map((team) => this.#look(team)));
    const looks = this.#tokenFault === null ? this.#dueAt.values() : [];
    return Math.min(this.#tokenDueAt, ...looks);
  }

  /** Keeps to the channels that are linked now; those of before stay when they can't be listed in time. */
  async #listChannels(): Promise<void> {
    const listed = await this.#inTime(null, () => this.#options.teams.listChannels());
    if (listed === null) return;
    this.#noteUnlinked(listed.unlinked);
    for (const each of listed.linked) {
      const before = this.#watched.get(each.channel);
      const isSame = before?.conversation === each.conversation;
      const health = isSame ? before.health : await this.#loadHealth(each);
      this.#watched.set(each.channel, { ...each, health });
      if (before !== undefined) this.#tellOfChange(each.channel, before.health, health);
      if (!this.#dueAt.has(each.team)) this.#dueAt.set(each.team, this.#kernel.clock.now() + beginAfterMs);
    }
    const teams = new Set([...this.#watched.values()].map(({ team }) => team));
    for (const team of this.#dueAt.keys()) if (!teams.has(team)) this.#dueAt.delete(team);
  }

  #noteUnlinked(unlinked: readonly string[]): void {
    const { clock, log } = this.#kernel;
    for (const channel of unlinked) {
      if (this.#unlinkedSince.has(channel)) continue;
      this.#unlinkedSince.set(channel, clock.now());
      log.error({ channel, reason: "not-linked" }, "teams-lost");
      this.#options.onChange();
    }
    for (const channel of this.#unlinkedSince.keys()) {
      if (unlinked.includes(channel)) continue;
      this.#unlinkedSince.delete(channel);
      log.info({ channel }, "teams-there");
      this.#options.onChange();
    }
  }

  async #loadHealth({ channel, conversation }: WatchedChannel): Promise<ChannelHealth> {
    const load = () => this.#kernel.store.read((reader) => reader.loadSetting("channel-health", channel));
    return parseHealth(await this.#inTime(null, load), conversation);
  }

  async #freshenToken(): Promise<void> {
    this.#tokenFault = await this.#inTime<TokenFault | null>(noAnswer, () => this.#options.teams.freshenToken());
    this.#tokenDueAt = this.#kernel.clock.now() + (this.#tokenFault === null ? lookEveryMs : lookAgainMs);
    if (this.#tokenFault === null) return;
    for (const channel of this.#watched.keys()) this.#note(channel, { kind: "looked", found: "no-token" });
  }

  /** The teams whose turn it is, the longest due first. */
  #listDue(): readonly string[] {
    const now = this.#kernel.clock.now();
    const due = [...this.#dueAt].filter(([, at]) => at <= now).sort(([, a], [, b]) => a - b);
    return due.slice(0, maxLooksAtOnce).map(([team]) => team);
  }

  async #look(team: string): Promise<void> {
    const { clock } = this.#kernel;
    const inside = [...this.#watched.values()].filter((each) => each.team === team);
    const [first] = inside;
    if (first === undefined) return;
    using deadline = clock.timeout(lookWithinMs);
    const signal = AbortSignal.any([deadline.signal, this.#end.signal]);
    const ask = () => this.#options.teams.look(first.channel, signal);
    this.#dueAt.set(team, Number.POSITIVE_INFINITY);
    const found = await this.#inTime<LookFinding>("no-answer", ask);
    if (this.#end.signal.aborted) return;
    // A post that was refused meanwhile may have made it sooner.
    this.#hasten(team, clock.now() + (found === "there" ? lookEveryMs : lookAgainMs));
    for (const { channel } of inside) this.#note(channel, { kind: "looked", found });
  }

  #note(channel: string, sign: ChannelSign): void {
    const { clock } = this.#kernel;
    const watched = this.#watched.get(channel);
    if (watched === undefined) return;
    const now = clock.now();
    const health = noteSign(watched.health, sign, now);
    this.#watched.set(channel, { ...watched, health });
    if (sign.kind === "post-refused" && lostOf(health) === null) this.#hasten(watched.team, now + hastenedMs);
    this.#tellOfChange(channel, watched.health, health);
  }

  /** Says that a channel is lost, or there again, for another reason than before; so it is after a restart, too. */
  #tellOfChange(channel: string, before: ChannelHealth, now: ChannelHealth): void {
    const { log } = this.#kernel;
    const lost = lostOf(now);
    if (lostOf(before)?.reason === lost?.reason) return;
    if (lost === null) log.info({ channel }, "teams-there");
    else log.error({ channel, reason: lost.reason }, "teams-lost");
    void this.#saving.track(this.#save(channel));
    this.#options.onChange();
  }

  #hasten(team: string, at: number): void {
    this.#dueAt.set(team, Math.min(at, this.#dueAt.get(team) ?? at));
    this.#poller.expect(at);
  }

  /** Never rejects: what is not on disk is only forgotten by a restart, which looks anew. */
  async #save(channel: string): Promise<void> {
    using _entry = this.#kernel.inFlight.enter();
    const { health, conversation } = this.#watched.get(channel) ?? { health: healthy, conversation: "" };
    const text = formatHealth(health, conversation);
    const saving = this.#options.handler.write(async (tx) => {
      await tx.saveSetting("channel-health", channel, text);
      return { value: null, commits: [] };
    });
    await saving.catch((error: unknown) => this.#kernel.log.warn({ channel, err: error }, "channel-health-not-saved"));
  }

  /** Does that work; resolves with `otherwise` when it takes too long, or fails although it never should. */
  async #inTime<T>(otherwise: T, work: () => Promise<T>): Promise<T> {
    try {
      const done = await withTimeout(this.#kernel.clock, lookWithinMs + graceMs, work());
      return done === late ? otherwise : done;
    } catch (error) {
      this.#kernel.log.error({ err: error }, "teams-not-looked-at");
      return otherwise;
    }
  }
}
