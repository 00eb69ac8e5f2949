import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { createAnswering } from "../golden/recorder.ts";
import { toRecordedRequest } from "../golden/wire.ts";

/** A message in a device's queue, as the network understood it. */
export interface QueuedDownlink {
  readonly network: "the-things-stack" | "chirpstack";
  /** The Things Stack only. */
  readonly application: string | null;
  readonly device: string;
  readonly port: number;
  /** Hex. */
  readonly payload: string;
}

/** How the network answers a call that is right from now on. */
export type NetworkMode =
  | { readonly kind: "ok" | "hang" | "reset" }
  | { readonly kind: "refuse"; readonly status: number; readonly headers?: Record<string, string> };

export interface LorawanNetwork extends AsyncDisposable {
  readonly url: string;
  readonly queue: readonly QueuedDownlink[];
  answerWith(mode: NetworkMode): void;
  /** Resolves when a call hangs. */
  hanging(): Promise<void>;
}

const port = z.number().int().min(1).max(223);
/** https://www.thethingsindustries.com/docs/api/reference/grpc/application_server/ (DownlinkQueueRequest) */
const Push = z.strictObject({
  downlinks: z
    .array(
      z.strictObject({
        f_port: port,
        frm_payload: z.base64(),
        priority: z.enum(["LOWEST", "LOW", "BELOW_NORMAL", "NORMAL", "ABOVE_NORMAL", "HIGH", "HIGHEST"]),
        confirmed: z.boolean().optional(),
      }),
    )
    .min(1),
});
/**
 * https://github.com/chirpstack/chirpstack-rest-api/blob/master/openapiv2/api/device.swagger.json
 * (DeviceService_Enqueue)
 */
const Enqueue = z.strictObject({
  queueItem: z.strictObject({ confirmed: z.boolean().optional(), fPort: port, data: z.base64() }),
});

const pushPath = /^\/api\/v3\/as\/applications\/([a-z0-9-]+)\/devices\/([a-z0-9-]+)\/down\/push$/;
const enqueuePath = /^\/api\/devices\/([0-9a-f]{16})\/queue$/;

/** The down-link doors of The Things Stack and of ChirpStack's REST API, on loopback. */
export async function startLorawanNetwork(apiKey: string): Promise<LorawanNetwork> {
  const takeTurn = createAnswering("lorawan-network");
  const queue: QueuedDownlink[] = [];
  let mode: NetworkMode = { kind: "ok" };
  let noteHanging: () => void = () => undefined;
  const hanging = new Promise<void>((resolve) => {
    noteHanging = resolve;
  });

  const server = createServer(async (request, response) => {
    const body = await text(request);
    await takeTurn(toRecordedRequest(request, body));
    const downlinks = read(request, JSON.parse(body), apiKey);
    if (typeof downlinks === "number") return answer(response, downlinks);
    if (mode.kind === "hang") return noteHanging();
    if (mode.kind === "reset") return void request.socket.resetAndDestroy();
    if (mode.kind === "refuse") return answer(response, mode.status, mode.headers);
    queue.push(...downlinks);
    answer(response, 200);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    queue,
    answerWith: (next) => {
      mode = next;
    },
    hanging: () => hanging,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What is to be queued, or the status with which the call is refused. */
function read(request: IncomingMessage, body: unknown, apiKey: string): QueuedDownlink[] | number {
  const { method, url = "", headers } = request;
  if (method !== "POST" || headers["content-type"] !== "application/json") return 405;
  const [, application = "", pushed] = pushPath.exec(url) ?? [];
  if (pushed !== undefined) {
    if (headers.authorization !== `Bearer ${apiKey}`) return 401;
    const push = Push.safeParse(body).data;
    if (!push) return 400;
    return push.downlinks.map(({ f_port, frm_payload }) => ({
      network: "the-things-stack",
      application,
      device: pushed,
      port: f_port,
      payload: Buffer.from(frm_payload, "base64").toString("hex"),
    }));
  }
  const [, device] = enqueuePath.exec(url) ?? [];
  if (device === undefined) return 404;
  if (headers["grpc-metadata-authorization"] !== `Bearer ${apiKey}`) return 401;
  const item = Enqueue.safeParse(body).data?.queueItem;
  if (!item) return 400;
  const payload = Buffer.from(item.data, "base64").toString("hex");
  return [{ network: "chirpstack", application: null, device, port: item.fPort, payload }];
}

function answer(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(status === 200 ? "{}" : "no");
}
