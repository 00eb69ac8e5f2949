import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { openLog } from "../../../bot/logging/open-log.ts";
import { metrics } from "../../../bot/metrics/metrics.ts";
import type { Figures } from "../../../bot/ports/status.ts";
import { parseExposition } from "../../metrics/exposition.ts";
import { openDoors, secret } from "../doors.ts";

const metricsToken = "een-geheim-voor-de-metingen";
const figures: Figures = {
  troubles: [
    { kind: "battery-low", source: "lora", button: "1", place: "Balie", battery: 0.1 },
    { kind: "battery-low", source: "lora", button: "2", place: null, battery: null },
    { kind: "source-down", source: "panels", since: 0 },
    { kind: "pager-lost", pager: "centre", part: "primary", since: 0 },
    { kind: "teams-lost", channel: "back-office", reason: "removed", since: 0 },
  ],
  lastSeen: [{ source: "lora", at: 1_764_000_000_500 }],
  teamsUp: [
    { channel: "frontdesk", isUp: true },
    { channel: "back-office", isUp: false },
  ],
  proven: [{ pager: "centre", at: 1_763_000_000_500 }],
  secretUses: [
    { secret: "sources.lora", value: "second", at: 1_764_000_001_500 },
    { secret: "metricsToken", value: "first", at: 1_764_000_002_500 },
  ],
  openIncidents: 3,
  outboxRows: 7,
  unrecordedAlarms: 0,
  nextOutboxAt: 1_764_000_003_500,
  notes: [{ source: "zigbee", event: "zigbee-fields-not-read", count: 2 }],
  lastCopyAt: null,
  sendings: [
    { kind: "page", pager: "centre", result: "unreachable", count: 4 },
    { kind: "card", pager: null, result: "sent", count: 5 },
  ],
};

function read(url: string, token: string | null = metricsToken): Promise<Response> {
  return fetch(`${url}/metrics`, { headers: token === null ? {} : { authorization: `Bearer ${token}` } });
}

describe("metrics", () => {
  it("count what is wrong, and what is open and waiting", async () => {
    await using doors = await openDoors({ metricsToken, figures: async () => figures });
    const response = await read(doors.url);
    expect(response.headers.get("content-type")).toContain("text/plain");
    const text = await response.text();
    expect(text.split("\n")).toEqual(
      expect.arrayContaining([
        'rugdekking_troubles{source="lora",kind="battery-low"} 2',
        'rugdekking_troubles{source="panels",kind="source-down"} 1',
        'rugdekking_troubles{pager="centre",kind="pager-lost"} 1',
        'rugdekking_troubles{channel="back-office",kind="teams-lost"} 1',
        'rugdekking_teams_up{channel="frontdesk"} 1',
        'rugdekking_teams_up{channel="back-office"} 0',
        'rugdekking_route_proven_timestamp_seconds{pager="centre"} 1763000000.5',
        'rugdekking_source_heard_timestamp_seconds{source="lora"} 1764000000.5',
        'rugdekking_secret_used_timestamp_seconds{secret="sources.lora",value="second"} 1764000001.5',
        'rugdekking_secret_used_timestamp_seconds{secret="metricsToken",value="first"} 1764000002.5',
        "rugdekking_open_incidents 3",
        "rugdekking_outbox_rows 7",
        "rugdekking_outbox_next_timestamp_seconds 1764000003.5",
        'rugdekking_source_notes_total{source="zigbee",event="zigbee-fields-not-read"} 2',
        'rugdekking_sendings_total{kind="page",result="unreachable",pager="centre"} 4',
        'rugdekking_sendings_total{kind="card",result="sent"} 5',
      ]),
    );
    // A place may say whose room it is.
    expect(text).not.toContain("Balie");
  });

  it("count what was refused and what broke off since the start", async () => {
    await using doors = await openDoors({ metricsToken, figures: async () => figures });
    for (let time = 0; time < 3; time += 1) await doors.press(undefined, {});
    await doors.press(undefined, {}, "nothing");
    const socket = connect(doors.port, "127.0.0.1");
    socket.end("rubbish\r\n\r\n");
    await once(socket.resume(), "close");
    const press = connect(doors.port, "127.0.0.1");
    const head = ["POST /alarms/buttons HTTP/1.1", "host: x", `authorization: Bearer ${secret}`, "content-length: 50"];
    press.end(`${head.join("\r\n")}\r\n\r\n{"b`);
    await expect.poll(() => doors.taken).toHaveLength(1);
    expect((await (await read(doors.url)).text()).split("\n")).toEqual(
      expect.arrayContaining([
        'rugdekking_alarms_refused_total{source="buttons",answer="401"} 3',
        'rugdekking_alarms_refused_total{source="unknown",answer="404"} 1',
        'rugdekking_alarms_broken_off_total{source="buttons"} 1',
        'rugdekking_requests_not_read_total{code="HPE_INVALID_METHOD"} 1',
      ]),
    );
  });

  it("count the lines that are missing from the log", async () => {
    using full = new DisposableStack();
    const log = openLog("info", full.adopt(openSync("/dev/full", "w"), closeSync));
    await using doors = await openDoors({ metricsToken, figures: async () => figures, log });
    for (const each of [1, 2, 3]) log.info({ port: each }, "listening");
    expect(await (await read(doors.url)).text()).toContain("rugdekking_log_lines_dropped_total 3");
  });

  it("name what is not known while the storage can't be read, without a value", async () => {
    const { openIncidents, outboxRows, nextOutboxAt, ...known } = figures;
    await using doors = await openDoors({ metricsToken, figures: async () => known });
    const { types, samples } = parseExposition(await (await read(doors.url)).text());
    expect(Object.keys(types)).toEqual(Object.keys(metrics));
    expect(samples.filter(({ name }) => /open_incidents|outbox/.test(name))).toEqual([]);
  });

  it("are whole for each of two who read at once", async () => {
    await using doors = await openDoors({ metricsToken, figures: async () => figures });
    const texts = await Promise.all([read(doors.url), read(doors.url)].map(async (each) => (await each).text()));
    for (const text of texts) expect(text).toContain("rugdekking_open_incidents 3");
  });

  it("are for who knows the token, and guessing is slowed down", async () => {
    await using doors = await openDoors({ metricsToken, figures: async () => figures });
    for (const token of [null, "", `${metricsToken}x`, metricsToken.slice(1)]) {
      expect((await read(doors.url, token)).status).toBe(401);
    }
    expect(doors.lines).toContainEqual(expect.objectContaining({ event: "metrics-refused" }));
    for (let guess = 0; guess < 20; guess += 1) await read(doors.url, `guess-${guess}`);
    expect((await read(doors.url, "another")).status).toBe(429);
    expect((await read(doors.url)).status).toBe(200);
    expect(JSON.stringify(doors.lines)).not.toContain("guess-1");
  });

  it("are not there without a token in the configuration", async () => {
    await using doors = await openDoors({ metricsToken: null });
    expect((await read(doors.url)).status).toBe(404);
  });
});
