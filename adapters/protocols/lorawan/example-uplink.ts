import { type DeviceOptions, readUplink, type Uplink } from "./uplink.ts";

type Model = NonNullable<DeviceOptions["model"]>;

/** A press of each model, as a network passes on its bytes. */
const presses = {
  "milesight-ws101": toUplink(85, "ff2e01", { button: "short" }),
  "browan-tbpb100": toUplink(147, "01fb350000110000"),
  "abeeway-asset-tracker-2": toUplink(17, "0a00e4900007"),
  "abeeway-smart-badge": toUplink(17, "0a00e4900007"),
  "abeeway-asset-tracker-3": toUplink(19, "4851123410"),
  "sensecap-t1000": toUplink(5, "06000040006b06ae80004e2578031ad74c00d7002857"),
} as const satisfies Record<Model, Uplink>;

/**
 * A message that is a press under these settings, for `ring`; that of WS101 when a mapping reads none of ours as a
 * press.
 */
export function toExampleUplink(options: DeviceOptions): Uplink {
  const own = presses[options.model ?? "milesight-ws101"];
  return [own, ...Object.values(presses)].find((press) => readUplink(press, options).kind === "press") ?? own;
}

function toUplink(port: number, hex: string, decoded?: unknown): Uplink {
  return { port, bytes: Buffer.from(hex, "hex"), decoded };
}
