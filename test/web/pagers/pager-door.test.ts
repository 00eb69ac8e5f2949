import { describe, expect, it } from "vitest";
import type { CallBack, CallBackOutcome, InboundRequest, PageEvent } from "../../../bot/contracts.ts";
import { RequestRejected } from "../../../bot/errors.ts";
import { openDoors } from "../doors.ts";

const accepted: PageEvent = { kind: "answered", key: "i-1-1-1", answer: "accept" };

function callBack(request: InboundRequest): CallBack {
  if (request.headers["x-proof"] !== "right") throw new RequestRejected(401, "The signature is not right.");
  const reply = (outcome: CallBackOutcome) => ({ type: "text/xml", body: `<${outcome}/>` });
  return { proof: "second", events: request.body.length === 0 ? [] : [accepted], reply };
}

async function openWith(record: (events: readonly PageEvent[]) => Promise<CallBackOutcome> = async () => "taken") {
  const recorded: { pager: string; events: readonly PageEvent[] }[] = [];
  const doors = await openDoors({
    pagers: { phone: { callBack }, desk: {} },
    recordPagerEvents: (pager, events) => {
      recorded.push({ pager, events });
      return record(events);
    },
  });
  const post = (path: string, body = "Digits=5", proof = "right") =>
    fetch(`${doors.url}/pagers/${path}`, { method: "POST", headers: { "x-proof": proof }, body });
  return Object.assign(doors, { recorded, call: post });
}

describe("POST /pagers/:name", () => {
  it("passes on what the provider reports, and answers in its own form", async () => {
    await using doors = await openWith();
    const answered = await doors.call("phone?key=i-1-1-1");
    expect(answered.status).toBe(200);
    expect(answered.headers.get("content-type")).toContain("text/xml");
    expect(await answered.text()).toBe("<taken/>");
    expect(doors.recorded).toEqual([{ pager: "phone", events: [accepted] }]);
    expect(doors.used).toEqual([{ secret: "pagers.phone", value: "second" }]);
  });

  it("notes no secret for a pager that was replaced while its call-back came in", async () => {
    const pagers = {
      phone: {
        callBack: (request: InboundRequest) => {
          pagers.phone = { callBack };
          return callBack(request);
        },
      },
    };
    await using doors = await openDoors({ pagers });
    const post = () =>
      fetch(`${doors.url}/pagers/phone`, { method: "POST", headers: { "x-proof": "right" }, body: "Digits=5" });
    expect((await post()).status).toBe(200);
    expect(doors.used).toEqual([]);
    expect((await post()).status).toBe(200);
    expect(doors.used).toEqual([{ secret: "pagers.phone", value: "second" }]);
  });

  it.each(["taken", "over", "unknown"] as const)("says what stands: %s", async (stands) => {
    await using doors = await openWith(async () => stands);
    expect(await (await doors.call("phone")).text()).toBe(`<${stands}/>`);
  });

  it.each(["nobody", "desk", "constructor", "__proto__"])("knows no call-backs of %s", async (name) => {
    await using doors = await openWith();
    expect((await doors.call(name)).status).toBe(404);
    expect(doors.recorded).toEqual([]);
  });

  it("refuses what is not proven, without a word of it, and says so in the log", async () => {
    await using doors = await openWith();
    const answered = await doors.call("phone", "Digits=5&From=%2B31600000001", "wrong");
    expect(answered.status).toBe(401);
    expect(answered.headers.get("content-type")).toContain("application/problem+json");
    expect(doors.recorded).toEqual([]);
    const audit = { by: { kind: "stranger" }, on: ["pagers.phone"], result: "refused" };
    const facts = { pager: "phone", status: 401, remote: "127.0.0.1", audit };
    expect(doors.lines).toEqual([{ level: "warn", event: "call-back-refused", facts }]);
  });

  it("gives somebody who guesses twenty tries a minute, and lets the provider in all the same", async () => {
    await using doors = await openWith();
    const statuses: number[] = [];
    for (let tries = 0; tries < 22; tries += 1) statuses.push((await doors.call("phone", "x", "wrong")).status);
    expect(statuses.slice(0, 20).every((status) => status === 401)).toBe(true);
    expect(statuses.slice(20)).toEqual([429, 429]);
    expect((await doors.call("phone")).status).toBe(200);
  });

  it("refuses what is longer than 64 KiB", async () => {
    await using doors = await openWith();
    expect((await doors.call("phone", "x".repeat(65 * 1024))).status).toBe(413);
    expect(doors.recorded).toEqual([]);
  });

  it("answers 503 when it could not be recorded: the provider may send it again", async () => {
    await using doors = await openWith(async () => {
      throw new Error("disk full");
    });
    const answered = await doors.call("phone");
    expect(answered.status).toBe(503);
    expect(await answered.text()).not.toContain("disk full");
  });

  it("answers POST only", async () => {
    await using doors = await openWith();
    expect((await fetch(`${doors.url}/pagers/phone`)).status).toBe(405);
    expect(doors.recorded).toEqual([]);
  });
});
