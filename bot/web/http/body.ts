import type { IncomingMessage } from "node:http";
import { brotliDecompressSync, constants, gunzipSync, inflateSync } from "node:zlib";

/** A body as far as it came. `too-long`: there was more than was asked for; `broken-off`: the sender hung up in it. */
export interface Body {
  readonly bytes: Buffer;
  readonly end: "whole" | "too-long" | "broken-off";
}

/**
 * Receives at most `maxBytes` bytes of a body, whatever its type. What comes after them is dropped as it comes, so that
 * the sender gets to read the answer. Never rejects. Express' own parsers answer 415 to an encoding they don't know,
 * and a press must never get that (rule 5).
 */
export function receiveBody(request: IncomingMessage, maxBytes: number): Promise<Body> {
  return new Promise((resolve) => {
    // One block that grows, because a list of chunks of one byte each takes a hundred times their size.
    let block: Buffer = Buffer.alloc(0);
    let length = 0;
    const settle = (end: Body["end"]) => resolve({ bytes: block.subarray(0, length), end });
    request.on("data", (chunk: Buffer) => {
      const taken = chunk.subarray(0, maxBytes - length);
      if (length === 0) block = taken;
      else {
        const needed = length + taken.length;
        if (needed > block.length) block = Buffer.concat([block], Math.min(maxBytes, 2 * needed));
        taken.copy(block, length);
      }
      length += taken.length;
      if (taken.length < chunk.length) settle("too-long");
    });
    request.on("end", () => settle("whole"));
    request.on("error", () => settle("broken-off"));
    request.on("close", () => settle("broken-off"));
  });
}

const { Z_SYNC_FLUSH, BROTLI_OPERATION_FLUSH } = constants;
/** How each encoding is undone, and the setting under which it gives what came of a body that breaks off. */
const decoders = {
  gzip: { decode: gunzipSync, lenient: { finishFlush: Z_SYNC_FLUSH } },
  "x-gzip": { decode: gunzipSync, lenient: { finishFlush: Z_SYNC_FLUSH } },
  deflate: { decode: inflateSync, lenient: { finishFlush: Z_SYNC_FLUSH } },
  br: { decode: brotliDecompressSync, lenient: { finishFlush: BROTLI_OPERATION_FLUSH } },
};

/**
 * Decodes a body by its content encoding, as far as it goes. One that would be longer than `maxBytes` bytes stays
 * packed and is too long; one that has no such encoding stays as it is, and the source will call it unreadable.
 */
export function decodeBody(body: Body, encoding: string | undefined, maxBytes: number): Body {
  const decoder = Object.entries(decoders).find(([name]) => name === encoding?.trim().toLowerCase())?.[1];
  if (!decoder) return body;
  const { bytes, end } = body;
  const decode = (options: object) => decoder.decode(bytes, { maxOutputLength: maxBytes, ...options });
  try {
    return { bytes: decode({}), end };
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    if (error.code === "ERR_BUFFER_TOO_LARGE") return { bytes, end: "too-long" };
    if (error.code !== "Z_BUF_ERROR") return body;
  }
  // The packed bytes end too early, which need not be by the way they came.
  return { bytes: decode(decoder.lenient), end: end === "whole" ? "broken-off" : end };
}
