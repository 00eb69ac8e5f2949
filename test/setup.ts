import net from "node:net";

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
