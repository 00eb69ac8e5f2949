import { type AddressInfo, createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { smtp } from "../../../adapters/pagers/smtp.ts";
import type { Page } from "../../../bot/contracts.ts";
import { mail as mailWords } from "../../../bot/words/guard/mail.ts";
import { type AnswerCase, page, pagedAt, pagerContract, report } from "../../contracts/pager-contract.ts";
import { nl } from "../../dutch.ts";
import { FakeClock } from "../../fakes/clock.ts";
import {
  bodyOf,
  headerOf,
  type MailServer,
  mailServerCa,
  type ReceivedMail,
  startMailServer,
} from "../../fakes/mail-server.ts";
import { createPagerHost } from "../../fakes/pager-host.ts";

const login = { user: "rugdekking", password: "a-secret-of-the-mail-server" };
const addresses = { from: "alarm@gemeente.example.nl", to: ["meldkamer@beveiliging.example.nl"] };
const signal = new AbortController().signal;

/** RFC 5321, 4.2.3. */
const answers: AnswerCase[] = [
  answer("DATA 250", null),
  answer("MAIL 421", "throttled"),
  answer("DATA 421", "throttled"),
  answer("RCPT 450", "throttled"),
  answer("DATA 451", "throttled"),
  answer("MAIL 452", "throttled"),
  answer("MAIL 454", "throttled"),
  // Authentication required: the settings lack a user, and no mail of theirs will ever be taken.
  answer("MAIL 530", "misconfigured"),
  answer("RCPT 550", "refused"),
  answer("RCPT 553", "refused"),
  answer("MAIL 552", "refused"),
  answer("DATA 550", "refused"),
  answer("DATA 554", "refused"),
];

function answer(text: string, reason: AnswerCase["reason"]): AnswerCase {
  return { behaviour: { kind: "answer", answer: text }, reason };
}

pagerContract(
  "smtp",
  smtp,
  async () => {
    const server = await startMailServer(login);
    return {
      options: {
        host: "127.0.0.1",
        port: server.port,
        security: "tls" as const,
        ...login,
        ...addresses,
        ca: mailServerCa,
      },
      behave: server.behave,
      received: server.received,
      get keys() {
        return server.mails.map((mail) => headerOf(mail, "Message-ID") ?? "");
      },
      lastText: () => server.mails.slice(-1).map(bodyOf).join(),
      secrets: [login.user, login.password, addresses.from, ...addresses.to, "somebody@example.nl"],
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  },
  answers,
);

describe("the mail", () => {
  let server: MailServer;
  beforeAll(async () => {
    server = await startMailServer(login);
  });
  afterAll(() => server[Symbol.asyncDispose]());

  async function mailOf(
    changes: Partial<Page>,
    language: "nl" | "en" = "nl",
    to = addresses.to,
  ): Promise<ReceivedMail> {
    const options = smtp.Options.parse({ ...toSettings(server), ...login, to });
    await using ready = smtp.open(options, createPagerHost(new FakeClock(pagedAt), { language }));
    const { reason } = { ...page, ...changes };
    const send = reason === "update" ? ready.update : reason === "call-off" ? ready.callOff : ready.page;
    await send?.({ ...page, ...changes }, signal);
    return server.mails.at(-1) as ReceivedMail;
  }

  it("carries the sentences, and the link alone on its line, to the last character", async () => {
    const long = `https://alarm.example.nl/guard/${"t".repeat(300)}=.-_`;
    const mail = await mailOf({ acceptUrl: long, words: { title: "Alarm", text: "Eén regel.\nNog een: café €." } });
    expect(bodyOf(mail)).toBe(
      `Eén regel.\nNog een: café €.\n\nGeef antwoord via deze link:\n${long}\n\nBeantwoord deze mail niet. Niemand leest de antwoorden.\n`,
    );
    expect(headerOf(mail, "Content-Type")).toBe("text/plain; charset=utf-8");
  });

  it("says in English what it says in Dutch", async () => {
    const mail = await mailOf({ words: { title: "Alarm", text: `Come. ${"Now or never. ".repeat(20)}` } }, "en");
    expect(bodyOf(mail)).toContain(`Answer with this link:\n${page.acceptUrl}\n`);
    // No "format=flowed", which puts spaces where lines are long.
    expect(headerOf(mail, "Content-Type")).toBe("text/plain; charset=utf-8");
  });

  it("has the heads that make it urgent, and those that keep machines from answering", async () => {
    const mail = await mailOf({});
    expect(headerOf(mail, "From")).toBe(addresses.from);
    expect(headerOf(mail, "To")).toBe(addresses.to[0]);
    expect(headerOf(mail, "Subject")).toBe("Alarm in Spreekkamer 3");
    expect(headerOf(mail, "Date")).toBe("Tue, 24 Nov 2026 09:01:00 +0000");
    expect(headerOf(mail, "X-Priority")).toBe("1 (Highest)");
    expect(headerOf(mail, "Importance")).toBe("High");
    expect(headerOf(mail, "Auto-Submitted")).toBe("auto-generated");
    expect(headerOf(mail, "X-Mailer")).toBeUndefined();
    expect(headerOf(mail, "In-Reply-To")).toBeUndefined();
    expect(mail).toMatchObject({ from: addresses.from, to: addresses.to, isEncrypted: true, user: login.user });
  });

  it("is of no more importance than others when it tells of a trouble, and has no link", async () => {
    await using ready = openPager(server, login, { to: addresses.to });
    await ready.tell?.(report, signal);
    const mail = server.mails.at(-1) ?? expect.fail("no mail came");
    expect(headerOf(mail, "Subject")).toBe(report.words.title);
    expect(bodyOf(mail)).toBe(`${report.words.text}\n\n${mailWords.nl.noReply}\n`);
    for (const name of ["X-Priority", "Importance", "X-MSMail-Priority"]) expect(headerOf(mail, name)).toBeUndefined();
    expect(headerOf(mail, "Auto-Submitted")).toBe("auto-generated");
  });

  it("keeps its Message-ID over retries, and updates and call-offs refer to it", async () => {
    const first = headerOf(await mailOf({}), "Message-ID");
    const again = headerOf(await mailOf({}), "Message-ID");
    expect(first).toMatch(/^<[0-9a-f]{32}@gemeente\.example\.nl>$/);
    expect(again).toBe(first);
    for (const reason of ["update", "call-off"] as const) {
      const mail = await mailOf({ key: `i-1-1-1-${reason}`, reason });
      expect(headerOf(mail, "Message-ID")).not.toBe(first);
      expect(headerOf(mail, "In-Reply-To")).toBe(first);
      expect(headerOf(mail, "References")).toBe(first);
    }
  });

  it("asks for no answer when it is called off, or when there is no link", async () => {
    const calledOff = bodyOf(await mailOf({ reason: "call-off", words: { title: "Niet meer nodig", text: "Klaar." } }));
    expect(calledOff).toBe("Klaar.\n\nBeantwoord deze mail niet. Niemand leest de antwoorden.\n");
    expect(bodyOf(await mailOf({ acceptUrl: null }))).not.toContain("link");
  });

  it("says TEST in subject, text and at the link", async () => {
    const words = { title: "TEST: Spreekkamer 3", text: `TEST. ${nl.page.why.test}` };
    const mail = await mailOf({ reason: "test", words });
    expect(headerOf(mail, "Subject")).toBe("TEST: Spreekkamer 3");
    expect(bodyOf(mail)).toContain(
      `TEST. ${nl.page.why.test}\n\nTEST. Geef antwoord via deze link:\n${page.acceptUrl}`,
    );
  });

  it("puts a TEST in front of what lacks it", async () => {
    const mail = await mailOf({ reason: "test", words: { title: "Spreekkamer 3", text: nl.page.why.test } });
    expect(headerOf(mail, "Subject")).toBe("TEST Spreekkamer 3");
    expect(bodyOf(mail)).toMatch(new RegExp(`^TEST ${nl.page.why.test}\n`));
  });

  it("lets nobody add a head through the title", async () => {
    const title = "Alarm\r\nBcc: thief@example.org\r\n\r\nText";
    const mail = await mailOf({ words: { title, text: "Kom." } });
    expect(headerOf(mail, "Bcc")).toBeUndefined();
    expect(headerOf(mail, "Subject")).toBe("Alarm Bcc: thief@example.org Text");
    expect(mail.to).toEqual(addresses.to);
  });

  it("goes to ten, in one mail", async () => {
    const to = Array.from({ length: 10 }, (_, index) => `m${index}@beveiliging.example.nl`);
    const before = server.mails.length;
    expect((await mailOf({}, "nl", to)).to).toEqual(to);
    expect(server.mails.length - before).toBe(1);
  });

  it("is accepted when one of several was, with a note that names nobody", async () => {
    const to = ["weg@beveiliging.example.nl", "meldkamer@beveiliging.example.nl"];
    server.behave({ kind: "answer", answer: `RCPT 550 ${to[0]}` });
    const host = createPagerHost(new FakeClock(pagedAt));
    await using ready = smtp.open(smtp.Options.parse({ ...toSettings(server), ...login, to }), host);
    await expect(ready.page(page, signal)).resolves.toEqual({ acceptedAt: pagedAt });
    server.behave({ kind: "ok" });
    expect(server.mails.at(-1)?.to).toEqual([to[1]]);
    expect(host.notes).toEqual([{ event: "mail-partly-refused", facts: { accepted: 1, refused: 1 } }]);
  });
});

describe("the connection", () => {
  it("is kept, four at most, and given up on when nothing is to be sent", async () => {
    await using server = await startMailServer(login);
    const ready = openPager(server, login);
    await Promise.all(Array.from({ length: 30 }, (_, index) => ready.page({ ...page, key: `k-${index}` }, signal)));
    expect(server.mails).toHaveLength(30);
    expect(server.connections).toBe(4);
    expect(server.maxConnections).toBe(4);
    await ready[Symbol.asyncDispose]();
    await server.allClosed();
    await expect(ready.page(page, signal)).rejects.toMatchObject({ reason: "unreachable" });
  });

  it("is let go of when its sending is given up: four that hang hold up no fifth", async () => {
    await using server = await startMailServer(login);
    await using ready = openPager(server, login);
    server.behave({ kind: "hang" });
    const controller = new AbortController();
    const hanging = [0, 1, 2, 3, 4, 5].map((index) => ready.page({ ...page, key: `k-${index}` }, controller.signal));
    const failed = Promise.allSettled(hanging);
    while (server.mails.length < 4) await server.received();
    server.behave({ kind: "ok" });
    controller.abort();
    for (const { status, ...rest } of await failed) {
      expect({ status, ...rest }).toMatchObject({ status: "rejected", reason: { reason: "unreachable" } });
    }
    await expect(ready.page(page, signal)).resolves.toEqual({ acceptedAt: pagedAt });
    expect(server.open).toBe(1);
  });

  it("that the server has closed meanwhile costs no page", async () => {
    let server = await startMailServer(login);
    const { port } = server;
    await using ready = openPager(server, login);
    await ready.page(page, signal);
    await server[Symbol.asyncDispose]();
    server = await startMailServer({ ...login, port });
    await expect(ready.page(page, signal)).resolves.toEqual({ acceptedAt: pagedAt });
    expect(server.mails).toHaveLength(1);
    await server[Symbol.asyncDispose]();
  });

  it("ends with what it holds, also what is under way", async () => {
    await using server = await startMailServer(login);
    server.behave({ kind: "hang" });
    const ready = openPager(server, login);
    const received = server.received();
    const sending = ready.page(page, signal);
    const failing = expect(sending).rejects.toMatchObject({ reason: "unreachable" });
    await received;
    await ready[Symbol.asyncDispose]();
    await failing;
    await server.allClosed();
  });

  it("that is refused is unreachable, and says which host and with which code", async () => {
    const server = await startMailServer(login);
    await server[Symbol.asyncDispose]();
    await using ready = openPager(server, login);
    await expect(ready.page(page, signal)).rejects.toMatchObject({
      reason: "unreachable",
      message: expect.stringMatching(/^The connection with 127\.0\.0\.1 failed \(E[A-Z]+\)\.$/),
    });
  });
});

describe("what a new connection is told", () => {
  let server: MailServer;
  beforeAll(async () => {
    server = await startMailServer(login);
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it.each([
    ["CONNECT 421", "throttled"],
    ["CONNECT 554", "refused"],
    // 4xx to a login is "not now" (RFC 4954, 6); 5xx is about the settings, and no mail was ever shown.
    ["AUTH 454", "throttled"],
    ["AUTH 534", "misconfigured"],
    ["AUTH 535", "misconfigured"],
    ["AUTH 538", "misconfigured"],
  ])("%s is %s", async (text, reason) => {
    server.behave({ kind: "answer", answer: text });
    await using ready = openPager(server, login);
    const error = await failureOf(ready.page(page, signal));
    server.behave({ kind: "ok" });
    expect(error).toMatchObject({ reason, retryAfterMs: null });
    expect(server.mails).toHaveLength(0);
  });

  it("with a wrong password is misconfigured, and tells nobody which", async () => {
    await using ready = openPager(server, { ...login, password: "not-the-password" });
    const error = await failureOf(ready.page(page, signal));
    expect(error).toMatchObject({ reason: "misconfigured" });
    expect(`${error.message} ${error.stack} ${error.cause}`).not.toContain("not-the-password");
  });
});

describe("security", () => {
  it("upgrades by STARTTLS before it says who it is", async () => {
    await using server = await startMailServer({ ...login, security: "starttls" });
    await using ready = openPager(server, login, { security: "starttls" });
    await ready.page(page, signal);
    expect(server.mails).toMatchObject([{ isEncrypted: true, user: login.user }]);
  });

  it("sends nothing when the server offers no STARTTLS", async () => {
    await using server = await startMailServer({ security: "none" });
    await using ready = openPager(server, {}, { security: "starttls" });
    await expect(ready.page(page, signal)).rejects.toMatchObject({ reason: "misconfigured" });
    expect(server.mails).toHaveLength(0);
  });

  it("sends in the clear only where it was told to", async () => {
    await using server = await startMailServer({ security: "none" });
    await using ready = openPager(server, {}, { security: "none" });
    await ready.page(page, signal);
    expect(server.mails).toMatchObject([{ isEncrypted: false, user: null }]);
  });

  it.each(["tls", "starttls"] as const)(
    "%s with a certificate that is not to be trusted is misconfigured",
    async (security) => {
      await using server = await startMailServer({ ...login, security });
      // An authority nobody knows, and a certificate for another name.
      for (const changes of [{ ca: undefined }, { host: "localhost" }]) {
        await using ready = openPager(server, login, { security, ...changes });
        await expect(ready.page(page, signal)).rejects.toMatchObject({ reason: "misconfigured" });
      }
      expect(server.mails).toHaveLength(0);
    },
  );

  it("TLS that fails by the server's own trouble is unreachable", async () => {
    // The alert internal_error (RFC 8446, 6.2), in the place of a handshake.
    const troubled = createServer((socket) => {
      socket.on("error", () => {}).once("data", () => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, 80])));
    });
    await new Promise<void>((resolve) => troubled.listen(0, "127.0.0.1", resolve));
    const { port } = troubled.address() as AddressInfo;
    await using ready = smtp.open(smtp.Options.parse({ host: "127.0.0.1", port, ...addresses }), createPagerHost());
    await expect(ready.page(page, signal)).rejects.toMatchObject({ reason: "unreachable" });
    await new Promise((resolve) => troubled.close(resolve));
  });

  it("TLS to a server that speaks none is misconfigured", async () => {
    await using server = await startMailServer({ security: "none" });
    await using ready = openPager(server, {}, { security: "tls" });
    await expect(ready.page(page, signal)).rejects.toMatchObject({ reason: "misconfigured" });
  });

  it.each(["169.254.169.254", "fe80::1", "168.63.129.16"])("connects to no %s", async (host) => {
    await using ready = smtp.open(smtp.Options.parse({ host, ...addresses }), createPagerHost());
    await expect(ready.page(page, signal)).rejects.toMatchObject({ reason: "misconfigured" });
  });
});

describe("the settings", () => {
  const host = "mail.example.nl";
  const parse = (settings: object) => smtp.Options.parse({ host, ...addresses, ...settings });

  it.each([
    [{}, { port: 465, security: "tls" }],
    [{ port: 587 }, { port: 587, security: "starttls" }],
    [{ port: 2525 }, { port: 2525, security: "tls" }],
    [{ security: "starttls" }, { port: 587, security: "starttls" }],
    [{ security: "none" }, { port: 25, security: "none" }],
    [
      { port: 465, security: "tls" },
      { port: 465, security: "tls" },
    ],
  ])("%j means %j", (settings, expected) => {
    expect(parse(settings)).toMatchObject(expected);
    expect(smtp.Options.parse(parse(settings))).toEqual(parse(settings));
  });

  it("takes one recipient or several", () => {
    expect(parse({ to: "a@example.nl" })).toMatchObject({ to: ["a@example.nl"] });
    expect(parse({ to: ["a@example.nl", "b@example.nl"] })).toMatchObject({ to: ["a@example.nl", "b@example.nl"] });
  });

  it.each([
    { host: "" },
    { host: "mail.example.nl:25" },
    { host: "https://mail.example.nl" },
    { port: 0 },
    { to: [] },
    { to: "geen adres" },
    { to: "a@example.nl\r\nBcc: b@example.nl" },
    { to: Array.from({ length: 11 }, (_, index) => `m${index}@example.nl`) },
    { from: "alarm" },
    { security: "tls13" },
    { user: "alone" },
    { password: "hidden-password-alone" },
    { ca: "not a certificate" },
    { rejectUnauthorized: false },
  ])("refuses %j, without repeating a secret", (settings) => {
    const result = smtp.Options.safeParse({ host, ...addresses, ...settings });
    expect(result.success).toBe(false);
    expect(String(result.error)).not.toContain("hidden-password-alone");
  });

  it("warns of what crosses the network in the clear", () => {
    expect(smtp.addresses(parse({ security: "none" }))).toMatchObject([
      { host, port: 25, transport: "tcp", isPlain: true },
    ]);
    expect(smtp.addresses(parse({ security: "starttls" }))).toMatchObject([
      { host, port: 587, transport: "tcp", isPlain: false },
    ]);
    expect(smtp.addresses(parse({}))).toMatchObject([{ host, port: 465, transport: "tls", isPlain: false }]);
  });
});

function toSettings(server: MailServer) {
  return { host: "127.0.0.1", port: server.port, security: "tls", ...addresses, ca: mailServerCa };
}

function openPager(server: MailServer, credentials: object, changes: object = {}) {
  const options = smtp.Options.parse({ ...toSettings(server), ...credentials, ...changes });
  return smtp.open(options, createPagerHost(new FakeClock(pagedAt)));
}

async function failureOf(sending: Promise<unknown>): Promise<Error> {
  return sending.then(
    () => new Error("it was accepted"),
    (error: Error) => error,
  );
}
