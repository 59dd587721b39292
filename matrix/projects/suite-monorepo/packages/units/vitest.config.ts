import { mergeConfig } from 'vitest/config';
import shared from '../../vitest.shared.config.ts';

export default mergeConfig(shared, { test: { name: 'units' } });
