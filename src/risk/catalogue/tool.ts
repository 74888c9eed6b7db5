/** The form in which a harness tool or an MCP tool is described. */
import type { Tier } from '../../domain/assessment.js';

/** How an argument of a tool is to be read. */
export type FieldReading =
  | 'shell'
  | 'sql'
  | 'graphql'
  | 'code'
  | 'url'
  | 'write-path'
  | 'read-path'
  /** A folder that is read with everything below it; the current one when the argument is left out. */
  | 'tree-path'
  /** A pattern of names that are listed. */
  | 'name-pattern'
  | 'delete-path'
  | 'patch'
  | 'text';

/** What is known about the tools of one name pattern. */
export interface RegisteredTool {
  /** The tool's name; `*` stands for any run of characters; compared without case. */
  readonly name: string;
  /** The MCP server, when the rule is for one server only. */
  readonly server?: string;
  /** Only a harness's own tool goes by this name; a server's of the same name is another. */
  readonly ofHarness?: true;
  readonly kind?: string;
  /** The tier of a call whose arguments say nothing worse. */
  readonly tier?: Tier;
  /** Points of such a call before factors, when they are not those of its tier. */
  readonly base?: number;
  /** A tier 1 call that version control or a rebuild undoes. */
  readonly free?: boolean;
  readonly fields?: Readonly<Record<string, FieldReading>>;
  /** The other arguments are read like those of a tool that nobody registered. */
  readonly readsRest?: boolean;
}
