import { askedAtOf } from "../../../domain/visit/visit.ts";
import type { Directory } from "../../../ports/directory.ts";
import type { Reader } from "../../../ports/store/store.ts";
import type { Handler } from "../handle.ts";
import { loadOrRestore } from "../incidents/load-or-restore.ts";
import type { Kernel } from "../kernel.ts";
import { Poller } from "../poller.ts";
import { maxKept, maxNear, type OpenIncidents } from "./open-incidents.ts";

const maxVisits = 20_000;
/** So many are read at a time once the bot listens, because presses have to wait behind what is read. */
const readAtOnce = 200;
/** A fifth of the time at most is spent on them, and less where the bot has more to do. */
const pausePart = 4;
const shortestPauseMs = 100;

/** What is open, as it is followed. */
export interface FollowedOpen extends AsyncDisposable {
  /** Calls `act` once all that was on disk is in memory: at once where it is. */
  whenRead(act: () => void): void;
}

/**
 * Keeps what is open in memory, from what is on disk now and each commit from now on. Resolves once those with the
 * nearest deadlines were read, or were tried: the others, and what can't be read, follow bit by bit, because without
 * it nothing of them goes on in memory.
 */
export async function followOpen(
  kernel: Kernel,
  handler: Handler,
  openIncidents: OpenIncidents,
  directory: Directory,
): Promise<FollowedOpen> {
  handler.subscribe(({ changed }) => {
    if (changed !== undefined) openIncidents.note(changed);
  });
  const stored = new StoredOpen(kernel, openIncidents, directory);
  const waiting: (() => void)[] = [];
  const read = async (count: number) => {
    await stored.read(count);
    if (stored.isRead) for (const act of waiting.splice(0)) act();
  };
  await read(maxNear).catch((error: unknown) => kernel.log.error({ err: error }, "look-failed"));
  const others = new AsyncDisposableStack();
  const readNext = async () => {
    const begunAt = kernel.clock.now();
    await read(readAtOnce);
    const now = kernel.clock.now();
    return stored.isRead ? null : now + Math.max(shortestPauseMs, pausePart * (now - begunAt));
  };
  if (!stored.isRead) others.use(new Poller(kernel, readNext));
  return {
    whenRead: (act) => (stored.isRead ? act() : void waiting.push(act)),
    [Symbol.asyncDispose]: () => others.disposeAsync(),
  };
}

/** What is open on disk at a start, and who is on a visit, until memory knows it. */
export class StoredOpen {
  readonly #store: Kernel["store"];
  readonly #openIncidents: OpenIncidents;
  readonly #directory: Directory;
  /** Ids of what is to be read, the nearest deadline first; null: that is not known yet. */
  #unread: string[] | null = null;

  constructor({ store }: Pick<Kernel, "store">, openIncidents: OpenIncidents, directory: Directory) {
    this.#store = store;
    this.#openIncidents = openIncidents;
    this.#directory = directory;
  }

  get isRead(): boolean {
    return this.#unread?.length === 0;
  }

  /** Notes the next ones. Rejects where any can't be read, once all that can are noted; it comes last from then on. */
  async read(count: number): Promise<void> {
    if (this.isRead) return;
    await this.#store.read(async (reader) => {
      this.#unread ??= await this.#list(reader);
      const next = this.#unread.slice(0, count);
      const missing = next.filter((id) => !this.#openIncidents.has(id));
      // What is only read fails each by itself.
      const results = await Promise.allSettled(missing.map((id) => this.#readOne(reader, id)));
      this.#unread.splice(0, next.length);
      this.#unread.push(...missing.filter((_, index) => results[index]?.status === "rejected"));
      for (const result of results) if (result.status === "rejected") throw result.reason;
    });
  }

  async #list(reader: Reader): Promise<string[]> {
    const visits = await reader.listDueVisits(Number.MAX_SAFE_INTEGER, maxVisits);
    for (const visit of visits)
      this.#openIncidents.occupations.noteVisit(visit.person.id, { askedAt: askedAtOf(visit) });
    return [...(await reader.listDue(Number.MAX_SAFE_INTEGER, maxKept))];
  }

  async #readOne(reader: Reader, id: string): Promise<void> {
    const found = await loadOrRestore(reader, this.#directory, id);
    if (found === null || found.first?.kind === "restore") return;
    const policy = found.first?.kind === "replace-policy" ? found.first.former : found.policy;
    this.#openIncidents.note({ incident: found.incident, policy });
  }
}
