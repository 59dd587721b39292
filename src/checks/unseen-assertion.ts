import { withoutComments } from '../core/source-text.ts';
import { callsNodeAssert } from './node-assert.ts';

/** Types (`expectTypeOf`, `assertType`), supertest (`request(app).get('/').expect(200)`), sinon and fast-check. */
const CALL = /\b(?:expectTypeOf|assertType)\s*[(<]|\)\s*\.expect\s*\(|\bsinon\.assert\.|\bfc\.assert\s*\(/;

/** `expect` and `should` of a chai of the project's own. */
const OWN_CHAI = /\bimport\b[^;'"]*\b(?:expect|should)\b[^;'"]*from\s*['"]chai['"]/;

/** Whether a file asserts in a way that cannot be counted while it runs. */
export function assertsUnseen(source: string): boolean {
  return OWN_CHAI.test(source) || CALL.test(withoutComments(source)) || callsNodeAssert(source);
}
