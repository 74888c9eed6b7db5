/** The wire contract, compiled once at start from the DTO classes: validators and serialisers. */

import { Ajv, type ErrorObject, type SchemaValidateFunction, type ValidateFunction } from 'ajv';
import { validationMetadatasToSchemas } from 'class-validator-jsonschema';
import { INT64_MAX, INT64_MIN } from '../domain/amount.js';
import { HttpFailure } from './failure.js';

/** The id under which all definitions are known to the validator and the serialiser. */
const CONTRACT_ID = 'contract';

export type DtoClass = abstract new (...args: never[]) => object;
export type Schema = Readonly<Record<string, unknown>>;

/** A reference to the definition of a DTO class. */
export const refTo = (dto: DtoClass): Schema => ({ $ref: `${CONTRACT_ID}#/definitions/${dto.name}` });

/** Every DTO class that is loaded, as JSON Schema. Objects are closed unless a DTO says otherwise. */
export function contractSchema(): Schema {
  const definitions = validationMetadatasToSchemas({
    refPointerPrefix: `${CONTRACT_ID}#/definitions/`,
  });
  for (const definition of Object.values(definitions)) {
    definition.additionalProperties ??= false;
    for (const property of Object.values(definition.properties ?? {})) dropBuiltInRef(property);
  }
  return { $id: CONTRACT_ID, definitions };
}

/** A validator of our own on a field of a built-in type is taken for a reference to a class `Object`. */
function dropBuiltInRef(property: object & { $ref?: unknown }): void {
  if (property.$ref === `${CONTRACT_ID}#/definitions/Object`) delete property.$ref;
}

/** Validates bodies and query strings against the contract. */
export class Validator {
  private readonly ajv = new Ajv({ strict: false, allErrors: false, validateFormats: false });

  constructor(contract: Schema) {
    for (const [keyword, { test, problem }] of Object.entries(KEYWORDS)) {
      this.ajv.addKeyword({ keyword, validate: test, error: { message: problem } });
    }
    this.ajv.addSchema(withInt64(contract) as Schema);
  }

  /** A function that throws HttpFailure 400, naming the first field that is wrong, or returns true. */
  compile(schema: Schema, where: 'body' | 'query'): (data: unknown) => true {
    const validate = this.ajv.compile(schema);
    return (data) => {
      if (validate(data)) return true;
      throw failureOf(validate, where);
    };
  }
}

interface Keyword {
  readonly test: SchemaValidateFunction;
  readonly problem: string;
}

/** What JSON Schema cannot say. */
const KEYWORDS: Readonly<Record<string, Keyword>> = {
  int64: { test: isInt64, problem: 'must be a 64-bit integer within its bounds' },
  freeForm: { test: isFreeForm, problem: 'must hold no integer beyond 2^53 and no infinite number' },
  dateTime: { test: isDateTime, problem: 'must be an RFC 3339 date and time' },
  oneOrMoreOf: { test: hasOneOf, problem: 'must name at least one of its levels' },
};

interface Int64Bounds {
  readonly minimum?: number;
  readonly maximum?: number;
}

/** A number stands for an integer only while it is exact; beyond that the parser made it a bigint. */
function isInt64({ minimum, maximum }: Int64Bounds, data: unknown): boolean {
  if (typeof data === 'bigint') return data >= maxOf(minimum) && data <= minOf(maximum);
  if (typeof data !== 'number' || !Number.isSafeInteger(data)) return false;
  return (minimum === undefined || data >= minimum) && (maximum === undefined || data <= maximum);
}
const maxOf = (minimum: number | undefined): bigint => (minimum === undefined ? INT64_MIN : BigInt(minimum));
const minOf = (maximum: number | undefined): bigint => (maximum === undefined ? INT64_MAX : BigInt(maximum));

/** Free-form members are stored and hashed as canonical JSON, which has no place for these. */
function isFreeForm(_wanted: true, data: unknown): boolean {
  if (typeof data === 'bigint') return false;
  if (typeof data === 'number') return Number.isFinite(data);
  if (typeof data !== 'object' || data === null) return true;
  return Object.values(data).every((member) => isFreeForm(true, member));
}

const DATE_TIME = /^(\d{4}-\d{2}-\d{2})[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/;
function isDateTime(_wanted: true, data: unknown): boolean {
  return typeof data === 'string' && isMoment(data);
}

/** Whether a text is an RFC 3339 date and time. */
export function isMoment(text: string): boolean {
  const [, day] = DATE_TIME.exec(text) ?? [];
  return day !== undefined && isDay(day) && !Number.isNaN(Date.parse(text));
}

/** Date.parse takes 30 February for 2 March; only what comes back as it went in is a day of the calendar. */
function isDay(day: string): boolean {
  const parsed = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(day);
}

function hasOneOf(names: readonly string[], data: unknown): boolean {
  return typeof data !== 'object' || data === null || names.some((name) => Object.hasOwn(data, name));
}

/** Ajv knows no bigint, so that an int64 becomes a keyword of its own. */
function withInt64(schema: unknown): unknown {
  if (typeof schema !== 'object' || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map(withInt64);
  const { type, format, minimum, maximum, ...rest } = schema as Record<string, unknown>;
  if (format === 'int64')
    return {
      ...rest,
      int64: { ...(minimum !== undefined && { minimum }), ...(maximum !== undefined && { maximum }) },
    };
  return Object.fromEntries(Object.entries(schema).map(([key, member]) => [key, withInt64(member)]));
}

function failureOf(validate: ValidateFunction, where: 'body' | 'query'): HttpFailure {
  const error = validate.errors?.[0];
  const field = error === undefined ? where : fieldOf(error, where);
  const reason = error === undefined ? 'is not valid' : reasonOf(error);
  return new HttpFailure(400, 'INVALID_REQUEST', `${field} ${reason}.`, { field });
}

function fieldOf({ instancePath, params }: ErrorObject, where: string): string {
  const path = instancePath.split('/').slice(1).map(unescapePointer);
  const member: unknown = params['missingProperty'] ?? params['additionalProperty'];
  if (typeof member === 'string') path.push(member);
  return path.length === 0 ? where : path.join('.').slice(0, FIELD_LENGTH_MAX);
}

/** A field's name comes from the client and is repeated to it, but not at any length. */
const FIELD_LENGTH_MAX = 200;

const unescapePointer = (segment: string): string => segment.replaceAll('~1', '/').replaceAll('~0', '~');

function reasonOf({ keyword, message: text, params }: ErrorObject): string {
  if (keyword === 'required') return 'is missing';
  if (keyword === 'additionalProperties') return 'is not a known field';
  if (keyword === 'enum') return `must be one of ${(params['allowedValues'] as unknown[]).join(', ')}`;
  return text ?? 'is not valid';
}
