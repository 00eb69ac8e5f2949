/** How much an address may have, and all of them together. */
export interface CrowdLimits {
  readonly each: number;
  readonly together: number;
}

/** One of a crowd. Disposing makes it leave; that may be done more than once, and after it gave way. */
export interface Member extends Disposable {
  /** It has that much more from now on, which may make it or another give way at once. */
  grow(by: number): void;
  /** It was heard, so that others give way before it. */
  hear(): void;
}

interface Entry {
  size: number;
  readonly giveWay: () => void;
}

interface Group {
  size: number;
  /** The one that was silent for longest comes first. */
  readonly entries: Set<Entry>;
}

/**
 * What callers have of something that is scarce, such as connections or memory. Nobody who comes is refused, because
 * they may bring a press: when an address has too much, it is one of its own that gives way, and when all of them
 * together have, one of the address that has most. It is the largest one, and of equal ones the one that was silent for
 * longest; so what is small and quick stays.
 */
export class Crowd {
  readonly #limits: CrowdLimits;
  readonly #isShared: (address: string) => boolean;
  readonly #groups = new Map<string, Group>();
  #size = 0;

  /** `isShared`: whether many callers have that address, so that the share of one does not hold for it. */
  constructor(limits: CrowdLimits, isShared: (address: string) => boolean) {
    this.#limits = limits;
    this.#isShared = isShared;
  }

  /** What all have together. */
  get size(): number {
    return this.#size;
  }

  /**
   * Adds one of that address, who has `size`. `giveWay` is called at most once, when it has left already; it must not
   * throw.
   */
  join(address: string, size: number, giveWay: () => void): Member {
    const entry: Entry = { size: 0, giveWay };
    const group = this.#groups.get(address) ?? { size: 0, entries: new Set() };
    this.#groups.set(address, group);
    group.entries.add(entry);
    const grow = (by: number): void => {
      if (!group.entries.has(entry)) return;
      entry.size += by;
      group.size += by;
      this.#size += by;
      this.#makeRoom(address, group);
    };
    grow(size);
    return {
      grow,
      hear: () => {
        if (group.entries.delete(entry)) group.entries.add(entry);
      },
      [Symbol.dispose]: () => this.#leave(address, group, entry),
    };
  }

  #makeRoom(address: string, group: Group): void {
    while (group.size > this.#limits.each && !this.#isShared(address)) this.#letGo(address, group);
    while (this.#size > this.#limits.together) {
      const [most, largest] = this.#findLargest();
      this.#letGo(most, largest);
    }
  }

  #findLargest(): [string, Group] {
    let found: [string, Group] | undefined;
    for (const each of this.#groups) if (found === undefined || each[1].size > found[1].size) found = each;
    if (found === undefined) throw new Error("a crowd that has too much has nobody in it");
    return found;
  }

  #letGo(address: string, group: Group): void {
    let largest: Entry | undefined;
    for (const entry of group.entries) if (largest === undefined || entry.size > largest.size) largest = entry;
    if (largest === undefined) throw new Error("an address that has too much has nobody in it");
    this.#leave(address, group, largest);
    largest.giveWay();
  }

  #leave(address: string, group: Group, entry: Entry): void {
    if (!group.entries.delete(entry)) return;
    group.size -= entry.size;
    this.#size -= entry.size;
    if (group.entries.size === 0 && this.#groups.get(address) === group) this.#groups.delete(address);
  }
}
