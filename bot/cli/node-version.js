// Plain JavaScript on purpose: it has to speak on a Node that cannot read the rest.
const [major = 0] = process.versions.node.split(".").map(Number);
if (major < 24) {
  console.error(
    `Rugdekking heeft Node 24 of nieuwer nodig; dit is ${process.versions.node}.\n` +
      "Rugdekking needs Node 24 or newer. `npm ci` brings the right one, unless development packages are left out\n" +
      "(NODE_ENV=production or --omit=dev): then install Node 24 yourself, or run `npm ci --include=dev`.",
  );
  process.exit(1);
}
