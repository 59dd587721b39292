import type { HttpBindings } from '@hono/node-server';
import { zValidator } from '@hono/zod-validator';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import { ConstitutionError } from '../core/errors.ts';
import { FAULT_KINDS } from '../core/fault.ts';
import type { RunIdentity, RunMeter } from '../core/lm-exchange.ts';
import { errorToWire } from './error-wire.ts';

/** What the control interface steers. */
export interface RunControl {
  openRun(identity: RunIdentity): Promise<{ token: string }>;
  closeRun(token: string, options: { keep: boolean }): Promise<RunMeter>;
}

/** Routes that the composition root adds under `/control`; the control token guards them too. */
export type ControlRoutes = (app: Hono<{ Bindings: HttpBindings }>) => void;

const MAX_CONTROL_BYTES = 1024 * 1024;

const runIdentity = z.strictObject({
  run: z.string().min(1).max(500),
  recording: z.string().min(1).max(500),
  repeat: z.int().nonnegative(),
  environment: z.strictObject({ name: z.string(), dspy: z.string(), python: z.string() }),
  watch: z.record(z.string(), z.array(z.string())).optional(),
  secrets: z
    .strictObject({
      entry: z.string().nullable(),
      code: z.strictObject({ buggy: z.string(), fixed: z.string() }).nullable(),
      hiddenCalls: z.array(z.string()),
      plan: z.array(z.string()),
      visible: z.array(z.string()),
    })
    .optional(),
  faults: z.array(z.strictObject({ call: z.int().min(0), kind: z.enum(FAULT_KINDS) })).optional(),
  ledger: z.string().min(1).max(500).optional(),
}) as z.ZodType<RunIdentity>;

/** The control interface, to be mounted under `/control`. */
export function controlRoutes(runs: RunControl, token: string, more: ControlRoutes) {
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.use(async (c, next) => {
    if (c.req.header('authorization') === `Bearer ${token}`) return next();
    const refused = new ConstitutionError('CX-GATEWAY-CONTROL', 'the request carries no control token');
    return c.json(errorToWire(refused), 401);
  });
  app.use(bodyLimit({ maxSize: MAX_CONTROL_BYTES }));

  const validIdentity = zValidator('json', runIdentity, (result, c) => {
    if (result.success) return;
    const [issue] = result.error.issues;
    const where = issue?.path.join('.') || 'the body';
    const message = `the run cannot be opened: ${where}: ${issue?.message}`;
    return c.json(errorToWire(new ConstitutionError('CX-GATEWAY-RUN', message)), 400);
  });
  app.post('/runs', validIdentity, async (c) => c.json(await runs.openRun(c.req.valid('json')), 201));
  app.delete('/runs/:token', async (c) => {
    const keep = c.req.query('keep') !== 'false';
    return c.json(await runs.closeRun(c.req.param('token'), { keep }));
  });
  more(app);
  app.onError((thrown, c) => {
    const known = thrown instanceof ConstitutionError;
    const error = known ? thrown : new ConstitutionError('CX-INTERNAL', thrown.message, { cause: thrown });
    return c.json(errorToWire(error), known ? 400 : 500);
  });
  return app;
}
