/** What the package exports: the client of the gate. */

export { GateUnavailable, Refused, type RefusedFields } from './errors.js';
export {
  type CallOptions,
  createGate,
  type Gate,
  type GateOptions,
  guard,
  type Money,
  type Outcome,
  type Permission,
  type Run,
  type ToolDescription,
} from './guard.js';
