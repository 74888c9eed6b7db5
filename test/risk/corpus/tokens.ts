/** Pieces of every language that the engine reads: what a fuzzer strings together in any order. */

/** A language, what of it is strung together, and how such a text reaches the engine. */
export interface Language {
  readonly name: string;
  readonly tokens: readonly string[];
  /** Something of this language that destroys, whole in itself. */
  readonly destruction: string;
  /** What ends it, so that whatever follows is read by itself. */
  readonly end: string;
  readonly tool: string;
  readonly inputOf: (text: string) => unknown;
}

/** Tokens without a space in them. */
const words = (text: string): readonly string[] => text.split(/\s+/);

const inSingleQuotes = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** A program of the shell that is given the text as one argument. */
const argumentOf = (before: string, after = '') => ({
  tool: 'Bash',
  inputOf: (text: string): unknown => ({ command: `${before} ${inSingleQuotes(text)}${after}` }),
});

const SHELL: Language = {
  name: 'shell',
  destruction: 'rm -rf /',
  end: '\n',
  tool: 'Bash',
  inputOf: (command) => ({ command }),
  tokens: [
    ...words(
      `$( ) " | && || ; & <<< > >> <( >( { } (( )) [[ ]] $X /b} $(( * ~ # if then fi for in do done case
        esac while function f() ! time X=1 eval sh xargs sudo env find -exec rm -rf / cd curl printf %s
        alias trap source é`,
    ),
    '`',
    "'",
    '<<E\n',
    'E\n',
    '${',
    '${X:-',
    '${X//a',
    "$'\\x",
    '\\',
    '\n',
    'bash -c',
    '\\;',
    'base64 -d',
    '\u0000',
    '\ud800',
    '\u200b',
    '\r',
  ],
};

const SQL_TOKENS = [
  ...words(
    `SELECT FROM WHERE DELETE UPDATE SET DROP TABLE TRUNCATE users * ( ) ; , = " $$ $x$ -- /* */ 1 OR AND
      NOT true NULL WITH AS RETURNING DO BEGIN END EXECUTE COPY UNION CASCADE @x :: /*!50000 é EXISTS IN
      LIMIT VALUES MERGE`,
  ),
  "'",
  '`',
  '\\',
  '\n',
  '\u0000',
  '\udfff',
  'INSERT INTO',
];

const CODE_TOKENS = [
  ...words(
    `import os from require ( ) [ ] { } . , ; : = => " def f system exec eval rmtree unlink fetch method
      DELETE https://api.example.com requests subprocess lambda await + # // /* */ f" r" """ b64decode
      boto3 client null 1 %`,
  ),
  "'",
  '`',
  '\\',
  '\n',
  '    ',
  'rm -rf /',
  '${',
  '\u0000',
  '\ud800',
];

const GRAPHQL_TOKENS = [
  ...words(
    `query mutation subscription fragment on M { } ( ) : $id ! ... @ skip " """ [ ] volumeDelete projects
      id 1 true alias: , # & | é __typename - 1e9`,
  ),
  '\\u0061',
  '\n',
  '\ud800',
];

const JSON_TOKENS = [
  ...words(
    `{ } [ ] : , " "query" "mutation" "method" "DELETE" "a" 1 - null true 1e999 "__proto__" "variables"
      "operationName" x`,
  ),
  '\\u0000',
  '\\ud800',
  '\n',
  '\\',
];

const CURL_TOKENS = [
  ...words(
    `-X DELETE POST GET -d @- @x.json {"a":1} -H -G -K --next --json -F a=@b -u a:b -o /etc/passwd -T
      https://api.vercel.com/v9/projects/p http://[::1]:80 file:///etc/passwd {a,b} [1-9] -- - %00
      https:// --url -sSLf`,
  ),
  'Authorization: Bearer x',
  '\\',
];

const CLI_TOKENS = [
  ...words(
    `delete list get create update --all --force -f -n x --yes --dry-run -- --help - = --a=b projects
      namespace volume rm run exec sh -c deploy * @file {} [] é $X $(x) -it push origin +main :main apply
      destroy`,
  ),
];

/** Every program has its own rules; these are given the words of command lines. */
const PROGRAMS = [
  ...words(
    `git gh aws gcloud az kubectl helm terraform docker npm npx heroku fly railway vercel supabase psql
      redis-cli mongosh find tar rsync sed awk make`,
  ),
];

const program = (name: string): Language => ({
  name,
  tokens: CLI_TOKENS,
  destruction: '',
  end: '',
  tool: 'Bash',
  inputOf: (text) => ({ command: `${name} ${text}` }),
});

export const LANGUAGES: readonly Language[] = [
  SHELL,
  {
    name: 'PostgreSQL',
    tokens: SQL_TOKENS,
    destruction: 'DROP DATABASE app;',
    end: '\n',
    ...argumentOf('psql -c'),
  },
  {
    name: 'MySQL',
    tokens: SQL_TOKENS,
    destruction: 'DROP DATABASE app;',
    end: '\n',
    ...argumentOf('mysql -e'),
  },
  {
    name: 'SQLite',
    tokens: SQL_TOKENS,
    destruction: 'DELETE FROM users;',
    end: '\n',
    ...argumentOf('sqlite3 app.db'),
  },
  {
    name: 'SQL of a tool',
    tokens: SQL_TOKENS,
    destruction: 'DROP DATABASE app;',
    end: '\n',
    tool: 'mcp__postgres__query',
    inputOf: (sql) => ({ sql }),
  },
  {
    name: 'Python',
    tokens: CODE_TOKENS,
    destruction: "import os; os.system('rm -rf /')",
    end: '\n',
    ...argumentOf('python3 -c'),
  },
  {
    name: 'JavaScript',
    tokens: CODE_TOKENS,
    destruction: "require('fs').rmSync('/', {recursive: true})",
    end: '\n',
    ...argumentOf('node -e'),
  },
  {
    name: 'Ruby',
    tokens: CODE_TOKENS,
    destruction: "system('rm -rf /')",
    end: '\n',
    ...argumentOf('ruby -e'),
  },
  {
    name: 'GraphQL',
    tokens: GRAPHQL_TOKENS,
    destruction: 'mutation { volumeDelete(volumeId: 1) }',
    end: '\n',
    tool: 'graphql',
    inputOf: (query) => ({ endpoint: 'https://backboard.railway.app/graphql/v2', query }),
  },
  {
    name: 'JSON of a request',
    tokens: JSON_TOKENS,
    destruction: '{"query":"mutation { volumeDelete(volumeId: 1) }"}',
    end: '\n',
    ...argumentOf('curl https://backboard.railway.app/graphql/v2 -d'),
  },
  {
    name: 'MongoDB',
    tokens: [...CODE_TOKENS, 'db', 'users', 'deleteMany', 'drop', 'find', '$where', '$out'],
    destruction: 'db.dropDatabase()',
    end: '\n',
    ...argumentOf('mongosh --eval'),
  },
  {
    name: 'a patch',
    tokens: [
      '*** Begin Patch\n',
      '*** End Patch',
      '*** Update File: ',
      '*** Delete File: ',
      '*** Add File: ',
      '@@\n',
      '*** Move to: ',
      'src/a.ts\n',
      '/etc/passwd\n',
      '../x\n',
      '+a\n',
      '-b\n',
      '\r',
      '\u0000',
      '~/.ssh/id\n',
    ],
    destruction: '',
    end: '',
    tool: 'apply_patch',
    inputOf: (input) => ({ input }),
  },
  {
    name: 'a path',
    tokens: [...words(`/ .. . ~ etc passwd C: %2e src .git * é //`), '\\', ' ', '\u0000', '\n'],
    destruction: '',
    end: '',
    tool: 'Write',
    inputOf: (file_path) => ({ file_path, content: 'x' }),
  },
  { ...program('curl'), tokens: CURL_TOKENS },
  { ...program('wget'), tokens: CURL_TOKENS },
  { ...program('http'), tokens: CURL_TOKENS },
  ...PROGRAMS.map(program),
];
