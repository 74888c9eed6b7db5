/** Decorators of DTO fields that class-validator has no word for. Each is also a line of the JSON Schema. */

import { applyDecorators } from '@nestjs/common';
import { IsArray, IsObject, IsOptional, Matches, MaxLength, ValidateBy } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { SUBJECT_VALUE } from '../domain/subject.js';
import { type DtoClass, refTo, type Schema } from './schema.js';

/** A 64-bit integer: a number while it is exact, else a bigint. Answers print it in full. */
export const Int64 = (bounds: { readonly minimum?: number; readonly maximum?: number } = {}) =>
  applyDecorators(
    ValidateBy({
      name: 'int64',
      validator: { validate: (value) => ['number', 'bigint'].includes(typeof value) },
    }),
    JSONSchema(() => ({ type: 'integer', format: 'int64', ...bounds })),
  );

/** A free-form object, kept as it was sent. */
export const FreeForm = () =>
  applyDecorators(
    IsObject(),
    JSONSchema({ type: 'object', additionalProperties: true, freeForm: true } as never),
  );

/** An object whose members are all texts. */
export const Texts = (limits: { readonly valueLengthMax?: number; readonly membersMax?: number } = {}) =>
  applyDecorators(
    IsObject(),
    JSONSchema({
      type: 'object',
      additionalProperties: {
        type: 'string',
        ...(limits.valueLengthMax && { maxLength: limits.valueLengthMax }),
      },
      ...(limits.membersMax && { maxProperties: limits.membersMax }),
    }),
  );

/** An RFC 3339 date and time. */
export const DateTime = () =>
  applyDecorators(
    ValidateBy({ name: 'dateTime', validator: { validate: (value) => typeof value === 'string' } }),
    JSONSchema(() => ({ type: 'string', dateTime: true }) as never),
  );

/** An object of another DTO. */
export const Of = (dto: DtoClass) =>
  applyDecorators(
    IsObject(),
    JSONSchema(() => ({ ...refTo(dto) })),
  );

/** A list of another DTO's objects. */
export const ListOf = (dto: DtoClass, limits: { readonly itemsMax?: number } = {}) =>
  applyDecorators(
    IsArray(),
    JSONSchema({
      type: 'array',
      items: refTo(dto),
      ...(limits.itemsMax && { maxItems: limits.itemsMax }),
    }),
  );

/** A field that may be left out, where null takes away what is there; else it is as `schema` says. */
export const OrNull = (schema: Schema) =>
  applyDecorators(
    IsOptional(),
    ValidateBy({ name: 'orNull', validator: { validate: () => true } }),
    JSONSchema(() => ({ anyOf: [schema, { type: 'null' }] }) as never),
  );

/** A list of texts. */
export const TextList = (
  limits: { readonly itemsMax?: number; readonly lengthMin?: number; readonly lengthMax?: number } = {},
) =>
  applyDecorators(
    IsArray(),
    JSONSchema({
      type: 'array',
      items: {
        type: 'string',
        ...(limits.lengthMin && { minLength: limits.lengthMin }),
        ...(limits.lengthMax && { maxLength: limits.lengthMax }),
      },
      ...(limits.itemsMax && { maxItems: limits.itemsMax }),
    }),
  );

/** A field that may be left out; null is not leaving it out. */
export const Optional = IsOptional;

/** A list of words from a closed set. */
export const ListOfOneOf = (words: readonly string[]) =>
  applyDecorators(IsArray(), JSONSchema({ type: 'array', items: { type: 'string', enum: [...words] } }));

/** One level of a subject, which may be left out; anything else has no stable place in a scope path. */
export const SubjectLevel = () => applyDecorators(Optional(), MaxLength(128), Matches(SUBJECT_VALUE));
