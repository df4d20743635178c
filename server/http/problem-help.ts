import { ERROR_CODES, statusOf, titleOf, type ErrorCode } from '#server/platform/errors.ts';

/** What a problem means, and what to do about it. */
const HELP: Record<ErrorCode, readonly [means: string, advice: string]> = {
  invalid_query: [
    'A parameter of the address, the address itself or a header can’t be read.',
    'Look at `errors`: each entry names a parameter and says what is wrong. A cursor must be the `nextCursor` of the page before.',
  ],
  malformed_json: ['The body is not JSON.', 'Send JSON with `Content-Type: application/json`.'],
  bad_signature: [
    'What was sent is not signed, or the signature is not right or too old.',
    'Ask for a new address to upload to or download from; for Stripe’s messages, check STRIPE_WEBHOOK_SECRET.',
  ],
  unauthenticated: [
    'Nobody is signed in, or the API key is unknown, revoked or expired.',
    'Sign in, or send `Authorization: Bearer <key>` with a key from Settings → API keys.',
  ],
  insufficient_credits: [
    'The message could cost more than there is in the wallet.',
    '`missingMicroCredits` says how much is missing. Top up, ask fewer agents, or wait for turns that hold credits to end.',
  ],
  monthly_cap_reached: [
    'An administrator has set a limit for the month, and this message could go over it.',
    'Ask them to raise it, or wait for the next month.',
  ],
  cross_site: [
    'A request that changes something came with a cookie from another site’s page, or doesn’t say where it came from.',
    'Programs send an API key instead of a cookie. In a browser, call from our own pages.',
  ],
  forbidden: ['This account may not do that.', 'Ask an owner of this Pantheon.'],
  owner_required: ['Analysts can look at the administration and change nothing.', 'Ask an owner to do it.'],
  scope_missing: [
    'The API key may do less than the request wants.',
    'Make a key with the scope that `detail` names: read, write or admin.',
  ],
  suspended: ['An administrator has suspended this account. It can read and sign out.', 'Write to support.'],
  model_not_allowed: [
    'The plan doesn’t include the model, or it is not offered any more.',
    'Choose another model for the agent, or another plan.',
  ],
  invite_required: ['Signing up is by invitation here.', 'Ask an owner to invite your address.'],
  not_found: [
    'There is nothing at this address, it was deleted, or it belongs to someone else: these look the same.',
    'Check the id, and whose key or session it is. What was deleted can be restored for 7 days.',
  ],
  model_not_found: [
    'The model is no room or direct chat of yours.',
    'Use `room:<id>` or `direct:<id>`; `GET /v1/models` lists them.',
  ],
  method_not_allowed: ['The address is right, the method isn’t.', 'The header `Allow` lists those that it answers.'],
  conflict: [
    'What was asked doesn’t fit what is there now.',
    'Read it anew, see what `detail` says, and ask again if it still makes sense.',
  ],
  idempotency_conflict: [
    'The same `Idempotency-Key` was sent before with another message.',
    'Use a new key for each message, and the same only to send that message again.',
  ],
  restore_expired: ['What was deleted is kept for 7 days, and they are over.', 'It can’t be brought back.'],
  link_spent: ['A sign-in link works once, for 15 minutes.', 'Ask for a new one.'],
  body_too_large: ['The body is larger than anything this server takes.', 'Send less, or upload it as a file.'],
  file_too_large: ['A file may have 10 MB (10,485,760 bytes).', 'Make it smaller, or split it.'],
  room_quota_exceeded: [
    'A room’s files may have 100 MB together, uploads that are under way included.',
    'Delete files of the room, or use another one.',
  ],
  unsupported_file_type: [
    'It is no PDF, DOCX, TXT, MD or CSV, or its name, its declared type and its content don’t agree.',
    'Save it as one of these, with the right ending.',
  ],
  invalid_input: ['The body is JSON, but not what this address takes.', 'Look at `errors`: one entry per field.'],
  no_valid_tags: [
    'In a manual room those answer who are tagged, and nobody was.',
    'Write @name or @all. `candidates` are the names that could be meant.',
  ],
  no_active_agents: ['Nobody in the room can answer.', 'Add an agent, or switch one on.'],
  too_many_requests: [
    'More requests came than are answered in a while.',
    'Wait as long as `Retry-After` says. `RateLimit-Remaining` tells beforehand.',
  ],
  too_many_turns: ['Too many of your turns wait to be run.', 'Wait for some to end, or stop them.'],
  turn_failed: [
    'The message was taken, and no agent could answer.',
    '`detail` says why, and `turnId` is the turn with each agent’s own error. Sending again is a new turn.',
  ],
  internal: [
    'Something went wrong on our side; it has been recorded.',
    'Try again. If it goes on, tell support the `requestId`.',
  ],
  not_configured: ['This Pantheon doesn’t have that feature set up.', 'Ask whoever runs it; docs/operate.md says how.'],
  unavailable: [
    'A part that is needed doesn’t answer right now. Nothing that was accepted is lost.',
    'Try again after `Retry-After`. With an `Idempotency-Key` a send is never done twice.',
  ],
  overloaded: ['The server has too much to do and turns new work away.', 'Try again after `Retry-After`.'],
  maintenance: [
    'The server is being looked after. What was accepted goes on afterwards.',
    'Try again after `Retry-After`; the page says until when.',
  ],
};

export type ProblemHelp = { code: ErrorCode; status: number; title: string; means: string; advice: string };

/** Every problem that the API can tell of, in the order of their statuses. */
export function problemHelp(): ProblemHelp[] {
  return ERROR_CODES.map((code) => {
    const [means, advice] = HELP[code];
    return { code, status: statusOf(code), title: titleOf(code), means, advice };
  }).sort((a, b) => a.status - b.status);
}
