/** Imported first by main: says in one line what is wrong when this Node.js is too old, before anything can fail on it. */
const majorMin = 22;

if (Number(process.versions.node.split(".", 1)[0]) < majorMin) {
  process.stderr.write(
    `guts: this is Node.js ${process.versions.node}, and guts needs ${majorMin} or newer\n` +
      "Run the `guts` of your Guts installation, which brings its own, or update Node.js.\n",
  );
  process.exit(1);
}
