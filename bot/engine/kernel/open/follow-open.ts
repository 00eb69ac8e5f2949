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
const readAtOnce = 100;
/** A tenth of the time at most is spent on them, and less where the bot has more to do. */
const pausePart = 9;
const shortestPauseMs = 250;

/** What is open, as it is followed. */
export interface FollowedOpen extends AsyncDisposable {
  /** Calls `act` with the ids of what was on disk, once each is in memory: at once with those that are. */
  eachRead(act: (ids: readonly string[]) => void): void;
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
  const known: string[] = [];
  let tell = (ids: readonly string[]): void => {
    known.push(...ids);
  };
  const stored = new StoredOpen(kernel, openIncidents, directory, (ids) => tell(ids));
  await stored.read(maxNear).catch((error: unknown) => kernel.log.error({ err: error }, "look-failed"));
  const others = new AsyncDisposableStack();
  const readNext = async () => {
    const begunAt = kernel.clock.now();
    await stored.read(readAtOnce);
    const now = kernel.clock.now();
    return stored.isRead ? null : now + Math.max(shortestPauseMs, pausePart * (now - begunAt));
  };
  if (!stored.isRead) others.use(new Poller(kernel, readNext));
  return {
    eachRead(act) {
      tell = act;
      act(known.splice(0));
    },
    [Symbol.asyncDispose]: () => others.disposeAsync(),
  };
}

/** What is open on disk at a start, and who is on a visit, until memory knows it. */
export class StoredOpen {
  readonly #store: Kernel["store"];
  readonly #clock: Pick<Kernel["clock"], "now">;
  readonly #openIncidents: OpenIncidents;
  readonly #directory: Directory;
  readonly #onRead: (ids: readonly string[]) => void;
  /** Ids of what is to be read, in that order; null: that is not known yet. */
  #unread: string[] | null = null;

  /** `onRead` is called with the ids of those that were noted. */
  constructor(
    { store, clock }: Pick<Kernel, "store"> & { readonly clock: Pick<Kernel["clock"], "now"> },
    openIncidents: OpenIncidents,
    directory: Directory,
    onRead: (ids: readonly string[]) => void,
  ) {
    this.#store = store;
    this.#clock = clock;
    this.#openIncidents = openIncidents;
    this.#directory = directory;
    this.#onRead = onRead;
  }

  get isRead(): boolean {
    return this.#unread?.length === 0;
  }

  /** Notes the next ones. Rejects where any can't be read, once all that can are noted; it comes last from then on. */
  async read(count: number): Promise<void> {
    if (this.isRead) return;
    await this.#store.read(async (reader) => {
      this.#unread ??= await this.#list(reader);
      const next = this.#unread.splice(0, count);
      const missing = next.filter((id) => !this.#openIncidents.has(id));
      // What is only read fails each by itself.
      const results = await Promise.allSettled(missing.map((id) => this.#readOne(reader, id)));
      const failed = new Set(missing.filter((_, index) => results[index]?.status === "rejected"));
      this.#unread.push(...failed);
      this.#onRead(next.filter((id) => !failed.has(id)));
      for (const result of results) if (result.status === "rejected") throw result.reason;
    });
  }

  async #list(reader: Reader): Promise<string[]> {
    const visits = await reader.listDueVisits(Number.MAX_SAFE_INTEGER, maxVisits);
    for (const visit of visits)
      this.#openIncidents.occupations.noteVisit(visit.person.id, { askedAt: askedAtOf(visit) });
    const all = await reader.listDue(Number.MAX_SAFE_INTEGER, maxKept);
    const due = await reader.listDue(this.#clock.now(), maxKept);
    // What is due is handled from the disk, which memory learns: read as well, presses would wait behind twice as many.
    const [near, rest] = [all.slice(0, maxNear), Math.max(maxNear, due.length)];
    return [...near, ...all.slice(rest), ...all.slice(maxNear, rest)];
  }

  async #readOne(reader: Reader, id: string): Promise<void> {
    const found = await loadOrRestore(reader, this.#directory, id);
    if (found === null || found.first?.kind === "restore") return;
    const policy = found.first?.kind === "replace-policy" ? found.first.former : found.policy;
    this.#openIncidents.note({ incident: found.incident, policy });
  }
}
