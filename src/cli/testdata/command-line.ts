// Runs a command line as a process of its own, to be killed.
import { main } from '../main.ts';

process.exitCode = await main(JSON.parse(process.env['COMMAND_LINE'] as string) as string[]);
