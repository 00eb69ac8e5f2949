import { performance } from "node:perf_hooks";
import { createInterface, type Interface } from "node:readline/promises";
import type { doctor } from "../words/terminal/doctor.ts";

/** So long a human has to answer by the route itself, before somebody here is asked. */
const askAfterMs = 20_000;

type Words = Pick<(typeof doctor)["nl"], "ask" | "yes">;

/** Questions to who sits at the terminal, one at a time, while the looks go on. None where nobody sits. */
export class Questions implements Disposable {
  readonly #say: Words;
  readonly #print: (line: string) => void;
  readonly #openedAt = performance.now();
  readonly #asked = new Set<string>();
  readonly #confirmed: string[] = [];
  readonly #terminal: Interface | null;
  #open: { readonly pager: string; readonly takingBack: AbortController } | null = null;

  constructor(say: Words, print: (line: string) => void) {
    this.#say = say;
    this.#print = print;
    const terminal = process.stdin.isTTY ? createInterface({ input: process.stdin, output: process.stdout }) : null;
    // A terminal that is being read swallows Ctrl-C.
    terminal?.on("SIGINT", () => {
      terminal.close();
      process.kill(process.pid, "SIGINT");
    });
    this.#terminal = terminal;
  }

  /** Asks about one of those who wait for a human now; takes back a question about what no longer waits. */
  ask(pagers: readonly string[]): void {
    if (this.#open !== null && !pagers.includes(this.#open.pager)) this.#open.takingBack.abort();
    const next = pagers.find((pager) => !this.#asked.has(pager));
    if (this.#terminal === null || this.#open !== null || next === undefined) return;
    if (performance.now() - this.#openedAt >= askAfterMs) void this.#put(next);
  }

  /** What was answered with yes since this was asked last. */
  takeConfirmed(): readonly string[] {
    return this.#confirmed.splice(0);
  }

  [Symbol.dispose](): void {
    this.#open?.takingBack.abort();
    this.#terminal?.close();
  }

  /** Never rejects: a question that nobody answers confirms nothing. */
  async #put(pager: string): Promise<void> {
    const takingBack = new AbortController();
    this.#open = { pager, takingBack };
    this.#asked.add(pager);
    try {
      const answer = await this.#terminal?.question(`${this.#say.ask(pager)} `, { signal: takingBack.signal });
      if (answer?.trim().toLowerCase().startsWith(this.#say.yes)) this.#confirmed.push(pager);
    } catch {
      // Taken back, or the terminal is gone: nobody answered.
      this.#print("");
    }
    this.#open = null;
  }
}
