import { defineConfig } from 'vitest/config';
import { version } from 'vitest/node';
import { constitution } from 'vitest-constitution';
import { noBrowser } from './no-browser.ts';

// Before vitest 4 a provider is known by its name.
const provider: any = version.startsWith('3.') ? 'preview' : noBrowser();

export default defineConfig({
  plugins: [constitution()],
  test: {
    projects: [
      { extends: true, test: { name: 'node', include: ['a.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'web',
          // There is none: a browser is started for a file that needs it.
          include: ['web/*.test.ts'],
          browser: { enabled: true, headless: false, provider, instances: [{ browser: 'chromium' }] },
        },
      },
    ],
  },
});
