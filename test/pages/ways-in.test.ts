import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { codesIn, linksIn } from "./markdown.ts";

const { scripts, devDependencies } = JSON.parse(readFileSync("package.json", "utf8"));

const pages = [
  "README.md",
  "CHANGELOG.md",
  ".github/CONTRIBUTING.md",
  ".github/SECURITY.md",
  ".github/pull_request_template.md",
  "bot/DECISIONS.md",
].map((path) => ({ path, text: readFileSync(path, "utf8") }));

/** Words in backticks that are a path from the top: in one of our folders, or a file beside them. */
function pathsIn(text: string): string[] {
  const words = codesIn(text).flatMap((code) => code.split(" "));
  return words.filter((word) =>
    /^(\.ci|\.github|adapters|bot|manifests|test)\/|^[\w.]+\.(md|json|yml)$|^\.[a-z]+$/.test(word),
  );
}

/** What only an installation has; git keeps it out of the repository. */
function isMade(path: string): boolean {
  return readFileSync(".gitignore", "utf8").split("\n").includes(path);
}

/** A path in which `<…>` stands for any name: some file has to look like that. */
function isThere(path: string): boolean {
  if (isMade(path)) return true;
  return path.includes("<") ? globSync(path.replace(/<[^>]+>/g, "*")).length > 0 : existsSync(path);
}

describe.each(pages)("$path", ({ path, text }) => {
  it("names no file that is not there", () => {
    expect(pathsIn(text).filter((each) => !isThere(each))).toEqual([]);
  });

  it("links to no file that is not there", () => {
    const ours = linksIn(text).flatMap((target) => (/^(https?:|#)/.test(target) ? [] : [target.replace(/#.*$/, "")]));
    expect(ours.filter((target) => !existsSync(join(dirname(path), target)))).toEqual([]);
  });

  it("names no script that npm does not have", () => {
    const named = [...text.matchAll(/npm\s+run\s+([a-z:-]+)/g)].map(([, script = ""]) => script);
    expect(named.filter((script) => !Object.hasOwn(scripts, script))).toEqual([]);
  });
});

it.each(pages)("$path says truly what stands in which file", ({ text }) => {
  const said = [...text.matchAll(/`(?<name>\w+)`\s(?:in|of)\s`(?<file>[\w./-]+\.ts)`/g)].map(
    ({ groups = {} }) => groups,
  );
  const isThere = ({ name = "", file = "" }) => new RegExp(`\\b${name}\\b`).test(readFileSync(file, "utf8"));
  expect(said.filter((each) => !isThere(each))).toEqual([]);
});

it("the page about changing things names what has to be touched", () => {
  const named = new Set(pages.flatMap(({ path, text }) => (path.endsWith("CONTRIBUTING.md") ? pathsIn(text) : [])));
  expect(named.size).toBeGreaterThan(60);
});

it("an editor and nvm are told what the formatter and npm go by", () => {
  const { formatter } = JSON.parse(readFileSync("biome.json", "utf8"));
  const editor = readFileSync(".editorconfig", "utf8");
  expect(editor).toContain(`indent_style = ${formatter.indentStyle}\nindent_size = ${formatter.indentWidth}\n`);
  expect(editor).toContain(`max_line_length = ${formatter.lineWidth}\n`);
  expect(readFileSync(".nvmrc", "utf8")).toBe(`${devDependencies.node.split(".")[0]}\n`);
});

it("every push and proposal runs what .ci/run runs, and may read only", () => {
  const workflow = parse(readFileSync(".github/workflows/ci.yml", "utf8"));
  expect(Object.keys(workflow.on)).toEqual(["push", "pull_request"]);
  expect(workflow.permissions).toEqual({ contents: "read" });
  expect(workflow.jobs.check.steps).toContainEqual({ run: ".ci/run" });
});

describe("forms for issues", () => {
  const forms = globSync(".github/ISSUE_TEMPLATE/*.yml").filter((path) => !path.endsWith("config.yml"));

  it.each(forms)("%s asks for nothing personal, in both languages, and has no field twice", (path) => {
    const { name, description, body } = parse(readFileSync(path, "utf8"));
    expect([typeof name, typeof description]).toEqual(["string", "string"]);
    expect(body[0].attributes.value).toMatch(/public.*openbaar/s);
    expect(body.at(-1).attributes.options).toMatchObject([
      { label: expect.stringContaining("persoons"), required: true },
    ]);
    const ids = body.flatMap(({ id }: { id?: string }) => id ?? []);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
