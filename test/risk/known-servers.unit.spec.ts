/** Tools of well-known MCP servers: which cost nothing, and that neither names nor arguments hide behind that. */
import { loadParsers } from '../../src/risk/index.js';
import { assessCall, toolCall } from './bench.js';

beforeAll(loadParsers);

const pointsOf = (name: string, input: unknown): number => assessCall(toolCall(name, input)).riskPoints;

describe('tools of known servers', () => {
  it.each([
    ['mcp__github__list_issues', { owner: 'a', repo: 'b' }],
    ['mcp__claude_ai_Linear__get_issue', { id: 'A-1' }],
    ['mcp__supabase__execute_sql', { query: 'SELECT 1' }],
    ['mcp__context7__resolve-library-id', { libraryName: 'react' }],
    ['mcp__filesystem__move_file', { source: '/repo/a.ts', destination: '/repo/b.ts' }],
    ['mcp__playwright__browser_snapshot', {}],
    ['mcp__git__git_checkout', { branch_name: 'x' }],
  ])('costs nothing to look or to work in the workspace: %s', (name, input) => {
    expect(pointsOf(name, input)).toBe(0);
  });

  it.each([
    ['mcp__unheard-of__list_issues', {}, 5],
    ['mcp__github__list_issues', { command: 'rm -rf /' }, 500],
    ['mcp__supabase__execute_sql', { query: 'DROP TABLE users' }, 150],
    ['mcp__supabase__execute_sql', { statement_id: 'x' }, 20],
    ['mcp__filesystem__move_file', { source: '/etc/passwd', destination: '/repo/b' }, 50],
    ['mcp__time__delete_database', { name: 'app' }, 500],
    ['mcp__github__issue_write', { method: 'delete', repo: 'b' }, 20],
    ['mcp__aws__get_secret_value', { id: 'x' }, 5],
    ['mcp__kubernetes__kubectl_get', { resourceType: 'secrets' }, 5],
  ])('costs at least what its name and its arguments say: %s %j', (name, input, least) => {
    expect(pointsOf(name, input)).toBeGreaterThanOrEqual(least);
  });
});
