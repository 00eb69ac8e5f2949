import { describe, expect, it } from "vitest";
import { listen } from "../../bot/web/http/listen.ts";
import { openDoors } from "./doors.ts";

describe("the other doors", () => {
  it("is live while it turns, and ready when an alarm would be recorded", async () => {
    let isReady = true;
    await using doors = await openDoors({ ready: async () => isReady });
    const ask = async (path: string) => (await fetch(`${doors.url}${path}`)).status;
    expect([await ask("/health/live"), await ask("/health/ready")]).toEqual([200, 200]);
    isReady = false;
    expect([await ask("/health/live"), await ask("/health/ready")]).toEqual([200, 503]);
  });

  it("hands activities to Teams' own handler, untouched", async () => {
    await using doors = await openDoors({
      teams: (request, response) => {
        response.status(201).json({ body: request.body ?? null });
      },
    });
    const response = await fetch(`${doors.url}/api/messages`, { method: "POST", body: "{}" });
    expect([response.status, await response.json()]).toEqual([201, { body: null }]);
    expect((await fetch(`${doors.url}/api/messages`)).status).toBe(405);
  });

  it.each(["/", "/alarms", "/alarms/", "/.env", "/health", "/guard"])("knows no %s", async (path) => {
    await using doors = await openDoors();
    const response = await fetch(`${doors.url}${path}`, { method: "POST" });
    expect([response.status, response.headers.get("content-type")]).toEqual([404, "application/problem+json"]);
  });

  it("tells nothing of a mistake of ours, but to the log", async () => {
    await using doors = await openDoors({
      teams: () => {
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
    const second = listen(() => undefined, { host: "127.0.0.1", port: doors.port });
    await expect(second).rejects.toThrow(/127\.0\.0\.1 port \d+: another program listens there already/);
  });

  it("lets a running request end and closes kept connections", async () => {
    let finish = () => {};
    let begun = () => {};
    const started = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const doors = await openDoors({
      teams: (_request, response) => {
        begun();
        finish = () => void response.status(200).end("done");
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
