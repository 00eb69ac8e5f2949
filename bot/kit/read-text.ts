/** The longest answer of another side that is read, in bytes; all that is asked for is far shorter. */
const maxAnswerBytes = 1024 * 1024;

/** The code of the error for an answer that is longer. */
export const answerTooLong = "ANSWER_TOO_LONG";

/**
 * Reads an answer as UTF-8; null is an empty one. Rejects with an Error whose `code` is ANSWER_TOO_LONG, and ends the
 * stream, when it goes on beyond 1 MiB; and as the stream does.
 */
export async function readText(answer: AsyncIterable<Uint8Array> | null): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of answer ?? []) {
    length += chunk.length;
    if (length > maxAnswerBytes) throw Object.assign(new Error("the answer is too long"), { code: answerTooLong });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
