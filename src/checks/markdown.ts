import { placeAt } from '../core/locate-in-source.ts';

/** A relative link, with its anchor. */
export interface DocLink {
  readonly target: string;
  readonly line: number;
}

const FENCE = /^(```|~~~)[\s\S]*?^\1[^\n]*$/gm;
/** `## Heading`, or a line with one of `=` or `-` below it. */
const HEADING =
  /^#{1,6}[ \t]+(.+?)[ \t]*#*$|^(?![ \t]*[-=#>|]|[ \t]*$)[ \t]*(.+?)[ \t]*\n {0,3}(?:=+|-{2,})[ \t]*$/gm;
const CODE = /`[^`\n]*`/g;

/** Relative links of a Markdown text; addresses with a scheme are not looked up. */
export function linksIn(text: string): DocLink[] {
  const prose = text.replace(FENCE, blank).replace(CODE, blank);
  const links = [...prose.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)|^\[[^\]]+\]:\s*(\S+)/gm)];
  return links
    .map((match) => ({ target: (match[1] ?? match[2]) as string, line: placeAt(text, match.index).line }))
    .filter(({ target }) => !/^[a-z][a-z0-9+.-]*:|^\/\//i.test(target));
}

/** Paths of files and folders that prose names as code, as far as they cannot be anything else. */
export function pathsIn(text: string): { readonly path: string; readonly line: number }[] {
  const prose = text.replace(FENCE, blank);
  // `src/core/` and `docs/a.md`; not `and/or`, `eval/*.json` or `@scope/name`, nor `test/`, which may be of any folder, nor
  // what a link is on.
  const named = /(?<!\[)`((?:[\w.-]+\/)+[\w.-]+(?:\/|\.[A-Za-z]\w{0,9}))`/g;
  return [...prose.matchAll(named)].map((match) => ({
    path: match[1] as string,
    line: placeAt(text, match.index).line,
  }));
}

/** Scripts that are called with `npm run`, in code or in prose. */
export function commandsIn(text: string): { readonly script: string; readonly line: number }[] {
  return [...text.matchAll(/\bnpm run ([A-Za-z][\w:-]*)/g)].map((match) => ({
    script: match[1] as string,
    line: placeAt(text, match.index).line,
  }));
}

/** Anchors of the headings, as GitHub makes them: repeated ones are numbered. */
export function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, marked, underlined] of text.replace(FENCE, blank).matchAll(HEADING)) {
    const heading = marked ?? underlined ?? '';
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[`*]/g, '');
    const anchor = plain
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-');
    let name = anchor;
    for (let number = 1; anchors.has(name); number++) name = `${anchor}-${number}`;
    anchors.add(name);
  }
  for (const [, id] of text.matchAll(/<a\s+(?:id|name)="([^"]+)"/g)) anchors.add(id as string);
  return anchors;
}

function blank(found: string): string {
  return found.replace(/[^\n]/g, ' ');
}
