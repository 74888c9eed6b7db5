/** Environment variables through which a harmless command is made to run another one. */

export interface VariableRule {
  readonly name: RegExp;
  /** A command line that is run, a text that is expanded, or code that is loaded and cannot be seen from here. */
  readonly holds: 'command' | 'prompt' | 'code';
}

export const COMMAND_VARIABLES: readonly VariableRule[] = [
  {
    name: /^(?:GIT_SSH_COMMAND|GIT_SSH|GIT_EDITOR|GIT_SEQUENCE_EDITOR|GIT_PAGER|GIT_EXTERNAL_DIFF|GIT_ASKPASS|GIT_PROXY_COMMAND|SSH_ASKPASS|EDITOR|VISUAL|PAGER|MANPAGER|PSQL_EDITOR|PSQL_PAGER|BROWSER|LESSOPEN|PROMPT_COMMAND|RSYNC_RSH|CVS_RSH|KUBE_EDITOR)$/,
    holds: 'command',
  },
  { name: /^PS[0124]$/, holds: 'prompt' },
  { name: /^(?:LD_PRELOAD|DYLD_INSERT_LIBRARIES|BASH_ENV|PERL5OPT|PYTHONSTARTUP|RUBYOPT)$/, holds: 'code' },
];
