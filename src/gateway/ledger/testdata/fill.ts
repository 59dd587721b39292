// Fills a journal on a disk that takes only so much, and tells what that brought.
import { Journal } from '../journal.ts';

// The system's own signal for it would end the process.
process.on('SIGXFSZ', () => undefined);
const journal = new Journal(process.env['FILE'] as string);
const errors: string[] = [];
let appended = 0;
while (errors.length === 0) {
  try {
    journal.append({ text: 'ä'.repeat(100) });
    appended++;
  } catch (error) {
    errors.push(`${(error as { code?: string }).code} ${(error as Error).message}`);
  }
}
process.stdout.write(JSON.stringify({ errors, appended }));
process.exit();
