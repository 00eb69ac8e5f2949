import { brotliDecompressSync, constants, gunzipSync, inflateSync } from "node:zlib";
import type { Body } from "../../ports/caller.ts";

/**
 * The first bytes of a body. One block that grows, because a list of chunks of one byte each takes a hundred times
 * their size.
 */
export class GrowingBody {
  readonly #maxBytes: number;
  #block: Buffer = Buffer.alloc(0);
  #length = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): Buffer {
    return this.#block.subarray(0, this.#length);
  }

  /** The memory that it takes, in bytes. */
  get capacity(): number {
    return this.#block.length;
  }

  /** Adds what fits of a chunk, and returns how many bytes of it that were. */
  add(chunk: Buffer): number {
    const taken = chunk.subarray(0, this.#maxBytes - this.#length);
    if (this.#length === 0) this.#block = taken;
    else {
      const needed = this.#length + taken.length;
      if (needed > this.#block.length) this.#block = Buffer.concat([this.#block], Math.min(this.#maxBytes, 2 * needed));
      taken.copy(this.#block, this.#length);
    }
    this.#length += taken.length;
    return taken.length;
  }
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
 * Express' own parsers answer 415 to an encoding they don't know, and a press must never get that (rule 5).
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
  return { bytes: decode(decoder.lenient), end: end === "whole" ? "torn" : end };
}
