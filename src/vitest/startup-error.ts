import { ConstitutionError, formatPlace } from '../core/errors.ts';
import { supportsColor } from '../io/supports-color.ts';
import { renderError } from '../report/error.ts';

/**
 * Makes an error of ours read well where vitest prints it, which shows the stack and every visible property: the stack
 * becomes the text that the command line would print, the properties stay, out of sight, and the cause with its stack goes.
 * `DEBUG` leaves it as it is.
 */
export function presentable(error: unknown): unknown {
  if (!(error instanceof ConstitutionError) || process.env['DEBUG']) return error;
  const color = supportsColor(process.stderr, process.env);
  // A stack without a frame is put in brackets: the place stands for one.
  const place = error.place === undefined ? 'the configuration' : formatPlace(error.place);
  error.stack = `${renderError(error, { color, debug: false })}\n    at ${place}`;
  delete error.cause;
  for (const name of Object.keys(error)) Object.defineProperty(error, name, { enumerable: false });
  return error;
}
