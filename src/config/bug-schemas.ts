import { z } from 'zod';

const text = z.string().trim().min(1);
const task = text.regex(/^[a-z][a-z0-9_-]*$/, { error: 'not a task name: lower case, no spaces' });

/** A repair that special-cases one hidden test must not pass for a repair. */
const MIN_FAILING = 5;

const description = {
  kind: text.regex(/^[a-z][a-z0-9-]*$/).describe('What is wrong, e.g. off-by-one.'),
  difficulty: z
    .union([z.literal(1), z.literal(2), z.literal(3)])
    .describe('1 (easy) to 3 (hard), as its author judges it.'),
  title: text.describe('One line for reports.'),
};

/** A Python literal as text. YAML numbers and truth values are taken as what they mean in Python. */
const literal = z
  .union([z.string(), z.number(), z.boolean()], { error: 'not text: quote it, as in "[1, 2]"' })
  .transform((value) => {
    if (typeof value === 'boolean') return value ? 'True' : 'False';
    return String(value);
  });

const call = text.describe('A Python expression that calls the function.');
const testCase = z.union([
  z.strictObject({
    call,
    expect: literal.describe('The value as a Python literal; compared with ==.'),
    within: z.number().gt(0).exactOptional().describe('How far numbers may be from what is expected.'),
  }),
  z.strictObject({ call, raises: text.regex(/^[A-Za-z]+$/).describe('Name of the exception class.') }),
]);

/** `bug.yaml` of a Coder bug. */
export const coderBugSchema = z.strictObject({
  ...description,
  entry: text.regex(/^[A-Za-z_][A-Za-z0-9_]*$/).describe('Name of the function.'),
  line: z.int().min(1).describe('Line of the bug in buggy.py, for people; no pipeline is told.'),
  examples: z.array(testCase).min(2).max(4).describe('Calls that a pipeline is shown.'),
  shown: z
    .boolean()
    .default(true)
    .describe('Whether an example fails on the bug: false only where a single test does, which is hidden.'),
  failing: z
    .int()
    .min(1)
    .max(MIN_FAILING)
    .default(MIN_FAILING)
    .describe('Hidden tests that must fail on the bug: fewer only where no more are to be had.'),
});

/** `hidden_tests.yaml` of a Coder bug. */
export const coderHiddenTestsSchema = z.array(testCase).min(1);

/** `bug.yaml` of a Planner bug. */
export const plannerBugSchema = z.strictObject({
  ...description,
  tasks: z.array(task).min(2).max(12).describe('Every task of the plan, in no particular order.'),
  brief: text.describe('What the planner is told; each dependency is a sentence of its own.'),
});

/** `buggy.yaml` and `fixed.yaml` of a Planner bug. */
export const planSchema = z.strictObject({ plan: z.array(task).min(1) });

const pairs = z.array(z.tuple([task, task])).min(1);

/** `hidden_tests.yaml` of a Planner bug. */
export const plannerHiddenTestsSchema = z.strictObject({
  dependencies: pairs.describe('Pairs [before, after].'),
  resources: z
    .array(z.strictObject({ resource: text, order: z.array(task).min(2) }))
    .min(1)
    .exactOptional()
    .describe('What tasks share, one after the other: the stale plan breaks one of these orders.'),
  deadlines: z
    .array(z.strictObject({ task, before: task.describe('The milestone, a task of its own.') }))
    .min(1)
    .exactOptional()
    .describe('Tasks that are due: the stale plan has one after its milestone.'),
  withdrawn: pairs
    .exactOptional()
    .describe('Pairs that the brief withdrew: a cycle with the dependencies, and the stale plan keeps them.'),
});
export type PlannerHiddenTests = z.infer<typeof plannerHiddenTestsSchema>;
