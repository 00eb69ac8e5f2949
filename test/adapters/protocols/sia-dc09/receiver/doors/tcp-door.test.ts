import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { toFrameBytes } from "../../../../../../adapters/protocols/sia-dc09/frame/frame.ts";
import { TcpDoor, type TcpLimits } from "../../../../../../adapters/protocols/sia-dc09/receiver/doors/tcp-door.ts";
import { Strangers, usualLimits } from "../../../../../../bot/kit/strangers.ts";
import { FakeClock } from "../../../../../fakes/clock.ts";

const frame = toFrameBytes('"NULL"0001L0#1234[]', "text");
const answer = toFrameBytes('"ACK"0001L0#1234[]', "text");
/** More than any network holds for who does not read. */
const endless = Buffer.alloc(64_000_000);
const never = 600_000;
const patient: TcpLimits = { connections: 100, strangerMs: never, idleMs: never, writeMs: never, drainMs: never };

/** A door whose frames are all of a known account, but for `stranger`. */
async function open(limits: Partial<TcpLimits>, given: Buffer | Promise<Buffer> = answer, ofStrangers = usualLimits) {
  const notes: string[] = [];
  const asked = Promise.withResolvers<void>();
  async function handle(bytes: Buffer) {
    asked.resolve();
    return { answer: await given, isKnown: !bytes.includes("#9999") };
  }
  const strangers = new Strangers(new FakeClock(0), [], ofStrangers);
  const at = { host: "127.0.0.1", port: 0 };
  const door = await TcpDoor.open(at, handle, (event) => void notes.push(event), strangers, { ...patient, ...limits });
  return {
    notes,
    asked: asked.promise,
    async connect() {
      const socket = connect({ host: at.host, port: door.port, noDelay: true });
      await once(socket, "connect");
      return socket;
    },
    [Symbol.asyncDispose]: () => door[Symbol.asyncDispose](),
  };
}

async function ask(socket: Socket): Promise<void> {
  socket.write(frame);
  const [bytes] = await once(socket, "data");
  expect(bytes).toEqual(answer);
}

async function closed(socket: Socket): Promise<void> {
  socket.resume();
  if (!socket.destroyed) await once(socket, "close");
}

describe("a door on TCP", () => {
  it("closes on who says nothing, not on who was answered", async () => {
    await using door = await open({ strangerMs: 60 });
    const panel = await door.connect();
    await ask(panel);
    // Connected after the panel, so that the panel would be gone by the time this one is.
    const stranger = await door.connect();
    await closed(stranger);
    await ask(panel);
    expect(door.notes).toEqual([]);
  });

  it("closes on who was answered long ago", async () => {
    await using door = await open({ idleMs: 60 });
    const stranger = await door.connect();
    const panel = await door.connect();
    await ask(panel);
    await closed(panel);
    await ask(stranger);
    expect(door.notes).toEqual([]);
  });

  it("lets the connection go that was silent for longest when there are too many", async () => {
    await using door = await open({ connections: 2 });
    const first = await door.connect();
    const second = await door.connect();
    await ask(second);
    await ask(first);
    const third = await door.connect();
    await ask(third);
    await closed(second);
    await ask(first);
    expect(door.notes).toEqual(["sia-too-many-connections"]);
  });

  it("lets one go for each that comes, though the storage keeps one that was let go", async () => {
    const stored = Promise.withResolvers<Buffer>();
    const one = { each: 1, together: 1 };
    await using door = await open({}, stored.promise, { ...usualLimits, connections: one });
    const first = await door.connect();
    first.write(frame);
    await door.asked;
    const second = await door.connect();
    await closed(first);
    const third = await door.connect();
    await closed(second);
    stored.resolve(answer);
    await ask(third);
  });

  it("lets strangers go for strangers, and no panel for any number of them", async () => {
    await using door = await open({}, answer, { ...usualLimits, connections: { each: 2, together: 2 } });
    const panel = await door.connect();
    await ask(panel);
    const answered = await door.connect();
    answered.write(toFrameBytes('"NULL"0001L0#9999[]', "text"));
    await once(answered, "data");
    const silent = [await door.connect(), await door.connect(), await door.connect()];
    await closed(answered);
    await closed(silent[0] ?? answered);
    await ask(panel);
    expect(door.notes).toEqual(["sia-too-many-connections", "sia-too-many-connections"]);
    for (const socket of silent) socket.destroy();
  });

  it("closes on a stranger who was answered as soon as on one who said nothing", async () => {
    await using door = await open({ strangerMs: 60 });
    const stranger = await door.connect();
    stranger.write(toFrameBytes('"NULL"0001L0#9999[]', "text"));
    await once(stranger, "data");
    await closed(stranger);
  });

  it.each(["\n", "\0", "\r\n", "x"])("closes on who sends no frame and does not end: %j", async (byte) => {
    await using door = await open({});
    const stranger = await door.connect();
    stranger.on("error", () => undefined);
    stranger.write(byte.repeat(20_000));
    await closed(stranger);
  });

  it("takes line ends between frames, however long a panel keeps its connection by them", async () => {
    await using door = await open({});
    const panel = await door.connect();
    for (let count = 0; count < 4; count += 1) {
      panel.write("\r\n\0".repeat(3_000));
      await ask(panel);
    }
  });

  it("waits for who reads nothing of its answer as long as it is told, and no longer", async () => {
    const door = await open({ writeMs: 60 }, endless);
    const deaf = await door.connect();
    deaf.pause().write(frame);
    await door.asked;
    await door[Symbol.asyncDispose]();
    deaf.destroy();
  });

  it("waits at its end for who reads nothing as long as it is told, and no longer", async () => {
    const door = await open({ drainMs: 60 }, endless);
    const deaf = await door.connect();
    deaf.pause().write(frame);
    await door.asked;
    await door[Symbol.asyncDispose]();
    deaf.destroy();
  });

  it("ends only after what is under way, though its sender is cut off", async () => {
    const stored = Promise.withResolvers<Buffer>();
    const door = await open({ drainMs: 20 }, stored.promise);
    const panel = await door.connect();
    panel.write(frame);
    await door.asked;
    let isOver = false;
    const over = door[Symbol.asyncDispose]().then(() => {
      isOver = true;
    });
    await closed(panel);
    expect(isOver).toBe(false);
    stored.resolve(answer);
    await over;
  });
});
