import { followEvents, type FollowOptions } from './follow-events.ts';
import type { Transport } from './transport.ts';
import type { Receipt, TurnData, TurnEvent } from './types.ts';

/** A turn under way: one message and what its agents make of it. Leaving it alone does not stop it. */
export class Turn {
  readonly id: string;
  /** As it was when it was last read. */
  data: TurnData;
  readonly #transport: Transport;

  constructor(transport: Transport, data: TurnData) {
    this.#transport = transport;
    this.id = data.id;
    this.data = data;
  }

  /** Every event once, in order, from the beginning or after `after`, until the turn has ended; broken connections are resumed. */
  async *events(options: FollowOptions = {}): AsyncGenerator<TurnEvent, void, undefined> {
    for await (const event of followEvents(this.#transport, this.id, options)) {
      if (event.type === 'turn_completed' || event.type === 'turn_failed' || event.type === 'turn_cancelled') {
        this.data = event.data;
      }
      yield event;
    }
  }

  /** Waits until the turn has ended. */
  async done(options: Pick<FollowOptions, 'signal'> = {}): Promise<TurnData> {
    for await (const _ of this.events({ after: this.data.lastSeq, ...options }));
    return ['queued', 'running'].includes(this.data.status) ? this.refresh() : this.data;
  }

  async refresh(): Promise<TurnData> {
    this.data = await this.#transport.call('get', '/api/v1/turns/{turnId}', { path: { turnId: this.id } });
    return this.data;
  }

  /** Settled within two seconds; what was said stays. Stopping what has ended changes nothing. */
  async stop(): Promise<TurnData> {
    const path = { turnId: this.id };
    this.data = (await this.#transport.call('post', '/api/v1/turns/{turnId}/stop', { path })).turn;
    return this.data;
  }

  /** Passes one agent over. */
  async skip(stepId: string): Promise<void> {
    const path = { turnId: this.id, stepId };
    await this.#transport.call('post', '/api/v1/turns/{turnId}/steps/{stepId}/skip', { path });
  }

  /** One reply again, on a branch of its own; what it builds on is taken over at no cost. */
  async regenerate(stepId: string): Promise<Turn> {
    const path = { turnId: this.id, stepId };
    const { turn } = await this.#transport.call('post', '/api/v1/turns/{turnId}/steps/{stepId}/regenerate', { path });
    return new Turn(this.#transport, turn);
  }

  /** What it cost, call by call. */
  async receipt(): Promise<Receipt> {
    return this.#transport.call('get', '/api/v1/turns/{turnId}/receipt', { path: { turnId: this.id } });
  }
}
