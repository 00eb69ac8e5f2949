import type { Clock } from "../../../bot/ports/time.ts";

/** Pauses by one clock, thousands at once; disposing ends all of them, and those that would begin later. */
export interface Pauses extends Disposable {
  /** Resolves after `ms`, or at the end. */
  pause(ms: number): Promise<void>;
  isEnded(): boolean;
}

/** Each costs the same, however many there are; listeners of one signal would be searched one by one. */
export function createPauses(clock: Clock): Pauses {
  const underWay = new Set<() => void>();
  let isEnded = false;

  return {
    pause(ms) {
      if (isEnded) return Promise.resolve();
      return new Promise((resolve) => {
        const finish = (): void => {
          cancel();
          underWay.delete(finish);
          resolve();
        };
        const cancel = clock.wakeAt(clock.now() + ms, finish);
        underWay.add(finish);
      });
    },
    isEnded: () => isEnded,
    [Symbol.dispose]() {
      isEnded = true;
      for (const finish of underWay) finish();
    },
  };
}
