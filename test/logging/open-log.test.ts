import { execFile, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { chmodSync, closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { openLog } from "../../bot/logging/open-log.ts";
import { deafOutputs } from "../crash/deaf-output.ts";
import { nastyTexts } from "../fixtures/nasty-texts.ts";

function toCircle(): Record<string, unknown> {
  const circle: Record<string, unknown> = {};
  circle.itself = circle;
  return circle;
}

const hostile = {
  get err(): unknown {
    throw new Error("not to be read");
  },
};

it.each<[string, Record<string, unknown>, number]>([
  ["nothing", { err: null }, 0],
  ["a text", { err: "gone" }, 0],
  ["a bigint", { err: 1n }, 0],
  ["a circle", { err: toCircle() }, 0],
  ["facts that are a circle", toCircle(), 0],
  ["what throws when it is read", hostile, 1],
])("never throws, whatever was thrown: %s", (_, facts, dropped) => {
  using resources = new DisposableStack();
  const log = openLog("error", resources.adopt(openSync("/dev/null", "w"), closeSync));
  expect(() => log.error(facts, "unhandled-rejection")).not.toThrow();
  expect(log.dropped).toBe(dropped);
});

it("writes to a socket for datagrams, which Node does not take up", async () => {
  const [reader, writer] = [createSocket("udp4"), createSocket("udp4")];
  try {
    reader.bind(0, "127.0.0.1");
    await once(reader, "listening");
    writer.connect(reader.address().port, "127.0.0.1");
    await once(writer, "connect");
    const log = openLog("info", Reflect.get(writer, "_handle").fd);
    const received = once(reader, "message");
    log.info({ port: 1 }, "listening");
    const [line] = await received;
    expect(JSON.parse(String(line))).toMatchObject({ event: "listening", port: 1 });
    expect(log.dropped).toBe(0);
  } finally {
    reader.close();
    writer.close();
  }
});

/** Writes more than waits for a reader at most, as a user who may not open that output. */
const unprivileged = `
  import { openLog } from "./bot/logging/open-log.ts";
  if (process.getuid() === 0) process.setuid(65534);
  const log = openLog("info");
  for (let count = 0; count < 20_000; count += 1) log.info({ button: "0042", count }, "alarm-taken");
  process.exitCode = log.dropped > 0 ? 0 : 1;
`;

it("never waits for a reader that hangs, also where the output is another user's pipe", async () => {
  using resources = new DisposableStack();
  const folder = resources.adopt(mkdtempSync(join(tmpdir(), "log-")), (each) => rmSync(each, { recursive: true }));
  const { fd } = resources.use(deafOutputs["a reader that hangs"](folder));
  chmodSync(join(folder, "reader-that-hangs"), 0);
  const words = ["--input-type=module", "-e", unprivileged];
  const child = spawn(process.execPath, words, { stdio: ["ignore", fd, "inherit"], timeout: 20_000 });
  expect(await once(child, "exit")).toEqual([0, null]);
});

const program = `
  import { openLog } from "./bot/logging/open-log.ts";
  const texts = JSON.parse(process.argv[1]);
  const log = openLog("info");
  for (const text of texts) log.info({ button: text }, "alarm-taken");
`;

it("writes what somebody sent as one line of JSON that is plain to every reader and terminal", async () => {
  const texts = nastyTexts.map(([, text]) => text.slice(0, 500));
  const words = ["--input-type=module", "-e", program, JSON.stringify(texts)];
  const { stdout } = await promisify(execFile)(process.execPath, words, { maxBuffer: 10_000_000 });
  const lines = stdout.trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line).button)).toEqual(texts.map((text) => text.toWellFormed()));
  expect(stdout).not.toMatch(/\p{Cf}|[^\P{Cc}\n]|[\u2028\u2029]/u);
});
