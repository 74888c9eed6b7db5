/** Every expected "no" of the stream `system`. */

export type SystemRefusalCode =
  | 'operator_not_found'
  | 'operator_exists'
  | 'operator_disabled'
  | 'operator_invalid'
  | 'credentials_invalid'
  | 'password_used_up'
  | 'password_weak'
  | 'passkey_exists'
  | 'passkey_limit'
  | 'passkey_not_found'
  | 'channel_not_found'
  | 'channel_exists'
  | 'channel_invalid'
  | 'channel_limit'
  | 'notice_taken';

export interface SystemRefusal {
  readonly code: SystemRefusalCode;
  /** One sentence that a person can act on. */
  readonly message: string;
  /** The field of the request that it is about. */
  readonly field?: string;
}

export const systemRefusal = (code: SystemRefusalCode, message: string, field?: string): SystemRefusal =>
  field === undefined ? { code, message } : { code, message, field };

export const isSystemRefusal = (value: object): value is SystemRefusal =>
  'code' in value && 'message' in value;
