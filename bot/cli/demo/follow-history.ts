import type { App } from "../../app.ts";
import type { RecordedLine } from "../../domain/incident/history.ts";

/** Reads on in the histories of incidents as they grow. */
export interface Follower extends Disposable {
  /** Tells what is new at once; resolves when it is told. */
  look(): Promise<void>;
}

const lookMs = 200;

/**
 * Tells every line of these incidents once, in order, also of those that are added later. Only `look` rejects when a
 * history can't be read; by itself it looks again.
 */
export function startFollower(app: App, incidents: ReadonlySet<string>, tell: (line: RecordedLine) => void): Follower {
  const lastSeqs = new Map<string, number>();
  let looking = Promise.resolve();

  async function lookAtAll(): Promise<void> {
    for (const incident of incidents) {
      for (const line of await app.history(incident, lastSeqs.get(incident) ?? 0)) {
        lastSeqs.set(incident, line.seq);
        tell(line);
      }
    }
  }

  function look(): Promise<void> {
    const looked = looking.then(lookAtAll);
    looking = looked.catch(() => {});
    return looked;
  }

  const timer = setInterval(() => look().catch(() => {}), lookMs);
  return { look, [Symbol.dispose]: () => clearInterval(timer) };
}
