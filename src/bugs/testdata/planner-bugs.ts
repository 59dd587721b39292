/** Adds a rule to what is hidden. */
export const stating = (rule: string) => (text: string) => `${text}${rule}\n`;
const without = (text: string, pair: string) => text.replace(new RegExp(`.*${pair}.*\n`), '');

/** Sound Planner bugs that state more than dependencies. */
export const stated: [id: string, rule: string][] = [
  ['resource-clash', 'resources: [{ resource: hose, order: [plant, water] }]'],
  ['deadline-missed', 'deadlines: [{ task: dig, before: water }]'],
  ['cycle', 'withdrawn: [[water, dig]]'],
];

/** Row by row: folder, file that is wrong, how, code of the finding. */
export const planner: [id: string, file: string, change: (text: string) => string, code: string][] = [
  ['wrong-plan', 'fixed.yaml', (text) => text.replace('dig, plant', 'plant, dig'), 'CX-BUG-FIX'],
  ['right-already', 'buggy.yaml', () => 'plan: [dig, plant, water]\n', 'CX-BUG-PASSES'],
  [
    'listed',
    'bug.yaml',
    (text) => text.replace(/tasks: .*/, 'tasks: [dig, plant, water]'),
    'CX-BUG-EXAMPLES',
  ],
  [
    'resource-not-kept',
    'hidden_tests.yaml',
    stating('resources: [{ resource: hose, order: [water, dig] }]'),
    'CX-BUG-FIX',
  ],
  [
    'no-clash',
    'hidden_tests.yaml',
    stating('resources: [{ resource: spade, order: [dig, plant] }]'),
    'CX-BUG-PASSES',
  ],
  [
    'deadline-not-kept',
    'hidden_tests.yaml',
    stating('deadlines: [{ task: water, before: plant }]'),
    'CX-BUG-FIX',
  ],
  [
    'deadline-met',
    'hidden_tests.yaml',
    stating('deadlines: [{ task: dig, before: plant }]'),
    'CX-BUG-PASSES',
  ],
  [
    'no-cycle',
    'hidden_tests.yaml',
    (text) => stating('withdrawn: [[water, dig]]')(without(text, 'plant, water')),
    'CX-CONFIG-INVALID',
  ],
  ['not-followed', 'hidden_tests.yaml', stating('withdrawn: [[plant, dig]]'), 'CX-BUG-PASSES'],
];
