// Plain JavaScript on purpose: it has to speak on a Node that cannot read the rest.
const [major = 0] = process.versions.node.split(".").map(Number);
if (major < 24) {
  console.error(
    `Rugdekking heeft Node 24 of nieuwer nodig en dit is ${process.versions.node}: installeer Node 24, ` +
      "of doe `npm ci --include=dev`, dan komt die mee.\n" +
      `Rugdekking needs Node 24 or newer and this is ${process.versions.node}: install Node 24, ` +
      "or run `npm ci --include=dev`, which brings it along.",
  );
  process.exit(1);
}
