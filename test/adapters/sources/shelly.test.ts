import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shelly } from "../../../adapters/sources/shelly.ts";
import type { InboundRequest } from "../../../bot/contracts.ts";
import { Alarm } from "../../../bot/domain/alarm.ts";
import { RequestRejected } from "../../../bot/errors.ts";
import { sourceContract } from "../../contracts/source-contract.ts";

const now = Date.UTC(2026, 10, 24, 9, 0, 0);
const minute = 60_000;
const secret = "kJ8-a-path-secret_of.27~characters";
const options = { secret };

const captured: { name: string; target: string; headers: Record<string, string>; alarm: object }[] = JSON.parse(
  readFileSync("test/fixtures/shelly/requests.json", "utf8"),
);

const gen1 = "https://shelly-api-docs.shelly.cloud/gen1/#shelly-h-amp-t";
const webhooks = "https://shelly-api-docs.shelly.cloud/gen2/ComponentsAndServices/Webhook/";
const quiet = [
  { is: "what a Gen1 sensor measured", from: gen1, query: "hum=53&temp=23.75&id=shellyht-F3809E" },
  {
    is: "that of a device whose address names it",
    from: gen1,
    query: "button=0042&hum=53&temp=23.75&id=shellyht-F3809E",
  },
  ...["temperature.change", "humidity.measurement", "illuminance.change", "devicepower.low"].map((event) => ({
    is: event,
    from: webhooks,
    query: `button=0042&event=${event}`,
  })),
];

sourceContract("shelly", shelly, "0042", quiet);
sourceContract("shelly, within a network", {
  ...shelly,
  exampleOptions: { secret, networks: ["10.20.0.0/16", "127.0.0.1"], ignore: ["input.toggle_off"] },
});

function request(query: string, parts: Partial<InboundRequest> = {}): InboundRequest {
  const body = Buffer.alloc(0);
  return { method: "GET", path: secret, query, headers: {}, body, remote: "10.20.3.4", receivedAt: now, ...parts };
}

/** As the door cuts a target into what stands behind the source's name and the query. */
function toRequest(target: string, headers: Record<string, string>): InboundRequest {
  const url = new URL(target, "http://alarm.example.nl");
  return request(url.search.slice(1), { path: url.pathname.split("/").slice(3).join("/"), headers });
}

function parse(query: string, settings: Parameters<typeof shelly.parse>[1] = options, receivedAt = now) {
  return shelly.parse(request(query, { receivedAt }), settings);
}

function accepts(parts: Partial<InboundRequest>, settings: Parameters<typeof shelly.verify>[1] = options): boolean {
  try {
    shelly.verify(request("button=1", parts), settings);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(RequestRejected);
    expect(error).toMatchObject({ status: 401, message: expect.not.stringContaining(secret) });
    return false;
  }
}

describe("what devices send", () => {
  it.each(captured)("$name", ({ target, headers, alarm }) => {
    const inbound = toRequest(target, headers);
    expect(() => shelly.verify(inbound, options)).not.toThrow();
    expect(shelly.parse(inbound, options)).toMatchObject([alarm]);
  });
});

describe("who is calling", () => {
  it("takes the secret behind the source's name, and nothing like it", () => {
    expect(accepts({ path: secret })).toBe(true);
    expect(accepts({ path: `${secret}/` })).toBe(true);
    for (const path of ["", "/", `/${secret}`, `${secret}/x`, `x/${secret}`, secret.toLowerCase(), secret.slice(1)])
      expect(accepts({ path })).toBe(false);
    expect(accepts({ path: "", query: `secret=${secret}`, headers: { authorization: `Bearer ${secret}` } })).toBe(
      false,
    );
  });

  it.each([
    ["10.20.255.255", true],
    ["10.21.0.1", false],
    ["::ffff:10.20.1.2", true],
    ["::ffff:10.21.0.1", false],
    ["192.0.2.7", true],
    ["192.0.2.8", false],
    ["2001:db8:1::5", true],
    ["2001:db8:2::5", false],
    ["fe80::1%eth0", true],
    ["", false],
    ["rubbish", false],
  ])("within its networks, called from %j: %s", (remote, expected) => {
    const networks = ["10.20.0.0/16", "192.0.2.7", "2001:db8:1::/48", "fe80::/10"];
    expect(accepts({ remote }, { secret, networks })).toBe(expected);
    expect(accepts({ remote })).toBe(true);
  });

  it.each([
    { secret: "short" },
    { secret: "sixteen characters" },
    { secret: "a/path-of-two-segments" },
    { secret: "a-secret-with-%41-in-it" },
    { secret, networks: [] },
    { secret, networks: ["10.20.0.0/33"] },
    { secret, networks: ["10.20.0.0/-1"] },
    { secret, networks: ["10.20.0/16"] },
    { secret, networks: ["2001:db8::/129"] },
    { secret, networks: ["office"] },
    { secret, networks: ["10.20.0.0/16/8"] },
  ])("refuses the settings %j", (settings) => {
    expect(shelly.Options.safeParse(settings).success).toBe(false);
  });
});

describe("who only follows a link", () => {
  const agents = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) SkypeUriPreview Preview/0.5",
    "SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com",
    "MicrosoftPreview/2.0 +https://aka.ms/MicrosoftPreview",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Slack-ImgProxy (+https://api.slack.com/robots)",
    "WhatsApp/2.23.20.0",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)",
    "TelegramBot (like TwitterBot)",
    "Twitterbot/1.0",
    "LinkedInBot/1.0 (compatible; +http://www.linkedin.com)",
    "Googlebot/2.1 (+http://www.google.com/bot.html)",
    "Opera/9.80 (Windows NT 6.0; U; en) Presto/2.2.15 Version/10.00",
    "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1)",
    "Mozilla/4.0 (compatible; Win32; Other)",
    "Mozilla/5.0 (Windows NT; Windows NT 10.0; nl-NL) WindowsPowerShell/5.1.26100.1",
    "Slackbot 1.0 (+https://api.slack.com/robots)",
    "Discordbot/2.0; +https://discordapp.com",
    "msnbot (like others)",
    "Otherbot (http://www.example.nl/bot.html)",
    "ExampleBot (compatible; +http://www.example.nl)",
  ];

  it.each(agents)("refuses %s", (agent) => {
    expect(accepts({ headers: { "user-agent": agent } })).toBe(false);
  });

  it.each<Record<string, string>>([
    { "sec-fetch-mode": "navigate" },
    { "sec-fetch-dest": "document" },
    { purpose: "prefetch" },
    { "sec-purpose": "prefetch;prerender" },
    { "x-purpose": "preview" },
    { "x-moz": "prefetch" },
    { accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8" },
  ])("refuses %j", (headers) => {
    expect(accepts({ headers })).toBe(false);
  });

  it.each<Record<string, string>>([
    {},
    { "user-agent": "" },
    { "user-agent": "Shelly/20230913-114008/v1.14.0-gcb84623 (SHBTN-1)" },
    { "user-agent": "Shelly" },
    { "user-agent": "ESP32 HTTP Client/1.0", accept: "*/*" },
    { "user-agent": "Mongoose/6.18" },
    { "user-agent": "curl/8.5.0", accept: "*/*" },
    { "user-agent": "Java/17.0.9", accept: "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2" },
    { "user-agent": "HomeAssistant/2026.11.1 aiohttp/3.13 Python/3.13" },
    { "user-agent": "Mozilla/4.0 (compatible; Win32; WinHttp.WinHttpRequest.5)" },
    { "user-agent": "homebot" },
    { "user-agent": "homebot/1.2 (knoppen)" },
    { "user-agent": "robot" },
    { "user-agent": "Robot/3.0" },
    { "user-agent": "knoppen-bot" },
    { "user-agent": "knop_bot balie 2" },
    { "user-agent": "node-fetch/1.0 (+https://github.com/bitinn/node-fetch)" },
    { purpose: "alarm" },
  ])("takes a device that comes with %j", (headers) => {
    expect(accepts({ headers })).toBe(true);
  });
});

describe("what it says", () => {
  it.each([
    "input.button_push",
    "input.button_doublepush",
    "input.button_triplepush",
    "input.button_longpush",
    "input.toggle_on",
    "input.toggle_off",
    "switch.on",
    "smoke.alarm",
    "bthomesensor.single_push",
    `\${ev.unknown}`,
    "",
  ])("the event %j is a press", (event) => {
    expect(parse(`button=1&event=${encodeURIComponent(event)}`)).toMatchObject([{ kind: "press", button: "1" }]);
  });

  it.each(["temperature.change", "Temperature.Measurement", "humidity.change", "devicepower.low"])(
    "the event %s of a sensor is a sign of life",
    (event) => {
      expect(parse(`button=1&event=${event}`)).toMatchObject([{ kind: "heartbeat", button: "1" }]);
      expect(parse(`event=${event}`)).toEqual([]);
    },
  );

  it("an event that the configuration ignores is a sign of life, and no other is", () => {
    const settings = { ...options, ignore: ["Input.toggle_off"] };
    expect(parse("button=1&event=input.toggle_off", settings)).toMatchObject([{ kind: "heartbeat" }]);
    expect(parse("button=1&event=input.toggle_on", settings)).toMatchObject([{ kind: "press" }]);
    expect(parse("button=1", settings)).toMatchObject([{ kind: "press" }]);
  });

  it.each([
    ["a form", "button=balie+2&x=1"],
    ["JSON", '{"button":"balie 2"}'],
  ])("what is sent along in %s names the button only where the address names none", (_form, content) => {
    const body = Buffer.from(content);
    expect(shelly.parse(request("", { body }), options)).toMatchObject([{ kind: "press", button: "balie 2" }]);
    expect(shelly.parse(request("device=D", { body }), options)).toMatchObject([{ button: "D" }]);
    const quiet = request("event=temperature.change", { body });
    expect(shelly.parse(quiet, options)).toMatchObject([{ kind: "heartbeat", button: "balie 2" }]);
  });

  it.each([
    ["a form", `button=hal&event=temperature.change&ts=${now / 1000}&battery=87`],
    ["JSON", `{"button":"hal","event":"temperature.change","ts":${now / 1000},"battery":87}`],
    ["JSON with a wrong field", `{"button":"hal","event":"temperature.change","ts":${now / 1000},"bat":"87","x":NaN}`],
  ])("what is sent along in %s says as much as the address does", (_form, content) => {
    const read = (query: string, text: string, parts: Partial<InboundRequest> = {}) =>
      shelly.parse(request(query, { body: Buffer.from(text), ...parts }), options);
    const known = { button: "hal", at: now, battery: 0.87, id: expect.any(String) };
    expect(read("", content)).toMatchObject([{ ...known, kind: "heartbeat" }]);
    expect(read("", content.replace("temperature.change", "input.button_push"))).toMatchObject([
      { ...known, kind: "press" },
    ]);
    expect(read("event=input.button_push&battery=5", content)).toMatchObject([{ kind: "press", battery: 0.05 }]);
    expect(read("button=balie", content)).toMatchObject([{ kind: "heartbeat", button: "balie" }]);
  });

  it.each([
    ["button=hal&event=temperature.cha", "hal"],
    ["event=humidity.change&button=ha", ""],
    ["button=ha", ""],
    ['{"event":"temperature.change","button":"hal","ba', "hal"],
    ['{"last":{"event":"temperature.change"},"button":"hal","ba', "hal"],
  ])("what broke off in %s is no sign of life, and half a name is none", (content, button) => {
    const alarms = shelly.parse(request("", { body: Buffer.from(content), isCut: true }), options);
    expect(alarms).toMatchObject([{ kind: button === "" ? "unreadable" : "press", button }]);
  });

  it("a sensor's report with the event of a button is a press", () => {
    expect(parse("button=1&hum=53&temp=23&event=input.button_push")).toMatchObject([{ kind: "press" }]);
    expect(parse("button=1&hum=53")).toMatchObject([{ kind: "press" }]);
  });

  it("the button is what the address names, else the device", () => {
    expect(parse("device=D&button=B&id=I")).toMatchObject([{ button: "B" }]);
    expect(parse("id=I&device=D")).toMatchObject([{ button: "D" }]);
    expect(parse("button=&id=I")).toMatchObject([{ button: "I" }]);
    expect(parse("button=balie%202")).toMatchObject([{ button: "balie 2" }]);
  });

  it.each(["", "event=input.button_push", "button=%20", "%", "&&&===", "button[]=1"])(
    "a press without a button, as by %j, is unreadable",
    (query) => {
      expect(parse(query)).toMatchObject([{ kind: "unreadable", button: "" }]);
    },
  );

  it.each([
    ["battery=100", 1],
    ["bat=12.5", 0.125],
    ["battery=0", 0],
    ["battery=101", null],
    ["battery=-1", null],
    ["battery=null", null],
    ["battery=1e1", null],
    ["battery=", null],
  ])("reads the battery of %s", (query, battery) => {
    expect(parse(`button=1&${query}`)).toMatchObject([{ kind: "press", battery }]);
  });
});

it("takes any query for one press, well-formed", () => {
  const name = fc.constantFrom("button", "device", "id", "event", "battery", "ts", "x");
  const pairs = fc.array(fc.tuple(name, fc.string({ unit: "binary" })), { maxLength: 8 });
  const queries = fc.oneof(
    fc.string({ unit: "binary" }),
    pairs.map((list) => new URLSearchParams(list).toString()),
  );
  fc.assert(
    fc.property(queries, (query) => {
      const [alarm, ...rest] = parse(query);
      expect(rest).toEqual([]);
      expect(Alarm.parse(alarm).kind).toMatch(/^(press|unreadable)$/);
    }),
  );
});

describe("what makes two requests one", () => {
  const idOf = (query: string, receivedAt = now) => parse(query, options, receivedAt)[0]?.id;
  const seconds = now / 1000;

  it("nothing, without the device's clock", () => {
    expect(idOf("button=1&event=input.button_push")).toBeNull();
    expect(idOf("button=1&id=shellybutton1-A1B2C3")).toBeNull();
  });

  it("the device's clock, button and event, on whatever way", () => {
    const first = idOf(`button=1&event=input.button_push&ts=${seconds}`);
    expect(first).toEqual(expect.any(String));
    expect(idOf(`ts=${seconds}&battery=50&event=input.button_push&button=1`, now + minute)).toBe(first);
    expect(idOf(`button=1&event=input.button_push&ts=${now}`)).toBe(first);
    const others = [
      idOf(`button=2&event=input.button_push&ts=${seconds}`),
      idOf(`button=1&event=input.button_doublepush&ts=${seconds}`),
      idOf(`button=1&event=input.button_push&ts=${seconds + 1}`),
    ];
    expect(new Set([first, ...others]).size).toBe(4);
  });

  it.each(["null", "", "0", `\${status.sys.unixtime}`, "12", "-1795510800", "1e9"])(
    "not a clock that says %j",
    (ts) => {
      expect(parse(`button=1&ts=${encodeURIComponent(ts)}`)).toMatchObject([{ id: null, at: null }]);
    },
  );

  it("not a clock that stands still, or every later press would be a duplicate", () => {
    expect(idOf(`button=1&ts=${seconds}`, now + 10 * minute)).toEqual(expect.any(String));
    expect(idOf(`button=1&ts=${seconds}`, now + 10 * minute + 1)).toBeNull();
    expect(parse(`button=1&ts=${seconds}`, options, now + 60 * minute)).toMatchObject([{ at: now }]);
  });
});
