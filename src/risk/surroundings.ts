/** What around a command says which environment it works on: where it runs, its settings, what was chosen before. */
import { environmentOfName } from './environment.js';

/** The parts of a command that count. */
export interface Command {
  readonly name: string;
  readonly args: readonly { readonly text: string }[];
  /** `NAME=value` before the command. */
  readonly environment: ReadonlyMap<string, { readonly text: string }>;
  readonly directory: string;
}

const NONE: readonly string[] = [];
/** Programs that work on what the folder describes in which they are started. */
const FOLDER_PROGRAMS =
  /^(?:terraform|tofu|terragrunt|pulumi|cdk|helmfile|serverless|sls|sst|kustomize|ansible-playbook)$/;
const PRODUCTION_FOLDER = /(?:^|\/)(?:prod|production|prd)(?:\/|$)/i;
/** Commands that choose what the next ones work on. */
const CHOOSES =
  /^(?:export|kubectx|kubens|(?:terraform|tofu) workspace (?:select|new)|kubectl config (?:use-context|set-context)|gcloud config (?:set|configurations activate)|pulumi stack select|az account set|docker context use|railway (?:environment|link)|vercel link|supabase link|heroku git:remote|flyctl? config|turso config|nomad namespace|oc project|aws configure) /;

/** Names of an environment among what a command is given; most commands have none. */
export function surroundingsOf({ name, args, environment, directory }: Command): readonly string[] {
  let names: string[] | undefined;
  const note = (text: string): void => {
    if (environmentOfName(text) === null) return;
    if (names === undefined) names = [text];
    else names.push(text);
  };
  for (const { text } of args) note(text);
  for (const { text } of environment.values()) note(text);
  if (PRODUCTION_FOLDER.test(directory) && FOLDER_PROGRAMS.test(name)) note('production');
  return names ?? NONE;
}

/** True when what a command names holds for the commands after it too. */
export function choosesTarget({ name, args }: Command): boolean {
  return (
    args.length > 0 && CHOOSES.test(`${name} ${args[0]?.text} ${args[1]?.text ?? ''} ${args[2]?.text ?? ''} `)
  );
}
