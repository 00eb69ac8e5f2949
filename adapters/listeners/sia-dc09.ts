import { randomInt } from "node:crypto";
import { z } from "zod";
import type { AlarmListener } from "../../bot/contracts.ts";
import { DeliveryError } from "../../bot/errors.ts";
import { newestOf } from "../../bot/kit/secrets/secret.ts";
import { readAnswer } from "../protocols/sia-dc09/frame/answer.ts";
import { encrypt, toKeys } from "../protocols/sia-dc09/frame/cipher.ts";
import { toTimestamp } from "../protocols/sia-dc09/frame/content.ts";
import { type Frame, writeFrame } from "../protocols/sia-dc09/frame/frame.ts";
import { Accounts, findAccount } from "../protocols/sia-dc09/receiver/account.ts";
import { SiaReceiver } from "../protocols/sia-dc09/receiver/sia-receiver.ts";
import { toPanel } from "../protocols/sia-dc09/receiver/zone.ts";
import { exchange } from "../protocols/sia-dc09/sender/exchange.ts";

const SiaOptions = z.object({
  /**
   * Loopback unless configured otherwise, because the protocol proves little by itself: a VPN or a TLS tunnel ends
   * here.
   */
  listen: z.strictObject({ host: z.string().min(1).default("127.0.0.1"), port: z.int().min(0).max(65535) }),
  transport: z.enum(["both", "tcp", "udp"]).default("both"),
  accounts: Accounts,
});
type SiaOptions = z.infer<typeof SiaOptions>;

/**
 * Alarm panels and mobile alarms that report to an alarm centre: a receiver of ANSI/SIA DC-09 with SIA-DCS and ADM-CID,
 * on TCP and UDP. A button is an account, or an account and a zone (1234/7).
 */
export const siaDc09: AlarmListener<SiaOptions> = {
  title: "SIA DC-09 receiver (alarm panels)",
  Options: SiaOptions,
  hasHeartbeat: true,
  parentOf: toPanel,

  listen: (options, host) => SiaReceiver.start(options, host),

  async press(options, button, now, signal) {
    const [name = "", zone = "0"] = button.split("/");
    const found = findAccount(options.accounts, name);
    if (found === null) throw new DeliveryError("misconfigured", "No account of these settings has that button.");
    const keys = toKeys(newestOf(found.account.key ?? ""));
    const frame = createPanicFrame(found.name, zone, keys[0] ?? null, now);
    const { host, port } = options.listen;
    const address = { transport: options.transport === "udp" ? "udp" : "tcp", host: toReachable(host), port } as const;
    const answer = readAnswer(await exchange(frame, address, signal), keys);
    if (answer?.id === "ACK") return;
    throw new DeliveryError("refused", `The receiver answered ${answer?.id ?? "what can't be read"}.`);
  },

  exampleOptions: {
    listen: { host: "127.0.0.1", port: 0 },
    transport: "both",
    accounts: {
      "0042": { zones: false, anyTime: false, codes: {} },
      "5678": { key: "an example key!!", zones: true, anyTime: false, codes: {} },
    },
  },
};

/** The frame of a panic as a panel sends it at `now`, epoch milliseconds. */
function createPanicFrame(account: string, zone: string, key: Buffer | null, now: number): Buffer {
  const content = `#${account}|Nri1/PA${zone.padStart(3, "0")}]${toTimestamp(now)}`;
  const frame: Frame = {
    crcForm: "text",
    id: "SIA-DCS",
    isEncrypted: key !== null,
    sequence: String(randomInt(1, 10_000)).padStart(4, "0"),
    receiver: "0",
    prefix: "0",
    account,
    rest: key === null ? content : encrypt(content, key),
  };
  return writeFrame(frame);
}

/** The host to connect to: loopback where the receiver listens on all addresses. */
function toReachable(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  return host === "::" ? "::1" : host;
}
