// Plain JavaScript, so that even a Node that cannot run the entry scripts can say why. They import it first.
if (Number(process.versions.node.split('.')[0]) < 24) {
  console.error(
    `Filmpost needs Node 24 or newer and this is ${process.version}. On Linux "npm ci" brings one along ` +
      '(without --omit=optional); elsewhere install it from nodejs.org. Then use npm start, npm test and so on.',
  );
  process.exit(1);
}
