import net from "node:net";
import fc from "fast-check";

// A property tries the same made-up runs each time, so that what is green stays green: `npm run explore` tries others,
// and names the seed with which a failure is played again.
fc.configureGlobal({ seed: process.env.SEED === "random" ? Date.now() % 2 ** 31 : Number(process.env.SEED ?? 11) });

/** The network is shut but for this machine: a test that reaches out fails and says where it wanted to go. */
const loopback = /^(localhost|127(\.\d{1,3}){3}|::1|::ffff:127(\.\d{1,3}){3})$/;
const connect = net.Socket.prototype.connect;

net.Socket.prototype.connect = function (this: net.Socket, ...args: Parameters<typeof connect>) {
  const [first] = args.flat() as unknown[];
  const target = typeof first === "object" && first !== null && "port" in first ? (first as { host?: string }) : null;
  const host = target === null ? null : (target.host ?? "localhost");
  if (host !== null && !loopback.test(host)) {
    throw new Error(`a test tried to reach ${host}: only loopback is open, start a fake server in test/fakes`);
  }
  return connect.apply(this, args);
} as typeof connect;
