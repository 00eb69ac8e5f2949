import { PassThrough } from "node:stream";
import type { IPublishPacket } from "mqtt";
import { describe, expect, it } from "vitest";
import { startIntake } from "../../../adapters/mqtt/intake.ts";
import type { Publish } from "../../../adapters/mqtt/publish.ts";
import { toAlarm } from "../../../bot/incident/alarm.ts";
import { FakeHost } from "../../fakes/listener-host.ts";

const press = ({ topic, id }: Publish) => [toAlarm("press", { button: topic, id })];

/** A disk that commits a button's press when the test says so, and a connection on which acknowledgements can be read. */
function start(read = press) {
  const host = new FakeHost();
  const commits = new Map<string, () => void>();
  host.commit = ([alarm]) => new Promise((resolve) => commits.set(alarm?.button ?? "", resolve));
  const intake = startIntake(host, read);
  const connect = () => {
    const connection = new PassThrough();
    const take = (messageId: number, topic: string, parts: Partial<IPublishPacket> = {}) =>
      intake.take(toPacket(messageId, topic, parts), connection, () => {});
    const acknowledged = () =>
      [...((connection.read() as Buffer | null) ?? [])].filter((_byte, index) => index % 4 === 3);
    return { connection, take, acknowledged };
  };
  const commit = async (...buttons: string[]) => {
    for (const button of buttons) commits.get(button)?.();
    await new Promise(setImmediate);
  };
  return { host, intake, connect, commit };
}

function toPacket(messageId: number, topic: string, parts: Partial<IPublishPacket>): IPublishPacket {
  return { cmd: "publish", topic, payload: Buffer.from("x"), qos: 1, dup: false, retain: false, messageId, ...parts };
}

describe("acknowledging", () => {
  it("follows the order of receipt, whatever the disk's order is", async () => {
    const { connect, commit } = start();
    const { take, acknowledged } = connect();
    for (const [index, button] of ["a", "b", "c"].entries()) take(index + 1, button);
    await commit("b", "c");
    expect(acknowledged()).toEqual([]);
    await commit("a");
    expect(acknowledged()).toEqual([1, 2, 3]);
  });

  it("is four bytes, for large identifiers too", async () => {
    const { connect, commit } = start();
    const { connection, take } = connect();
    take(0x1234, "a");
    await commit("a");
    expect(connection.read()).toEqual(Buffer.from([0x40, 0x02, 0x12, 0x34]));
  });

  it("is not asked for with QoS 0", async () => {
    const { host, connect, commit } = start();
    const { take, acknowledged } = connect();
    take(0, "a", { qos: 0 });
    await commit("a");
    expect(host.pressed).toEqual(["a"]);
    expect(acknowledged()).toEqual([]);
  });

  it("is done on the connection on which the message came last", async () => {
    const { host, connect, commit } = start();
    const [first, second] = [connect(), connect()];
    first.take(1, "a");
    first.connection.end();
    second.take(1, "a", { dup: true });
    await commit("a");
    expect(host.pressed).toEqual(["a"]);
    expect(first.acknowledged()).toEqual([]);
    expect(second.acknowledged()).toEqual([1]);
  });

  it("is done at once for what was committed while there was no connection", async () => {
    const { host, connect, commit } = start();
    const [first, second] = [connect(), connect()];
    first.take(1, "a");
    first.connection.end();
    await commit("a");
    second.take(1, "a", { dup: true });
    expect(host.pressed).toEqual(["a"]);
    expect(second.acknowledged()).toEqual([1]);
  });
});

describe("a message is another one", () => {
  it.each([
    ["that is not marked as a duplicate", 1, {}],
    ["with another identifier", 2, { dup: true }],
    ["with another content", 1, { dup: true, payload: Buffer.from("y") }],
  ])("%s", async (_what, messageId, parts) => {
    const { host, connect, commit } = start();
    const { take } = connect();
    take(1, "a");
    await commit();
    const before = host.commit;
    host.commit = async () => {};
    take(messageId, "a", parts);
    await commit();
    expect(host.pressed).toEqual(["a"]);
    host.commit = before;
    await commit("a");
    expect(host.pressed).toEqual(["a", "a"]);
    expect(new Set(host.alarms.map(({ id }) => id)).size).toBe(2);
  });

  it("after the acknowledgement, since nobody knows whether that arrived", async () => {
    const { host, connect, commit } = start();
    const { take } = connect();
    take(1, "a");
    await commit("a");
    take(1, "a", { dup: true });
    await commit("a");
    expect(host.pressed).toEqual(["a", "a"]);
  });

  it("when the broker has forgotten us", async () => {
    const { host, intake, connect, commit } = start();
    const { take, acknowledged } = connect();
    take(1, "a");
    await commit();
    const old = host.commit;
    intake.forget();
    host.commit = async () => {};
    take(1, "a", { dup: true });
    await commit();
    expect(host.pressed).toEqual(["a"]);
    expect(acknowledged()).toEqual([1]);
    host.commit = old;
    await commit("a");
    expect(host.pressed).toEqual(["a", "a"]);
    expect(acknowledged()).toEqual([]);
  });
});

it("takes for unreadable what our own reading fails on", async () => {
  const { host, connect, commit } = start(() => {
    throw new Error("a fault of ours");
  });
  const { take, acknowledged } = connect();
  take(1, "a");
  await commit("");
  expect(host.alarms).toMatchObject([{ kind: "unreadable" }]);
  expect(acknowledged()).toEqual([1]);
});

it("acknowledges what is no business of ours without asking the disk", async () => {
  const { host, connect } = start(() => []);
  const { take, acknowledged } = connect();
  take(1, "a");
  await new Promise(setImmediate);
  expect(host.alarms).toEqual([]);
  expect(acknowledged()).toEqual([1]);
});
