import { describe, expect, it } from "vitest";
import { isLoopbackAddress, toMembership, toOneAddress } from "../../bot/kit/network.ts";

describe("what counts as one address", () => {
  it.each([
    ["192.0.2.1", "192.0.2.1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["2001:db8:1:2a34::5", "2001:db8:1:2a00::/56"],
    ["2001:db8:1:2aff:1:2:3:4", "2001:db8:1:2a00::/56"],
    ["2001:db8:1:2b00:1:2:3:4", "2001:db8:1:2b00::/56"],
    ["2001:db8::", "2001:db8:0:0::/56"],
    ["::1", "0:0:0:0::/56"],
    ["fe80::1%eth0", "fe80:0:0:0::/56"],
    ["", ""],
  ])("%s counts as %s", (address, one) => {
    expect(toOneAddress(address)).toBe(one);
  });
});

describe("networks", () => {
  it("hold IPv4 addresses however they are written, and never what is no address", () => {
    const isOffice = toMembership(["10.20.0.0/16", "192.0.2.7", "2001:db8::/32"]);
    for (const address of ["10.20.1.1", "::ffff:10.20.1.1", "192.0.2.7", "2001:db8:5::1"])
      expect(isOffice(address)).toBe(true);
    for (const address of ["10.21.0.1", "192.0.2.8", "2001:db9::1", "", "office"])
      expect(isOffice(address)).toBe(false);
  });

  it.each(["127.0.0.1", "127.8.0.1", "::1", "::ffff:127.0.0.1"])("%s is of this machine", (address) => {
    expect(isLoopbackAddress(address)).toBe(true);
  });
});
