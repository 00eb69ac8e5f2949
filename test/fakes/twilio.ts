import { createHmac } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { InboundRequest } from "../../bot/contracts.ts";
import type { Behaviour } from "../contracts/pager-contract.ts";
import { createAnswering } from "../golden/recorder.ts";
import { toRecordedRequest } from "../golden/wire.ts";
import { readTwiml } from "./twiml-reader.ts";

/** A call or message as it came in. */
export interface TwilioOrder {
  readonly resource: "Calls" | "Messages";
  readonly sid: string;
  readonly form: Readonly<Record<string, string>>;
}

export interface FakeTwilio extends AsyncDisposable {
  readonly baseUrl: string;
  /** Every order that was well formed and by the right account, in order, however it was answered. */
  readonly orders: readonly TwilioOrder[];
  behave(behaviour: Behaviour): void;
  /** Resolves with the next order that comes in whole. */
  received(): Promise<TwilioOrder>;
}

export const accountSid = "AC00000000000000000000000000000001";
export const authToken = "a1b2c3d4e5f60718293a4b5c6d7e8f90";

/**
 * The part of Twilio's REST API (2010-04-01) that makes calls and messages, on loopback. Written from its reference:
 * https://www.twilio.com/docs/voice/api/call-resource, https://www.twilio.com/docs/messaging/api/message-resource
 */
export async function startTwilio(user = `${accountSid}:${authToken}`): Promise<FakeTwilio> {
  const takeTurn = createAnswering("twilio");
  const orders: TwilioOrder[] = [];
  let waiting: ((order: TwilioOrder) => void)[] = [];
  let behaviour: Behaviour = { kind: "ok" };

  const server = createServer(async (request, response) => {
    const body = await text(request);
    await takeTurn(toRecordedRequest(request, body));
    const path = /^\/2010-04-01\/Accounts\/(\w+)\/(Calls|Messages)\.json$/.exec(request.url ?? "");
    if (path?.[1] !== accountSid || request.method !== "POST") return fail(response, 404, 20404, "not found");
    if (request.headers.authorization !== `Basic ${Buffer.from(user).toString("base64")}`) {
      return fail(response, 401, 20003, "Authenticate");
    }
    const resource = path[2] === "Calls" ? "Calls" : "Messages";
    const form = new URLSearchParams(body);
    const complaint =
      request.headers["content-type"] === "application/x-www-form-urlencoded" ? findFault(resource, form) : "no form";
    if (complaint !== null) return fail(response, 400, 21201, complaint);
    const sid = `${resource === "Calls" ? "CA" : "SM"}${String(orders.length + 1).padStart(32, "0")}`;
    const order: TwilioOrder = { resource, sid, form: Object.fromEntries(form) };
    orders.push(order);
    answer(behaviour, order, response);
    for (const resolve of waiting) resolve(order);
    waiting = [];
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;

  return {
    baseUrl: `http://127.0.0.1:${port}`,
    orders,
    behave: (next) => {
      behaviour = next;
    },
    received: () => new Promise((resolve) => waiting.push(resolve)),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What Twilio refuses, in its own words or ours; null for nothing. */
function findFault(resource: "Calls" | "Messages", form: URLSearchParams): string | null {
  if ([...form.keys()].length !== new Set(form.keys()).size) return "a parameter comes twice";
  const number = /^\+[1-9]\d{6,14}$/;
  if (!number.test(form.get("To") ?? "")) return `The 'To' number ${form.get("To")} is not a valid phone number.`;
  const callBack = URL.parse(form.get("StatusCallback") ?? "");
  // Only a message may go without one.
  const isLeftOut = resource === "Messages" && !form.has("StatusCallback");
  if (!isLeftOut && (callBack === null || callBack.hostname.includes("_")))
    return "StatusCallback is not a valid address";
  if (resource === "Calls") return findCallFault(form, number);
  const validity = Number(form.get("ValidityPeriod"));
  if (!Number.isInteger(validity) || validity < 1 || validity > 36_000) return "ValidityPeriod is out of bounds";
  if (!form.get("From") && !form.get("MessagingServiceSid")) return "A 'From' phone number is required.";
  const length = (form.get("Body") ?? "").length;
  return length === 0 || length > 1600 ? "The message body is empty or exceeds the 1600 character limit." : null;
}

function findCallFault(form: URLSearchParams, number: RegExp): string | null {
  if (!number.test(form.get("From") ?? "")) return "A 'From' phone number is required.";
  if (form.has("Url")) return "Url makes Twiml be ignored";
  const twiml = form.get("Twiml") ?? "";
  if (twiml.length > 4000) return "Twiml exceeds 4000 characters";
  const timeout = Number(form.get("Timeout"));
  if (!(timeout > 0 && timeout <= 600)) return "Timeout is out of bounds";
  try {
    readTwiml(twiml);
    return null;
  } catch (error) {
    return `Document parse failure: ${error}`;
  }
}

function fail(response: ServerResponse, status: number, code: number, message: string): void {
  const body = { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status };
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function answer(behaviour: Behaviour, { sid, form }: TwilioOrder, response: ServerResponse): void {
  switch (behaviour.kind) {
    case "ok": {
      const body = { sid, account_sid: accountSid, to: form.To, from: form.From ?? null, status: "queued" };
      response.writeHead(201, { "content-type": "application/json" }).end(JSON.stringify(body));
      return;
    }
    case "status":
      response.writeHead(behaviour.status, behaviour.headers).end(behaviour.body);
      return;
    case "reset-after-body":
      response.socket?.resetAndDestroy();
      return;
    case "garbage":
      response.socket?.end("this is not HTTP\r\n\r\n");
      return;
    case "answer":
      throw new Error("Twilio has no answers but those of HTTP");
    case "hang":
  }
}

/**
 * A call-back as Twilio posts it to `address`, whose part behind # it keeps to itself; signed with `token`. A name with
 * several values comes several times.
 */
export function toCallBack(
  address: string,
  form: Readonly<Record<string, string | readonly string[]>>,
  { token = authToken, signed = toBare(address), receivedAt = Date.UTC(2026, 10, 24, 9, 2, 0) } = {},
): InboundRequest {
  const body = new URLSearchParams();
  let data = signed;
  for (const name of Object.keys(form).sort()) {
    const values = [form[name] ?? []].flat();
    for (const value of values) body.append(name, value);
    for (const value of [...new Set(values)].sort()) data += name + value;
  }
  return {
    method: "POST",
    path: "",
    query: new URL(address).search.slice(1),
    headers: {
      "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
      "x-twilio-signature": createHmac("sha1", token).update(data, "utf8").digest("base64"),
    },
    body: Buffer.from(body.toString()),
    remote: "54.172.60.1",
    receivedAt,
  };
}

function toBare(address: string): string {
  return address.replace(/#.*$/s, "");
}
