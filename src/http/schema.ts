/** The wire contract, compiled once at start from the DTO classes: validators and serialisers. */

import { Ajv, type ErrorObject, type SchemaValidateFunction, type ValidateFunction } from 'ajv';
import { validationMetadatasToSchemas } from 'class-validator-jsonschema';
import fastJson from 'fast-json-stringify';
import { INT64_MAX, INT64_MIN } from '../domain/amount.js';
import { HttpFailure } from './failure.js';

/** The id under which all definitions are known to the validator and the serialiser. */
const CONTRACT_ID = 'contract';

export type DtoClass = abstract new (...args: never[]) => object;
export type Schema = Readonly<Record<string, unknown>>;

/** A reference to the definition of a DTO class. */
export const refTo = (dto: DtoClass): Schema => ({ $ref: `${CONTRACT_ID}#/definitions/${dto.name}` });

/** Every DTO class that is loaded, as JSON Schema. Objects are closed unless a DTO says otherwise. */
function contractSchema(): Schema {
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

let compiled: Contract | null = null;

/** The contract of all DTO classes, which are all loaded by the time a server is made: compiled once a process. */
export function contract(): Contract {
  compiled ??= new Contract(contractSchema());
  return compiled;
}

type Validate = (data: unknown) => true;
type Serialise = (answer: unknown) => string;

/** Validates bodies and query strings, and serialises answers. What many routes share is compiled once. */
export class Contract {
  private readonly ajv = new Ajv({ strict: false, allErrors: false, validateFormats: false });
  private readonly validators = new Map<string, Validate>();
  private readonly serialisers = new Map<string, Serialise>();

  constructor(readonly schema: Schema) {
    for (const [keyword, { test, problem }] of Object.entries(KEYWORDS)) {
      this.ajv.addKeyword({ keyword, validate: test, error: { message: problem } });
    }
    this.ajv.addSchema(withInt64(schema) as Schema);
  }

  /** A function that throws HttpFailure 400, naming the first field that is wrong, or returns true. */
  validator(wanted: Schema, where: 'body' | 'query'): Validate {
    return remembered(this.validators, `${where} ${JSON.stringify(wanted)}`, () =>
      this.compile(wanted, where),
    );
  }

  /** A function that prints an answer, of a definition and those alone that it refers to. */
  serialiser(answer: Schema): Serialise {
    return remembered(this.serialisers, JSON.stringify(answer), () => {
      const definitions = this.definitionsUnder(answer);
      return fastJson(answer as never, {
        schema: { [CONTRACT_ID]: { $id: CONTRACT_ID, definitions } as never },
      });
    });
  }

  private definitionsUnder(schema: Schema): Schema {
    const all = this.schema['definitions'] as Readonly<Record<string, Schema>>;
    const found: Record<string, Schema> = {};
    const open: unknown[] = [schema];
    while (open.length > 0) {
      for (const [, name = ''] of JSON.stringify(open.pop()).matchAll(REFERENCE)) {
        const definition = all[name];
        if (definition === undefined || name in found) continue;
        found[name] = definition;
        open.push(definition);
      }
    }
    return found;
  }

  private compile(wanted: Schema, where: 'body' | 'query'): Validate {
    const validate = this.ajv.compile(wanted);
    return (data) => {
      if (validate(data)) return true;
      throw failureOf(validate, where);
    };
  }
}

const REFERENCE = new RegExp(`"\\$ref":"${CONTRACT_ID}#/definitions/([^"]+)"`, 'g');

function remembered<T>(known: Map<string, T>, name: string, make: () => T): T {
  const made = known.get(name) ?? make();
  known.set(name, made);
  return made;
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
