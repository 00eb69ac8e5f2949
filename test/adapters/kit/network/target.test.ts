import { describe, expect, it } from "vitest";
import { checkTarget } from "../../../../adapters/kit/network/target.ts";

describe("checkTarget", () => {
  it.each([
    ["169.254.169.254"],
    ["169.254.0.1"],
    ["168.63.129.16"],
    ["100.100.100.200"],
    ["fe80::1"],
    ["fe80::1%eth0"],
    ["febf::1"],
    ["fd00:ec2::254"],
    ["fd00:ec2::23"],
    ["fd20:ce::254"],
    ["[fd20:ce::254]"],
    ["fd20:00ce:0:0:0:0:0:254"],
    // An IPv4 address inside: mapped, compatible, translated, 6to4, NAT64.
    ["::ffff:169.254.169.254"],
    ["::ffff:a83f:8110"],
    ["::169.254.169.254"],
    ["::ffff:0:a9fe:a9fe"],
    ["2002:a9fe:a9fe::"],
    ["2002:a9fe:1:2:3:4:5:6"],
    ["2002:a83f:8110::1"],
    ["2002:6464:64c8::1"],
    ["64:ff9b::a9fe:1"],
    ["64:ff9b::a9fe:1%eth0"],
    ["64:ff9b::168.63.129.16"],
    ["64:ff9b::100.100.100.200"],
    ["64:ff9b:1::a9fe:a9fe"],
    ["64:ff9b:1:ffff:0:0:169.254.169.254"],
    // RFC 6052, 2.2: prefixes of 48, 56 and 64 bits
    ["64:ff9b:1:a9fe:1:200::"],
    ["64:ff9b:1:ffa9:fe:a9fe::"],
    ["64:ff9b:1:ffff:a9:fea9:fe00:0"],
    ["64:ff9b:1::a83f:8110"],
  ])("refuses %s", (host) => {
    expect(() => checkTarget(host)).toThrow(expect.objectContaining({ reason: "misconfigured" }));
  });

  it.each([
    ["desk.example.nl"],
    ["localhost"],
    ["127.0.0.1"],
    ["10.0.0.1"],
    ["168.63.129.17"],
    ["::1"],
    ["::"],
    ["fd00:ec2::1"],
    ["fd20:ce::1"],
    ["2001:db8::a9fe:a9fe"],
    ["2002:c000:201::1"],
    ["64:ff9b::192.0.2.1"],
    ["64:ff9b:1::192.0.2.1"],
    ["1:2:3:4:5:6:7:8"],
  ])("lets %s through", (host) => {
    expect(() => checkTarget(host)).not.toThrow();
  });
});
