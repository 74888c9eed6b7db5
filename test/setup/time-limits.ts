/** Gives each test and each hook a time limit: the runner itself would wait for ever. */

/** What a test or a hook may take that names no limit of its own, in ms. */
const LIMIT_MS = 30_000;

type Body = (...values: unknown[]) => unknown;
type Test = (title: string, body?: Body, limitMs?: number) => void;
type Each = (...table: unknown[]) => Test;
type Hook = (body: Body, limitMs?: number) => void;

/** @throws Error (as a rejection) when the body has not ended in time */
export function limited(body: Body, limitMs = LIMIT_MS): Body {
  return async (...values) => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`it has not ended within ${limitMs} ms`)), limitMs);
    });
    try {
      return await Promise.race([body(...values), late]);
    } finally {
      clearTimeout(timer);
    }
  };
}

const limitedTest =
  (add: Test): Test =>
  (title, body, limitMs) =>
    add(title, body && limited(body, limitMs));

const limitedHook =
  (add: Hook): Hook =>
  (body, limitMs) =>
    add(limited(body, limitMs));

/** A test with its variants, each of which adds tests to the same file. */
function limitedWithVariants<T extends Test & { readonly each: Each }>(add: T): T {
  const each: Each = (...table) => limitedTest(add.each(...table));
  return Object.assign(limitedTest(add), add, { each });
}

const runner = globalThis as unknown as {
  it: Test & { readonly each: Each; readonly only: Test & { readonly each: Each } };
  test: unknown;
} & Record<'beforeAll' | 'beforeEach' | 'afterAll' | 'afterEach', Hook>;

runner.it = Object.assign(limitedWithVariants(runner.it), { only: limitedWithVariants(runner.it.only) });
runner.test = runner.it;
for (const hook of ['beforeAll', 'beforeEach', 'afterAll', 'afterEach'] as const) {
  runner[hook] = limitedHook(runner[hook]);
}
