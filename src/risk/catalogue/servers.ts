/** MCP servers that agents are commonly given: which of their tools only look, and which work in the workspace. */

export interface KnownServer {
  /** Names by which harnesses know the server, without signs: `brave-search` is `bravesearch`. */
  readonly names: readonly string[];
  /** Their names are such that another server's may hold them as a word. */
  readonly wholeName?: true;
  /** Tools that only look, besides those whose names begin with a word for looking. */
  readonly looks?: RegExp;
  /** Tools whose work is undone by version control, or that keep notes of the agent's own. */
  readonly local?: RegExp;
  /** Tools that write what can be taken back: issues, comments, pages. */
  readonly external?: RegExp;
  /** Tools whose arguments say all that they do: a statement, a command, paths. */
  readonly byArguments?: RegExp;
}

const TRACKED =
  /^(?:create|add|update|edit|save|transition|move|assign|link|set|close|reopen|archive|comment|reply|resolve|mark)[-_ ]?(?:or[-_ ])?\w*$/;
const STATEMENT =
  /^(?:(?:execute|run|pg|mysql|mssql|sqlite|postgres|bigquery|snowflake|duckdb|db|read|write|select|safe)[-_ ]?)*(?:sql|query|queries|statement|select|transaction)(?:[-_ ](?:database|file|readonly|ro))?$/;

const named = (...lists: readonly string[]): readonly string[] => lists.flatMap((list) => list.split(' '));

export const KNOWN_SERVERS: readonly KnownServer[] = [
  {
    names: named('github gitlab gitea bitbucket forgejo azuredevops'),
    looks: /[-_](?:read|get|list|search|logs?|diff|status)$|^(?:whoami|my_\w+)$/,
    external:
      /^(?:create|add|update|submit|request|reply|resolve|edit|close|reopen|assign|push|fork|sub)[-_](?!\w*(?:file|files|ref|refs|token|key|secret|webhook|hook|protection|ruleset|environment|variable|collaborator|member|visibility|repository|repo|settings|permission|team|deploy|release)(?:$|[-_]))\w*$|^issue[-_]write$|[-_]comment(?:[-_]write)?$/,
  },
  {
    names: named('linear jira atlassian asana trello clickup shortcut monday youtrack plane height'),
    looks:
      /^(?:jira|confluence|asana|trello|atlassian|linear)?[-_]?(?:get|list|search|read|lookup|fetch|find|view)/i,
    external: TRACKED,
  },
  {
    names: named('notion confluence obsidian coda slite outline evernote onenote googledocs gdocs'),
    looks: /^(?:notion[-_]|API[-_])?(?:post[-_]search|search|fetch|get|list|retrieve|query|view)/i,
    external:
      /^(?:notion[-_]|API[-_]|obsidian[-_])?(?:create|update|append|patch|post|duplicate|move|write|edit|insert)[-_]?\w*$/i,
  },
  {
    names: ['slack', 'discord', 'teams', 'mattermost', 'telegram'],
    looks: /(?:^|[-_])(?:get|list|search|history|read|replies|info)(?:[-_]|$)/,
  },
  {
    names: named(
      'sentry datadog grafana newrelic honeycomb axiom betterstack posthog amplitude mixpanel',
      'pagerduty langfuse langsmith signoz dynatrace splunk loki prometheus cloudwatch logfire',
    ),
    looks:
      /^(?:analyze|search|find|query|whoami|use[-_]sentry|explain|diagnose|aggregate|execute_query|run_query|query[-_]run)/,
    external:
      /^(?:update|create|add|edit|assign|resolve|ack|acknowledge)[-_](?:issue|incident|dashboard|annotation|insight|comment|note|status|monitor|notebook)s?$/,
  },
  {
    names: named('supabase neon planetscale turso xata prisma convex'),
    looks: /^(?:generate[-_]typescript|explain[-_]sql|compare|describe|prepare_query|inspect)/,
    byArguments: STATEMENT,
    external: /^create[-_]branch$/,
  },
  {
    names: named('vercel netlify railway render heroku fly flyio digitalocean cloudrun firebase expo'),
    looks: /^(?:web[-_]fetch|check|search|access_docs|use_docs|validate)/,
  },
  {
    names: named(
      'aws awsdocs awsdocumentation awsknowledge awslabs cdk terraform cloudflare cloudflaredocs',
      'cloudflareobservability gcp googlecloud azure microsoftdocs microsoftlearn mslearn pulumi',
    ),
    looks:
      /^(?:aws___)?(?:search|read|get|list|recommend|retrieve|query|resolve|suggest|explain)|[-_](?:list|get|search|docs_search|docs_fetch|read)$/i,
  },
  {
    names: named('stripe paypal square shopify hubspot salesforce intercom zendesk airtable mailchimp'),
    looks: /^(?:search|retrieve|list|get|fetch|describe|introspect|learn)/,
  },
  {
    names: ['filesystem', 'files', 'fs', 'desktopcommander', 'texteditor'],
    looks: /^(?:directory_tree|get_|list_|read_|search_)/,
    byArguments:
      /^(?:write|edit|move|copy|rename|create|append|delete|remove)[-_](?:file|directory|files|block|folder)s?$/,
  },
  {
    names: named(
      'sqlite postgres postgresql pg mysql mariadb mssql sqlserver duckdb motherduck clickhouse',
      'bigquery snowflake redshift oracle cockroachdb dbhub database db genaitoolbox toolbox',
    ),
    looks: /^(?:describe|list|show|explain|analyze_db|get_|schema|inspect|sample)/,
    byArguments: STATEMENT,
    local: /^append[-_]insight$/,
  },
  {
    names: named(
      'mongodb mongo redis elasticsearch opensearch qdrant pinecone chroma weaviate milvus neo4j',
      'dynamodb',
    ),
    looks:
      /^(?:find|aggregate|count|explain|collection-schema|collection-indexes|collection-storage-size|db-stats|mongodb-logs|get|mget|hget\w*|lrange|llen|smembers|zrange|xrange|scan\w*|type|dbsize|info|keys|exists|json_get|client_list|esql|search|query|describe|read)(?:[-_]|$)/,
  },
  {
    wholeName: true,
    names: named(
      'context7 deepwiki ref reftools docs svelte shadcn shadcnui mui angularcli angular nextdevtools',
      'nuxt nx nxmcp godoc rustdocs packageversion npmsearch astrodocs tailwind flowbite magicui',
      'laravelboost langchaindocs openaideveloperdocs openaidocs exa tavily bravesearch brave',
      'perplexity perplexityask kagi serper serpapi duckduckgo ddgsearch searxng arxiv wikipedia',
      'pubmed hackernews time weather calculator sequentialthinking think zen grep grepapp sourcegraph',
      'huggingface hfmcp eslint ide semgrep sonarqube snyk codacy lsp repomix markitdown',
    ),
    looks:
      /^(?!.*(?:delete|remove|create|update|write|deploy|install|send|exec|run|set|upload|publish|kill|drop|purge))/i,
  },
  {
    names: named('fetch firecrawl crawl4ai jina apify brightdata browserbase'),
    looks:
      /^(?:fetch|firecrawl[-_])?(?:fetch|scrape|search|map|crawl|extract|read|check|get|list)?[-_]?(?:url|html|markdown|txt|json|status|web|page)?$/,
  },
  {
    names: named(
      'memory knowledgegraph mem0 openmemory basicmemory memorybank graphiti zep taskmaster',
      'taskmasterai shrimptaskmanager todo planning',
    ),
    looks: /^(?:search|open|read|list|get|recall|retrieve|recent|next|show|view)/,
    local:
      /^(?:create|add|write|save|store|edit|update|set|expand|parse|analyze|remember|append|delete_(?:observations|relations))[-_]?\w*$/,
  },
  {
    names: named('serena jetbrains intellij pycharm webstorm vscode xcode xcodebuild xcodebuildmcp rider'),
    looks:
      /^(?:find|get|list|read|search|think|check|initial|onboarding|summarize|view|describe|show|snapshot|screenshot|discover|diag|prepare)/,
    local:
      /^(?:replace|insert|create|rename|write|edit|activate|switch|build|test|boot|open|launch|stop|clean|reformat|tap|swipe|type|install_app|run_(?:tests|configuration))[-_]?\w*$/,
  },
  {
    names: named(
      'playwright puppeteer chromedevtools browser browsermcp cypress selenium appium mobile maestro',
      'cursoridebrowser storybook',
    ),
    looks:
      /(?:^|[-_])(?:snapshot|screenshot|console[-_]?\w*|network[-_]requests?|list[-_]\w+|get[-_]\w+|logs?|wait[-_]?\w*|hover|resize|close|tabs|scroll|emulate\w*|select[-_]page|performance[-_]\w+|lighthouse[-_]audit|verify[-_]\w+|generate[-_]locator|back|forward)$/,
  },
  {
    names: named('kubernetes k8s kubectl docker dockerhub argocd helm podman'),
    looks:
      /^(?:kubectl[-_])?(?:get|list|describe|logs?|explain|top|fetch|inspect|read|status|events|version|search|check)|[-_](?:list|get|log|top|logs|view)(?:[-_]in[-_]namespace|[-_]in[-_]all[-_]namespaces)?$/,
  },
  {
    names: ['git'],
    looks: /^git[-_](?:status|diff\w*|log|show|branch|blame)$/,
    byArguments:
      /^git[-_](?:add|commit|checkout|create_branch|init|stash|reset|restore|switch|fetch|pull|merge|rebase|tag)$/,
  },
  {
    names: named('figma figmadev framelink framelinkfigma figmadesktop sketch penpot zeplin canva'),
    looks: /^(?:get|list|search|read|whoami|download|inspect|create_design_system_rules)/,
  },
  {
    names: named(
      'gmail googlecalendar gcal gdrive googledrive googleworkspace gsheets googlesheets outlook ms365',
      'onedrive dropbox box',
    ),
    looks: /^(?:search|read|list|get|find|fetch|query|check)/,
    external:
      /^(?:draft|create[-_]draft|update[-_]draft|modify[-_](?:email|labels)|create[-_](?:label|event|doc|document|file|sheet))[-_]?\w*$/,
  },
  {
    names: named(
      'circleci buildkite jenkins githubactions teamcity nxcloud launchdarkly zapier n8n make',
      'elevenlabs replicate',
    ),
    looks: /^(?:get|list|search|find|validate|analyze|config_helper|check)/,
  },
];
