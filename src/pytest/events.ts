import { z } from 'zod';

const text = z.string();
const network = z.array(z.string());

/** What the plugin in Python tells, one JSON line each. */
export const eventSchema = z.discriminatedUnion('event', [
  /** A file is about to be imported. */
  z.object({ event: z.literal('import'), file: z.string() }),
  z.object({ event: z.literal('unusable'), file: z.string(), text, network }),
  z.object({ event: z.literal('collected'), tests: z.array(z.string()) }),
  z.object({ event: z.literal('start'), test: z.string() }),
  z.object({
    event: z.literal('finish'),
    test: z.string(),
    outcome: z.enum(['passed', 'failed', 'error', 'skipped', 'xfailed', 'xpassed']),
    seconds: z.number(),
    text: z.string().nullable(),
    network,
    /** The test that begins now, without an event of its own; null where there is none. */
    next: z.string().nullable(),
  }),
  /** pytest itself went wrong. */
  z.object({ event: z.literal('broken'), text }),
  /** `running`: in the midst of a test. */
  z.object({ event: z.literal('end'), exit: z.int(), running: z.boolean() }),
]);

export type PytestEvent = z.infer<typeof eventSchema>;
