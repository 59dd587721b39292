// Recomputes the improvement from the rows of a report, with nothing of the project's own code: node eval/recompute.mjs
import { readFileSync } from 'node:fs';

const report = JSON.parse(readFileSync(process.argv[2] ?? 'eval/eval_report.json', 'utf8'));
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const judged = report.cases.filter((row) => row.judged && !report.improvement.incomplete.includes(`${row.role}/${row.bug}`));
const rate = (arm) => mean(judged.map((row) => mean(row[arm].map((run) => run.outcome ?? 0))));
const [baseline, candidate] = [rate('baseline'), rate('candidate')];
const relative = baseline === 0 ? null : (candidate - baseline) / baseline;
console.log(JSON.stringify({ bugs: judged.length, baseline, candidate, relative, absolute: candidate - baseline }));
