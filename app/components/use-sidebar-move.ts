import { useRouteLoaderData } from '@remix-run/react';
import { callApi } from '#app/components/api.ts';
import type { SidebarData } from '#app/components/sidebar.tsx';
import { useReload } from '#app/components/use-reload.ts';

/** Moves a conversation by one in the sidebar, for whoever neither drags nor has keys; null where it can’t go. */
export function useSidebarMove(id: string): (by: -1 | 1) => (() => Promise<void>) | null {
  const root = useRouteLoaderData<{ sidebar: SidebarData | null }>('root');
  const reload = useReload();
  const rooms = (root?.sidebar?.rooms ?? []).map((room) => room.id);
  const chats = (root?.sidebar?.chats ?? []).map((chat) => chat.id);
  const isRoom = rooms.includes(id);
  const ids = isRoom ? rooms : chats;
  const from = ids.indexOf(id);
  return (by) => {
    const to = from + by;
    if (from === -1 || to < 0 || to >= ids.length) return null;
    return async () => {
      const order = ids.toSpliced(from, 1).toSpliced(to, 0, id);
      if (isRoom) await callApi('PUT', '/rooms/order', { body: { roomIds: order } });
      else await callApi('PUT', '/direct-sessions/order', { body: { directSessionIds: order } });
      reload();
    };
  };
}
