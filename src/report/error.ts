import pc from 'picocolors';
import { ConstitutionError, formatPlace } from '../core/errors.ts';
import { messageOf } from '../core/message-of.ts';

export interface RenderErrorOptions {
  readonly color: boolean;
  /** Adds stack traces and causes. */
  readonly debug: boolean;
}

/** One error as a person reads it: code and message, place with the line it is in, hint. */
export function renderError(error: unknown, options: RenderErrorOptions): string {
  const paint = pc.createColors(options.color);
  if (!(error instanceof ConstitutionError)) {
    const text = messageOf(error);
    const lines = [
      `${paint.red('error')} ${paint.bold('CX-INTERNAL')} ${text}`,
      paint.dim('  This is a fault of vitest-constitution; DEBUG=1 prints where it happened.'),
    ];
    if (options.debug && error instanceof Error) lines.push(error.stack ?? '');
    return lines.join('\n');
  }

  const lines = [`${paint.red('error')} ${paint.bold(error.code)} ${error.message}`];
  if (error.place) lines.push(`  ${paint.dim('at')} ${formatPlace(error.place)}`);
  const excerpt = error.details['excerpt'];
  if (typeof excerpt === 'string') lines.push(indent(excerpt, '    '));
  const tail = error.details['stderr'];
  if (typeof tail === 'string' && tail.trim() !== '') lines.push(indent(tail.trimEnd(), '  | '));
  const others = error.details['others'];
  if (Array.isArray(others)) for (const other of others) lines.push(`  also: ${String(other)}`);
  if (error.hint) lines.push(`  ${paint.cyan('hint')} ${error.hint}`);
  if (options.debug) {
    for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
      lines.push(cause.stack ?? cause.message);
  }
  return lines.join('\n');
}

function indent(text: string, prefix: string): string {
  return text
    .split('\n')
    .map((line) => prefix + line)
    .join('\n');
}
