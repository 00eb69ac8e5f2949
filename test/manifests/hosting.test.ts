import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { listOf, readStages } from "./dockerfile.ts";

const image = readStages().at(-1);
const data = "/var/lib/rugdekking";
const configuration = "/etc/rugdekking";
const port = 3978;
/** The bot ends itself by then, after SIGTERM. */
const stopWithinS = 24;

function readText(path: string): string {
  return readFileSync(`manifests/${path}`, "utf8");
}

it("the image, systemd, compose and Kubernetes agree on where things stand", () => {
  const env = listOf(image, "ENV");
  expect(env).toContain(`RUGDEKKING_CONFIG=${configuration}/rugdekking.yaml`);
  expect(listOf(image, "VOLUME")).toEqual([data]);
  expect(listOf(image, "EXPOSE")).toEqual([String(port)]);

  const unit = readText("systemd/rugdekking.service");
  expect(unit).toContain(`Environment=RUGDEKKING_CONFIG=${configuration}/rugdekking.yaml\n`);
  expect(unit).toContain(`ExecStart=/usr/bin/${JSON.parse(listOf(image, "CMD")[0] ?? "[]").join(" ")}\n`);
  // Node itself would only say that it can't read the program.
  expect(unit).toContain("ExecStartPre=/usr/bin/node bot/cli/node-version.js\n");
  expect(unit).toContain("StateDirectory=rugdekking\n");

  const { rugdekking } = parse(readText("container/compose.yaml")).services;
  expect(rugdekking.volumes).toEqual([`./rugdekking.yaml:${configuration}/rugdekking.yaml:ro`, `data:${data}`]);
  expect(rugdekking.ports).toEqual([`127.0.0.1:${port}:${port}`]);

  const [container] = readStatefulSet().spec.template.spec.containers;
  const mounted = container.volumeMounts.map(({ mountPath }: { mountPath: string }) => mountPath);
  expect(mounted).toEqual([configuration, data, "/tmp"]);
  expect(container.ports).toEqual([{ name: "http", containerPort: port }]);
});

it("each gives the bot the time to finish, starts it again for ever, and lets it write nowhere else", () => {
  const unit = readText("systemd/rugdekking.service");
  const { rugdekking } = parse(readText("container/compose.yaml")).services;
  const { replicas, template } = readStatefulSet().spec;
  const { terminationGracePeriodSeconds, securityContext, containers } = template.spec;

  const stopsWithin = [/^TimeoutStopSec=(\d+)s$/m.exec(unit)?.[1], rugdekking.stop_grace_period.replace("s", "")];
  for (const seconds of [...stopsWithin, terminationGracePeriodSeconds])
    expect(Number(seconds)).toBeGreaterThan(stopWithinS);

  expect(unit).toMatch(/^Restart=always$/m);
  expect(unit).toMatch(/^StartLimitIntervalSec=0$/m);
  expect(rugdekking.restart).toBe("always");
  // One process owns the database.
  expect(replicas).toBe(1);

  expect(unit).toMatch(/^ProtectSystem=strict$/m);
  expect(rugdekking).toMatchObject({ read_only: true, cap_drop: ["ALL"], user: "node" });
  expect(securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
  expect(containers[0].securityContext).toEqual({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  });
});

it("Kubernetes asks the doors that there are, and sends alarms also while they can't be recorded", () => {
  const documents = parseAllDocuments(readText("kubernetes/rugdekking.yaml")).map((each) => each.toJS());
  const [service] = documents;
  const [{ readinessProbe, livenessProbe, startupProbe }] = readStatefulSet().spec.template.spec.containers;
  expect(readinessProbe.httpGet).toEqual({ path: "/health/ready", port: "http" });
  for (const probe of [livenessProbe, startupProbe])
    expect(probe.httpGet).toEqual({ path: "/health/live", port: "http" });
  expect(service.kind).toBe("Service");
  expect(service.spec.publishNotReadyAddresses).toBe(true);
});

function readStatefulSet() {
  const documents = parseAllDocuments(readText("kubernetes/rugdekking.yaml")).map((each) => each.toJS());
  return documents.find(({ kind }) => kind === "StatefulSet");
}
