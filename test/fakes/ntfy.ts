import { type HttpCall, type HttpProvider, type HttpReply, startHttpProvider } from "./http-provider.ts";

export interface NtfyAction {
  readonly action: "view" | "broadcast" | "http";
  readonly label: string;
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly clear?: boolean;
}

export interface NtfyMessage {
  readonly topic: string;
  readonly title?: string;
  readonly message?: string;
  readonly priority?: number;
  readonly tags?: readonly string[];
  readonly click?: string;
  readonly actions?: readonly NtfyAction[];
  readonly sequence_id?: string;
}

export interface Ntfy extends HttpProvider {
  readonly messages: readonly NtfyMessage[];
  /**
   * What the phone does when an action is tapped: https://docs.ntfy.sh/publish/#send-http-request. The status at the
   * end of the redirects.
   */
  tap(action: NtfyAction): Promise<number>;
}

/**
 * ntfy's server: https://docs.ntfy.sh/publish/#publish-as-json; `authorization`: the only one it takes, null for a
 * server without accounts.
 */
export async function startNtfy({ authorization }: { authorization: string | null }): Promise<Ntfy> {
  const provider = await startHttpProvider("ntfy", (call) => reply(call, authorization));
  return {
    ...provider,
    get messages() {
      return provider.calls.map(({ body }) => JSON.parse(body) as NtfyMessage);
    },
    async tap({ url, method = "POST", headers = {}, body = "" }) {
      const response = await fetch(url, { method, headers, body });
      await response.text();
      return response.status;
    },
  };
}

function reply({ method, path, headers, body }: HttpCall, authorization: string | null): HttpReply {
  if ((method !== "POST" && method !== "PUT") || path !== "/") return { status: 404, body: { code: 40401, http: 404 } };
  if (authorization !== null && headers.authorization !== authorization) {
    return { status: 403, body: { code: 40301, http: 403, error: "forbidden" } };
  }
  const message: NtfyMessage = JSON.parse(body);
  const isRight =
    /^[-_A-Za-z0-9]{1,64}$/.test(message.topic) &&
    /^[-_A-Za-z0-9]{1,64}$/.test(message.sequence_id ?? "x") &&
    [1, 2, 3, 4, 5].includes(message.priority ?? 3) &&
    (message.actions ?? []).length <= 3 &&
    (message.actions ?? []).every(({ label, url }) => label !== "" && URL.canParse(url));
  if (!isRight) return { status: 400, body: { code: 40001, http: 400, error: "invalid request" } };
  return { status: 200, body: { id: "sPs71M8A2T", time: 1_637_000_000, event: "message", ...message } };
}
