// https://github.com/TheThingsNetwork/lorawan-devices/blob/master/vendor/browan/tbpb100.js, and for the fields of the
// family
// https://manualshive.com/en/manual/browan/tbdw100-868/2820133?page=5
import { z } from "zod";
import { toReading } from "../../../kit/reading.ts";
import { type DeviceModel, Flag, toCharge } from "./device.ts";

/**
 * 3.6 V lithium cell; https://manuals.online/browan/accessories/tbsl100-series/user-manual/1czs8 calls 3.1 V the
 * minimum.
 */
const emptyVolts = 3.1;
const fullVolts = 3.6;
/** What the decoder makes of no bytes at all: a default, and no measurement. */
const zeroVolts = 2.5;

const anything = z.unknown().optional();
/**
 * Other fields are refused, because many devices have a `status`. The battery is required, because it is never 0 and so
 * never left out.
 */
const Message = z.strictObject({
  battery: z.number().min(2.5).max(4),
  status: Flag,
  temperatureBoard: anything,
  temperature: anything,
  time: anything,
  count: anything,
});

/** Browan TBPB100, also sold as Tabs push button. It sends its status when it is pressed, and from time to time. */
export const tbpb100: DeviceModel = {
  ports: [147],

  readDecoded(decoded, bytes) {
    const message = Message.safeParse(decoded).data;
    if (!message) return null;
    const isDefault = message.battery === zeroVolts && (bytes === null || bytes.length < 2);
    return toStatus(message.status, isDefault ? null : message.battery);
  },

  readBytes(bytes) {
    const [status, battery] = bytes;
    if (status === undefined || battery === undefined) return null;
    return toStatus((status & 0x01) === 1, (25 + (battery & 0x0f)) / 10);
  },
};

function toStatus(isPressed: boolean, volts: number | null) {
  return toReading(isPressed ? "press" : "heartbeat", { battery: toCharge(volts, emptyVolts, fullVolts) });
}
