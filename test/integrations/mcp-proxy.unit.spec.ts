/** How the MCP proxy reads messages, merges lists and cuts lines. */

import { PassThrough } from 'node:stream';
import { readLines } from '../../src/integrations/mcp-proxy/lines.js';
import { cursorsIn, mergedAnswer } from '../../src/integrations/mcp-proxy/merging.js';
import { idAtAnEnd, readClientMessage, rewritten } from '../../src/integrations/mcp-proxy/message.js';
import { mirroredHeaders } from '../../src/integrations/mcp-proxy/request-headers.js';

describe('A client’s message', () => {
  it('keeps every digit, also when it is rewritten', () => {
    const message = readClientMessage('{"id":1,"method":"x","params":{"a":1.00,"b":12345678901234567890}}');
    if ('refused' in message) throw new Error('it was refused');
    expect(message.isInexact).toBe(true);
    expect(rewritten(message, { id: 'new', params: { c: 'd' } }).text).toBe(
      '{"id":"new","method":"x","params":{"a":1.00,"b":12345678901234567890,"c":"d"}}',
    );
  });

  it.each([
    ['a method that stands twice', '{"id":7,"method":"tools/call","method":"ping"}', 7],
    ['a tool that stands twice', '{"id":"q","method":"tools/call","params":{"name":"a","name":"b"}}', 'q'],
    ['endless nesting', '['.repeat(100_000), null],
  ])('is not taken with %s', (_what, line, id) => {
    expect(readClientMessage(line)).toMatchObject({ refused: { body: { id, error: { code: -32700 } } } });
  });
});

describe('The id of a message that is too long', () => {
  it.each([
    ['first', '{"jsonrpc":"2.0","id":12,"result":{"x":"aaa', 'aaa"}}', 12],
    ['last', '{"result":{"x":"aaa', 'aaa"}},"jsonrpc":"2.0","id":"b"}', 'b'],
    ['nowhere to be seen', '{"result":{"x":"aaa', '"id":3}}', null],
  ])('is found where it is %s', (_where, head, tail, id) => {
    expect(idAtAnEnd({ head, tail })).toBe(id);
  });
});

describe('Lines', () => {
  it('are cut at newlines alone, wherever the chunks end, and the long ones are known by their ends', () => {
    const stream = new PassThrough();
    const seen: string[] = [];
    readLines(stream, 10, {
      line: (text) => seen.push(text),
      tooLong: ({ head, tail }) => seen.push(`${head.slice(0, 3)}…${tail.slice(-3)}`),
      end: () => seen.push('end'),
    });
    const bytes = Buffer.from('ab\n\nc\u00e9d\r\n123456789012345\nef\nrest');
    for (const byte of bytes) stream.emit('data', Buffer.from([byte]));
    stream.emit('end');
    expect(seen).toEqual(['ab', 'c\u00e9d', '123…345', 'ef', 'end']);
  });
});

describe('Merged lists', () => {
  const page = (server: string, names: string[], nextCursor?: string) => ({
    server,
    body: { id: 1, result: { tools: names.map((name) => ({ name })), ...(nextCursor && { nextCursor }) } },
  });
  const gone = { server: 'gone', body: { id: 1, error: { code: -32000, message: 'gone' } } };

  it('keep their order, and a cursor says where each server goes on', () => {
    const { body } = mergedAnswer(1, 'tools/list', [page('a', ['x'], 'more'), gone, page('b', ['x', 'y'])]);
    const result = body['result'] as { tools: unknown; nextCursor: string };
    expect(result.tools).toEqual([{ name: 'a__x' }, { name: 'b__x' }, { name: 'b__y' }]);
    expect(cursorsIn(result.nextCursor, ['a', 'gone', 'b'])).toEqual(new Map([['a', 'more']]));
  });

  it('are an error only when every server answers with one', () => {
    expect(mergedAnswer(9, 'tools/list', [gone, gone]).body).toMatchObject({
      id: 9,
      error: { code: -32000 },
    });
  });

  it.each(['', 'e30', 'x', 7, null, 'eyJ6IjoiYyJ9'])('have no cursor %j', (cursor) => {
    expect(cursorsIn(cursor, ['a'])).toBeNull();
  });
});

describe('Headers of the stateless protocol', () => {
  it('repeat version, method and name, in base64 where a header cannot carry it', () => {
    const params = { name: 'é', _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' } };
    expect(mirroredHeaders({ method: 'tools/call', params })).toEqual({
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': '=?base64?w6k=?=',
    });
    expect(mirroredHeaders({ method: 'tools/call', params: { name: 'x' } })).toEqual({});
  });
});
