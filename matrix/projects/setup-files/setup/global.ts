import type { TestProject } from 'vitest/node';

export default function setup(project: TestProject) {
  process.env.FROM_GLOBAL_SETUP = 'yes';
  project.provide('given' as never, 'by the global set-up' as never);
  return () => {
    console.log('global set-up taken down');
  };
}
