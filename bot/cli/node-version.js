// Plain JavaScript on purpose: it has to speak on a Node that cannot read the rest.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `Rugdekking heeft Node 22.18 of nieuwer nodig; dit is ${process.versions.node}.\n` +
      "Rugdekking needs Node 22.18 or newer. `npm ci` brings the right one, unless development packages are left out\n" +
      "(NODE_ENV=production or --omit=dev): then install Node 24 yourself, or run `npm ci --include=dev`.",
  );
  process.exit(1);
}
