/** Remembers what was worked out for something that never changes, for as long as that is there. */

/** The same function, which works a value out once for each key. */
export function memo<Key extends object, Value>(work: (key: Key) => Value): (key: Key) => Value {
  const known = new WeakMap<Key, Value>();
  return (key) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const value = work(key);
    known.set(key, value);
    return value;
  };
}

/** Answers to questions about words, which come again and again in a long call: each is worked out once. */
export class Answers {
  private readonly byQuestion = new Map<string, Map<string, Map<string, boolean>>>();

  /** @param work may depend on nothing that changes but the question, the directory and the word */
  answer(question: string, directory: string, word: string, work: () => boolean): boolean {
    const answers = within(within(this.byQuestion, question), directory);
    const before = answers.get(word);
    if (before !== undefined) return before;
    const answer = work();
    answers.set(word, answer);
    return answer;
  }
}

function within<Value>(maps: Map<string, Map<string, Value>>, key: string): Map<string, Value> {
  const before = maps.get(key);
  if (before !== undefined) return before;
  const made = new Map<string, Value>();
  maps.set(key, made);
  return made;
}
