import { mergeConfig } from 'vitest/config';
import shared from '../../vitest.shared.config.ts';

export default mergeConfig(shared, { test: { name: 'cli', pool: 'threads', setupFiles: './src/setup.ts' } });
