import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { ntfy } from "../../../adapters/pagers/ntfy.ts";
import type { Page } from "../../../bot/contracts.ts";
import { page, pagedAt, pagerContract, report } from "../../contracts/pager-contract.ts";
import { nl } from "../../dutch.ts";
import { FakeClock } from "../../fakes/clock.ts";
import { startNtfy } from "../../fakes/ntfy.ts";
import { createPagerHost } from "../../fakes/pager-host.ts";

const topic = "rugdekking-6f1d0c9b2e";
const token = "tk_a_token_of_the_ntfy_server";
const signal = new AbortController().signal;

pagerContract("ntfy", ntfy, async () => {
  const server = await startNtfy({ authorization: `Bearer ${token}` });
  return {
    options: { server: server.url, topic, token },
    behave: server.behave,
    received: server.received,
    get keys() {
      return server.messages.map(({ sequence_id }) => sequence_id ?? "");
    },
    lastText: () =>
      server.messages
        .slice(-1)
        .map(({ title, message }) => `${title}\n${message}`)
        .join(),
    secrets: [topic, token, server.url, new URL(server.url).host],
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
});

describe("the message", () => {
  async function messageOf(changes: Partial<Page>, language: "nl" | "en" = "nl") {
    await using server = await startNtfy({ authorization: null });
    const ready = openPager(server.url, {}, language);
    const { reason } = { ...page, ...changes };
    const send = reason === "update" ? ready.update : reason === "call-off" ? ready.callOff : ready.page;
    await send?.({ ...page, ...changes }, signal);
    return server.messages[0];
  }

  it("rings, and answers with one tap", async () => {
    const form = { "Content-Type": "application/x-www-form-urlencoded" };
    const answer = { action: "http", url: page.acceptUrl, method: "POST", headers: form, clear: true };
    expect(await messageOf({})).toEqual({
      topic,
      title: "Alarm in Spreekkamer 3",
      message: "Geen collega heeft op tijd geantwoord.",
      priority: 5,
      tags: ["rotating_light"],
      sequence_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      click: page.acceptUrl,
      actions: [
        { ...answer, label: "Ik kom", body: "answer=accept" },
        { ...answer, label: "Ik kom niet", body: "answer=decline" },
        { action: "view", label: "Open het alarm", url: page.acceptUrl },
      ],
    });
  });

  it("that tells of a trouble rings no louder than others, and asks for nothing", async () => {
    await using server = await startNtfy({ authorization: null });
    await openPager(server.url).tell?.(report, signal);
    expect(server.messages).toEqual([
      {
        topic,
        title: report.words.title,
        message: report.words.text,
        priority: 3,
        tags: ["wrench"],
        sequence_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      },
    ]);
  });

  it("has its buttons in English too", async () => {
    const labels = (await messageOf({}, "en"))?.actions?.map(({ label }) => label);
    expect(labels).toEqual(["I am coming", "Not coming", "Open the alarm"]);
  });

  it("says TEST in title, text and on every button", async () => {
    const message = await messageOf({ reason: "test", words: { title: "Spreekkamer 3", text: nl.page.why.test } });
    expect(message).toMatchObject({
      title: "TEST Spreekkamer 3",
      message: `TEST ${nl.page.why.test}`,
      tags: ["test_tube"],
    });
    expect(message?.actions?.map(({ label }) => label)).toEqual(["TEST gezien", "TEST: open"]);
    const marked = await messageOf({ reason: "test", words: { title: "TEST: kamer 3", text: "TEST. Alles is goed." } });
    expect(marked).toMatchObject({ title: "TEST: kamer 3", message: "TEST. Alles is goed." });
  });

  it("offers nothing to tap where no link could work", async () => {
    const message = await messageOf({ acceptUrl: null });
    expect(message).not.toHaveProperty("click");
    expect(message).not.toHaveProperty("actions");
  });

  it("asks nothing when it is called off", async () => {
    const message = await messageOf({ reason: "call-off", words: { title: "Niet meer nodig", text: "Klaar." } });
    expect(message).toMatchObject({ title: "Niet meer nodig", priority: 4, tags: ["white_check_mark"] });
    expect(message).not.toHaveProperty("actions");
  });

  it("is one over retries, and another for an update", async () => {
    const first = await messageOf({});
    expect((await messageOf({}))?.sequence_id).toBe(first?.sequence_id);
    const update = await messageOf({ key: "i-1-1-1-u1", reason: "update" });
    expect(update?.sequence_id).not.toBe(first?.sequence_id);
    expect(update?.actions).toHaveLength(3);
  });

  it("stays under ntfy's limit, at a whole character", async () => {
    const message = await messageOf({ words: { title: "Alarm", text: `x${"é".repeat(4000)}` } });
    expect(Buffer.byteLength(message?.message ?? "")).toBeLessThan(4096);
    expect(message?.message).toMatch(/^xé+…$/);
  });

  it("posts what the guard's page understands, and follows to the page", async () => {
    const received: string[] = [];
    const door = createServer(async (request, response) => {
      received.push(`${request.method} ${request.url} ${request.headers["content-type"]} ${await text(request)}`);
      if (request.method === "POST") response.writeHead(303, { location: "/guard/x" }).end();
      else response.writeHead(200).end("page");
    });
    await new Promise<void>((resolve) => door.listen(0, "127.0.0.1", resolve));
    const { port } = door.address() as { port: number };
    await using server = await startNtfy({ authorization: null });
    await openPager(server.url).page({ ...page, acceptUrl: `http://127.0.0.1:${port}/guard/x` }, signal);
    const [accept] = server.messages[0]?.actions ?? [];
    expect(accept && (await server.tap(accept))).toBe(200);
    expect(received[0]).toBe("POST /guard/x application/x-www-form-urlencoded answer=accept");
    door.closeAllConnections();
    await new Promise((resolve) => door.close(resolve));
  });

  it.each([
    [{ token }, `Bearer ${token}`],
    [{ user: "alarm", password: "a:b" }, "Basic YWxhcm06YTpi"],
  ])("proves who it is with %j", async (credentials, authorization) => {
    await using server = await startNtfy({ authorization });
    await openPager(server.url, credentials).page(page, signal);
    expect(server.messages).toHaveLength(1);
    await expect(openPager(server.url).page(page, signal)).rejects.toMatchObject({ reason: "misconfigured" });
  });
});

describe("the settings", () => {
  it("are ntfy's own server unless another is given", () => {
    const options = ntfy.Options.parse({ topic });
    expect(options).toEqual({ server: "https://ntfy.sh", topic });
    expect(ntfy.Options.parse(options)).toEqual(options);
    expect(ntfy.addresses(options)).toEqual([{ host: "ntfy.sh", port: 443, transport: "tls", isPlain: false }]);
    expect(ntfy.addresses(ntfy.Options.parse({ topic, server: "http://ntfy.example.nl/" }))).toEqual([
      { host: "ntfy.example.nl", port: 80, transport: "tcp", isPlain: true },
    ]);
  });

  it.each([
    { topic: "" },
    { topic: "met spatie" },
    { topic: "a/b" },
    { server: "https://ntfy.example.nl/topic" },
    { server: "https://ntfy.example.nl/?auth=x" },
    { server: "https://me:hidden@ntfy.example.nl" },
    { server: "ftp://ntfy.example.nl" },
    { user: "alone" },
    { password: "hidden" },
    { user: "a:b", password: "hidden" },
    { token: "hidden", user: "a", password: "hidden" },
    { priority: 1 },
  ])("refuses %j, without repeating a secret", (settings) => {
    const result = ntfy.Options.safeParse({ topic, ...settings });
    expect(result.success).toBe(false);
    expect(String(result.error)).not.toContain("hidden");
  });
});

function openPager(server: string, credentials: object = {}, language: "nl" | "en" = "nl") {
  const options = ntfy.Options.parse({ server, topic, ...credentials });
  return ntfy.open(options, createPagerHost(new FakeClock(pagedAt), { language }));
}
