import { secretVariables } from '../../core/secrets.ts';
import type { Probe } from '../observations.ts';

/** Secrets of the environment that the test could have shown. */
export const probe: Probe<'secrets'> = {
  watch() {
    const secrets = secretVariables(process.env);
    return () => secrets;
  },
};
