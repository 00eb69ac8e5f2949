import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { toReadySource } from "../../../adapters/index.ts";
import { openDoors, type TestDoors } from "../doors.ts";

const secret = "een-geheim-in-het-adres";
const address = `/alarms/desk/${secret}?button=balie-2&event=input.button_longpush`;

function open(): Promise<TestDoors> {
  return openDoors({ sources: { desk: toReadySource("shelly", { secret }) } });
}

/** As a device sends it: `fetch` calls itself a browser. */
async function call(doors: TestDoors, method: string, path = address, headers: string[] = []): Promise<string> {
  const socket = connect(doors.port, "127.0.0.1");
  socket.write(`${[`${method} ${path} HTTP/1.1`, "host: x", "connection: close", ...headers].join("\r\n")}\r\n\r\n`);
  return text(socket);
}

it.each([
  ["GET", []],
  ["POST", ["content-length: 0"]],
  ["PUT", ["content-length: 0"]],
])("a device that can do no more than call an address presses, by %s", async (method, headers) => {
  await using doors = await open();
  expect(await call(doors, method, address, headers)).toMatch(/^HTTP\/1.1 202/);
  expect(doors.taken).toMatchObject([{ source: "desk", alarms: [{ kind: "press", button: "balie-2" }] }]);
});

it("more slashes than one between the parts of the address cost no press, and nothing of what stands behind them", async () => {
  await using doors = await open();
  const answer = await call(doors, "GET", `//alarms//desk//${secret}?button=hal//2`);
  expect(answer).toMatch(/^HTTP\/1.1 202/);
  expect(doors.taken).toMatchObject([{ source: "desk", alarms: [{ kind: "press", button: "hal//2" }] }]);
  expect(await call(doors, "GET", "//alarms/desk/een-ander-geheim")).toMatch(/^HTTP\/1.1 401/);
  expect(doors.lines).toMatchObject([{ event: "alarm-refused", facts: { source: "desk", status: 401 } }]);
});

it("an address with the host in it, as behind a proxy, presses", async () => {
  await using doors = await open();
  expect(await call(doors, "GET", `http://x${address}`)).toMatch(/^HTTP\/1.1 202/);
  expect(doors.taken).toHaveLength(1);
});

it.each(["HEAD", "OPTIONS", "DELETE", "PATCH"])("%s of that address never presses", async (method) => {
  await using doors = await open();
  const answer = await call(doors, method, address, ["content-length: 0"]);
  expect(answer).toMatch(/^HTTP\/1.1 405/);
  expect(answer.toLowerCase()).toContain("allow: get, post, put\r\n");
  expect(doors.taken).toEqual([]);
});

it.each([
  ["a link preview of Teams", "user-agent: Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5"],
  ["a browser", "sec-fetch-mode: navigate"],
  ["a prefetch", "purpose: prefetch"],
])("%s never presses", async (_who, header) => {
  await using doors = await open();
  expect(await call(doors, "GET", address, [header])).toMatch(/^HTTP\/1.1 401/);
  expect(doors.taken).toEqual([]);
});

it("a wrong secret is refused, and no address with a secret in it gets into the log", async () => {
  await using doors = await open();
  expect(await call(doors, "GET", "/alarms/desk/een-ander-geheim?button=balie-2")).toMatch(/^HTTP\/1.1 401/);
  expect(await call(doors, "GET", "/alarms/desk")).toMatch(/^HTTP\/1.1 401/);
  expect(await call(doors, "GET", "/alarms/desk/%E0%A4%A")).toMatch(/^HTTP\/1.1 400/);
  await call(doors, "GET");
  await call(doors, "HEAD");
  expect(doors.lines).not.toEqual([]);
  expect(JSON.stringify(doors.lines)).not.toMatch(/geheim|balie/);
  expect(doors.taken).toHaveLength(1);
});

it("a source that is called by POST does not answer GET", async () => {
  await using doors = await openDoors();
  const answer = await call(doors, "GET", "/alarms/buttons");
  expect(answer).toMatch(/^HTTP\/1.1 405/);
  expect(answer.toLowerCase()).toContain("allow: post");
});
