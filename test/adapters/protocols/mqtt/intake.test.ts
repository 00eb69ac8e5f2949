import { PassThrough } from "node:stream";
import type { IPublishPacket } from "mqtt";
import { describe, expect, it } from "vitest";
import { Intake } from "../../../../adapters/protocols/mqtt/intake.ts";
import type { Publish } from "../../../../adapters/protocols/mqtt/publish.ts";
import { toAlarm } from "../../../../bot/domain/alarm.ts";
import { FakeHost } from "../../../fakes/listener-host.ts";

const press = ({ topic, id }: Publish) => [toAlarm("press", { button: topic, id })];

/**
 * A disk that commits a button's press when the test says so, and a connection on which acknowledgements can be read.
 */
function start(read = press) {
  const host = new FakeHost();
  const commits = new Map<string, () => void>();
  host.commit = ([alarm]) => new Promise((resolve) => commits.set(alarm?.button ?? "", resolve));
  const intake = new Intake(host, read);
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
    intake.forgetAll();
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

describe("what the storage refuses", () => {
  /** A broker that waits with the next message until it is asked for it. */
  function offer(host: FakeHost, buttons: readonly string[]) {
    const intake = new Intake(host, press);
    const connection = new PassThrough();
    const queue = [...buttons];
    let messageId = 0;
    let isAsked = true;
    let isAtWork = false;
    const deliver = (): void => {
      isAsked = true;
      if (isAtWork) return;
      isAtWork = true;
      while (isAsked && queue.length > 0) {
        isAsked = false;
        messageId += 1;
        intake.take(toPacket(messageId, queue.shift() ?? "", {}), connection, deliver);
      }
      isAtWork = false;
    };
    deliver();
    return { queue, intake };
  }
  const settle = async () => {
    for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
  };
  const names = (count: number) => Array.from({ length: count }, (_, index) => `poison ${index}`);

  it("fills no window: what comes behind is received and asked for", async () => {
    const host = new FakeHost();
    host.commit = async ([alarm]) => {
      if (alarm?.button.startsWith("poison")) throw new Error("these never");
    };
    const { queue } = offer(host, [...names(300), "real"]);
    await settle();
    expect(queue).toEqual([]);
    expect(host.pressed).toEqual(["real"]);
    expect(host.accepting).toBe(0);
  });

  it("is acknowledged once the disk takes it, and holds up no other acknowledgement", async () => {
    const { host, connect } = start();
    const { take, acknowledged } = connect();
    let isDown = true;
    host.commit = async ([alarm]) => {
      if (alarm?.button === "open") await new Promise(() => {});
      if (isDown && alarm?.button === "late") throw new Error("the disk is full");
    };
    for (const [index, button] of ["late", "b", "open"].entries()) take(index + 1, button);
    await settle();
    expect(acknowledged()).toEqual([2]);
    isDown = false;
    host.clock.to(host.clock.now() + 1_000);
    await settle();
    expect(acknowledged()).toEqual([1]);
  });

  it("is acknowledged on the next connection when the disk takes it between two", async () => {
    const { host, connect } = start();
    const [first, second] = [connect(), connect()];
    host.commit = () => Promise.reject(new Error("the disk is full"));
    first.take(1, "a");
    await settle();
    first.connection.end();
    host.commit = async () => {};
    host.clock.to(host.clock.now() + 1_000);
    await settle();
    second.take(1, "a", { dup: true });
    expect(host.pressed).toEqual(["a"]);
    expect(second.acknowledged()).toEqual([1]);
  });

  it("is not what the disk has not answered yet: that fills it", async () => {
    const host = new FakeHost();
    host.commit = () => new Promise(() => {});
    const { queue } = offer(host, names(100));
    await settle();
    expect(queue.length).toBe(100 - 64);
  });

  it("is held up to ten thousand, with one loud word, until the disk takes it", async () => {
    const host = new FakeHost();
    let isDown = true;
    host.commit = async () => {
      if (isDown) throw new Error("the disk is full");
    };
    const { queue } = offer(host, names(10_200));
    await settle();
    const warnings = () => host.notes.filter(({ event }) => event === "mqtt-too-many-wait");
    expect(warnings()).toHaveLength(1);
    const left = queue.length;
    expect(left).toBeGreaterThan(200 - 64);
    for (let turn = 0; turn < 5; turn += 1) {
      host.clock.to(host.clock.now() + 30_000);
      await settle();
    }
    expect(queue.length).toBe(left);
    expect(warnings()).toHaveLength(1);
    isDown = false;
    host.clock.to(host.clock.now() + 30_000);
    await settle();
    expect(queue).toEqual([]);
    expect(new Set(host.pressed).size).toBe(10_200);
  });
});

describe("stopping", () => {
  it("waits for what is being taken and acknowledges it", async () => {
    const { intake, connect, commit } = start();
    const { take, acknowledged } = connect();
    take(1, "a");
    let isStopped = false;
    const stopped = intake[Symbol.asyncDispose]().then(() => {
      isStopped = true;
    });
    await commit();
    expect(isStopped).toBe(false);
    await commit("a");
    await stopped;
    expect(acknowledged()).toEqual([1]);
  });

  it("gives up what rests and what is refused from then on: the broker keeps both", async () => {
    const { host, intake, connect } = start();
    const { take, acknowledged } = connect();
    let refuse = (): void => {};
    host.commit = ([alarm]) =>
      new Promise((_resolve, reject) => {
        refuse = () => reject(new Error("the disk is full"));
        if (alarm?.button === "rests") refuse();
      });
    take(1, "rests");
    await new Promise(setImmediate);
    take(2, "a");
    const stopped = intake[Symbol.asyncDispose]();
    refuse();
    await stopped;
    expect(host.pressed).toEqual([]);
    expect(acknowledged()).toEqual([]);
    expect(host.clock.nextAt).toBe(Number.POSITIVE_INFINITY);
    expect(host.accepting).toBe(0);
  });
});
