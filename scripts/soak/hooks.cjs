// Stands for databases: a folder of a name that is made from a slot. Where two workers have one slot, or a teardown was
// forgotten, it is there already.
const fs = require('node:fs');
const path = require('node:path');

const world = process.env.SOAK_WORLD;
const log = (line) => fs.appendFileSync(path.join(world, '..', 'log'), `${line}\n`);
const pause = () => new Promise((resolve) => setTimeout(resolve, Number(process.env.SOAK_PAUSE ?? 5)));

/** @param {string} kind - of what is set up. */
exports.make = async (kind, name) => {
  log(`setup ${kind} ${name}`);
  await pause();
  try {
    fs.mkdirSync(path.join(world, `${kind}-${name}`));
  } catch (error) {
    log(`COLLISION ${kind} ${name} ${error.code}`);
    throw error;
  }
  await pause();
};

exports.remove = async (kind, name) => {
  log(`teardown ${kind} ${name}`);
  await pause();
  // One that was cut off in its making may not be there, and one that was cut off in its removal is removed again.
  fs.rmSync(path.join(world, `${kind}-${name}`), { recursive: true, force: true });
};
