import { isEndless } from '../../io/endless-pattern.ts';

/** More of them inside of each other ask more questions than a run has time for. */
const MOST_LOOPS = 3;

const TEXT = /r?"(?:[^"\\\n]|\\.)*"|r?'(?:[^'\\\n]|\\.)*'/g;
const LOOP = /\.\s*(?:all|exists|exists_one|map|filter)\s*$/;
const MATCHES = /\bmatches\s*\(\s*$/;

/** What of an expression would keep a run from its end, although its types are right; null where nothing would. */
export function endlessPart(expect: string): { readonly message: string; readonly offset: number } | null {
  for (const { 0: text, index } of expect.matchAll(TEXT)) {
    const fault = MATCHES.test(expect.slice(0, index)) ? patternFault(text) : null;
    if (fault !== null) return { message: fault, offset: index };
  }
  const code = expect.replace(TEXT, (text) => ' '.repeat(text.length));
  const loops: boolean[] = [];
  for (const { 0: bracket, index } of code.matchAll(/[()]/g)) {
    if (bracket === ')') loops.pop();
    else loops.push(LOOP.test(code.slice(0, index)));
    if (loops.filter(Boolean).length > MOST_LOOPS)
      return { message: `more than ${MOST_LOOPS} loops inside of each other`, offset: index };
  }
  return null;
}

/** What is wrong with the pattern of `matches`; `text` is as it is written. */
function patternFault(text: string): string | null {
  const source = text.startsWith('r') ? text.slice(2, -1) : text.slice(1, -1).replace(/\\(.)/g, '$1');
  try {
    return isEndless(new RegExp(source)) ? 'a regular expression that some texts hang' : null;
  } catch {
    return 'not a regular expression';
  }
}
