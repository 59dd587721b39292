import { configureImport } from '../bugs/import.ts';
import { configureList } from '../bugs/list.ts';
import { configureNew } from '../bugs/new.ts';
import { configureVerify } from '../bugs/verify.ts';
import type { Command } from '../command.ts';

export const command: Command = {
  summary: 'list, prove, make and import seeded bugs',
  configure: (command, action) => {
    configureList(command, action);
    configureVerify(command, action);
    configureNew(command, action);
    configureImport(command, action);
  },
};
