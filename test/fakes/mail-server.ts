import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { Behaviour } from "../contracts/pager-contract.ts";
import { createRecord } from "../golden/recorder.ts";
import { toRecordedMail } from "../golden/wire.ts";

/** For 127.0.0.1 and mail.example.nl, signed by itself: it is its own authority. */
export const mailServerCa = readFileSync("test/fixtures/mail-server/certificate.pem", "utf8");

export interface MailServerSettings {
  readonly security: "tls" | "starttls" | "none";
  readonly user?: string;
  readonly password?: string;
  readonly port?: number;
  readonly key: string;
  readonly certificate: string;
}

/** Where in the dialogue it answers. */
export type Stage = "CONNECT" | "AUTH" | "MAIL" | "RCPT" | "DATA";

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Head and body as they came. */
  readonly raw: string;
  readonly isEncrypted: boolean;
  readonly user: string | null;
}

export interface Ask {
  readonly kind: "ask";
  readonly id: number;
  readonly stage: Stage;
  readonly session: string;
  readonly recipient?: string;
  readonly mail?: ReceivedMail;
}

export type Tell =
  | Ask
  | { readonly kind: "listening"; readonly port: number }
  | { readonly kind: "closed"; readonly session: string };

export type Decision =
  | { readonly kind: "reply"; readonly code: number }
  | { readonly kind: "hang" | "reset" | "garbage" };

export interface MailServer extends AsyncDisposable {
  readonly port: number;
  /** All that came in whole, in order, whatever was answered. */
  readonly mails: readonly ReceivedMail[];
  /** How many connections were opened. */
  readonly connections: number;
  /** The most that were open at once. */
  readonly maxConnections: number;
  readonly open: number;
  /** "answer" is a stage and a reply, such as "DATA 451"; "RCPT 550 a@b" refuses that recipient only. */
  behave(behaviour: Behaviour): void;
  /** Resolves with the next mail that comes in whole. */
  received(): Promise<ReceivedMail>;
  /** Resolves when no connection is open. */
  allClosed(): Promise<void>;
}

/** A real SMTP server in a process of its own, on loopback. */
export async function startMailServer(
  settings: Partial<Pick<MailServerSettings, "security" | "user" | "password" | "port">> = {},
): Promise<MailServer> {
  const full: MailServerSettings = {
    security: "tls",
    ...settings,
    key: readFileSync("test/fixtures/mail-server/key.pem", "utf8"),
    certificate: mailServerCa,
  };
  const child = fork("test/fakes/mail-server-process.ts", [JSON.stringify(full)], {
    execPath: process.execPath,
    execArgv: [],
  });
  const record = createRecord("mail-server");
  const mails: ReceivedMail[] = [];
  const sessions = new Set<string>();
  let watchers: (() => void)[] = [];
  let behaviour: Behaviour = { kind: "ok" };
  let connections = 0;
  let maxConnections = 0;

  const wake = () => {
    const woken = watchers;
    watchers = [];
    for (const watcher of woken) watcher();
  };
  const changed = () => new Promise<void>((resolve) => watchers.push(resolve));

  const port = await new Promise<number>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the mail server ended with ${code}`)));
    child.on("message", (message: Tell) => {
      if (message.kind === "listening") resolve(message.port);
      else if (message.kind === "closed") sessions.delete(message.session);
      else {
        if (message.stage === "CONNECT") {
          connections += 1;
          sessions.add(message.session);
          maxConnections = Math.max(maxConnections, sessions.size);
        }
        if (message.mail !== undefined) {
          mails.push(message.mail);
          record(toRecordedMail(message.mail));
        }
        child.send({ id: message.id, decision: toDecision(behaviour, message) });
      }
      wake();
    });
  });

  return {
    port,
    mails,
    get connections() {
      return connections;
    },
    get maxConnections() {
      return maxConnections;
    },
    get open() {
      return sessions.size;
    },
    behave: (next) => {
      behaviour = next;
    },
    async received() {
      const before = mails.length;
      while (mails.length === before) await changed();
      return mails[before] as ReceivedMail;
    },
    async allClosed() {
      while (sessions.size > 0) await changed();
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
}

function toDecision(behaviour: Behaviour, { stage, recipient }: Ask): Decision {
  const ok: Decision = { kind: "reply", code: 250 };
  if (behaviour.kind === "answer") {
    const [at, code, only] = behaviour.answer.split(" ");
    return stage === at && (only === undefined || only === recipient) ? { kind: "reply", code: Number(code) } : ok;
  }
  if (stage !== "DATA") return ok;
  if (behaviour.kind === "hang" || behaviour.kind === "garbage") return { kind: behaviour.kind };
  return behaviour.kind === "reset-after-body" ? { kind: "reset" } : ok;
}

/** A header of a mail, unfolded; undefined for none. */
export function headerOf({ raw }: ReceivedMail, name: string): string | undefined {
  const head = raw.slice(0, raw.indexOf("\r\n\r\n")).replace(/\r\n[ \t]+/g, " ");
  return new RegExp(`^${name}: (.*)$`, "im").exec(head)?.[1]?.trim();
}

/** The body as a reader sees it: RFC 2045, 6.7 (quoted-printable). */
export function bodyOf({ raw }: ReceivedMail): string {
  const bytes = raw
    .slice(raw.indexOf("\r\n\r\n") + 4)
    .replace(/=\r\n/g, "")
    .replace(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8").replace(/\r\n/g, "\n");
}
