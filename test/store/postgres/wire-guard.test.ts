import { PassThrough } from "node:stream";
import { Connection } from "pg";
import { expect, it } from "vitest";
import { guardWire } from "../../../bot/store/postgres/wire-guard.ts";

/** What a guarded driver makes of bytes that come in such parts. */
async function read(parts: readonly Buffer[]): Promise<readonly string[]> {
  const said: string[] = [];
  const stream = new PassThrough();
  const connection = new Connection();
  guardWire(connection, ({ code }) => {
    said.push(code);
    stream.destroy();
  });
  for (const event of ["errorMessage", "notice", "dataRow", "readyForQuery"])
    connection.on(event, () => void said.push(event));
  (connection as unknown as { attachListeners(on: PassThrough): void }).attachListeners(stream);
  for (const part of parts) {
    // The driver writes into what it is given.
    stream.write(Buffer.from(part));
    await new Promise((resolve) => setImmediate(resolve));
  }
  return said;
}

function toMessage(letter: string, ...body: readonly number[]): Buffer {
  const header = Buffer.from([letter.charCodeAt(0), 0, 0, 0, body.length + 4]);
  return Buffer.concat([header, Buffer.from(body)]);
}

/** In two parts, cut at each place. */
function cutAnywhere(bytes: Buffer): readonly (readonly Buffer[])[] {
  return Array.from({ length: bytes.length + 1 }, (_, at) => [bytes.subarray(0, at), bytes.subarray(at)]);
}

const [error, notice] = ["E", "N"].map((letter) => toMessage(letter, 0x53, 0x61, 0, 0x4d, 0x62, 0, 0)) as [
  Buffer,
  Buffer,
];
const row = toMessage("D", 0, 1, 0xff, 0xff, 0xff, 0xff);
const ready = toMessage("Z", 0x49);
const endless = toMessage("E", 0x53, 0x61, 0);

it("hands on what is whole, wherever it is cut", async () => {
  const all = Buffer.concat([row, error, ready, notice, ready]);
  const whole = ["dataRow", "errorMessage", "readyForQuery", "notice", "readyForQuery"];
  for (const parts of cutAnywhere(all)) expect(await read(parts)).toEqual(whole);
  expect(await read(Array.from(all, (byte) => Buffer.from([byte])))).toEqual(whole);
});

it("hands on nothing of an error without an end, wherever that is cut, and nothing behind it", async () => {
  for (const parts of cutAnywhere(endless))
    expect(await read([ready, ...parts, ready])).toEqual(["readyForQuery", "08P01"]);
});
