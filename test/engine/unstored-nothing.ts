/** Nothing follows from an answer that can't be written. */
export const unstoredNothing = { follow() {}, forget() {} };
