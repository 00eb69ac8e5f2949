import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { inflateSync } from "node:zlib";
import { AppManifestUtils, TeamsManifestConverter } from "@microsoft/app-manifest";
import { strFromU8, unzipSync } from "fflate";
import { afterAll, describe, expect, it } from "vitest";
import { buildTeamsPackage, toManifest } from "../../bot/cli/manifest/teams-package.ts";
import { commands } from "../../bot/teams/inbound/commands.ts";
import { parseTypedCommand } from "../../bot/teams/wire/personal-command.ts";
import { parseTypedAnswer } from "../../bot/teams/wire/typed-answer.ts";
import { manifest } from "../../bot/words/operator/manifest.ts";
import { expected } from "../../bot/words/settings/expected.ts";
import { problems } from "../../bot/words/settings/problems.ts";
import { fileFault } from "../../bot/words/shared/file-fault.ts";
import project from "../../package.json" with { type: "json" };

const words = manifest.nl;
const appId = "00000000-0000-0000-0000-0000000000aa";
const identity = { organisation: "Gemeente Voorbeeld", publicUrl: "https://alarm.example.nl:8443/bot", appId };
const folder = mkdtempSync(join(tmpdir(), "rugdekking-manifest-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The official schema; one pattern in it has a bracket that a regular expression for Unicode must escape. */
function localizationSchema() {
  const path = "@microsoft/app-manifest/build/json-schemas/teams/v1.25/MicrosoftTeams.Localization.schema.json";
  const text = readFileSync(fileURLToPath(import.meta.resolve(path)), "utf8");
  return JSON.parse(text.replaceAll("\\\\b]", "\\\\b\\\\]"));
}

describe("the Teams app package", () => {
  const files = unzipSync(buildTeamsPackage(identity));
  const text = (name: string) => strFromU8(files[name] ?? new Uint8Array());

  it("has its files at the top, as the admin centre wants them", () => {
    expect(Object.keys(files).sort()).toEqual(["color.png", "manifest.json", "nl-NL.json", "outline.png"]);
    const { icons, localizationInfo } = JSON.parse(text("manifest.json"));
    for (const name of [icons.color, icons.outline, localizationInfo.additionalLanguages[0].file]) {
      expect(Object.keys(files)).toContain(name);
    }
  });

  it("has a manifest of this installation, by the official schema 1.25", async () => {
    expect(
      await AppManifestUtils.validateAgainstSchema(TeamsManifestConverter.jsonToManifest(text("manifest.json"))),
    ).toEqual([]);
    expect(JSON.parse(text("manifest.json"))).toMatchObject({
      manifestVersion: "1.25",
      id: appId,
      bots: [{ botId: appId, scopes: ["team", "personal"] }],
      developer: { name: "Gemeente Voorbeeld", websiteUrl: `${identity.publicUrl}/` },
      validDomains: ["alarm.example.nl:8443"],
    });
  });

  it("keeps its version while it stays the same, and has a later one when it differs", () => {
    const versionOf = (bytes: Uint8Array): string =>
      JSON.parse(strFromU8(unzipSync(bytes)["manifest.json"] ?? new Uint8Array())).version;
    const first = buildTeamsPackage(identity);
    expect(versionOf(first)).toBe(project.version);
    expect(buildTeamsPackage(identity, first)).toEqual(first);
    const renamed = buildTeamsPackage({ ...identity, organisation: "Gemeente Anders" }, first);
    const again = buildTeamsPackage(identity, renamed);
    const [major, minor, patch] = project.version.split(".").map(Number);
    const later = (by: number) => `${major}.${minor}.${Number(patch) + by}`;
    expect([versionOf(renamed), versionOf(again)]).toEqual([later(1), later(2)]);
    expect(() => buildTeamsPackage(identity, new Uint8Array(20))).toThrow();
  });

  it("shortens the name of an organisation to what the schema takes", async () => {
    const manifest = toManifest({ ...identity, organisation: "Gemeenschappelijke Regeling Werk en Inkomen Voorbeeld" });
    expect(manifest.developer.name).toBe("Gemeenschappelijke Regeling Werk");
    const parsed = TeamsManifestConverter.jsonToManifest(JSON.stringify(manifest));
    expect(await AppManifestUtils.validateAgainstSchema(parsed)).toEqual([]);
  });

  it("is in Dutch too, by the official schema, each text of it", async () => {
    const dutch = JSON.parse(text("nl-NL.json"));
    expect(await AppManifestUtils.validateAgainstSchema(dutch, localizationSchema())).toEqual([]);
    expect(await AppManifestUtils.validateAgainstSchema({ ...dutch, extra: "" }, localizationSchema())).not.toEqual([]);
    const { bots } = JSON.parse(text("manifest.json"));
    for (const [list, { commands: offered }] of bots[0].commandLists.entries()) {
      for (const index of offered.keys()) {
        expect(dutch).toHaveProperty([`bots[0].commandLists[${list}].commands[${index}].title`]);
        expect(dutch).toHaveProperty([`bots[0].commandLists[${list}].commands[${index}].description`]);
      }
    }
    expect(Object.keys(dutch).filter((key) => key.startsWith("bots"))).toHaveLength(24);
  });

  it("offers only commands that the bot understands, in both languages", () => {
    const { bots } = JSON.parse(text("manifest.json"));
    const dutch = Object.entries<string>(JSON.parse(text("nl-NL.json"))).filter(([key]) => key.endsWith("title"));
    const english = bots[0].commandLists.flatMap((list: { commands: { title: string }[] }) => list.commands);
    for (const title of [
      ...english.map((command: { title: string }) => command.title),
      ...dutch.map(([, title]) => title),
    ]) {
      const isCommand = title === "help" || Object.values(commands).some((command) => command.test(title));
      const isOwn = parseTypedCommand(title) !== null || parseTypedAnswer(title) === "claim";
      expect(isCommand || isOwn, title).toBe(true);
    }
  });

  it("is the same bytes for the same configuration", () => {
    expect(buildTeamsPackage(identity)).toEqual(buildTeamsPackage({ ...identity }));
  });
});

/** Width, height and RGBA pixels of a PNG with 8 bits a channel and no filters, which is how these are written. */
function readPng(path: string) {
  const png = readFileSync(path);
  expect(png.subarray(0, 8).toString("latin1")).toBe("\x89PNG\r\n\x1a\n");
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  expect([...png.subarray(24, 26)]).toEqual([8, 6]);
  const start = png.indexOf("IDAT") + 4;
  const raw = inflateSync(png.subarray(start, start + png.readUInt32BE(start - 8)));
  const pixels: number[][] = [];
  for (let y = 0; y < height; y++) {
    const row = y * (width * 4 + 1);
    expect(raw[row]).toBe(0);
    for (let x = 0; x < width; x++) pixels.push([...raw.subarray(row + 1 + x * 4, row + 5 + x * 4)]);
  }
  return { width, height, pixels };
}

// https://learn.microsoft.com/microsoftteams/platform/concepts/build-and-test/apps-package#app-icons
describe("the icons", () => {
  it("color.png: 192 by 192, solid, its symbol within the middle 96 by 96", () => {
    const { width, height, pixels } = readPng("manifests/teams/color.png");
    expect([width, height]).toEqual([192, 192]);
    const background = pixels[0];
    pixels.forEach((pixel, index) => {
      expect(pixel[3]).toBe(255);
      const [x, y] = [index % 192, Math.floor(index / 192)];
      if (x < 48 || x >= 144 || y < 48 || y >= 144) expect(pixel).toEqual(background);
    });
    expect(background).toEqual([0x0b, 0x3d, 0x5c, 255]);
  });

  it("outline.png: 32 by 32, white on transparent and nothing else", () => {
    const { width, height, pixels } = readPng("manifests/teams/outline.png");
    expect([width, height]).toEqual([32, 32]);
    expect(new Set(pixels.map((pixel) => pixel.slice(0, 3).join()))).toEqual(new Set(["255,255,255"]));
    expect(pixels.filter((pixel) => pixel[3] === 255).length).toBeGreaterThan(200);
    expect(pixels.filter((pixel) => pixel[3] === 0).length).toBeGreaterThan(200);
  });
});

describe("npm run manifest", () => {
  const run = promisify(execFile);
  const out = join(folder, "package.zip");
  const start = (config: string, env: Record<string, string>) =>
    run(process.execPath, ["bot/cli/manifest.ts", "--config", config, "--out", out], { env });

  it("says where it can't be written, and what to do", async () => {
    const command = ["bot/cli/manifest.ts", "--config", "manifests/rugdekking.example.yaml", "--out", folder];
    const failed = await run(process.execPath, command, { env: { TEAMS_APP_ID: appId } }).catch((error) => error);
    expect(failed).toMatchObject({
      code: 1,
      stderr: `${words.unwritten(folder, `${fileFault.nl.folder} (EISDIR)`)}\n`,
    });
  });

  it("writes nothing over what is no package", async () => {
    const path = join(folder, "minutes.zip");
    writeFileSync(path, "the minutes of Monday");
    const command = ["bot/cli/manifest.ts", "--config", "manifests/rugdekking.example.yaml", "--out", path];
    const failed = await run(process.execPath, command, { env: { TEAMS_APP_ID: appId } }).catch((error) => error);
    expect(failed).toMatchObject({
      code: 1,
      stderr: `${words.noPackage(path)}\n`,
    });
    expect(readFileSync(path, "utf8")).toBe("the minutes of Monday");
  });

  it("speaks the language of the organisation", async () => {
    const config = join(folder, "english.yaml");
    const settings = `organisation: X\nlanguage: en\npublicUrl: https://alarm.example.nl\nteams: { appId: ${appId} }\n`;
    writeFileSync(config, settings);
    const english = join(folder, "english.zip");
    const command = ["bot/cli/manifest.ts", "--config", config, "--out", english];
    const { stdout } = await run(process.execPath, command, { env: {} });
    expect(stdout).toBe(`${manifest.en.written(english, project.version)}\n`);
  });

  it("writes the package with no secret set but the app id, which is none", async () => {
    const { stdout } = await start("manifests/rugdekking.example.yaml", { TEAMS_APP_ID: appId });
    expect(stdout).toBe(`${words.written(out, project.version)}\n`);
    const manifest = unzipSync(readFileSync(out))["manifest.json"] ?? new Uint8Array();
    expect(JSON.parse(strFromU8(manifest))).toMatchObject({
      id: appId,
      developer: { websiteUrl: "https://alarm.example.nl/", privacyUrl: "https://alarm.example.nl/#privacy" },
    });
  });

  it("says what to do without an app registration, and exits 1", async () => {
    const config = join(folder, "local.yaml");
    writeFileSync(config, "organisation: X\npublicUrl: https://alarm.example.nl\nteams: { local: true }\n");
    await expect(start(config, {})).rejects.toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining(expected.nl.appId),
    });
  });

  it("says that Teams needs https, and exits 1", async () => {
    const config = join(folder, "http.yaml");
    writeFileSync(config, `organisation: X\npublicUrl: http://alarm.example.nl\nteams: { appId: ${appId} }\n`);
    await expect(start(config, {})).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining(expected.nl.httpsUrl),
    });
  });

  it("reports a configuration that is not there, and exits 1", async () => {
    await expect(start(join(folder, "absent.yaml"), {})).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining(problems.nl.noFile(`${fileFault.nl.missing} (ENOENT)`).wrong),
    });
  });
});
