import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ConstitutionError } from '../core/errors.ts';

const SIMPLE_JSON = 'application/vnd.pypi.simple.v1+json';

/** Where a Python package index is, and how to sign in there. */
interface Index {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
}

/** The public index, where none is configured. */
export const PYPI = 'https://pypi.org/simple';

/** The index that the environment tells pip or uv to use; null where it names none. */
export function configuredIndex(environment: NodeJS.ProcessEnv): string | null {
  return (
    environment['PIP_INDEX_URL'] || environment['UV_DEFAULT_INDEX'] || environment['UV_INDEX_URL'] || null
  );
}

/**
 * Downloads one file of a project with nothing but Node, through the index's "simple" API (JSON, or HTML where
 * the index knows no JSON). Knows no proxies: pip and uv do, and are asked first.
 *
 * @throws ConstitutionError `CX-LM-FETCH`; messages never show an address, since one may hold a password.
 */
export async function downloadFromIndex(
  index: string,
  file: { readonly project: string; readonly name: string },
  destination: string,
  signal: AbortSignal,
): Promise<void> {
  const { url, headers } = withoutCredentials(new URL(`${index.replace(/\/*$/, '')}/${file.project}/`));
  const listing = await get(url, { ...headers, accept: `${SIMPLE_JSON}, text/html;q=0.5` }, signal);
  const text = await listing.text();
  const isJson = listing.headers.get('content-type')?.includes('json') ?? false;
  const link = isJson ? linkInJson(text, file.name) : linkInHtml(text, file.name);
  if (link === undefined) throw failed(`The package index has no ${file.name}`);
  const address = withoutCredentials(new URL(link, listing.url));
  // Credentials are for the index itself; another host (a file store) must not see them.
  const sameHost = address.url.host === url.host ? headers : {};
  const answer = await get(address.url, { ...sameHost, ...address.headers }, signal);
  if (answer.body === null) throw failed(`The package index sent an empty ${file.name}`);
  try {
    await pipeline(Readable.fromWeb(answer.body as never), createWriteStream(destination), { signal });
  } catch (cause) {
    signal.throwIfAborted();
    throw failed(`The download of ${file.name} broke off`, cause);
  }
}

async function get(url: URL, headers: Record<string, string>, signal: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { headers, signal });
  } catch (cause) {
    signal.throwIfAborted();
    throw failed('The package index cannot be reached', cause);
  }
  if (!response.ok) throw failed(`The package index answered ${response.status}`);
  return response;
}

/** `fetch` refuses addresses with a user name; the header says the same. */
function withoutCredentials(url: URL): Index {
  if (url.username === '') return { url, headers: {} };
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = '';
  url.password = '';
  return { url, headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` } };
}

function linkInJson(text: string, name: string): string | undefined {
  try {
    const { files } = JSON.parse(text) as { files?: Array<{ filename?: string; url?: string }> };
    return files?.find((file) => file.filename === name)?.url;
  } catch (cause) {
    throw failed('The package index sent something that is not JSON', cause);
  }
}

function linkInHtml(text: string, name: string): string | undefined {
  for (const [, href = ''] of text.matchAll(/href="([^"]+)"/g)) {
    const link = href.replaceAll('&amp;', '&');
    if (link.split('#')[0]?.endsWith(`/${name}`) || link.split('#')[0] === name) return link;
  }
  return undefined;
}

function failed(problem: string, cause?: unknown): ConstitutionError {
  return new ConstitutionError('CX-LM-FETCH', `${problem}.`, { cause });
}
