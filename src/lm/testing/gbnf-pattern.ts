/**
 * A regular expression that matches what a GBNF grammar of ours generates, for tests without the model. Rules
 * that contain themselves are followed `depth` times.
 */
export function gbnfPattern(grammar: string, depth = 3): RegExp {
  const rules = new Map(
    grammar.split('\n').map((line) => {
      const at = line.indexOf(' ::= ');
      return [line.slice(0, at), line.slice(at + 5)] as const;
    }),
  );
  const expand = (name: string, above: readonly string[]): string => {
    const body = rules.get(name);
    if (body === undefined || above.filter((one) => one === name).length >= depth) return '(?!)';
    return `(?:${translate(body, (inner) => expand(inner, [...above, name]))})`;
  };
  return new RegExp(`^${expand('root', [])}$`, 'u');
}

const TOKEN =
  /"((?:[^"\\]|\\.)*)"|(\[(?:[^\]\\]|\\.)*\])|([a-z][a-z0-9]*)|(\{\d+(?:,\d*)?\})|([()|*?+])|\s+/g;

function translate(body: string, rule: (name: string) => string): string {
  const tokens = [...body.matchAll(TOKEN)];
  const read = tokens.reduce((length, [token]) => length + token.length, 0);
  if (read !== body.length) throw new SyntaxError(`not GBNF as ours is: ${body}`);
  const patterns = tokens.map(([, text, set, name, count, sign]) => {
    if (text !== undefined) return `(?:${escapeLiteral(JSON.parse(`"${text}"`))})`;
    if (name !== undefined) return rule(name);
    return sign === '(' ? '(?:' : (set ?? count ?? sign ?? '');
  });
  return patterns.join('');
}

function escapeLiteral(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
