import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { codesIn } from "./markdown.ts";

type Where = readonly [file: string, test: string] | { readonly untried: string };

const machine = { untried: "changes the accounts, packages or services of the machine that runs it" };
const itself = { untried: "is what runs these tests, or part of them" };

/** Each command line that README and guide tell somebody to type: the test that runs it, or why there is none. */
const lines: Readonly<Record<string, Where>> = {
  "npm ci && npm run demo": ["cli/demo", "is seen by this machine alone, presses at Enter"],
  "npm run demo -- --unattended": ["cli/demo", "-- --unattended: press, card, page"],
  "npm ci && npm test": itself,
  "npm run golden": itself,
  "npm start": ["cli/start", "npm start: SIGTERM to npm alone stops the bot"],
  "npm ci --omit=dev": ["manifests/production", "the image's program runs as nobody, without development packages"],
  "npm run init": ["cli/init", "writes what passes the check and starts"],
  "npm run init -- --database /var/lib/rugdekking/rugdekking.db": ["cli/init", "writes for a service"],
  "npm run check-config": ["cli/check-config", "says that it can be used"],
  "npm run config -- reload": ["cli/reload", "has the bot go by the file"],
  "npm run manifest": ["cli/manifest", "has its files at the top"],
  "npm run manifest -- --out /var/lib/rugdekking/rugdekking-teams.zip": ["cli/manifest", "has its files at the top"],
  "npm run backup -- /backup/rugdekking.db": ["cli/copies", "copies beside presses"],
  "npm run restore -- /backup/rugdekking.db": ["cli/copies", "puts it back, keeps the other"],
  "npm run migrate-database -- sqlite:/var/lib/rugdekking/rugdekking.db postgres://rugdekking@db1/rugdekking": [
    "cli/migrate-database",
    "begins anew then, says what it did",
  ],
  "psql postgres://rugdekking@db1/rugdekking -c \"update settings set value = '' where subject = 'home'\"": [
    "store/postgres/home",
    "is %s: it was put back, and that is seen at one start",
  ],
  "npm run doctor": ["cli/check-up", "says a line of each thing"],
  "npm run doctor -- pagers": ["cli/doctor", "ends with 1 when somebody did not answer in time"],
  "npm run doctor -- teams frontdesk": ["cli/doctor-teams", "says of each step how it went"],
  "npm run ring -- buttons": ["cli/ring", "presses the first button of a source"],
  "npm run ring -- buttons --test": ["cli/ring", "says what the running bot would make of it"],
  "sudo useradd --system --home-dir /var/lib/rugdekking --shell /usr/sbin/nologin rugdekking": machine,
  "sudo git clone … /opt/rugdekking": machine,
  "cd /opt/rugdekking": machine,
  "sudo install -d -o rugdekking -g rugdekking -m 750 /etc/rugdekking": machine,
  "sudo install -d -o rugdekking -g rugdekking -m 700 /var/lib/rugdekking": machine,
  "export RUGDEKKING_CONFIG=/etc/rugdekking/rugdekking.yaml": ["manifests/hosting", "the image, systemd, compose"],
  "sudo cp manifests/systemd/rugdekking.service /etc/systemd/system/": ["debian/systemd", "systemd can read the unit"],
  "sudo systemctl daemon-reload": machine,
  "sudo systemctl enable --now rugdekking": machine,
  "sudo systemctl start rugdekking": machine,
  "sudo systemctl stop rugdekking": machine,
  "sudo systemctl disable --now rugdekking": machine,
  "sudo nginx -t": ["debian/proxy", "nginx"],
  "sudo systemctl reload nginx": machine,
  "curl -i https://alarm.example.nl/health/ready": ["debian/proxy", "nginx"],
  "journalctl -u rugdekking": machine,
  "sudo rm -r /opt/rugdekking* /etc/rugdekking /var/lib/rugdekking /backup": machine,
  "sudo rm /etc/systemd/system/rugdekking.service /etc/cron.d/rugdekking": machine,
  "sudo install -d -o rugdekking -g rugdekking -m 700 /backup": machine,
  "sudo git clone … /opt/rugdekking.new": machine,
  "cd /opt/rugdekking.new": machine,
  "sudo mv /opt/rugdekking /opt/rugdekking.old": machine,
  "sudo mv /opt/rugdekking.new /opt/rugdekking": machine,
  "sudo userdel rugdekking": machine,
};

const pages = ["README.md", "manifests/README.md"];

/** What stands in a page to be typed: the lines of its blocks, and commands within its text. */
function readLines(path: string): string[] {
  const page = readFileSync(path, "utf8");
  const blocks = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block = ""]) => block.split("\n"));
  const within = codesIn(page).filter((code) => /^(?:sudo|npm (?:ci|start|test|run)|journalctl|curl)\b/.test(code));
  return [...blocks, ...within].map(toCommand).filter((line) => line !== "");
}

/** A line without its comment and without the account under which it is run; what the reader fills in is `…`. */
function toCommand(line: string): string {
  const [command = ""] = line.split(/ +#/);
  return command
    .replace(/^sudo -E -u rugdekking (?=npm )|^sudo (?=npm )/, "")
    .replace(/<(?:adres|address|versie|version)[^>]*>/, "…");
}

/** The parts of a line that stand in the list by themselves, or the line as a whole. */
function toKnown(line: string): string[] {
  if (Object.hasOwn(lines, line)) return [line];
  return line.split(" && ").map(toCommand);
}

it.each(pages)("%s: each command is run by a test, or it is said why not", (path) => {
  const known = readLines(path).flatMap(toKnown);
  expect(known.length).toBeGreaterThan(5);
  expect(known.filter((line) => !Object.hasOwn(lines, line))).toEqual([]);
});

it("lists no command that no page has", () => {
  const told = new Set(pages.flatMap(readLines).flatMap(toKnown));
  expect(Object.keys(lines).filter((line) => !told.has(line))).toEqual([]);
});

it.each(Object.entries(lines))("%s", (_line, where) => {
  if ("untried" in where) return expect(where.untried).not.toBe("");
  const [file, test] = where;
  const text = readFileSync(`test/${file}.test.ts`, "utf8");
  expect(text.includes(`"${test}`), `a test in ${file} called "${test} …"`).toBe(true);
});

it("both languages of the guide have the same commands, in the same order", () => {
  const [, dutch = "", english = ""] = readFileSync("manifests/README.md", "utf8").split(
    /^## (?:Nederlands|English)$/m,
  );
  const toBlocks = (text: string) => [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = ""]) => block);
  const plain = (block: string) => block.replace(/<(?:adres|address|versie|version)[^>]*>/, "…");
  expect(toBlocks(dutch).map(plain)).toEqual(toBlocks(english).map(plain));
  expect(toBlocks(dutch).length).toBeGreaterThan(5);
});
