import { X509Certificate } from "node:crypto";
import net from "node:net";
import { z } from "zod";
import type { Page, Pager, Receipt, Report } from "../../bot/contracts.ts";
import type { Language } from "../../bot/domain/language.ts";
import { DeliveryError } from "../../bot/errors.ts";
import { toDigest } from "../../bot/kit/digest.ts";
import { isWithoutConnection } from "../../bot/kit/network.ts";
import { safeFor } from "../../bot/kit/safe-text.ts";
import type { Clock } from "../../bot/ports/time.ts";
import { maxSendMs } from "../../bot/ports/timing.ts";
import { mail as mailWords } from "../../bot/words/guard/mail.ts";
import { toMarked } from "../../bot/words/guard/push.ts";
import { expects } from "../../bot/words/settings/expects.ts";
import { checkTarget, forbiddenCode, forbiddenTarget, guardedLookup } from "../kit/network/target.ts";
import { toTlsFailure } from "../kit/network/tls-failure.ts";

/** RFC 8314, 3.3: 465 speaks TLS from the first byte; RFC 6409: 587 is for submission and upgrades. */
const portOf = { tls: 465, starttls: 587, none: 25 } as const;

const SmtpOptions = z
  .strictObject({
    host: z.string().refine(isHost, expects("host")),
    port: z.int().min(1).max(65_535).optional(),
    /** `starttls` goes on in TLS or not at all; `none` is for a mail server on this machine. */
    security: z.enum(["tls", "starttls", "none"]).optional(),
    user: z.string().min(1).optional(),
    password: z.string().min(1).optional(),
    from: z.email(expects("mail")),
    to: z.union([z.email().transform((one) => [one]), z.array(z.email()).min(1).max(10)], expects("oneToTenMails")),
    /** PEM. The only authority whose certificates are taken, in the place of the public ones. */
    ca: z.string().refine(isCertificate, expects("certificate")).optional(),
  })
  .refine(({ user, password }) => (user === undefined) === (password === undefined), {
    error: expects("userAndPassword"),
    path: ["password"],
  })
  .transform(({ port, security, ...rest }) => {
    const chosen = security ?? (port === 587 ? "starttls" : "tls");
    return { ...rest, security: chosen, port: port ?? portOf[chosen] };
  });
type SmtpOptions = z.infer<typeof SmtpOptions>;

/** A server that checks a mail before it accepts it needs some seconds. */
const timeoutMs = maxSendMs;
/** Many servers answer 421 to more connections at once. */
const maxConnections = 4;
const idleTimeout = 30_000;

/**
 * Mail with the guard's link. A retry carries the same Message-ID (RFC 5322, 3.6.4), so that it is one mail in many
 * mailboxes; updates and call-offs refer to the page's. Accepted means that the mail server has the mail, not that
 * anybody has read it.
 */
export const smtp: Pager<SmtpOptions> = {
  title: "Mail (SMTP)",
  Options: SmtpOptions,
  canCall: false,
  canTell: true,
  mayGetPhones: true,
  addresses: ({ host, port, security, ca }) => [
    { host, port, transport: security === "tls" ? "tls" : "tcp", ca, isPlain: security === "none" },
  ],
  open(options, { clock, language, note }) {
    const pool = new MailPool(options, clock);

    async function sendMail(mail: Mail, signal: AbortSignal): Promise<Receipt> {
      const { accepted, rejected } = await pool.send(mail, signal);
      // The accepted addresses have the mail: sending it to all once more would page them twice.
      if (rejected.length > 0) note("mail-partly-refused", { accepted: accepted.length, refused: rejected.length });
      return { acceptedAt: clock.wall() };
    }
    const send = (page: Page, signal: AbortSignal) => sendMail(toMail(page, options, language, clock.wall()), signal);

    return {
      timeoutMs,
      page: send,
      update: send,
      callOff: send,
      tell: (report, signal) => sendMail(toReportMail(report, options, language, clock.wall()), signal),
      [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
    };
  },
};

type Mail = ReturnType<typeof toMail> | ReturnType<typeof toReportMail>;

/** The connections to one mail server. Disposing ends them, and what is under way on them. */
class MailPool implements AsyncDisposable {
  readonly #host: string;
  readonly #closed = new AbortController();
  readonly #transport: ReturnType<typeof openTransport>;

  constructor(options: SmtpOptions, clock: Clock) {
    this.#host = options.host;
    this.#transport = openTransport(options, clock, this.#closed.signal);
  }

  /** Resolves when the server has the mail for at least one address; rejects with DeliveryError. */
  async send(mail: Mail, signal: AbortSignal) {
    if (signal.aborted || this.#closed.signal.aborted) {
      throw new DeliveryError("unreachable", "Stopped before it was sent.");
    }
    checkTarget(this.#host);
    try {
      return await (await this.#transport).sendMail({ ...mail, signal });
    } catch (error) {
      throw toDeliveryError(error, this.#host);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort();
    (await this.#transport).close({ force: true });
  }
}

/** Its library is loaded by who has a mail server. */
async function openTransport(options: SmtpOptions, clock: Clock, closed: AbortSignal) {
  const { host, port, security, user, password, ca } = options;
  const { createTransport } = await import("nodemailer");
  return createTransport({
    pool: true,
    host,
    port,
    secure: security === "tls",
    requireTLS: security === "starttls",
    ignoreTLS: security === "none",
    ...(user === undefined || password === undefined ? {} : { auth: { user, pass: password } }),
    tls: { minVersion: "TLSv1.2", ...(ca === undefined ? {} : { ca }) },
    maxConnections,
    idleTimeout,
    // One repeat, when the server had closed an idle connection before a byte of the mail went out. Other retries are
    // the outbox's.
    maxRequeues: 1,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: idleTimeout + timeoutMs,
    // A connection that is given up must not take one of the few places while it closes.
    socketCloseTimeout: 0,
    disableFileAccess: true,
    disableUrlAccess: true,
    // Without this the library would look up the name and connect to whatever address it has.
    getSocket: (_options: unknown, done: ConnectCallback) => openSocket(options, clock, closed, done),
  });
}

type ConnectCallback = (error: Error | null, found?: { connection: net.Socket }) => void;

/** Connects to the mail server. The socket ends with `closed`, also when it is connected. */
function openSocket({ host, port }: SmtpOptions, clock: Clock, closed: AbortSignal, done: ConnectCallback): void {
  const deadline = clock.timeout(timeoutMs);
  const signal = AbortSignal.any([closed, deadline.signal]);
  const socket = net.connect({ host, port, lookup: guardedLookup, signal });
  const fail = (error: Error) => {
    deadline[Symbol.dispose]();
    done(error);
  };
  socket.once("error", fail).once("connect", () => {
    deadline[Symbol.dispose]();
    socket.removeListener("error", fail);
    done(null, { connection: socket });
  });
}

function toMail(page: Page, options: SmtpOptions, language: Language, now: number) {
  const thread = toMessageId(page.pageKey, options.from);
  const isPage = page.key === page.pageKey;
  return {
    ...toEnvelope(page.key, options, now),
    subject: safeFor.header(toMarked(page.reason, page.words.title)),
    text: toText(page, language),
    ...(isPage ? {} : { inReplyTo: thread, references: thread }),
    // X-Priority, X-MSMail-Priority and Importance.
    priority: "high" as const,
  };
}

/** No alarm, and of no more importance than other mail. */
function toReportMail({ key, words }: Report, options: SmtpOptions, language: Language, now: number) {
  return {
    ...toEnvelope(key, options, now),
    subject: safeFor.header(words.title),
    text: `${safeFor.plain(words.text)}\n\n${mailWords[language].noReply}\n`,
  };
}

function toEnvelope(key: string, { from, to }: SmtpOptions, now: number) {
  return {
    from,
    to: [...to],
    textEncoding: "quoted-printable" as const,
    messageId: toMessageId(key, from),
    date: new Date(now),
    // RFC 3834: no out-of-office answers to this.
    headers: { "Auto-Submitted": "auto-generated" },
  };
}

/** The link stands alone on its line, so that every mail program makes it one to click. */
function toText({ reason, acceptUrl, words }: Page, language: Language): string {
  const { answer, answerTest, noReply } = mailWords[language];
  const parts = [safeFor.plain(toMarked(reason, words.text))];
  if (acceptUrl !== null && reason !== "call-off")
    parts.push(`${reason === "test" ? answerTest : answer}\n${acceptUrl}`);
  return `${[...parts, noReply].join("\n\n")}\n`;
}

/** The Message-ID of a key, hashed because a key may hold what no Message-ID may. */
function toMessageId(key: string, from: string): string {
  const left = toDigest(key).slice(0, 32);
  return `<${left}@${from.slice(from.lastIndexOf("@") + 1)}>`;
}

/** Keeps only codes, because the library's messages repeat the server's answer, with addresses in it. */
function toDeliveryError(error: unknown, host: string): DeliveryError {
  const code = String(fieldOf(error, "originalCode") ?? fieldOf(error, "code") ?? "UNKNOWN");
  const cause = new Error(code);
  if (code === forbiddenCode) return new DeliveryError("misconfigured", forbiddenTarget, { cause });
  if (toTlsFailure(code) === "untrusted") {
    return new DeliveryError(
      "misconfigured",
      `The certificate of ${host} is not to be trusted, or the mail server speaks no TLS there (${code}).`,
      { cause },
    );
  }
  const reply = fieldOf(error, "responseCode");
  if (typeof reply === "number") return toReplyError(reply, code, cause);
  if (code === "EAUTH") {
    return new DeliveryError("misconfigured", "The mail server offers no way to log in that is known here.", { cause });
  }
  const isLate = code === "EABORT";
  const message = isLate ? `No answer from ${host} in time.` : `The connection with ${host} failed (${code}).`;
  // The library does not tell how far it came.
  return new DeliveryError("unreachable", message, { cause, mayHaveArrived: !isWithoutConnection(code) });
}

/**
 * RFC 5321, 4.2.1: 4xx is "come back later", 5xx is final. A final refusal of the login (RFC 4954: 535, 534, 538), of
 * sending without one (530) or of STARTTLS is not about the mail: nothing was sent, and the settings have to change.
 */
function toReplyError(reply: number, code: string, cause: Error): DeliveryError {
  const message = `The mail server answered ${reply}.`;
  if (reply >= 400 && reply < 500) return new DeliveryError("throttled", message, { cause });
  if (reply < 500 || reply > 599) return new DeliveryError("unreachable", message, { cause });
  const isSetting = code === "EAUTH" || code === "ETLS" || reply === 530;
  return new DeliveryError(isSetting ? "misconfigured" : "refused", message, { cause });
}

function fieldOf(error: unknown, name: string): unknown {
  return error instanceof Error && name in error ? Reflect.get(error, name) : undefined;
}

function isHost(host: string): boolean {
  return net.isIP(host) !== 0 || /^[a-z0-9]([\w.-]*[a-z0-9])?$/i.test(host);
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false;
  }
}
