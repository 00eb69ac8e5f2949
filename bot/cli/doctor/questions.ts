import { performance } from "node:perf_hooks";
import { createInterface, type Interface } from "node:readline/promises";

/** How long a human has to answer by the route itself, before somebody here is asked. */
const askAfterMs = 20_000;

/**
 * Asks whoever sits at the terminal, one question at a time, while the polls go on; asks nothing without a terminal.
 */
export class Questions implements Disposable {
  readonly #toQuestion: (pager: string) => string;
  readonly #yes: string;
  readonly #print: (line: string) => void;
  readonly #openedAt = performance.now();
  readonly #asked = new Set<string>();
  readonly #confirmed: string[] = [];
  readonly #terminal: Interface | null;
  #open: { readonly pager: string; readonly withdrawal: AbortController } | null = null;

  /** `yes`: what an answer that confirms begins with. */
  constructor(toQuestion: (pager: string) => string, yes: string, print: (line: string) => void) {
    this.#toQuestion = toQuestion;
    this.#yes = yes;
    this.#print = print;
    const terminal = process.stdin.isTTY ? createInterface({ input: process.stdin, output: process.stdout }) : null;
    // A terminal that is being read swallows Ctrl-C.
    terminal?.on("SIGINT", () => {
      terminal.close();
      process.kill(process.pid, "SIGINT");
    });
    this.#terminal = terminal;
  }

  /** Asks about one of the pagers that wait for a human now; withdraws a question about one that no longer waits. */
  ask(pagers: readonly string[]): void {
    if (this.#open !== null && !pagers.includes(this.#open.pager)) this.#open.withdrawal.abort();
    const next = pagers.find((pager) => !this.#asked.has(pager));
    if (this.#terminal === null || this.#open !== null || next === undefined) return;
    if (performance.now() - this.#openedAt >= askAfterMs) void this.#askAbout(next);
  }

  /** Returns the pagers that were confirmed since the last call. */
  takeConfirmed(): readonly string[] {
    return this.#confirmed.splice(0);
  }

  [Symbol.dispose](): void {
    this.#open?.withdrawal.abort();
    this.#terminal?.close();
  }

  /** Never rejects: a question that nobody answers confirms nothing. */
  async #askAbout(pager: string): Promise<void> {
    const withdrawal = new AbortController();
    this.#open = { pager, withdrawal };
    this.#asked.add(pager);
    try {
      const answer = await this.#terminal?.question(`${this.#toQuestion(pager)} `, { signal: withdrawal.signal });
      if (answer?.trim().toLowerCase().startsWith(this.#yes)) this.#confirmed.push(pager);
    } catch {
      // Withdrawn, or the terminal was closed: nobody answered.
      this.#print("");
    }
    this.#open = null;
  }
}
