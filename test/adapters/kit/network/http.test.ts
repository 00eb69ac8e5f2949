import { once } from "node:events";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type LookupFunction, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { postJson } from "../../../../adapters/kit/network/http.ts";
import { guardLookup } from "../../../../adapters/kit/network/target.ts";
import { pagedAt } from "../../../contracts/pager-contract.ts";

/** Made for this test alone: nobody trusts it, which is the point. */
const selfSigned = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgCz4Ogngo48YxfyN9
eLOwadjkYXWHmudss5kOtM5935OhRANCAARhxGJ/nBvQ8VD6GDGh80GYJn0z+dna
dekmbpDHvkk4h1v+WqxAedxeYl7z3NgDXTbC3SbQv0qBPAhZnGyctNKS
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBkTCCATagAwIBAgIUKR/xYxvf7B6N0ZbcXENQpM2mAEgwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNDA3MjUxMFoYDzIxMjYxMDMx
MDcyNTEwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARhxGJ/nBvQ8VD6GDGh80GYJn0z+dnadekmbpDHvkk4h1v+WqxAedxe
Yl7z3NgDXTbC3SbQv0qBPAhZnGyctNKSo2QwYjAdBgNVHQ4EFgQUZVCxHhPLAK7m
s+CcnFliCfLltmQwHwYDVR0jBBgwFoAUZVCxHhPLAK7ms+CcnFliCfLltmQwDwYD
VR0TAQH/BAUwAwEB/zAPBgNVHREECDAGhwR/AAABMAoGCCqGSM49BAMCA0kAMEYC
IQCfLv47zP3QZ3vbGfEp/K3JXuyec6Dr6jy8UTiHq5pfXQIhALC40WkJghSMzCJX
fyys3fugLYz2fM9hLfYGQ50RwNNZ
-----END CERTIFICATE-----`,
};

const post = (url: string) =>
  postJson({ url, headers: { "x-secret": "s3cr3t" }, body: "{}", now: pagedAt, signal: new AbortController().signal });

async function listen(server: ReturnType<typeof createServer>) {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe("postJson", () => {
  it.each(["", "nowhere", "ftp://127.0.0.1/", "file:///etc/passwd", "http://", "javascript:alert(1)"])(
    "sends nothing to %j",
    async (url) => {
      await expect(post(url)).rejects.toMatchObject({ reason: "misconfigured" });
    },
  );

  it.each([
    "http://169.254.169.254/latest/meta-data/",
    "http://169.254.0.1/",
    "http://2852039166/", // the same address as a number
    "http://0xa9.0xfe.0xa9.0xfe/",
    "http://[::ffff:169.254.169.254]/",
    "http://[fe80::1]/",
    "http://[fd00:ec2::254]/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "https://168.63.129.16/",
  ])("sends nothing to %s", async (url) => {
    await expect(post(url)).rejects.toMatchObject({ reason: "misconfigured", message: /link-local/ });
  });

  it("does not trust a certificate that nobody vouches for", async () => {
    await using server = await listen(createTlsServer(selfSigned, (_request, response) => response.end()));
    await expect(post(`https://${server.host}/`)).rejects.toMatchObject({
      reason: "misconfigured",
      message: "The certificate of 127.0.0.1 is not to be trusted (DEPTH_ZERO_SELF_SIGNED_CERT).",
    });
  });

  it("says so when the other side speaks no TLS", async () => {
    await using server = await listen(createServer((_request, response) => response.end()));
    await expect(post(`https://${server.host}/`)).rejects.toMatchObject({ reason: "misconfigured" });
  });

  it("finds a closed port unreachable", async () => {
    const server = await listen(createServer());
    await server[Symbol.asyncDispose]();
    const error: unknown = await post(`http://${server.host}/secret-path`).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      reason: "unreachable",
      mayHaveArrived: false,
      message: "The connection with 127.0.0.1 failed (ECONNREFUSED).",
      cause: { message: "ECONNREFUSED" },
    });
  });

  it("does not follow a redirect", async () => {
    let calls = 0;
    await using server = await listen(
      createServer((_request, response) => {
        calls += 1;
        response.writeHead(302, { location: "/elsewhere" }).end();
      }),
    );
    await expect(post(`http://${server.host}/`)).rejects.toMatchObject({ reason: "misconfigured" });
    expect(calls).toBe(1);
  });

  it("sends its body as JSON and reads the beginning of the answer", async () => {
    await using server = await listen(
      createServer((request, response) =>
        response.writeHead(202).end(`${request.headers["content-type"]}${"x".repeat(100_000)}`),
      ),
    );
    const { status, body } = await post(`http://${server.host}/`);
    expect(status).toBe(202);
    expect(body.startsWith("application/json")).toBe(true);
    expect(body).toHaveLength(16 * 1024);
  });

  it("does not wait for the end of an answer without end", async () => {
    await using server = await listen(
      createServer((_request, response) => {
        const write = () => {
          while (!response.destroyed && response.write("x".repeat(10_000)));
        };
        response.on("drain", write);
        write();
      }),
    );
    await expect(post(`http://${server.host}/`)).resolves.toMatchObject({ status: 200 });
  });

  it("takes a 2xx whose body breaks off for what it is", async () => {
    await using server = await listen(
      createServer((request, response) => {
        response.writeHead(200, { "content-length": "100" }).write("half");
        setImmediate(() => request.socket.destroy());
      }),
    );
    await expect(post(`http://${server.host}/`)).resolves.toMatchObject({ status: 200 });
  });
});

/** A server that says `answer` to whatever it is sent, as it stands, and nothing more. */
async function listenRaw(answer: (socket: Socket) => void) {
  const sockets: Socket[] = [];
  const server = createTcpServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined).on("data", () => answer(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    sockets,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\n";

describe("every way out", () => {
  it("is one: an answer that changes the protocol is garbage", async () => {
    await using server = await listenRaw((socket) =>
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${upgrade}\r\n`),
    );
    await expect(post(server.url)).rejects.toMatchObject({ reason: "unreachable" });
    const [socket] = server.sockets;
    if (socket?.destroyed === false) await once(socket, "close");
  });

  it("but a 2xx that only offers another protocol is a 2xx", async () => {
    await using server = await listenRaw((socket) =>
      socket.write(`HTTP/1.1 200 OK\r\n${upgrade}Content-Length: 2\r\n\r\n{}`),
    );
    await expect(post(server.url)).resolves.toEqual({ status: 200, body: "{}" });
  });

  it.each([
    ["at once", ""],
    ["after a 103", "HTTP/1.1 103 Early Hints\r\n\r\n"],
    ["after a 101 that names no protocol", "HTTP/1.1 101 Switching Protocols\r\n\r\n"],
    ["within the head", "HTTP/1.1 200 OK\r\nContent-"],
    ["after nonsense", "nonsense\r\n\r\n"],
  ])("is told when the other side hangs up %s", async (_when, text) => {
    await using server = await listenRaw((socket) => socket.end(text));
    await expect(post(server.url)).rejects.toMatchObject({ reason: "unreachable", mayHaveArrived: true });
  });

  it("ends with its signal while nothing comes", async () => {
    const given = new AbortController();
    await using server = await listenRaw(() => given.abort());
    const sent = postJson({ url: server.url, headers: {}, body: "{}", now: pagedAt, signal: given.signal });
    await expect(sent).rejects.toMatchObject({
      ...{ reason: "unreachable", mayHaveArrived: true },
      message: "No answer from 127.0.0.1 in time.",
    });
  });

  it.each([
    [500, false],
    [502, false],
    [503, false],
    [504, true],
  ])("knows of a %i whether something behind it may have the request: %s", async (status, mayHaveArrived) => {
    await using server = await listenRaw((socket) => socket.end(`HTTP/1.1 ${status} No\r\n\r\n`));
    await expect(post(server.url)).rejects.toMatchObject({ reason: "unreachable", mayHaveArrived });
  });

  it("knows that nothing arrived where TLS was never agreed on", async () => {
    const given = new AbortController();
    await using server = await listenRaw(() => given.abort());
    const url = server.url.replace("http:", "https:");
    const sent = postJson({ url, headers: {}, body: "{}", now: pagedAt, signal: given.signal });
    await expect(sent).rejects.toMatchObject({ reason: "unreachable", mayHaveArrived: false });
  });

  it.each([302, 400, 429, 500, 503])("leaves no socket behind when a %i never ends", async (status) => {
    await using server = await listenRaw((socket) => socket.write(`HTTP/1.1 ${status} No\r\n\r\nmore to come`));
    await expect(post(server.url)).rejects.toMatchObject({ name: "DeliveryError" });
    const [socket] = server.sockets;
    if (socket?.destroyed === false) await once(socket, "close");
  });
});

describe("names that lead elsewhere", () => {
  const lookUp = (addresses: string[] | string) =>
    new Promise((resolve, reject) => {
      const resolver: LookupFunction = (_hostname, _options, callback) =>
        typeof addresses === "string"
          ? callback(null, addresses, 4)
          : callback(
              null,
              addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
            );
      guardLookup(resolver)("desk.example.nl", {}, (error, address) => (error ? reject(error) : resolve(address)));
    });

  it.each(["169.254.169.254", "fe80::1", "::ffff:169.254.1.1"])(
    "refuses a name that resolves to %s",
    async (address) => {
      await expect(lookUp(address)).rejects.toMatchObject({ code: "ERR_FORBIDDEN_TARGET" });
      await expect(lookUp(["192.0.2.1", address])).rejects.toMatchObject({ code: "ERR_FORBIDDEN_TARGET" });
    },
  );

  it("lets other addresses through, loopback too: a tunnel to an alarm centre is one", async () => {
    await expect(lookUp(["127.0.0.1", "::1", "192.0.2.1"])).resolves.toHaveLength(3);
  });

  it("passes on that a name does not exist", async () => {
    const failing: LookupFunction = (_hostname, _options, callback) =>
      callback(Object.assign(new Error("not found"), { code: "ENOTFOUND" }), []);
    const result = new Promise((resolve) => guardLookup(failing)("nowhere.invalid", {}, (error) => resolve(error)));
    await expect(result).resolves.toMatchObject({ code: "ENOTFOUND" });
  });
});
