import { Converse, type TeamsRoute } from "./teams-wire.ts";

/** So many calls at most within that time. */
type Window = readonly [withinMs: number, most: number];

/** Of one conversation, all of its threads together: posts, replies and updates. The making of a 1:1 has the same. */
const messageWindows: readonly Window[] = [
  [1_000, 7],
  [2_000, 8],
  [30_000, 60],
  [3_600_000, 1_800],
];
const lookUpWindows: readonly Window[] = [
  [1_000, 14],
  [2_000, 16],
  [30_000, 120],
  [3_600_000, 3_600],
];
/**
 * Messages in one conversation that mention a tag.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/channel-and-group-conversations
 */
const tagWindows: readonly Window[] = [
  [5_000, 2],
  [60_000, 5],
];
/** All calls of one app in one tenant. */
const appWindows: readonly Window[] = [[1_000, 30]];

/** The calls of one kind, by the moment at which they came. */
class Meter {
  readonly #windows: readonly Window[];
  readonly #times: number[] = [];

  constructor(windows: readonly Window[]) {
    this.#windows = windows;
  }

  /** When another call may come, in epoch milliseconds; a moment that is over: now. */
  freeAt(now: number): number {
    // The clock of a story may be set back.
    while ((this.#times.at(-1) ?? now) > now) this.#times.pop();
    const free = this.#windows.map(([withinMs, most]) => {
      const first = this.#times.at(-most);
      return first !== undefined && first > now - withinMs ? first + withinMs : now;
    });
    return Math.max(...free);
  }

  count(now: number): void {
    const longest = Math.max(...this.#windows.map(([withinMs]) => withinMs));
    while ((this.#times[0] ?? now) <= now - longest) this.#times.shift();
    this.#times.push(now);
  }
}

/**
 * Counts calls as Teams does, and says which are too many. A call that is answered 429 counts for nothing, every other
 * one does, whatever comes of it.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
 */
export class TeamsLimits {
  readonly #now: () => number;
  readonly #meters = new Map<string, Meter>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** How long that call has to wait, in milliseconds; null: it may go on, and counts. */
  findWait(route: TeamsRoute, address: string, body: unknown, mentionsTag: boolean): number | null {
    const now = this.#now();
    const conversation = address.replace(/;messageid=.*/s, "");
    const meters = [
      this.#meter("app", appWindows),
      route === "member"
        ? this.#meter(`look-ups ${conversation}`, lookUpWindows)
        : this.#meter(route === "converse" ? toPairing(body) : conversation, messageWindows),
      ...(mentionsTag ? [this.#meter(`tags ${conversation}`, tagWindows)] : []),
    ];
    const freeAt = Math.max(...meters.map((meter) => meter.freeAt(now)));
    if (freeAt > now) return freeAt - now;
    for (const meter of meters) meter.count(now);
    return null;
  }

  /** What takes no call now, and from when again, in epoch milliseconds. */
  listFull(): readonly { readonly what: string; readonly freeAt: number }[] {
    const now = this.#now();
    const all = [...this.#meters].map(([what, meter]) => ({ what, freeAt: meter.freeAt(now) }));
    return all.filter(({ freeAt }) => freeAt > now);
  }

  /** What came before is long ago. */
  forget(): void {
    this.#meters.clear();
  }

  #meter(what: string, windows: readonly Window[]): Meter {
    const known = this.#meters.get(what);
    if (known !== undefined) return known;
    const meter = new Meter(windows);
    this.#meters.set(what, meter);
    return meter;
  }
}

function toPairing(body: unknown): string {
  return `1:1 with ${Converse.safeParse(body).data?.members[0]?.id ?? "nobody"}`;
}
