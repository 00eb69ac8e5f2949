/** Thrown to have a work run by itself: it asks for what is not held in memory. It is no failure of the work. */
export class NotTogether extends Error {}
