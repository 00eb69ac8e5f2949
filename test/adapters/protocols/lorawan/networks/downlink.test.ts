import { describe, expect, it } from "vitest";
import { DownlinkOptions, toDownlink } from "../../../../../adapters/protocols/lorawan/networks/downlink.ts";

const own = { received: { port: 12, payload: "0aFF" } };

describe("what a device is sent", () => {
  it("is what the settings say", () => {
    expect(toDownlink("received", own)).toEqual({ port: 12, payload: Buffer.from([0x0a, 0xff]) });
    expect(toDownlink("coming", own)).toBeNull();
    expect(toDownlink("received", {})).toBeNull();
  });

  // https://docs.thingpark.com/thingpark-location/abeeway-trackers-reference-guide/AbeewayRefGuide/downlink-messages/debug-commands
  it("is a sound for Abeeway: command ff, a token of its own, 03, melody, seconds", () => {
    const received = toDownlink("received", { model: "abeeway" });
    const coming = toDownlink("coming", { model: "abeeway" });
    expect(received).toEqual({ port: 2, payload: Buffer.from([0xff, 1, 3, 3, 1]) });
    expect(coming).toEqual({ port: 2, payload: Buffer.from([0xff, 2, 3, 3, 5]) });
  });

  it("is the settings' own before the model's", () => {
    expect(toDownlink("received", { model: "abeeway", ...own })).toEqual({ port: 12, payload: Buffer.from([10, 255]) });
    expect(toDownlink("coming", { model: "abeeway", ...own })?.port).toBe(2);
  });
});

describe("settings", () => {
  it("are the same when read twice", () => {
    const options = { model: "abeeway", ...own, coming: { port: 223, payload: "00".repeat(242) } };
    expect(DownlinkOptions.parse(DownlinkOptions.parse(options))).toEqual(options);
  });

  it.each([
    { model: "milesight" },
    { received: { port: 0, payload: "00" } },
    { received: { port: 224, payload: "00" } },
    { received: { port: 1.5, payload: "00" } },
    { received: { port: 1, payload: "" } },
    { received: { port: 1, payload: "0" } },
    { received: { port: 1, payload: "0x01" } },
    { received: { port: 1, payload: "00".repeat(243) } },
    { coming: { port: 1 } },
  ])("are refused: %j", (options) => {
    expect(DownlinkOptions.safeParse(options).success).toBe(false);
  });
});
