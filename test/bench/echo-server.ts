/** What the ledger server is compared with: a bare Fastify that reads the same bodies and sends them back. */

import type { AddressInfo } from 'node:net';
import { fastify } from 'fastify';
import { beMeasured } from './served.js';

const server = fastify({ logger: false });
server.post('*', (request, reply) => {
  reply.send(request.body);
});
await server.listen({ port: 0, host: '127.0.0.1' });
beMeasured((server.server.address() as AddressInfo).port, () => server.close());
