import { expect, it } from "vitest";
import { toRows } from "../../../../bot/engine/incident/effect-rows.ts";
import { Handler } from "../../../../bot/engine/kernel/handle.ts";
import { beginAnew } from "../../../../bot/engine/kernel/incidents/begin-anew.ts";
import { followOpen } from "../../../../bot/engine/kernel/open/follow-open.ts";
import { OpenIncidents } from "../../../../bot/engine/kernel/open/open-incidents.ts";
import { newIncident } from "../../../store/new-incident.ts";
import { openKernel, second } from "../../open-kernel.ts";

it.each(["at once", "late"])("what comes from a copy goes on anew (rule 29), where it can be read %s", async (when) => {
  await using base = await openKernel();
  const { kernel, directory } = base;
  await base.press();
  const copied = { at: kernel.clock.now(), upTo: 10, ended: {} };
  const openIncidents = new OpenIncidents(kernel.clock);
  const world = { teams: { isBusy: () => false }, inAlarms: openIncidents, copied };
  const handler = new Handler(kernel, directory, toRows, world);
  const { store } = kernel;
  const read = store.read.bind(store);
  if (when === "late") store.read = () => Promise.reject(new Error("I/O error"));
  await using open = await followOpen(kernel, handler, openIncidents, directory);
  await using _beginning = beginAnew(kernel, handler, openIncidents, directory, copied, open);
  const kinds = async () => (await read((reader) => reader.loadHistory("i-1", 0))).map(({ kind }) => kind);
  await base.pass(second / 2);
  expect((await kinds()).includes("returned")).toBe(when === "at once");
  store.read = read;
  await base.pass(3 * second);
  expect((await kinds()).filter((kind) => kind === "returned")).toHaveLength(1);
});

it("so does all that is open, also what memory has packed and what is due in hours only, beside what can't be read", async () => {
  await using base = await openKernel();
  const { kernel, directory } = base;
  const { store, clock } = kernel;
  const ids = Array.from({ length: 2_300 }, (_, index) => `i-${index}`);
  await store.write(async (tx) => {
    for (const id of ids)
      await tx.insertIncident(newIncident(id, { policy: base.hash, nextAt: clock.now() + 9 * 3_600_000 }));
  });
  await store.write((tx) => tx.insertIncident(newIncident("damaged", { policy: "gone", nextAt: clock.now() })));
  const read = store.read.bind(store);
  store.read = (work) =>
    read((reader) => {
      const loadIncident: typeof reader.loadIncident = async (id) => {
        if (id === "damaged") throw new Error("I/O error");
        return reader.loadIncident(id);
      };
      return work({ ...reader, loadIncident });
    });
  const copied = { at: clock.now(), upTo: ids.length + 1, ended: {} };
  const openIncidents = new OpenIncidents(clock);
  const world = { teams: { isBusy: () => false }, inAlarms: openIncidents, copied };
  const handler = new Handler(kernel, directory, toRows, world);
  await using open = await followOpen(kernel, handler, openIncidents, directory);
  await using _beginning = beginAnew(kernel, handler, openIncidents, directory, copied, open);
  await base.pass(3 * second);
  const returned = ids.filter((id) => openIncidents.of(id)?.incident.returned?.copiedAt === copied.at);
  expect(returned).toHaveLength(ids.length);
});
