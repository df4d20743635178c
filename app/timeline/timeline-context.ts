import { createContext, useContext } from 'react';
import type { Turn } from '#server/turns/contract.ts';
import type { AgentLook } from '#app/components/agent-look.ts';

/** What every card of a timeline needs from its page. */
export type TimelineContext = {
  looks: ReadonlyMap<string, AgentLook>;
  /** Alias to the name that people know. */
  modelNames: Readonly<Record<string, string>>;
  /** Of the step or turn whose action is on its way. */
  pendingId: string | null;
  onSkip: (turnId: string, stepId: string) => void;
  onRegenerate: (turnId: string, stepId: string) => void;
  /** Takes a waiting message back. */
  onCancel: (turn: Turn) => void;
  /** Sends an edited message in the place of a turn’s own. */
  onResend: (turn: Pick<Turn, 'id' | 'parentTurnId' | 'files'>, message: string) => Promise<boolean>;
  /** Shows the branch that this turn is on. */
  onBranch: (turnId: string) => void;
  /** Begins a message with these words quoted. */
  onQuote: (text: string) => void;
  onPin: (messageId: string, pin: boolean) => void;
  /** Ids of messages. */
  pinned: ReadonlySet<string>;
  /** Puts a waiting message before the one that it waits behind. */
  onMoveUp: (turnId: string) => void;
  /** Lays a step open: what its agent was sent, and why. */
  onXray: (turnId: string, stepId: string) => void;
  /** Offers a link to this turn alone. */
  onShare: (turnId: string) => void;
  /** Ids of the turns that are kept as tests; null where there are none to keep. */
  kept: ReadonlySet<string> | null;
  onKeep: (turnId: string, keep: boolean) => void;
  /** False for a suspended account, which only reads. */
  canWrite: boolean;
};

const Context = createContext<TimelineContext | null>(null);
export const TimelineProvider = Context.Provider;

export function useTimeline(): TimelineContext {
  const value = useContext(Context);
  if (!value) throw new Error('A timeline card stands outside a timeline.');
  return value;
}
