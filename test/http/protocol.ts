/** The protocol's own schemas, when the folder they live in stands beside the repository. */

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { parse } from 'yaml';

export type Plane = 'runtime' | 'governance';

const FILES: Readonly<Record<Plane, string>> = {
  runtime: 'cycles-protocol-v0.yaml',
  governance: 'cycles-governance-admin-v0.1.25.yaml',
};

const folder = join(repositoryRoot(), '..', 'shared', 'protocol');

/** Whether the schemas are there to check against. */
export const isProtocolThere = existsSync(join(folder, FILES.runtime));
/** Whether their absence is a failure. */
export const isProtocolRequired = process.env['COUNTERSIGN_TEST_PROTOCOL'] === 'required';

function repositoryRoot(): string {
  let at = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(at, 'package.json'))) at = dirname(at);
  return at;
}

interface ProtocolFile {
  readonly components: { readonly schemas: { readonly ErrorCode: { readonly enum: string[] } } };
  readonly paths: Readonly<
    Record<string, Record<string, { operationId?: string; responses?: Record<string, unknown> }>>
  >;
}

const readRuntime = (): ProtocolFile => parse(readFileSync(join(folder, FILES.runtime), 'utf8'));

interface Components {
  readonly schemas: Record<string, { properties?: Record<string, object>; enum?: readonly string[] }>;
}

/** What 0.1.26 adds: a file of extensions for each plane, and the schemas that they extend. */
const EXTENSIONS: Readonly<Record<Plane, { readonly file: string; readonly of: readonly string[] }>> = {
  runtime: {
    file: 'cycles-protocol-extensions-v0.1.26.yaml',
    of: ['DecisionResponse', 'ReservationCreateResponse'],
  },
  governance: { file: 'cycles-governance-extensions-v0.1.26.yaml', of: ['Tenant', 'Policy'] },
};

/** The schemas of a plane with what its extension adds to them. */
function extended({ schemas }: Components, plane: Plane): Components {
  const { file, of } = EXTENSIONS[plane];
  const extension = parse(readFileSync(join(folder, file), 'utf8')) as { components: Components };
  const added = extension.components.schemas;
  const all = { ...added, ...schemas };
  for (const name of of) {
    Object.assign(all[name]?.properties ?? {}, added[`${name}Extension`]?.properties);
  }
  const codes = [...(all['ErrorCode']?.enum ?? []), ...(added['ErrorCodeExtension']?.enum ?? [])];
  return { schemas: { ...all, ErrorCode: { ...all['ErrorCode'], enum: [...new Set(codes)] } } };
}

/** What a body has against a schema of the protocol: empty when it conforms. */
export class Protocol {
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true });

  constructor() {
    (formats as unknown as { default: (ajv: Ajv2020) => void }).default(this.ajv);
    for (const [plane, file] of Object.entries(FILES)) {
      const { components } = parse(readFileSync(join(folder, file), 'utf8')) as { components: Components };
      this.ajv.addSchema({ $id: plane, components: extended(components, plane as Plane) });
    }
    const kinds = parse(readFileSync(join(folder, 'cycles-action-kinds-v0.1.26.yaml'), 'utf8')) as object;
    this.ajv.addSchema({ ...kinds, $id: 'kinds' });
  }

  problems(body: unknown, schema: string, plane: Plane | 'kinds' = 'runtime'): string[] {
    const validate =
      this.ajv.getSchema(`${plane}#/components/schemas/${schema}`) ??
      this.ajv.compile({ $ref: `${plane}#/components/schemas/${schema}` });
    if (validate(body)) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
  }

  /** The error codes of the runtime plane. */
  errorCodes(): string[] {
    return readRuntime().components.schemas.ErrorCode.enum;
  }

  /** Every operation of the runtime plane with every status that it documents. */
  documentedStatuses(): { readonly operation: string; readonly status: string }[] {
    return Object.values(readRuntime().paths)
      .flatMap((path) => Object.values(path))
      .flatMap(({ operationId = '', responses = {} }) =>
        Object.keys(responses).map((status) => ({ operation: operationId, status })),
      );
  }
}
