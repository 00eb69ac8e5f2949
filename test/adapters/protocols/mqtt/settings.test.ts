import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { mqtt } from "../../../../adapters/listeners/mqtt.ts";
import { type AedesSettings, startAedes } from "../../../fakes/broker.ts";
import { FakeHost, until } from "../../../fakes/listener-host.ts";
import { endAll, isThere, listen, listenNow, never, start, toOptions, tryAgain } from "./listen.ts";

afterEach(endAll);

describe("who we are", () => {
  const authenticate: AedesSettings["authenticate"] = (_client, username, password, done) =>
    done(null, username === "rugdekking" && password?.toString() === "the right password");

  it("is said with a password, which never shows", async () => {
    const { port } = await start(() => startAedes({ authenticate }));
    const right = toOptions(port, { username: "rugdekking", password: "the right password" });
    const { host } = await listenNow(right);
    await mqtt.press(right, "balie", 0, never);
    await until(() => host.pressed.length === 1);

    const wrong = toOptions(port, { clientId: "other", username: "rugdekking", password: "the wrong password" });
    const refused = await listen(wrong);
    await tryAgain(refused.host);
    await tryAgain(refused.host);
    const error = await mqtt.press(wrong, "balie", 0, never).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ cause: { message: expect.stringContaining("Not authorized") } });
    expect(refused.host.notes).toMatchObject([{ event: "mqtt-lost" }]);
    const said = JSON.stringify([refused.host.notes, host.notes, String(error), (error as Error).stack]);
    for (const secret of ["password", String(port)]) expect(said).not.toContain(secret);
  });

  it("is said over TLS, to a broker whose certificate is known", async () => {
    const files = "test/fixtures/mqtt";
    const [key, cert, ca] = ["broker.key", "broker.pem", "ca.pem"].map((name) =>
      readFileSync(`${files}/${name}`, "utf8"),
    );
    if (ca === undefined || key === undefined || cert === undefined) throw new Error("the fixtures are not there");
    const tls = { key, cert, ca, requestCert: true, rejectUnauthorized: true };
    const { port } = await start(() => startAedes({ tls }));
    const url = `mqtts://127.0.0.1:${port}`;
    const own = { cert: `${files}/broker.pem`, key: `${files}/broker.key` };
    for (const known of [ca, `${files}/ca.pem`]) {
      const options = toOptions(port, { url, ca: known, ...own });
      const { host, stop } = await listenNow(options);
      await mqtt.press(options, "balie", 0, never);
      await until(() => host.pressed.length === 1);
      await stop();
    }
    const unknown = await listen(toOptions(port, { url, ...own, clientId: "other" }));
    await tryAgain(unknown.host);
    expect(unknown.host.notes).toMatchObject([
      { event: "mqtt-lost", facts: { reason: expect.stringMatching(/CERT|SIGN/) } },
    ]);
    const nameless = await listen(toOptions(port, { url, ca, clientId: "third" }));
    await tryAgain(nameless.host);
    expect(isThere(nameless.host)).toBe(false);
  });

  it.each([
    [{ ca: "/nowhere/ca.pem" }, "can't be read"],
    [{ ca: "-----BEGIN CERTIFICATE-----\nrubbish\n-----END CERTIFICATE-----" }, "can't be used"],
  ])("needs certificates that can be used", async (settings, words) => {
    const options = toOptions(8883, { url: "mqtts://127.0.0.1:8883", ...settings });
    await expect(mqtt.listen(options, new FakeHost())).rejects.toThrow(words);
  });
});

describe("settings", () => {
  const settings = { ...mqtt.exampleOptions, topics: [{ format: "zigbee2mqtt", topic: "zigbee2mqtt/#" }] };

  it("are read the same a second time", () => {
    const first = mqtt.Options.parse(settings);
    expect(mqtt.Options.parse(first)).toEqual(first);
    expect(first).toEqual(mqtt.exampleOptions);
  });

  it.each([
    { url: "http://127.0.0.1" },
    { url: "mqtt://user:the-password@127.0.0.1" },
    { url: "mqtt://127.0.0.1/path" },
    { url: "mqtt://127.0.0.1?clientId=x" },
    { url: "mqtt://" },
    { url: "nowhere" },
    { clientId: "" },
    { clientId: "a/b" },
    { clientId: undefined },
    { password: "the-password" },
    { ca: "ca.pem" },
    { url: "mqtts://127.0.0.1", cert: "cert.pem" },
    { stateTopic: "a/#" },
    { topics: [] },
    { topics: [{ format: "zigbee2mqtt", topic: "other/#" }] },
    { topics: [...mqtt.exampleOptions.topics, { format: "message", topic: "+/balie" }] },
    { topics: [{ format: "other", topic: "a" }] },
    { topics: [{ format: "zigbee2mqtt", topic: "zigbee2mqtt/#", action: ["emergency"] }] },
  ])("are refused: %j", (change) => {
    const { success, error } = mqtt.Options.safeParse({ ...settings, ...change });
    expect(success).toBe(false);
    expect(String(error)).not.toContain("the-password");
  });
});
