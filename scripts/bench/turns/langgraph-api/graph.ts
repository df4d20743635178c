import { threeAgents } from '../three-agents.ts';

/** What the LangGraph API server serves; it puts its own checkpointer in. */
export const council = threeAgents(process.env['MODEL_BASE_URL']).compile();
