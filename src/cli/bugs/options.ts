import { Option } from 'commander';
import { BUG_ROLES, type BugRole } from '../../core/seeded-bug.ts';

/** Flags of `bugs new`, as the command line gives them. */
export interface NewOptions {
  readonly role?: BugRole;
  readonly id?: string;
  readonly kind?: string;
  readonly difficulty?: string;
  readonly title?: string;
  readonly entry?: string;
  readonly buggy?: string;
  readonly fixed?: string;
  readonly tests?: string;
  readonly tasks?: string;
  readonly brief?: string;
  readonly fromDiff?: string;
  readonly fromCommit?: string;
  readonly mutate?: string;
  readonly repo?: string;
  readonly seed: string;
  readonly dir?: string;
  readonly force?: boolean;
}

export function roleOption(): Option {
  return new Option('--role <role>', 'only bugs of this role').choices(BUG_ROLES);
}

export function folderOption(): Option {
  return new Option(
    '--dir <folder>',
    'the folder that holds <role>/<id>/ (default: seeded-bugs of the project)',
  );
}
