/** Environment variables through which a harmless command is made to run another one. */

export interface VariableRule {
  readonly name: RegExp;
  /**
   * A command line that is run, a text that is expanded, a setting that may be a command line, code that is
   * loaded and cannot be seen from here, or folders in which programs and libraries are looked for.
   */
  readonly holds: 'command' | 'prompt' | 'setting' | 'code' | 'folders';
  /** It counts only with such a value. */
  readonly value?: RegExp;
}

export const COMMAND_VARIABLES: readonly VariableRule[] = [
  {
    name: /^(?:GIT_SSH_COMMAND|GIT_SSH|GIT_EDITOR|GIT_SEQUENCE_EDITOR|GIT_PAGER|GIT_EXTERNAL_DIFF|GIT_ASKPASS|GIT_PROXY_COMMAND|SSH_ASKPASS|EDITOR|VISUAL|PAGER|MANPAGER|PSQL_EDITOR|PSQL_PAGER|BROWSER|LESSOPEN|PROMPT_COMMAND|RSYNC_RSH|CVS_RSH|KUBE_EDITOR|SUDO_EDITOR|SYSTEMD_EDITOR)$/,
    holds: 'command',
  },
  { name: /^PS[0124]$/, holds: 'prompt' },
  { name: /^GIT_CONFIG_VALUE_\d+$/, holds: 'setting' },
  {
    name: /^NODE_OPTIONS$/,
    holds: 'code',
    value: /(?:^|\s)(?:-r|--require|--import|--(?:experimental-)?loader)\b/,
  },
  { name: /^(?:JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS|_JAVA_OPTIONS)$/, holds: 'code', value: /-(?:java)?agent/ },
  {
    name: /^(?:PATH|LD_LIBRARY_PATH|DYLD_LIBRARY_PATH|PYTHONPATH|PERL5LIB|RUBYLIB|NODE_PATH)$/,
    holds: 'folders',
    value: /(?:^|:)(?:\/var)?\/tmp(?:\/|:|$)|(?:^|:)\/dev\/shm/,
  },
  {
    name: /^(?:LD_PRELOAD|DYLD_INSERT_LIBRARIES|BASH_ENV|LD_AUDIT|PERL5OPT|PYTHONSTARTUP|RUBYOPT)$/,
    holds: 'code',
  },
];
