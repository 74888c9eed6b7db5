/** A server of the 2.x SDK, stateless protocol included, which writes down every tool call that reaches it. */

import { appendFileSync } from 'node:fs';
import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';

export function modernServer(note: (line: string) => void): McpServer {
  const server = new McpServer({ name: 'modern', version: '2.0.0' });
  server.registerTool(
    'get_page',
    { inputSchema: z.object({ page: z.number() }), annotations: { readOnlyHint: true } },
    ({ page }) => {
      note(`get_page ${page}`);
      return { content: [{ type: 'text', text: `page ${page}` }] };
    },
  );
  server.registerTool('drop_all_databases', {}, () => {
    note('drop_all_databases');
    return { content: [{ type: 'text', text: 'gone' }] };
  });
  return server;
}

const [script, journal = ''] = process.argv.slice(1);
if (script?.endsWith('mcp-modern-server.js')) {
  serveStdio(() => modernServer((line) => appendFileSync(journal, `${line}\n`)));
}
