import { Option } from 'commander';
import { BUG_ROLES } from '../../core/seeded-bug.ts';

export function roleOption(): Option {
  return new Option('--role <role>', 'only bugs of this role').choices(BUG_ROLES);
}

export function folderOption(): Option {
  return new Option(
    '--dir <folder>',
    'the folder that holds <role>/<id>/ (default: seeded-bugs of the project)',
  );
}
