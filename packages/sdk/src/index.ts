export { Conversation, type SendOptions, type Upload } from './conversation.ts';
export {
  ApiError,
  AuthenticationError,
  ConflictError,
  ConnectionError,
  CreditsError,
  InvalidInputError,
  NotFoundError,
  PantheonError,
  PermissionError,
  RateLimitError,
  ServerError,
  type Problem,
} from './errors.ts';
export type { FollowOptions } from './follow-events.ts';
export { Pantheon, type RoomHandle } from './pantheon.ts';
export type { PantheonOptions } from './transport.ts';
export { Turn } from './turn.ts';
export type * from './types.ts';
