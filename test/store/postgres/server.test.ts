import { describe, expect, it } from "vitest";
import { parseServer, toTlsOptions } from "../../../bot/store/postgres/server.ts";

describe("the address of a database", () => {
  it("names hosts, a user, a password and a database", () => {
    const { hosts, user, password, database } = parseServer(
      "postgres://rug%40dek:p%3Ass:w@db1,[::1]:6432,db3:1/al%20arm",
    );
    expect(hosts).toEqual([
      { host: "db1", port: 5432 },
      { host: "::1", port: 6432 },
      { host: "db3", port: 1 },
    ]);
    expect([user, password, database]).toEqual(["rug@dek", "p:ss:w", "al arm"]);
  });

  it("is encrypted to a server that is known, unless it is on this machine or says less", () => {
    const tlsOf = (url: string) => {
      const server = parseServer(url);
      const [host] = server.hosts;
      return host && toTlsOptions(server.tls, host);
    };
    expect(tlsOf("postgres://u@127.0.0.1/d")).toBe(false);
    expect(tlsOf("postgres://u@db1/d")).toEqual({ host: "db1", servername: "db1", rejectUnauthorized: true });
    expect(tlsOf("postgres://u@10.0.0.1/d")).toEqual({ host: "10.0.0.1", rejectUnauthorized: true });
    expect(tlsOf("postgres://u@db1/d?sslmode=disable")).toBe(false);
    expect(tlsOf("postgres://u@db1/d?sslmode=require")).toMatchObject({ rejectUnauthorized: false });
    expect(tlsOf("postgres://u@db1/d?sslmode=verify-ca")).toMatchObject({ checkServerIdentity: expect.any(Function) });
    expect(tlsOf("postgres://u@127.0.0.1,db1/d")).toMatchObject({ rejectUnauthorized: true });
  });

  it.each([
    "postgres://user:secret@/d",
    "postgres://user:secret@host",
    "postgres://user:secret@host:0/d",
    "postgres://user:secret@host:70000/d",
    "postgres://user:secret@a:b:c/d",
    "postgres://user:secret%@host/d",
    "postgres://user:secret@host/d?sslmode=prefer",
    "postgres://user:secret@host/d?sslrootcert=/not/there",
    "postgres://user:secret@host/d?target_session_attrs=any",
    "postgres://user:secret@host/d?options=-csearch_path",
  ])("is refused with what was expected, and nothing of it is shown: %s", (url) => {
    expect(() => parseServer(url)).toThrow(/^database: /);
    expect(() => parseServer(url)).not.toThrow("secret");
  });
});
