// One set-up of a project at a time.
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Takes the lock, waiting while a living process holds it; a lock whose process is gone is taken over.
 *
 * @returns a function that releases it
 */
export async function takeSetupLock(root, onWait = () => {}) {
  const lock = path.join(root, '.constitution', 'setup.lock');
  mkdirSync(path.dirname(lock), { recursive: true });
  for (let waited = false; ; ) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      return () => rmSync(lock, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = read(lock);
    if (holder !== null && !isAlive(Number(holder))) {
      takeAway(lock, holder);
      continue;
    }
    if (!waited) onWait();
    waited = true;
    await delay(200);
  }
}

/** Removes a dead lock, but not one that another process has put in its place meanwhile. */
function takeAway(lock, holder) {
  const aside = `${lock}.${randomUUID()}`;
  try {
    renameSync(lock, aside);
  } catch {
    // Another process was first.
    return;
  }
  if (read(aside) === holder) rmSync(aside);
  else renameSync(aside, lock);
}

function read(lock) {
  try {
    return readFileSync(lock, 'utf8');
  } catch {
    return null;
  }
}

/** A lock with no number in it was being written when it was read: its process counts as alive. */
function isAlive(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
