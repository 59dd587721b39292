import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  onTestFailed,
  onTestFinished,
  test,
} from 'vitest';

beforeEach(({ task }) => {
  task.meta.log = ['beforeEach 1'];
  return () => {
    task.meta.log.push('clean-up of beforeEach 1');
  };
});
beforeEach(({ task }) => {
  task.meta.log.push('beforeEach 2');
});
afterEach(({ task }) => {
  task.meta.log.push('afterEach 1');
});
afterEach(({ task }) => {
  task.meta.log.push('afterEach 2');
});

test('in the order they have', ({ task }) => {
  onTestFinished(() => {
    task.meta.log.push('onTestFinished 1');
  });
  onTestFinished(() => {
    task.meta.log.push('onTestFinished 2');
  });
  onTestFailed(() => {
    task.meta.log.push('onTestFailed');
  });
  expect(1).toBe(1);
});
test('where it fails', ({ task }) => {
  onTestFailed(() => {
    task.meta.log.push('onTestFailed');
  });
  onTestFinished(() => {
    task.meta.log.push('onTestFinished');
  });
  expect(1).toBe(2);
});
test('where onTestFinished throws', () => {
  onTestFinished(() => {
    throw new Error('cannot finish');
  });
  expect(1).toBe(1);
});
describe('a hook that throws', () => {
  beforeEach(() => {
    throw new Error('cannot begin');
  });
  test('stops the test', () => {
    expect(1).toBe(1);
  });
});
describe('a clean-up that throws', () => {
  afterEach(() => {
    throw new Error('cannot end');
  });
  test('fails the test', () => {
    expect(1).toBe(1);
  });
});
describe('a hook of the suite that throws', () => {
  beforeAll(() => {
    throw new Error('cannot begin at all');
  });
  test('is skipped', () => {});
});
describe('hooks of the suite', () => {
  let begun = false;
  beforeAll(() => {
    begun = true;
    return () => {
      begun = false;
    };
  });
  afterAll(() => {
    expect(begun).toBe(true);
  });
  test('ran before', () => {
    expect(begun).toBe(true);
  });
});
