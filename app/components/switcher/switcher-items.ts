import {
  ChartColumn,
  Coins,
  FileSearch,
  House,
  Laptop,
  LogOut,
  MessageCircle,
  MessageCirclePlus,
  Palette,
  Plus,
  Settings,
  type LucideIcon,
} from 'lucide-react';
import type { SearchHit } from '#server/search/contract.ts';
import { MODE_INFO } from '#app/components/modes.ts';
import type { SidebarData } from '#app/components/sidebar.tsx';
import { hitPath, speakerOf } from '#app/components/switcher/hit-path.ts';
import { matchNames } from '#app/components/switcher/match-names.ts';
import type { Marks } from '#app/components/use-activity.ts';

/** What choosing an item does: go somewhere, or post a form. */
export type SwitcherItem = {
  id: string;
  name: string;
  /** Beside the name, e.g. where a message stands. */
  hint: string;
  icon: LucideIcon;
  to: string;
  post?: boolean;
  hit?: SearchHit;
};
export type SwitcherGroup = { title: string; items: SwitcherItem[] };

const ACTIONS: SwitcherItem[] = [
  { id: 'new-room', name: 'New room', hint: '', icon: Plus, to: '/rooms/new' },
  { id: 'new-chat', name: 'New direct chat', hint: '', icon: MessageCirclePlus, to: '/direct/new' },
  { id: 'home', name: 'Home', hint: '', icon: House, to: '/' },
  { id: 'search', name: 'Search all messages', hint: '', icon: FileSearch, to: '/search' },
  { id: 'settings', name: 'Settings', hint: '', icon: Settings, to: '/settings' },
  { id: 'appearance', name: 'Appearance: light, dark, density', hint: '', icon: Palette, to: '/settings/appearance' },
  { id: 'sessions', name: 'Sessions: sign out elsewhere', hint: '', icon: Laptop, to: '/settings/sessions' },
  { id: 'billing', name: 'Billing: plan and credits', hint: '', icon: Coins, to: '/billing' },
  { id: 'usage', name: 'Usage', hint: '', icon: ChartColumn, to: '/usage' },
  { id: 'sign-out', name: 'Sign out', hint: '', icon: LogOut, to: '/sign-out', post: true },
];

const SHOWN = 8;

/** What the switcher offers for what was typed, group by group; unread conversations first when nothing was. */
export function switcherGroups(
  data: SidebarData,
  marks: Marks,
  query: string,
  hits: readonly SearchHit[],
): SwitcherGroup[] {
  const conversations = conversationItems(data, marks);
  const byNews = [...conversations].sort((a, b) => Number(marks.unread.has(b.id)) - Number(marks.unread.has(a.id)));
  const everywhere: SwitcherItem = {
    id: 'search',
    name: `Search all messages for “${query}”`,
    hint: '',
    icon: FileSearch,
    to: `/search?${new URLSearchParams({ q: query }).toString()}`,
  };
  const groups = [
    { title: 'Rooms and chats', items: matchNames(byNews, query).slice(0, SHOWN) },
    { title: 'Go to', items: matchNames(ACTIONS, query) },
    { title: 'Messages', items: query === '' ? [] : [...hits.map(hitItem), everywhere] },
  ];
  return groups.filter(({ items }) => items.length > 0);
}

export function hitItem(hit: SearchHit): SwitcherItem {
  return {
    id: hit.messageId,
    name: speakerOf(hit),
    hint: hit.conversationName,
    icon: hit.roomId === undefined ? MessageCircle : FileSearch,
    to: hitPath(hit),
    hit,
  };
}

function conversationItems({ rooms, chats }: SidebarData, { busy, unread }: Marks): SwitcherItem[] {
  const hint = (id: string, kind: string) =>
    busy.has(id) ? `${kind}, at work` : unread.has(id) ? `${kind}, unread` : kind;
  return [
    ...rooms.map(({ id, name, mode }) => ({
      id,
      name,
      hint: hint(id, 'Room'),
      icon: MODE_INFO[mode].icon,
      to: `/rooms/${id}`,
    })),
    ...chats.map(({ id, name }) => ({
      id,
      name,
      hint: hint(id, 'Direct chat'),
      icon: MessageCircle,
      to: `/direct/${id}`,
    })),
  ];
}
