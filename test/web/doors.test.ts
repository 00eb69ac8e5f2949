import { once } from "node:events";
import type { RequestListener } from "node:http";
import { connect, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { OpenDoors } from "../../bot/web/http/open-doors.ts";
import { openDoors, secret } from "./doors.ts";

describe("the other doors", () => {
  it("hands activities to Teams' own handler, untouched", async () => {
    await using doors = await openDoors({
      teams: async (_request, response, caller) => {
        const { bytes } = await caller.receive(100, "teams");
        response.writeHead(201).end(bytes);
      },
    });
    const response = await fetch(`${doors.url}/api/messages`, { method: "POST", body: "{}" });
    expect([response.status, await response.text()]).toEqual([201, "{}"]);
    expect((await fetch(`${doors.url}/api/messages`)).status).toBe(405);
  });

  it.each([
    ["/alarms/buttons", "GET", 405, "POST"],
    ["/alarms/buttons", "OPTIONS", 405, "POST"],
    ["/api/messages", "OPTIONS", 405, "POST"],
    ["/pagers/phone", "PUT", 405, "POST"],
    ["/pagers/phone", "OPTIONS", 405, "POST"],
    ["/guard/token", "DELETE", 405, "GET, POST"],
    ["/guard/token", "OPTIONS", 405, "GET, POST"],
    ["/health/live", "POST", 404, null],
    ["/health/live", "OPTIONS", 404, null],
    ["/health/ready", "OPTIONS", 404, null],
    ["/metrics", "POST", 404, null],
    ["/metrics", "OPTIONS", 404, null],
    ["/doctor/pagers", "OPTIONS", 401, null],
    ["/doctor/teams", "OPTIONS", 401, null],
  ])("of %s answers %s with %i", async (path, method, status, allow) => {
    await using doors = await openDoors({ metricsToken: "a-token", doctorToken: "another-token" });
    const response = await fetch(`${doors.url}${path}`, { method });
    expect([response.status, response.headers.get("allow")]).toEqual([status, allow]);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
  });

  it.each([
    ["//alarms/buttons", "POST", 202],
    ["///alarms//buttons", "POST", 202],
    ["/alarms//buttons", "POST", 202],
    ["//alarms/buttons", "GET", 405],
    ["//alarms/nobody", "POST", 404],
    ["//alarms", "POST", 404],
    ["//health/live", "GET", 200],
    ["//nothing?to=//see", "GET", 404],
  ])("take %s as a base address that ends in a slash makes it: %s is %i", async (path, method, status) => {
    await using doors = await openDoors();
    const headers = { authorization: `Bearer ${secret}` };
    const body = method === "POST" ? '{"button":"hal"}' : null;
    expect((await fetch(`${doors.url}${path}`, { method, headers, body })).status).toBe(status);
    expect(doors.taken.flatMap(({ alarms }) => alarms.map(({ button }) => button))).toEqual(
      status === 202 ? ["hal"] : [],
    );
    expect(doors.lines).toHaveLength(path.includes("alarms") && status > 400 ? 1 : 0);
  });

  it.each(["/alarms", "/alarms/", "/.env", "/health", "/guard"])("knows no %s", async (path) => {
    await using doors = await openDoors();
    const response = await fetch(`${doors.url}${path}`, { method: "POST" });
    expect([response.status, response.headers.get("content-type")]).toEqual([404, "application/problem+json"]);
  });

  it("tells nothing of a mistake of ours, but to the log", async () => {
    await using doors = await openDoors({
      teams: async () => {
        throw new Error("the password is hunter2");
      },
    });
    const response = await fetch(`${doors.url}/api/messages`, { method: "POST" });
    expect(response.status).toBe(500);
    expect(await response.text()).not.toMatch(/hunter2|Error:|\.ts/);
    expect(doors.lines).toMatchObject([{ level: "error", event: "request-failed" }]);
  });
});

describe("opening and closing", () => {
  it("says what to do when the port is taken", async () => {
    await using doors = await openDoors();
    const second = OpenDoors.open(() => undefined, { host: "127.0.0.1", port: doors.port });
    await expect(second).rejects.toThrow(/127\.0\.0\.1 port \d+: another program listens there already/);
  });

  it("lets a running request end and closes kept connections", async () => {
    let finish = () => {};
    let begun = () => {};
    const started = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const doors = await openDoors({
      teams: async (_request, response) => {
        begun();
        finish = () => void response.writeHead(200).end("done");
      },
    });
    await (await fetch(`${doors.url}/health/live`)).text();
    const running = fetch(`${doors.url}/api/messages`, { method: "POST" });
    await started;
    const closing = doors.close();
    finish();
    const answer = await running;
    expect([answer.headers.get("connection"), await answer.text()]).toEqual(["close", "done"]);
    await closing;
    await doors.close();
    await expect(fetch(`${doors.url}/health/live`)).rejects.toThrow();
  });
});

describe("a process that stood still", () => {
  const times = { keepAliveTimeout: 100, headersTimeout: 100, connectionsCheckingInterval: 20 };
  const request = "POST /press HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}";
  /** A door that answers some turns later, as one does that writes first. */
  const answerLater: RequestListener = (_request, response) => {
    setTimeout(() => response.end("taken"), 20);
  };
  const open = () => OpenDoors.open(answerLater, { host: "127.0.0.1", port: 0 }, undefined, times);

  /** The whole process stands still for longer than any of these times, as when a disk holds it. */
  function standStill(): void {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_500);
  }

  /** What comes on that connection next; null when it ends before anything does. */
  function next(socket: Socket): Promise<string | null> {
    return Promise.race([
      once(socket, "data").then(([data]) => String(data).split("\r\n")[0] ?? ""),
      once(socket, "close").then(() => null),
    ]);
  }

  it("takes a press that came meanwhile, on a connection that was kept too long by then", async () => {
    await using doors = await open();
    const socket = connect(doors.port, "127.0.0.1").on("error", () => {});
    socket.write(request);
    expect(await next(socket)).toBe("HTTP/1.1 200 OK");
    const answer = next(socket);
    socket.write(request);
    standStill();
    expect(await answer).toBe("HTTP/1.1 200 OK");
    socket.destroy();
  });

  it("takes a press that came meanwhile, on a connection that was new", async () => {
    await using doors = await open();
    const socket = connect(doors.port, "127.0.0.1").on("error", () => {});
    await once(socket, "connect");
    await new Promise((resolve) => setImmediate(resolve));
    const answer = next(socket);
    socket.write(request);
    standStill();
    expect(await answer).toBe("HTTP/1.1 200 OK");
    socket.destroy();
  });

  it("reads a late request once more, and not for as long as its sender drips", async () => {
    const dripped = { ...times, requestTimeout: 200 };
    await using doors = await OpenDoors.open(answerLater, { host: "127.0.0.1", port: 0 }, undefined, dripped);
    const socket = connect(doors.port, "127.0.0.1").on("error", () => {});
    const answer = next(socket);
    socket.write("POST /press HTTP/1.1\r\nX-Drip: ");
    const drip = setInterval(() => socket.write("x"), 1);
    standStill();
    expect(await answer).toBe("HTTP/1.1 408 Request Timeout");
    clearInterval(drip);
    socket.destroy();
  }, 5_000);

  it("still closes a connection on which nothing comes", async () => {
    await using doors = await open();
    const socket = connect(doors.port, "127.0.0.1").on("error", () => {});
    socket.write(request);
    expect(await next(socket)).toBe("HTTP/1.1 200 OK");
    expect(await next(socket)).toBeNull();
  });
});
