import { describe, expect, it } from "vitest";
import { Crowd } from "../../bot/kit/crowd.ts";

const shared = "127.0.0.1";

function gather(each: number, together: number) {
  const crowd = new Crowd({ each, together }, (address) => address === shared);
  const gone: string[] = [];
  return {
    crowd,
    gone,
    join: (address: string, name: string, size = 1) => crowd.join(address, size, () => gone.push(name)),
  };
}

describe("who gives way", () => {
  it("is one of the address that has too much, the one that was silent for longest", () => {
    const { gone, join } = gather(2, 100);
    const first = join("192.0.2.1", "first");
    join("192.0.2.1", "second");
    join("192.0.2.2", "other");
    first.hear();
    join("192.0.2.1", "third");
    expect(gone).toEqual(["second"]);
  });

  it("is one of the address that has most when all together have too much", () => {
    const { gone, join } = gather(100, 4);
    join("192.0.2.1", "alone");
    for (const name of ["a", "b", "c", "d"]) join("192.0.2.2", name);
    expect(gone).toEqual(["a"]);
    join("192.0.2.3", "newest");
    expect(gone).toEqual(["a", "b"]);
  });

  it("is the largest, so that what is small stays", () => {
    const { gone, join } = gather(1000, 1500);
    const flood = join("192.0.2.1", "flood");
    join("192.0.2.1", "press", 300);
    flood.grow(700);
    expect(gone).toEqual(["flood"]);
    join("192.0.2.2", "one", 900);
    join("192.0.2.3", "two", 800);
    expect(gone).toEqual(["flood", "one"]);
  });

  it("is nobody of an address that many have, until all together have too much", () => {
    const { gone, join, crowd } = gather(2, 4);
    for (const name of ["a", "b", "c", "d"]) join(shared, name);
    expect(gone).toEqual([]);
    join(shared, "e");
    expect([gone, crowd.size]).toEqual([["a"], 4]);
  });
});

describe("who left", () => {
  it("has nothing any more, and gives way to nobody", () => {
    const { gone, join, crowd } = gather(1, 100);
    const first = join("192.0.2.1", "first", 1);
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    first.grow(1000);
    first.hear();
    expect(crowd.size).toBe(0);
    join("192.0.2.1", "second");
    expect([gone, crowd.size]).toEqual([[], 1]);
  });

  it("because it gave way may leave once more", () => {
    const { gone, join, crowd } = gather(1, 100);
    const first = join("192.0.2.1", "first");
    join("192.0.2.1", "second");
    first[Symbol.dispose]();
    expect([gone, crowd.size]).toEqual([["first"], 1]);
  });
});
