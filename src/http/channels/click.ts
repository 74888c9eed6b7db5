/** A click on a button of a message of ours in Slack. */

export interface Click {
  /** Id of the user, by Slack's word. */
  readonly user: string;
  readonly approvalId: string;
  readonly answer: 'approve' | 'reject';
}

/** The click in a payload; null for everything else that Slack sends, such as a click on a link. */
export function clickOf(payload: string): Click | null {
  const { type, user, actions } = parsed(payload);
  const [action] = Array.isArray(actions) ? (actions as unknown[]) : [];
  if (type !== 'block_actions' || !isObject(action) || !isObject(user)) return null;
  const { action_id: answer, value: approvalId } = action;
  if (answer !== 'approve' && answer !== 'reject') return null;
  if (typeof approvalId !== 'string' || typeof user['id'] !== 'string') return null;
  return { user: user['id'], approvalId, answer };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
