import { z } from 'zod';
import type { Mode } from '#server/rooms/contract.ts';

/** What goes on where: ids of rooms and direct chats. */
export type Activity = {
  /** Something runs or waits there. */
  busy: string[];
  /** Something finished there that was not looked at. */
  unread: string[];
};

/** What a page asks for again and again: `newest` is what was sent last in the conversation that it shows, be it from elsewhere. */
export type News = Activity & { newest: { conversationId: string; turnId: string } | null };

export type SidebarRoom = { id: string; name: string; mode: Mode };
export type SidebarChat = { id: string; name: string; agentName: string };

const ids = z
  .array(z.uuid())
  .max(1000)
  .refine((given) => new Set(given).size === given.length, 'Each of them once.');

/** Those that are named come first, in this order; the others keep theirs after them. */
export const ZRoomOrder = z.object({ roomIds: ids });
export const ZDirectSessionOrder = z.object({ directSessionIds: ids });
