import { describe, expect, it } from "vitest";
import { exchange } from "../../../../../adapters/protocols/sia-dc09/sender/exchange.ts";
import { DeliveryError } from "../../../../../bot/errors.ts";
import { startAlarmCentre } from "../../../../fakes/alarm-centre.ts";

describe.each(["tcp", "udp"] as const)("over %s", (transport) => {
  it("a receiver that is not there is unreachable, and only its host is told", async () => {
    const centre = await startAlarmCentre({ now: () => 0 });
    await centre[Symbol.asyncDispose]();
    const address = { host: "localhost", port: centre.port, transport };
    const error = await exchange(Buffer.from("\n\r"), address, AbortSignal.timeout(5000)).catch((reason) => reason);
    expect(error).toBeInstanceOf(DeliveryError);
    expect(error.reason).toBe("unreachable");
    expect(error.message).toBe("The receiver localhost gave no answer (ECONNREFUSED).");
    for (let link = error; link instanceof Error; link = link.cause) {
      expect(`${link.message} ${link.stack} ${JSON.stringify(link)}`).not.toContain(String(centre.port));
    }
  });

  it("a forbidden address gets nothing", async () => {
    const address = { host: "169.254.169.254", port: 80, transport };
    const sending = exchange(Buffer.from("\n\r"), address, AbortSignal.timeout(5000));
    await expect(sending).rejects.toMatchObject({ reason: "misconfigured" });
  });
});
