import { once } from "node:events";
import { createServer, type Server } from "node:net";

/**
 * Finds for each wanted port one that is free on this machine: the wanted one, else any (0: any at once). All differ.
 */
export async function findFreePorts<Wanted extends readonly number[]>(
  ...wanted: Wanted
): Promise<{ [Index in keyof Wanted]: number }>;
export async function findFreePorts(...wanted: number[]): Promise<number[]> {
  // All are held until the last is found, or the system might name one of them twice.
  const held: Server[] = [];
  for (const port of wanted) held.push((await holdPort(port)) ?? (await holdAnyPort()));
  const ports = held.map(toPort);
  await Promise.all(held.map((server) => once(server.close(), "close")));
  return ports;
}

async function holdAnyPort(): Promise<Server> {
  const server = await holdPort(0);
  if (server === null) throw new Error("This machine has no free port left.");
  return server;
}

/** Listens on that port; null when another program has it, or it is not for us. */
async function holdPort(port: number): Promise<Server | null> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<Server | null>();
  server.once("error", () => resolve(null));
  server.listen(port, "127.0.0.1", () => resolve(server));
  return promise;
}

function toPort(server: Server): number {
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("A listening server has no port.");
  return address.port;
}
