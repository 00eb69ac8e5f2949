/**
 * Makes an object that shows, at each look, what stands under that name in the object of now; a method that somebody
 * took out of it before is that of now as well. Whoever holds it sees a replacement of the whole at once. Its names are
 * those of the first, and its methods need no `this`.
 */
export function follow<T extends object>(now: () => T): T {
  return new Proxy(now(), {
    get(_first, name) {
      const found: unknown = Reflect.get(now(), name);
      if (typeof found !== "function") return found;
      return (...given: unknown[]) => {
        const method: unknown = Reflect.get(now(), name);
        return typeof method === "function" ? Reflect.apply(method, undefined, given) : undefined;
      };
    },
  });
}
