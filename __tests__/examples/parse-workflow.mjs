// Reads workflow texts ({ name: yaml }) from stdin and prints what GitHub's own parser makes of each.
// A process of its own, with the parser bundled: it is an ES module that imports JSON in a way no Node runs as it is.
import { text } from 'node:stream/consumers';
import { build } from 'esbuild';

const bundle = await build({
  stdin: { contents: "export * from '@actions/workflow-parser';", resolveDir: import.meta.dirname },
  bundle: true,
  platform: 'node',
  format: 'esm',
  write: false,
  logLevel: 'error',
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(process.cwd() + '/');" },
});
const { parseWorkflow, convertWorkflowTemplate, NoOperationTraceWriter } = await import(
  `data:text/javascript;base64,${Buffer.from(bundle.outputFiles[0].contents).toString('base64')}`
);

const parsed = {};
for (const [name, content] of Object.entries(JSON.parse(await text(process.stdin)))) {
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  const template = value && (await convertWorkflowTemplate(context, value));
  parsed[name] = { errors: context.errors.getErrors().map((error) => error.message), jobs: template?.jobs ?? [] };
}
process.stdout.write(JSON.stringify(parsed));
