/**
 * Loaded into the Playground's process before anything else (`node --import`). The Playground would listen on every
 * interface and outlive the demo, which must be seen by this machine only and leave nothing behind.
 */
import { Server } from "node:net";

Server.prototype.listen = new Proxy(Server.prototype.listen, {
  apply(listen, server, [port, ...rest]) {
    return Reflect.apply(listen, server, typeof port === "number" ? [port, "127.0.0.1", ...rest] : [port, ...rest]);
  },
});

// The channel to the parent closes with the parent, however that ended.
process.on("disconnect", () => process.exit());
