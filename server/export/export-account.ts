import type { App } from '#server/app.ts';
import type { User } from '#server/auth/contract.ts';
import { findTransactions } from '#server/billing/find-transactions.ts';
import { getWallet } from '#server/billing/get-wallet.ts';
import { findDirectSessions } from '#server/direct/find-direct-sessions.ts';
import { conversationMarkdown } from '#server/export/conversation-markdown.ts';
import { exportRoom } from '#server/export/export-room.ts';
import { readTurns, readWhatIfs } from '#server/export/read-turns.ts';
import type { ZipEntry } from '#server/export/zip.ts';
import { readStored } from '#server/files/read-stored.ts';
import type { Page } from '#server/http/page.ts';
import { isAppError } from '#server/platform/errors.ts';
import { findRooms } from '#server/rooms/find-rooms.ts';
import { findToolServers } from '#server/tool-servers/find-tool-servers.ts';

type ExportApp = Pick<App, 'db' | 'prisma' | 'storage'>;

const PAGE = 100;
const README = `What Pantheon holds of you.

account.json        who you are here, your balance
transactions.json   every credit that came and went
tool-servers.json   the tool servers that you added, without their tokens
rooms/              each room: room.json (agents and conversation; can be imported again), conversation.md, files
direct-chats/       each direct chat: chat.json, conversation.md, files

What you deleted is not in it.
`;

/** Everything a person has here, as the entries of a zip: read conversation by conversation, as they are taken. */
export async function* exportAccount(app: ExportApp, user: User): AsyncGenerator<ZipEntry> {
  yield { path: 'README.txt', data: README };
  const { id: userId, email, displayName, role, plan } = user;
  yield json('account.json', { id: userId, email, displayName, role, plan, wallet: await getWallet(app, user) });
  const transactions = [];
  for await (const row of all((cursor) => findTransactions(app, { userId, limit: PAGE, cursor })))
    transactions.push(row);
  yield json('transactions.json', transactions);
  yield json('tool-servers.json', await findToolServers(app, userId));

  for await (const room of all((cursor) => findRooms(app, { userId, limit: PAGE, cursor }))) {
    const folder = `rooms/${slug(room.name)}-${room.id.slice(-8)}`;
    const file = await exportRoom(app, { userId, roomId: room.id }).catch(goneMeanwhile);
    if (!file) continue;
    yield json(`${folder}/room.json`, file);
    yield { path: `${folder}/conversation.md`, data: conversationMarkdown(file.name, file.turns) };
    yield* whatIfsOf(app, room.id, folder);
    yield* filesOf(app, { roomId: room.id }, folder);
  }
  for await (const chat of all((cursor) => findDirectSessions(app, { userId, limit: PAGE, cursor }))) {
    const folder = `direct-chats/${slug(chat.title)}-${chat.id.slice(-8)}`;
    const turns = await readTurns(app, chat.id);
    const { title, agent } = chat;
    yield json(`${folder}/chat.json`, { format: 'pantheon.direct', version: 1, title, agent, turns });
    yield { path: `${folder}/conversation.md`, data: conversationMarkdown(title, turns) };
    yield* whatIfsOf(app, chat.id, folder);
    yield* filesOf(app, { directSessionId: chat.id }, folder);
  }
}

/** What was tried differently, if anything was. */
async function* whatIfsOf(app: ExportApp, conversationId: string, folder: string): AsyncGenerator<ZipEntry> {
  const whatIfs = await readWhatIfs(app, conversationId);
  if (whatIfs.length > 0) yield json(`${folder}/what-ifs.json`, whatIfs);
}

/** The uploads themselves; one that the storage can’t give is named instead, and the rest goes on. */
async function* filesOf(
  app: ExportApp,
  where: { roomId: string } | { directSessionId: string },
  folder: string,
): AsyncGenerator<ZipEntry> {
  const files = await app.prisma.file.findMany({
    where: { ...where, deletedAt: null, status: { not: 'uploading' } },
    orderBy: { id: 'asc' },
  });
  for (const { id, name, size, storageKey } of files) {
    const path = `${folder}/files/${id.slice(-8)}-${slug(name)}`;
    try {
      yield { path, data: await readStored(app, storageKey, size) };
    } catch (error) {
      if (!isAppError(error)) throw error;
      yield { path: `${path}.missing.txt`, data: `${name} could not be read from the storage.\n` };
    }
  }
}

async function* all<T>(read: (cursor: string | undefined) => Promise<Page<T>>): AsyncGenerator<T> {
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    yield* page.items;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}

function json(path: string, value: unknown): ZipEntry {
  return { path, data: `${JSON.stringify(value, null, 2)}\n` };
}

/** A name that is a file name everywhere, and leads out of no folder. */
function slug(name: string): string {
  const plain = name
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}.]+/gu, '-')
    .replace(/\.{2,}/gu, '.')
    .replace(/^[-.]+|[-.]+$/gu, '')
    .slice(0, 80);
  return plain === '' ? 'untitled' : plain;
}

function goneMeanwhile(error: unknown): null {
  if (isAppError(error) && error.code === 'not_found') return null;
  throw error;
}
