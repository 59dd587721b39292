import { describe, expect, it } from 'vitest';
import { evaluateMarker } from './markers.ts';

const linux = {
  python_version: '3.11',
  python_full_version: '3.11.7',
  sys_platform: 'linux',
  platform_machine: 'x86_64',
  platform_python_implementation: 'CPython',
};

describe('evaluateMarker', () => {
  it.each([
    ["python_full_version < '3.11'", false],
    ["python_full_version >= '3.11'", true],
    ["python_full_version == '3.11.*'", true],
    ["python_full_version == '3.1.*'", false],
    ["python_version < '3.9'", false],
    ["python_full_version >= '3.9'", true],
    ["'3.10' <= python_version", true],
    ["sys_platform == 'win32'", false],
    ["sys_platform != 'win32' and python_full_version >= '3.11'", true],
    ["sys_platform == 'win32' or platform_machine == 'x86_64'", true],
    ["sys_platform == 'win32' or sys_platform == 'linux' and platform_machine == 'arm64'", false],
    ["(sys_platform == 'win32' or sys_platform == 'linux') and platform_machine == 'x86_64'", true],
    ["(platform_machine == 'arm64' and sys_platform == 'darwin') or (sys_platform == 'linux')", true],
    ["'linux' in sys_platform", true],
    ["'win' not in sys_platform", true],
    ["extra == 'dev'", false],
    ['platform_python_implementation == "CPython"', true],
  ])('%s: %s', (marker, expected) => {
    expect(evaluateMarker(marker, linux)).toBe(expected);
  });

  it('takes text that is no marker for true', () => {
    expect(evaluateMarker('%%%', linux)).toBe(true);
    expect(evaluateMarker('', linux)).toBe(true);
  });
});
