import { onTestFinished } from "vitest";
import type { Store } from "../../../bot/ports/store/store.ts";
import { openStore } from "../../../bot/store/store.ts";
import { connectTo, newPostgres } from "../../storage/postgres/new-postgres.ts";
import { PostgresProxy } from "../../storage/postgres/proxy.ts";
import { patient, type Version } from "../../storage/postgres/server.ts";

/** A store behind a proxy, which it may go to by TLS, and a connection that goes past that. */
export async function open({ version = "18", isEncrypted = false }: { version?: Version; isEncrypted?: boolean } = {}) {
  const url = await newPostgres(version);
  const proxy = await PostgresProxy.start(url, isEncrypted);
  const beside = connectTo(url);
  const lines: string[] = [];
  const note = (_: unknown, event: string) => void lines.push(event);
  const log = { info: note, warn: note, error: note };
  const ends: string[] = [];
  const onLost = () => void ends.push("lost");
  const onWhole = () => void ends.push("whole");
  const timeouts = { ...patient };
  const start = (lockWaitMs = 0) => openStore({ url: proxy.url, log, lockWaitMs, timeouts, onLost, onWhole });
  onTestFinished(async () => {
    await beside.close();
    await proxy[Symbol.asyncDispose]();
  });
  return { url, proxy, timeouts, beside, lines, ends, start, database: url.slice(url.lastIndexOf("/") + 1) };
}

export function write(store: Store, name = "name"): Promise<void> {
  return store.write((tx) => tx.saveSetting("greeted", name, "value"));
}

export function read(store: Store, name = "name"): Promise<string | null> {
  return store.read((reader) => reader.loadSetting("greeted", name));
}
