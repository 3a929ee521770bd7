/**
 * Loaded before a test file, as `file-patience.ts?<milliseconds>`: ends the process that does not end by itself. A test
 * that was given up may leave servers behind, and the runner waits for its file for ever.
 */
const milliseconds = Number(new URL(import.meta.url).search.slice(1));

const giveUp = () => {
  console.error(`This file has not ended after ${milliseconds / 1000} s and is given up.`);
  process.exit(1);
};
setTimeout(giveUp, milliseconds).unref();
