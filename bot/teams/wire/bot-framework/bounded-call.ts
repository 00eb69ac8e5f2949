import { readText } from "../../../kit/read-text.ts";
import type { Clock } from "../../../ports/time.ts";
import { maxSendMs } from "../../../ports/timing.ts";

/** What of the SDK's requests and answers is used here. */
interface SdkRequest {
  abortSignal?: AbortSignal;
  streamResponseStatusCodes?: ReadonlySet<number> | undefined;
}

interface SdkResponse {
  readonly status: number;
  readableStreamBody?: AsyncIterable<Uint8Array> | undefined;
  bodyAsText?: string | null;
}

interface SdkPolicy {
  readonly name: string;
  sendRequest(request: SdkRequest, next: (request: SdkRequest) => Promise<SdkResponse>): Promise<SdkResponse>;
}

/** The steps that the SDK takes with each call. */
export interface Pipeline {
  removePolicy(policy: { name: string }): unknown;
  addPolicy(policy: SdkPolicy, options: { afterPhase: "Deserialize" }): void;
}

/** The code of the error for an answer that is not Teams' own, though its status says that all went well. */
const notJson = "ANSWER_NOT_JSON";

/** The SDK's way to say that no answer is read by itself, whatever its status. */
const everyStatus: ReadonlySet<number> = new Set([Number.POSITIVE_INFINITY]);

/**
 * Ends each call within `maxSendMs`, body included, reads at most 1 MiB of an answer, and takes none that is not Teams'
 * own: the SDK reads without a bound, waits for the end of a body without one, takes any body for an answer, and its
 * turns call without a signal.
 */
export function boundCalls(pipeline: Pipeline, clock: Clock): void {
  async function sendRequest(request: SdkRequest, next: (request: SdkRequest) => Promise<SdkResponse>) {
    using deadline = clock.timeout(maxSendMs);
    const { abortSignal: asked } = request;
    // One of its own, because `AbortSignal.any` costs more than all that is done here.
    const call = new AbortController();
    const signals = asked === undefined ? [deadline.signal] : [deadline.signal, asked];
    const stop = () => call.abort(signals.find(({ aborted }) => aborted)?.reason);
    for (const signal of signals) signal.addEventListener("abort", stop, { once: true });
    request.abortSignal = call.signal;
    request.streamResponseStatusCodes = everyStatus;
    try {
      asked?.throwIfAborted();
      return await untilAborted(call.signal, async () => {
        const { readableStreamBody, ...response } = await next(request);
        const bodyAsText = await readText(readableStreamBody ?? null);
        if (response.status < 300 && !isJson(bodyAsText)) throw Object.assign(new Error(notJson), { code: notJson });
        return { ...response, bodyAsText };
      });
    } catch (error) {
      // The connection is still open where the answer was too long.
      call.abort();
      throw error;
    } finally {
      for (const signal of signals) signal.removeEventListener("abort", stop);
      // What reads the answer next would look for a stream.
      request.streamResponseStatusCodes = undefined;
    }
  }
  pipeline.addPolicy({ name: "boundedCall", sendRequest }, { afterPhase: "Deserialize" });
}

/** Whether that may be Teams' answer; the page of a proxy is not, and says nothing of what became of the call. */
function isJson(body: string): boolean {
  if (body === "") return true;
  try {
    JSON.parse(body);
    return true;
  } catch {
    return false;
  }
}

/** Does the work, and rejects as soon as the signal aborts, for work that does not listen to its signal everywhere. */
export async function untilAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([work(), aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
