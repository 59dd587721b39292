import path from 'node:path';
import type { Vitest } from 'vitest/node';
import { supportsColor } from '../io/supports-color.ts';
import { renderError } from '../report/error.ts';

/** An editor that saves is told of more than once; vitest itself waits as long. */
const SETTLING_MS = 100;

/**
 * In watch mode, has a change of the constitution start vitest anew, as a change of its configuration does. Where the new one
 * is wrong, that is told, and the one that was loaded holds until the next change.
 *
 * @param folder Absolute.
 * @param load Loads what the folder holds now, and throws where it is wrong.
 */
export function watchArticles(
  { config, vite, logger }: Pick<Vitest, 'config' | 'vite' | 'logger'>,
  folder: string,
  load: () => Promise<unknown>,
): void {
  if (!config.watch) return;
  let timer: NodeJS.Timeout | undefined;
  const startAnew = async () => {
    try {
      await load();
    } catch (error) {
      const color = supportsColor(process.stderr, process.env);
      logger.error(`\n${renderError(error, { color, debug: false })}\n`);
      return;
    }
    await vite.restart();
  };
  vite.watcher.add(folder);
  vite.watcher.on('all', (_event, file) => {
    if (!path.resolve(file).startsWith(folder + path.sep)) return;
    clearTimeout(timer);
    timer = setTimeout(() => void startAnew(), SETTLING_MS);
  });
}
