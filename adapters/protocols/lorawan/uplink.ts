import { z } from "zod";
import { mappingOver, readMapping } from "../../kit/mapping.ts";
import { type Reading, toReading } from "../../kit/reading.ts";
import { assetTracker2 } from "./devices/abeeway-2.ts";
import { assetTracker3 } from "./devices/abeeway-3.ts";
import { tbpb100 } from "./devices/browan.ts";
import type { DeviceModel } from "./devices/device.ts";
import { ws101 } from "./devices/milesight.ts";
import { t1000 } from "./devices/sensecap.ts";

/**
 * What a LoRaWAN network passes on of one message. `port`, `bytes`: null when left out. `decoded`: undefined when the
 * network did not decode.
 */
export interface Uplink {
  readonly port: number | null;
  readonly bytes: Buffer | null;
  readonly decoded: unknown;
}

const modelNames = [
  "milesight-ws101",
  "browan-tbpb100",
  "abeeway-asset-tracker-2",
  "abeeway-smart-badge",
  "abeeway-asset-tracker-3",
  "sensecap-t1000",
] as const;

const models: Readonly<Record<(typeof modelNames)[number], DeviceModel>> = {
  "milesight-ws101": ws101,
  "browan-tbpb100": tbpb100,
  "abeeway-asset-tracker-2": assetTracker2,
  "abeeway-smart-badge": assetTracker2,
  "abeeway-asset-tracker-3": assetTracker3,
  "sensecap-t1000": t1000,
};
const everyModel = [...new Set(Object.values(models))];

/**
 * How the messages of a source's devices are read: as those of one `model`, by a `mapping` of its own over
 * `decoded_payload`, `port` and `payload` (hex), or, without either, as those of the first model that they fit.
 */
export const DeviceOptions = z.object({
  model: z.enum(modelNames).optional(),
  mapping: mappingOver(["decoded_payload", "port", "payload"]).optional(),
});
export type DeviceOptions = z.infer<typeof DeviceOptions>;

/**
 * Reads what the message means. Never throws. The bytes are read only when no model recognises the decoded payload. A
 * message that no model recognises is unreadable, because it may be a press.
 */
export function readUplink(uplink: Uplink, { model, mapping }: DeviceOptions): Reading {
  if (mapping !== undefined) return readMapping(mapping, toVariables(uplink));
  const candidates = model === undefined ? toCandidates(uplink.port) : [models[model]];
  const { port, bytes, decoded } = uplink;
  for (const candidate of candidates) {
    const reading = candidate.readDecoded(decoded, bytes);
    if (reading !== null) return reading;
  }
  for (const candidate of candidates) {
    // Bytes alone could be any device's; without a configured model only the port shows whose they are.
    const isItsPort = model !== undefined || (port !== null && candidate.ports.includes(port));
    const reading = bytes !== null && isItsPort ? candidate.readBytes(bytes, port) : null;
    if (reading !== null) return reading;
  }
  return toReading("unreadable");
}

/** Every model, those of this port first, because a battery alone looks the same in many decoders. */
function toCandidates(port: number | null): readonly DeviceModel[] {
  const isItsPort = ({ ports }: DeviceModel) => port !== null && ports.includes(port);
  return [...everyModel.filter(isItsPort), ...everyModel.filter((model) => !isItsPort(model))];
}

function toVariables({ port, bytes, decoded }: Uplink): Record<string, unknown> {
  const known = decoded === undefined ? {} : { decoded_payload: decoded };
  return { ...known, port, payload: bytes?.toString("hex") ?? "" };
}
