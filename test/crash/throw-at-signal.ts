/** Loaded before the bot: a fault that nothing in it catches, at SIGUSR2. */
process.on("SIGUSR2", () => {
  throw new Error("a fault that nothing catches");
});
