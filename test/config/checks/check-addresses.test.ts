import { describe, expect, it } from "vitest";
import { errorOf, load, part, problemOf, warningsOf } from "../small.ts";

const local = "teams: { local: true }";
const id = "00000000-0000-0000-0000-00000000000F";
const registered = `teams: { appId: ${id}, tenantId: ${id}, clientSecret: secret }`;

describe("where the process listens", () => {
  it.each(["0.0.0.0", "::", "0:0:0:0:0:0:0:0", "::ffff:0.0.0.0", "0"])("%s is every network: a warning", (host) => {
    const warnings = warningsOf(local, `${registered}\npublicUrl: https://example.nl\nlisten: { host: "${host}" }`);
    expect(warnings).toEqual([expect.stringMatching(/^listen\.host: every network of this machine/)]);
  });

  it.each(["127.0.0.1", "10.1.2.3", "::1", "alarm.example.nl"])("%s is one address: no warning", (host) => {
    const warnings = warningsOf(local, `${registered}\npublicUrl: https://example.nl\nlisten: { host: "${host}" }`);
    expect(warnings).toEqual([]);
  });
});

describe("who may speak for Teams", () => {
  it("nobody without an app registration, unless all stays on this machine", () => {
    for (const teams of ["", "teams: {}", "teams: { local: false }"]) {
      expect(problemOf(local, teams)).toMatchObject({
        path: "teams.appId",
        wrong: "there is no app registration, so nobody who calls could be trusted",
      });
    }
  });

  it("an app registration is complete", () => {
    expect(load(local, registered).teams).toEqual({
      appId: id.toLowerCase(),
      tenantId: id.toLowerCase(),
      clientSecret: "secret",
      clientSecretEndsOn: null,
      local: false,
      serviceUrl: null,
      linkCode: null,
    });
    const paths = errorOf(local, `teams: { appId: ${id} }`).problems.map(({ path }) => path);
    expect(paths).toEqual(["teams.tenantId", "teams.clientSecret"]);
    expect(problemOf(local, registered.replace(id, "rugdekking")).path).toBe("teams.appId");
  });

  it.each(["1234-5678", "12345678", "Geheim-van-2026"])("a code that can be typed: %s", (code) => {
    expect(load(local, `teams: { local: true, linkCode: "${code}" }`).teams.linkCode).toBe(code);
  });

  it.each(["1234-567", "koppelcode", "1234 5678", "-1234-5678", "1234--5678", `1${"a".repeat(64)}`])(
    "no code that is short, has no digit, or that a phone changes: %s",
    (code) => {
      expect(problemOf(local, `teams: { local: true, linkCode: "${code}" }`).path).toBe("teams.linkCode");
    },
  );

  it("a code that nobody can use, because there is a lead, is worth a warning", () => {
    const coded = 'teams: { local: true, linkCode: "4821-7730" }';
    expect(warningsOf(local, coded).join()).toContain("teams.linkCode: it is not used");
    const alone = load(part("teams:", "sources:"), `${coded}\nchannels: { frontdesk: {} }\n`);
    expect(alone.warnings.join()).not.toContain("teams.linkCode");
  });

  it("people of whom nobody leads are worth a warning; no roster is none of that", () => {
    const led = "people: nobody has lead: true";
    expect(warningsOf(", lead: true }", " }").join()).toContain(led);
    expect(load().warnings.join()).not.toContain(led);
    expect(load(part("people:", "sources:"), "").warnings.join()).not.toContain(led);
  });

  it.each(["127.0.0.1", "127.8.0.1", "localhost", '"::1"'])("local listens on %s", (host) => {
    expect(load(local, `${local}\nlisten: { host: ${host} }`).listen.host).toBe(host.replaceAll('"', ""));
  });

  it.each(["0.0.0.0", '"::"', "10.0.0.1", "127.0.0.1.example.nl", "alarm.example.nl", '"::ffff:127.0.0.1"'])(
    "local refuses to listen on %s",
    (host) => {
      const settings = `${local}\npublicUrl: http://127.0.0.1:1\nlisten: { host: ${host} }`;
      expect(problemOf(local, settings).path).toBe("listen.host");
    },
  );

  it.each(["http://127.0.0.1:56150/_connector", "http://localhost:1", "http://[::1]:1"])(
    "local talks to %s",
    (serviceUrl) => {
      expect(load(local, `teams: { local: true, serviceUrl: "${serviceUrl}" }`).teams.serviceUrl).toBe(serviceUrl);
    },
  );

  it.each([
    "https://smba.trafficmanager.net/emea/",
    "http://localhost.example.nl",
    "http://127.0.0.1@example.nl",
    "http://10.0.0.1",
  ])("local refuses to talk to %s", (serviceUrl) => {
    expect(problemOf(local, `teams: { local: true, serviceUrl: "${serviceUrl}" }`).path).toBe("teams.serviceUrl");
  });

  it("only local names a service URL: the bot's token goes to whatever stands there", () => {
    const teams = registered.replace(" }", ", serviceUrl: http://127.0.0.1:1 }");
    expect(problemOf(local, teams).path).toBe("teams.serviceUrl");
  });
});

describe("the proxies whose word is taken on who calls", () => {
  const listen = (proxies: string) => `${local}\nlisten: { trustedProxies: ${proxies} }`;

  it("are addresses and networks, and none where nothing is said", () => {
    expect(load().listen.trustedProxies).toEqual([]);
    const proxies = ["127.0.0.1", "10.20.0.0/16", "::1", "fd00:1234::/48"];
    expect(load(local, listen(JSON.stringify(proxies))).listen.trustedProxies).toEqual(proxies);
  });

  it.each(["proxy.example.nl", "10.0.0.0/33", "0.0.0.0/0", "10.0.0.0/7", "::/0", "fe80::1%eth0", "127.0.0.1:80", ""])(
    "are refused where they are none, or where callers would be among them: %s",
    (proxy) => {
      expect(problemOf(local, listen(JSON.stringify([proxy]))).path).toBe("listen.trustedProxies[0]");
    },
  );
});

describe("the public address", () => {
  it("is on this machine with teams.local, where nobody is asked who they are", () => {
    for (const url of ["https://alarm.example.nl", "http://10.0.0.1:3978", "https://127.0.0.1.example.nl"]) {
      expect(problemOf(local, `${local}\npublicUrl: ${url}`).path).toBe("publicUrl");
    }
    for (const url of ["http://127.0.0.1:3978", "http://localhost:1", "http://[::1]:1"]) {
      expect(load(local, `${local}\npublicUrl: ${url}`).publicUrl).toBe(url);
    }
  });

  it("is the one the process listens on when nothing is said", () => {
    expect(load(local, `${local}\nlisten: { port: 8080 }`).publicUrl).toBe("http://127.0.0.1:8080");
    expect(load(local, `${local}\nlisten: { host: "::1" }`).publicUrl).toBe("http://[::1]:3978");
  });

  it("has to be said when the process listens everywhere", () => {
    expect(problemOf(local, `${registered}\nlisten: { host: 0.0.0.0 }`).path).toBe("publicUrl");
  });

  it("loses the slash at its end", () => {
    expect(load(local, `${registered}\npublicUrl: https://example.nl/alarm/`).publicUrl).toBe(
      "https://example.nl/alarm",
    );
  });

  it("warns when it is plain http on a network", () => {
    expect(warningsOf(local, `${local}\npublicUrl: http://127.0.0.1:1`)).toEqual([]);
    expect(warningsOf(local, `${registered}\npublicUrl: http://alarm.example.nl`)).toEqual([
      "publicUrl: it is plain http: guards' links and answers cross the network in the clear",
    ]);
  });

  it.each([
    "ftp://example.nl",
    "alarm.example.nl",
    "https://x:y@example.nl",
    "https://example.nl/?a=1",
    "https://example.nl/#a",
  ])("is not %s", (publicUrl) => {
    expect(problemOf(local, `${local}\npublicUrl: "${publicUrl}"`).path).toBe("publicUrl");
  });
});
