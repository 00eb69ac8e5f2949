import { type HttpCall, type HttpProvider, type HttpReply, startHttpProvider } from "./http-provider.ts";

/** One message as CM.com's gateway reads it. */
export interface CmMessage {
  readonly from: string;
  readonly to: readonly { readonly number: string }[];
  readonly body: { readonly type: string; readonly content: string };
  readonly reference?: string;
  readonly validity?: string;
  readonly minimumNumberOfMessageParts?: number;
  readonly maximumNumberOfMessageParts?: number;
  readonly allowedChannels?: readonly string[];
}

export interface Cm extends HttpProvider {
  readonly messages: readonly CmMessage[];
}

/**
 * CM.com's Business Messaging API: https://developers.cm.com/messaging/docs/integration and
 * …/docs/responses-errors-json.
 */
export async function startCm({ productToken }: { productToken: string }): Promise<Cm> {
  const provider = await startHttpProvider("cm", (call) => reply(call, productToken));
  return {
    ...provider,
    get messages() {
      return provider.calls.flatMap(({ body }) => JSON.parse(body).messages.msg as CmMessage[]);
    },
  };
}

function reply({ method, path, headers, body }: HttpCall, productToken: string): HttpReply {
  if (method !== "POST" || path !== "/v1.0/message") return { status: 404, body: {} };
  if (headers["x-cm-producttoken"] !== productToken) {
    const details = "No account found for the given authentication";
    return { status: 400, body: { details, errorCode: 101, messages: [] } };
  }
  const messages = (JSON.parse(body).messages.msg as CmMessage[]).map(toResult);
  const created = messages.filter(({ messageErrorCode }) => messageErrorCode === 0).length;
  return {
    status: created === 0 ? 400 : 200,
    body: { details: `Created ${created} message(s)`, errorCode: created === messages.length ? 0 : 201, messages },
  };
}

function toResult({ to, body, reference }: CmMessage) {
  const number = to[0]?.number ?? "";
  const messageErrorCode = !/^00\d{7,15}$/.test(number)
    ? 303
    : body.content === ""
      ? 304
      : /^[A-Za-z0-9]{1,32}$/.test(reference ?? "x")
        ? 0
        : 305;
  const isAccepted = messageErrorCode === 0;
  return {
    to: number,
    status: isAccepted ? "Accepted" : "Rejected",
    reference: reference ?? null,
    parts: isAccepted ? Math.ceil(body.content.length / 153) : 0,
    messageDetails: isAccepted ? null : `'${number}' is not right.`,
    messageErrorCode,
  };
}
