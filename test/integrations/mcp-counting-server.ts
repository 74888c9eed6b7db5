/** A real MCP server as a program, which writes down every tool call that reaches it. */

import { appendFileSync } from 'node:fs';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { countingServer } from './mcp-counting-tools.js';

const [journal = '', mode = ''] = process.argv.slice(2);
if (mode === 'crash-at-start') process.exit(3);
if (mode === 'crash-at-list') {
  process.stdin.on('data', (chunk) => String(chunk).includes('tools/list') && process.exit(3));
}
const server = countingServer((line) => appendFileSync(journal, `${line}\n`));
await server.connect(new StdioServerTransport());
