import { performance } from "node:perf_hooks";
import { createInterface } from "node:readline/promises";
import type { doctor } from "../words/terminal/doctor.ts";

/** So long a human has to answer by the route itself, before somebody here is asked. */
const askAfterMs = 20_000;

/** Questions to who sits at the terminal, one at a time, while the looks go on. None where nobody sits. */
export interface Questions extends Disposable {
  /** What waits for a human now; a question about what no longer waits is taken back. */
  ask(pagers: readonly string[]): void;
  /** What was answered with yes since it was asked last. */
  take(): readonly string[];
}

/** See `Questions`. */
export function openQuestions(
  say: Pick<(typeof doctor)["nl"], "ask" | "yes">,
  print: (line: string) => void,
): Questions {
  const openedAt = performance.now();
  const asked = new Set<string>();
  const confirmed: string[] = [];
  const terminal = process.stdin.isTTY ? createInterface({ input: process.stdin, output: process.stdout }) : null;
  // A terminal that is being read swallows Ctrl-C.
  terminal?.on("SIGINT", () => {
    terminal.close();
    process.kill(process.pid, "SIGINT");
  });
  let open: { readonly pager: string; readonly takingBack: AbortController } | null = null;

  async function put(pager: string): Promise<void> {
    const takingBack = new AbortController();
    open = { pager, takingBack };
    asked.add(pager);
    try {
      const answer = await terminal?.question(`${say.ask(pager)} `, { signal: takingBack.signal });
      if (answer?.trim().toLowerCase().startsWith(say.yes)) confirmed.push(pager);
    } catch {
      // Taken back, or the terminal is gone: nobody answered.
      print("");
    }
    open = null;
  }

  return {
    ask(pagers) {
      if (open !== null && !pagers.includes(open.pager)) open.takingBack.abort();
      const next = pagers.find((pager) => !asked.has(pager));
      if (terminal === null || open !== null || next === undefined) return;
      if (performance.now() - openedAt >= askAfterMs) void put(next);
    },
    take: () => confirmed.splice(0),
    [Symbol.dispose]() {
      open?.takingBack.abort();
      terminal?.close();
    },
  };
}
