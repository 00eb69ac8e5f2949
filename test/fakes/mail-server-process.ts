/**
 * A mail server in a process of its own: the npm package smtp-server, which knows the protocol. What it answers at each
 * stage is asked of the process that started it (test/fakes/mail-server.ts), so that nothing races.
 */
import { buffer } from "node:stream/consumers";
import { SMTPServer, type SMTPServerSession } from "smtp-server";
import type { Ask, Decision, MailServerSettings, Stage, Tell } from "./mail-server.ts";

const settings: MailServerSettings = JSON.parse(process.argv[2] ?? "");
const waiting = new Map<number, (decision: Decision) => void>();
let asked = 0;

process.on("message", ({ id, decision }: { id: number; decision: Decision }) => {
  waiting.get(id)?.(decision);
  waiting.delete(id);
});
// Whoever started it is gone.
process.on("disconnect", () => process.exit(0));

const tell = (message: Tell) => process.send?.(message);

function decide(ask: Omit<Ask, "kind" | "id">, session: SMTPServerSession, done: (error?: Error | null) => void): void {
  asked += 1;
  waiting.set(asked, (decision) => {
    const connection = [...server.connections].find(({ session: { id } }) => id === session.id);
    if (decision.kind === "reset") connection?._socket.destroy();
    else if (decision.kind === "garbage") connection?._socket.write("this is no reply at all\r\n");
    else if (decision.kind === "reply" && decision.code >= 400) {
      done(Object.assign(new Error("as told, somebody@example.nl"), { responseCode: decision.code }));
    } else if (decision.kind !== "hang") done();
  });
  tell({ kind: "ask", id: asked, ...ask });
}

const onlyAt = (stage: Stage, session: SMTPServerSession) => ({ stage, session: session.id });

const server = new SMTPServer({
  secure: settings.security === "tls",
  key: settings.key,
  cert: settings.certificate,
  disabledCommands: [
    ...(settings.security === "none" ? ["STARTTLS"] : []),
    ...(settings.user === undefined ? ["AUTH"] : []),
  ],
  authOptional: settings.user === undefined,
  disableReverseLookup: true,
  closeTimeout: 10,
  logger: false,
  onConnect: (session, done) => decide(onlyAt("CONNECT", session), session, done),
  onAuth({ username, password }, session, done) {
    if (username !== settings.user || password !== settings.password) {
      done(Object.assign(new Error("wrong"), { responseCode: 535 }));
      return;
    }
    decide(onlyAt("AUTH", session), session, (error) => done(error, error ? undefined : { user: username }));
  },
  onMailFrom: (_address, session, done) => decide(onlyAt("MAIL", session), session, done),
  onRcptTo: ({ address }, session, done) => decide({ ...onlyAt("RCPT", session), recipient: address }, session, done),
  onData(stream, session, done) {
    const take = (raw: Buffer) => {
      const { mailFrom, rcptTo } = session.envelope;
      const mail = {
        from: mailFrom === false ? "" : mailFrom.address,
        to: rcptTo.map(({ address }) => address),
        raw: raw.toString("utf8"),
        isEncrypted: session.secure,
        user: session.user === undefined ? null : String(session.user),
      };
      decide({ ...onlyAt("DATA", session), mail }, session, done);
    };
    // Whoever hangs up in the middle of a mail has sent none.
    buffer(stream).then(take, () => {});
  },
  onClose: (session) => tell({ kind: "closed", session: session.id }),
});
server.on("error", () => {});
const listening = server.listen(settings.port ?? 0, "127.0.0.1", () => {
  const address = listening.address();
  tell({ kind: "listening", port: typeof address === "object" && address ? address.port : 0 });
});
