import { sha256 } from '../json.ts';

/** A seeded source of pseudo-random numbers: equal seeds give equal sequences on every machine. */
export interface Random {
  /** Uniform integer in 0..2^32-1. */
  uint32(): number;
  /** Uniform number in [0, 1), a multiple of 2^-32. */
  unit(): number;
  /** Uniform integer in 0..n-1; the bias is below n / 2^32. */
  below(n: number): number;
  /** Fills `target` with what as many calls of `below(n)` would give, in less than half the time. */
  fillBelow(target: Uint32Array, n: number): void;
}

/**
 * xoshiro128** 1.1 (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021), period
 * 2^128 - 1. The state is the first 128 bits of the seed's SHA-256, so that `a/1` and `a/2` are unrelated.
 */
class Xoshiro128 implements Random {
  // A typed array keeps the words unboxed: this loop is where a bootstrap spends its time.
  readonly #state: Uint32Array;

  constructor(seed: string) {
    const digest = sha256(seed);
    this.#state = Uint32Array.from([0, 8, 16, 24], (at) => Number.parseInt(digest.slice(at, at + 8), 16));
    // The one state from which the generator never leaves.
    if (this.#state.every((word) => word === 0)) this.#state[0] = 1;
  }

  uint32(): number {
    const s = this.#state;
    const s1 = s[1] as number;
    const scrambled = Math.imul(s1, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    const s2 = (s[2] as number) ^ (s[0] as number);
    const s3 = (s[3] as number) ^ s1;
    s[1] = s1 ^ s2;
    s[0] = (s[0] as number) ^ s3;
    s[2] = s2 ^ (s1 << 9);
    s[3] = (s3 << 11) | (s3 >>> 21);
    return result;
  }

  unit(): number {
    return this.uint32() / 0x1_0000_0000;
  }

  below(n: number): number {
    return Math.floor(this.uint32() * (n / 0x1_0000_0000));
  }

  fillBelow(target: Uint32Array, n: number): void {
    const s = this.#state;
    let [s0 = 0, s1 = 0, s2 = 0, s3 = 0] = Int32Array.from(s);
    const scale = n / 0x1_0000_0000;
    for (let at = 0; at < target.length; at++) {
      const scrambled = Math.imul(s1, 5);
      target[at] = (Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0) * scale;
      const shifted = s1 << 9;
      s2 ^= s0;
      s3 ^= s1;
      s1 ^= s2;
      s0 ^= s3;
      s2 ^= shifted;
      s3 = (s3 << 11) | (s3 >>> 21);
    }
    s.set([s0, s1, s2, s3]);
  }
}

/** Opens the sequence that belongs to a seed. */
export function createRandom(seed: string): Random {
  return new Xoshiro128(seed);
}
