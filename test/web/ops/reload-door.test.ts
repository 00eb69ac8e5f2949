import { describe, expect, it } from "vitest";
import type { ReloadAnswer } from "../../../bot/ports/directory.ts";
import { openDoors } from "../doors.ts";

const doctorToken = "een-geheim-voor-de-dokter";

function ask(url: string, token = doctorToken, method = "POST"): Promise<Response> {
  return fetch(`${url}/doctor/configuration`, { method, headers: { authorization: `Bearer ${token}` } });
}

describe("POST /doctor/configuration", () => {
  it.each<[number, ReloadAnswer]>([
    [200, { kind: "reloaded", needsRestart: ["listen"] }],
    [409, { kind: "refused", problems: ["3: buttons[0].source: there is none; expected buttons"] }],
    [409, { kind: "restart-needed", problems: ["sources.door"] }],
    [409, { kind: "not-stored", problems: [] }],
  ])("answers %i for %j", async (status, answer) => {
    await using doors = await openDoors({ doctorToken, reload: async () => answer });
    const answered = await ask(doors.url);
    expect([answered.status, await answered.json()]).toEqual([status, answer]);
  });

  it("reads nothing again for who has no token, or only looks", async () => {
    let reloads = 0;
    const reload = async (): Promise<ReloadAnswer> => {
      reloads += 1;
      return { kind: "reloaded", needsRestart: [] };
    };
    await using doors = await openDoors({ doctorToken, reload });
    expect((await ask(doors.url, `${doctorToken}x`)).status).toBe(401);
    expect((await ask(doors.url, doctorToken, "GET")).status).toBe(405);
    expect(reloads).toBe(0);
  });
});
