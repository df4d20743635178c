import { END, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph';
import { ChatOpenAI } from '@langchain/openai';

/** Three agents in a row as LangGraph's documentation has it: nodes that call ChatOpenAI, the history in the state. */
export function threeAgents(modelBaseUrl: string | undefined) {
  const model = new ChatOpenAI({
    model: 'test-model',
    apiKey: 'none',
    configuration: { baseURL: modelBaseUrl },
    maxRetries: 0,
  });
  const agent =
    (name: string) =>
    async ({ messages }: typeof MessagesAnnotation.State) => ({
      messages: [await model.invoke([{ role: 'system', content: `You are ${name}.` }, ...messages])],
    });
  return new StateGraph(MessagesAnnotation)
    .addNode('analyst', agent('Analyst'))
    .addNode('writer', agent('Writer'))
    .addNode('critic', agent('Critic'))
    .addEdge(START, 'analyst')
    .addEdge('analyst', 'writer')
    .addEdge('writer', 'critic')
    .addEdge('critic', END);
}
