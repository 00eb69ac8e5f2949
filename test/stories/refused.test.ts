import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { stringify } from "yaml";

it("rule 21: a policy that would be silent is refused at start, by name", () => {
  const secret = "een-lang-geheim-voor-knoppen";
  const folder = mkdtempSync(join(tmpdir(), "refused-"));
  const path = join(folder, "rugdekking.yaml");
  writeFileSync(
    path,
    stringify({
      organisation: "Gemeente Voorbeeld",
      publicUrl: "http://127.0.0.1:1",
      database: `sqlite:${join(folder, "rugdekking.db")}`,
      teams: { local: true, serviceUrl: "http://127.0.0.1:1" },
      channels: { frontdesk: {} },
      sources: { buttons: { type: "webhook", secret, policy: "building", channel: "frontdesk" } },
      policies: {
        building: {
          repeatEvery: "3m",
          steps: [
            { after: "0s", tell: "frontdesc" },
            { after: "60s", page: "dsek" },
            { after: "10m", tell: "frontdesk" },
          ],
        },
        silent: { repeatEvery: "3m", steps: [{ after: "10s", tell: "frontdesk" }] },
        once: {
          steps: [
            { after: "0s", tell: "frontdesk" },
            { after: "60s", page: "desk" },
          ],
        },
      },
      pagers: { desk: { type: "webhook", url: "http://127.0.0.1:1", secret } },
    }),
  );
  const { status, stderr } = spawnSync(process.execPath, ["bot/main.ts"], {
    env: { RUGDEKKING_CONFIG: path },
    encoding: "utf8",
    timeout: 50_000,
  });
  rmSync(folder, { recursive: true });
  expect(status).toBe(1);
  expect(stderr).not.toContain(secret);
  for (const name of [
    "policies.building.steps[0].tell",
    "policies.building.steps[1].page",
    "policies.building.steps[2].after",
    "policies.silent.steps",
    "policies.once.repeatEvery",
  ]) {
    expect(stderr).toContain(name);
  }
});
