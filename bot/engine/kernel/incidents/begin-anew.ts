import { setImmediate } from "node:timers/promises";
import { type Copied, toReturn } from "../../../domain/incident/time/return.ts";
import { Background } from "../../../kit/background.ts";
import type { Directory } from "../../../ports/directory.ts";
import type { Handler } from "../handle.ts";
import type { Kernel } from "../kernel.ts";
import type { FollowedOpen } from "../open/follow-open.ts";
import type { OpenIncidents } from "../open/open-incidents.ts";

/** So many are looked at in one turn of the event loop, and decided on before the next ones. */
const maxAtOnce = 100;

/**
 * Has what is open go on as it has to since the last start, with a command that brings nothing else: under the policy
 * of now, where its own names what has left the configuration (rule 6), and anew, where it comes from a copy (rule 29).
 * What fails is tried again with whatever is decided next on that incident, and what can't be read yet begins once
 * it is.
 */
export function beginAnew(
  { log, inFlight }: Pick<Kernel, "log" | "inFlight">,
  handler: Handler,
  openIncidents: Pick<OpenIncidents, "of">,
  directory: Pick<Directory, "goneFrom">,
  copied: Copied | null,
  open: Pick<FollowedOpen, "eachRead">,
): AsyncDisposable {
  const stopping = new AbortController();
  const background = new Background();
  const hasToBegin = (id: string) => {
    const known = openIncidents.of(id);
    return known !== null && (directory.goneFrom(known.policy).length > 0 || toReturn(known.incident, copied) !== null);
  };
  const beginEach = async (ids: readonly string[]) => {
    const results = await Promise.allSettled(ids.map((id) => handler.handle(id, { kind: "deadline" })));
    const failed = ids.filter((_, at) => results[at]?.status === "rejected");
    const cause = results.find((result) => result.status === "rejected");
    const [incident] = failed;
    if (cause === undefined || incident === undefined) return;
    log.error({ incident, err: cause.reason, due: ids.length, failed: failed.length }, "deadline-not-handled");
  };
  const begin = async (ids: readonly string[]) => {
    using _entry = inFlight.enter();
    for (let from = 0; from < ids.length && !stopping.signal.aborted; from += maxAtOnce) {
      await beginEach(ids.slice(from, from + maxAtOnce).filter(hasToBegin));
      await setImmediate();
    }
  };
  open.eachRead((ids) => {
    void background.track(begin(ids).catch((error: unknown) => log.error({ err: error }, "look-failed")));
  });
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await background[Symbol.asyncDispose]();
    },
  };
}
