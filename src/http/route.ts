/** What a route declares: who may call it, what it takes and what it answers. Undeclared routes do not start. */

import { RouteConfig } from '@nestjs/platform-fastify';
import type { Permission } from '../domain/access.js';
import type { Role } from '../domain/system/system.events.js';
import type { DtoClass } from './schema.js';

/**
 * Who may call a route. `anyone`: public. `api_key`: a tenant's key. `operator`: the admin key, or a person with
 * one of the roles. `either`: one of both, where the operator acts on behalf of a tenant. `person`: whoever is
 * signed in, and where roles are named has one of them; never the admin key.
 *
 * A read names the permission that its key needs, which is checked before the controller runs. A mutation names
 * the one that the decider checks at the moment it decides, which is early enough but for a malformed request.
 */
export interface Access {
  readonly by: 'anyone' | 'api_key' | 'operator' | 'either' | 'person';
  /** The roles of which a person needs one; without any, no person may call the route. */
  readonly roles?: readonly Role[];
  readonly reads?: Permission;
  /** What keys were given for the same read before, which is still good enough; the answer tells them. */
  readonly formerly?: Permission;
  /** What the decider will ask for, so that a key without it hears that first, whatever its request says. */
  readonly writes?: Permission;
}

export interface RouteDeclaration {
  readonly access: Access;
  /** What it does, in one line of the API's description. */
  readonly summary?: string;
  /** The status of its success; 200 when left out. */
  readonly answers?: number;
  /** The body's DTO class. Without one, a body is ignored. */
  readonly body?: DtoClass;
  /** Whether the body may come from a form of a page, URL-encoded, too. */
  readonly takesForm?: boolean;
  /** Whether `request.text` is the body as it came, for a signature over exactly that. */
  readonly keepsText?: true;
  /** Whether the body may be left out altogether. */
  readonly bodyOptional?: boolean;
  /** The query string's DTO class; parameters that it does not know are ignored. */
  readonly query?: DtoClass;
  /** The DTO class of a successful answer, whose serialiser is compiled. */
  readonly answer?: DtoClass;
  /** Bytes a body may have, when it is not the default. */
  readonly bodyBytesMax?: number;
  /** Whether it is a page for people, not of the described API: who is not signed in is sent to sign in, and errors are pages. */
  readonly page?: true;
  /** Whether it shows nothing but what the caller operates, so that no tenant has to be named. */
  readonly ownOnly?: true;
  /** Whether the CSRF token comes as a field of its form, `csrf_token`, where no script could send a header. */
  readonly csrfInForm?: true;
  /** Whether it ends a hold: then an overload is a 503, which no client takes for a final no. */
  readonly settles?: boolean;
  /**
   * What a 200 says in place of an error, to a caller that takes every other status for a yes. Who may not call the
   * route at all still hears 401 or 403.
   */
  readonly errorAs?: (message: string) => object;
}

export const ANYONE: Access = { by: 'anyone' };
export const API_KEY: Access = { by: 'api_key' };
export const OPERATOR: Access = { by: 'operator', roles: ['admin'] };
/** For administrators, and people who have one of the named roles. */
export const operatorWith = (...roles: readonly Role[]): Access => ({
  by: 'operator',
  roles: ['admin', ...roles],
});
/** For everyone who operates the server to look at, but for approvers. */
export const READER: Access = operatorWith('auditor', 'finops', 'viewer');
/** For the record of what was proposed, decided and done. */
export const AUDITOR: Access = operatorWith('auditor');
/** For what was spent, by whom and for what. */
export const FINOPS: Access = operatorWith('finops', 'auditor');
/** For whoever closes the books. */
export const FINOPS_WRITER: Access = operatorWith('finops');
/** For people alone, not for the admin key: who answers has to be somebody. */
export const APPROVER: Access = { by: 'person', roles: ['admin', 'approver'] };
/** For whoever is signed in. */
export const SIGNED_IN: Access = { by: 'person' };
/** The roles that read what tenants may and did spend. */
const READERS: readonly Role[] = ['admin', 'auditor', 'finops', 'viewer'];
export const EITHER: Access = { by: 'either' };
/** A tenant's key with a permission, for a read. */
export const keyThatMay = (reads: Permission): Access => ({ by: 'api_key', reads });
/** The admin key, or a tenant's key with a permission, for a read. */
export const operatorOrKeyThatMay = (reads: Permission): Access => ({ by: 'either', reads, roles: READERS });
/** A tenant's key with a permission, for a mutation. */
export const keyThatWrites = (writes: Permission): Access => ({ by: 'api_key', writes });
/** The admin key, or a tenant's key with a permission, for a mutation. */
export const operatorOrKeyThatWrites = (writes: Permission): Access => ({
  by: 'either',
  writes,
  roles: ['admin'],
});

/** The cookie of a person's session; where people come by https, its name begins with `__Host-`. */
export const SESSION_COOKIE = 'countersign';
/** The header in which a page of ours shows that it asks for a change under a cookie. */
export const CSRF_HEADER = 'x-csrf-token';

/** Whether a person may come under a cookie: where pages go, and never where agents do. */
export const takesCookie = ({ by }: Access, url: string): boolean =>
  (by === 'operator' || by === 'either' || by === 'person') &&
  !url.startsWith('/gate/') &&
  (!url.startsWith('/v1/') || url.startsWith('/v1/admin/'));

/** Declares a controller's method: `@Route({ access: keyThatWrites('budgets:write'), body: Request, answer: Answer })`. */
export const Route = (declaration: RouteDeclaration): MethodDecorator => RouteConfig({ declaration });
