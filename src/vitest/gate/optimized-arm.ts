import type { GateConfig } from '../../config/gate.ts';
import { ConstitutionError } from '../../core/errors.ts';

/**
 * The gate with the optimized pipeline as the candidate of every role whose flag is set: `OPTIMIZE_CODER=1` takes
 * `roles.coder.optimized` of gate.yaml. A flag that is 0, empty or not there leaves the role as it is.
 *
 * @throws ConstitutionError CX-CONFIG-REFERENCE for a flag that is something else, or a role that has no optimized pipeline.
 */
export function withOptimized(
  gate: GateConfig,
  environment: Readonly<Record<string, string | undefined>>,
): GateConfig {
  const roles = Object.entries(gate.roles).map(([role, pipelines]) => {
    const flag = flagOf(role);
    const value = environment[flag] ?? '';
    if (value === '' || value === '0') return [role, pipelines] as const;
    if (value !== '1') throw refused(`${flag} is "${value}"`, 'Expected 1, or 0 for the pipeline as it is.');
    const { optimized } = pipelines;
    if (optimized === undefined) {
      throw refused(
        `${flag} is set, and the role ${role} has no optimized pipeline`,
        `Name it in gate.yaml under roles.${role}.optimized.`,
      );
    }
    return [role, { ...pipelines, candidate: optimized }] as const;
  });
  return { ...gate, roles: Object.fromEntries(roles) };
}

/** `OPTIMIZE_CODER` for the role `coder`. */
function flagOf(role: string): string {
  return `OPTIMIZE_${role.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;
}

function refused(message: string, hint: string): ConstitutionError {
  return new ConstitutionError('CX-CONFIG-REFERENCE', message, { hint });
}
