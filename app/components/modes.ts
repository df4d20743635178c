import { AtSign, Rows3, Waypoints, MessageCircle, type LucideIcon } from 'lucide-react';
import type { TurnMode } from '#server/turns/contract.ts';

export type ModeInfo = { label: string; icon: LucideIcon; short: string; explanation: string };

/** How the modes are told to people, everywhere the same. */
export const MODE_INFO: Record<TurnMode, ModeInfo> = {
  manual: {
    label: 'Manual',
    icon: AtSign,
    short: 'Only who you tag',
    explanation: 'Only the agents that you tag answer, all at the same time.',
  },
  roundtable: {
    label: 'Roundtable',
    icon: Rows3,
    short: 'Everyone, in order',
    explanation: 'Every active agent answers in order, and each sees what was said before.',
  },
  orchestrator: {
    label: 'Orchestrator',
    icon: Waypoints,
    short: 'A manager decides',
    explanation: 'A manager plans who does what, the agents work, and the manager sums up.',
  },
  direct: { label: 'Direct', icon: MessageCircle, short: 'One agent', explanation: 'You and one agent.' },
};

export const ROOM_MODES = ['manual', 'roundtable', 'orchestrator'] as const;
