/** What the rest of the program may use of the risk engine. */
export {
  assess,
  assessBriefly,
  assessRedacted,
  type RecordedAssessment,
} from './assess.js';
export type { OwnRegistry } from './catalogue/own.js';
export type { FieldReading, RegisteredTool } from './catalogue/tool.js';
export { registryWith } from './own-registry.js';
export { loadParsers } from './parsers.js';
export { REDACTED, type Redaction, redact, redactFields, redactText } from './redact.js';
export {
  defaultRegistry,
  type ProtectedPlaces,
  plainProfile,
  type RegisteredHost,
  type RegisteredName,
  type RiskProfile,
  type RiskRegistry,
} from './registry.js';
export { ownToolOf } from './tools/own-tool.js';
export { ENGINE_VERSION } from './version.js';
