/** Files that runners load by themselves: what a call writes into one is judged when it then starts the runner. */
import type { Language } from '../analysis.js';
import { nestedText } from '../excerpt.js';
import { suspect } from '../suspicion.js';
import type { Invocation } from './invocation.js';

const RUNNERS =
  /^(?:pytest|py\.test|jest|vitest|mocha|ava|vite|webpack|rollup|esbuild|next|nuxt|astro|eslint|prettier|babel|postcss|tailwindcss|playwright|cypress|gulp|grunt|karma|rake|bundle|bundler|rails|cargo|gradle|gradlew|mvn|cmake|pip3?|uv|poetry|tox|nox|fab|invoke|npm|npx|pnpm|yarn|bun|bunx|python3?|ruby|vagrant|scons|meson)$/;
/** By the name of the file, with the language it is read in. */
const LOADED: readonly (readonly [RegExp, Language])[] = [
  [/(?:^|\/)(?:conftest|setup|sitecustomize|usercustomize|noxfile|fabfile|tasks)\.py$/, 'python'],
  [/(?:^|\/)(?:Rakefile|Gemfile|Vagrantfile|build\.rs|SConstruct|\w+\.gemspec)$/, 'python'],
  [/(?:^|\/)build\.gradle(?:\.kts)?$/, 'javascript'],
  [
    /\.config\.[cm]?[jt]s$|(?:^|\/)\.\w+rc\.c?js$|(?:^|\/)(?:gulpfile|Gruntfile|karma\.conf)\.[cm]?[jt]s$/,
    'javascript',
  ],
];

/** Judges what the runner loads of the files that the call wrote, or that were sent along. */
export function judgeLoaded(invocation: Invocation): void {
  const { analysis, name, place, directory, span } = invocation;
  if (analysis.files.isEmpty || place !== 'here' || !RUNNERS.test(name)) return;
  for (const [path, texts] of analysis.files.all()) {
    const language = LOADED.find(([file]) => file.test(path))?.[1];
    if (language === undefined || analysis.running.has(path)) continue;
    analysis.running.add(path);
    for (const { text } of texts)
      suspect(analysis, () =>
        analysis.read(language, nestedText(text, span, ''), { place, directory, names: [] }),
      );
  }
}
