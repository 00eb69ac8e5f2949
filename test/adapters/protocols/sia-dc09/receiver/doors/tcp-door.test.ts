import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { toFrameBytes } from "../../../../../../adapters/protocols/sia-dc09/frame/frame.ts";
import { TcpDoor, type TcpLimits } from "../../../../../../adapters/protocols/sia-dc09/receiver/doors/tcp-door.ts";

const frame = toFrameBytes('"NULL"0001L0#1234[]', "text");
const answer = toFrameBytes('"ACK"0001L0#1234[]', "text");
/** More than any network holds for who does not read. */
const endless = Buffer.alloc(64_000_000);
const never = 600_000;
const patient: TcpLimits = { connections: 100, strangerMs: never, idleMs: never, writeMs: never, drainMs: never };

async function open(limits: Partial<TcpLimits>, given: Buffer | Promise<Buffer> = answer) {
  const notes: string[] = [];
  const asked = Promise.withResolvers<void>();
  async function handle() {
    asked.resolve();
    return given;
  }
  const at = { host: "127.0.0.1", port: 0 };
  const door = await TcpDoor.open(at, handle, (event) => void notes.push(event), { ...patient, ...limits });
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
    await closed(second);
    await ask(first);
    await ask(third);
    expect(door.notes).toEqual(["sia-too-many-connections"]);
  });

  it("lets one go for each that comes, though the storage keeps one that was let go", async () => {
    const stored = Promise.withResolvers<Buffer>();
    await using door = await open({ connections: 1 }, stored.promise);
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
