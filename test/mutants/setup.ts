import fc from "fast-check";

// A mutant is killed in every run or in none: always the same made-up runs, and the first that fails is enough.
fc.configureGlobal({ seed: 11, endOnFailure: true });
