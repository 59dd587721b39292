// From what V8 counted in code that was run to counts in the sources, by the source map of that code.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { mergeScriptCovs } from '@bcoe/v8-coverage';
import { convert } from 'ast-v8-to-istanbul';
import { parseAstAsync } from 'vite';

/** What vite wraps a module into to run it. */
const WRAPPER = /^'use strict';async \([^)]*\)=>\{\{/;
const INLINE_MAP = /\/\/# sourceMappingURL=data:application\/json;(?:charset=utf-8;)?base64,([\w+/=]+)$/m;

/** Adds up what processes counted in the same code; each `code` is a file. */
export function mergeScripts(records) {
  const merged = new Map();
  for (const { url, code, functions } of records) {
    const key = `${url} ${code}`;
    const before = merged.get(key);
    const script = { scriptId: '0', url, functions };
    merged.set(key, {
      url,
      code,
      script: before === undefined ? script : mergeScriptCovs([before.script, script]),
    });
  }
  return merged.values();
}

/**
 * The counts of one script by source file, in istanbul's form; none where the code has no source map.
 *
 * @returns an object from absolute file names to file coverages
 */
export async function convertScript({ url, code: file, script }) {
  const whole = readFileSync(file, 'utf8');
  const [wrapper = ''] = WRAPPER.exec(whole) ?? [];
  const code = wrapper === '' ? whole : whole.slice(wrapper.length, whole.lastIndexOf('\n}}'));
  const sourceMap = mapOf(code, fileURLToPath(url));
  if (sourceMap === undefined) return {};
  return convert({
    ast: parseAstAsync(code),
    code,
    wrapperLength: wrapper.length,
    coverage: { ...script, url },
    sourceMap,
  });
}

function mapOf(code, file) {
  const inline = INLINE_MAP.exec(code)?.[1];
  if (inline !== undefined) return JSON.parse(Buffer.from(inline, 'base64').toString('utf8'));
  const beside = `${file}.map`;
  return existsSync(beside) ? JSON.parse(readFileSync(beside, 'utf8')) : undefined;
}
