/** The tools of the servers that the proxy is tried in front of: they write down every call that reaches them. */

import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';

/** The tools that every variant of the server has. */
export function countingServer(note: (line: string) => void): McpServer {
  const server = new McpServer({ name: 'counting', version: '1.0.0' }, { capabilities: { logging: {} } });
  const text = (said: string) => ({ content: [{ type: 'text' as const, text: said }] });
  server.registerTool(
    'get_page',
    { description: 'reads', inputSchema: { page: z.number() }, annotations: { readOnlyHint: true } },
    ({ page }) => {
      note(`get_page ${page}`);
      return text(`page ${page}`);
    },
  );
  server.registerTool('drop_all_databases', { annotations: { destructiveHint: true } }, () => {
    note('drop_all_databases');
    return text('gone');
  });
  server.registerTool(
    'volumeDelete',
    { inputSchema: { volumeId: z.string() }, outputSchema: { deleted: z.boolean() } },
    () => {
      note('volumeDelete');
      return { ...text('gone'), structuredContent: { deleted: true } };
    },
  );
  server.registerTool('get_error', {}, () => {
    note('get_error');
    throw new Error('no such page');
  });
  server.registerTool('get_crash', {}, () => {
    note('get_crash');
    process.exit(3);
  });
  server.registerTool('get_nothing', {}, () => {
    note('get_nothing');
    return new Promise<never>(() => undefined);
  });
  server.registerTool('get_huge', {}, () => text('x'.repeat(5 * 1024 * 1024)));
  server.registerTool('get_garbage', {}, () => {
    process.stdout.write('this is no message\n[1]\n\n');
    return text('after garbage');
  });
  server.registerTool('get_progress', {}, async ({ sendNotification, _meta }) => {
    const progressToken = _meta?.progressToken ?? 0;
    await sendNotification({ method: 'notifications/progress', params: { progressToken, progress: 1 } });
    // The client forgets who waits for progress as soon as it has the answer, even one read in the same breath.
    await server.server.ping();
    return text('progressed');
  });
  server.registerTool('get_opinion', {}, async () => {
    const { content } = await server.server.createMessage({
      messages: [{ role: 'user', content: { type: 'text', text: 'what do you think?' } }],
      maxTokens: 5,
    });
    return text(content.type === 'text' ? content.text : '');
  });
  return server;
}
