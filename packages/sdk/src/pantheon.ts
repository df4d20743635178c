import { Conversation } from './conversation.ts';
import { eachOf } from './page.ts';
import {
  Transport,
  type Body,
  type CallOptions,
  type Method,
  type PantheonOptions,
  type Path,
  type Reply,
} from './transport.ts';
import { Turn } from './turn.ts';
import type { Agent, DirectSession, Mode, Room, User, Wallet } from './types.ts';

type NewRoom = Body<'/api/v1/rooms', 'post'>;
type NewAgent = Body<'/api/v1/rooms/{roomId}/agents', 'post'>;
type NewDirectSession = Body<'/api/v1/direct-sessions', 'post'>;

/** A room: `send` and what else conversations have, and the room’s own. */
export class RoomHandle extends Conversation {
  constructor(transport: Transport, id: string) {
    super(transport, 'room', id);
  }

  get(): Promise<Room> {
    return this.transport.call('get', '/api/v1/rooms/{roomId}', { path: { roomId: this.id } });
  }
  update(body: Body<'/api/v1/rooms/{roomId}', 'patch'>): Promise<Room> {
    return this.transport.call('patch', '/api/v1/rooms/{roomId}', { path: { roomId: this.id }, body });
  }
  /** Takes effect with the next send. */
  setMode(mode: Mode): Promise<Room> {
    return this.transport.call('put', '/api/v1/rooms/{roomId}/mode', { path: { roomId: this.id }, body: { mode } });
  }
  addAgent(agent: NewAgent): Promise<Agent> {
    return this.transport.call('post', '/api/v1/rooms/{roomId}/agents', { path: { roomId: this.id }, body: agent });
  }
  updateAgent(agentId: string, body: Body<'/api/v1/rooms/{roomId}/agents/{agentId}', 'patch'>): Promise<Agent> {
    const path = { roomId: this.id, agentId };
    return this.transport.call('patch', '/api/v1/rooms/{roomId}/agents/{agentId}', { path, body });
  }
  async removeAgent(agentId: string): Promise<void> {
    const path = { roomId: this.id, agentId };
    await this.transport.call('delete', '/api/v1/rooms/{roomId}/agents/{agentId}', { path });
  }
  /** It can be restored for seven days. */
  async delete(): Promise<void> {
    await this.transport.call('delete', '/api/v1/rooms/{roomId}', { path: { roomId: this.id } });
  }
  restore(): Promise<Room> {
    return this.transport.call('post', '/api/v1/rooms/{roomId}/restore', { path: { roomId: this.id } });
  }
}

/** Pantheon as its API shows it. `call` reaches every address of the API, typed; the rest is for what one does every day. */
export class Pantheon {
  readonly #transport: Transport;

  constructor(options: PantheonOptions) {
    this.#transport = new Transport(options);
  }

  readonly rooms = {
    list: ({ deleted = false } = {}): AsyncGenerator<Room> =>
      eachOf((cursor) =>
        this.#transport.call('get', '/api/v1/rooms', { query: { cursor, deleted: deleted ? 'true' : 'false' } }),
      ),
    /** A new room, with these agents in this order. */
    create: async ({ agents = [], mode, ...body }: NewRoom & { agents?: NewAgent[]; mode?: Mode }) => {
      const { id } = await this.#transport.call('post', '/api/v1/rooms', { body });
      const room = this.room(id);
      for (const agent of agents) await room.addAgent(agent);
      if (mode) await room.setMode(mode);
      return room;
    },
  };

  readonly directSessions = {
    list: (): AsyncGenerator<DirectSession> =>
      eachOf((cursor) => this.#transport.call('get', '/api/v1/direct-sessions', { query: { cursor } })),
    create: async (body: NewDirectSession): Promise<Conversation> => {
      const { id } = await this.#transport.call('post', '/api/v1/direct-sessions', { body });
      return this.directSession(id);
    },
  };

  room(id: string): RoomHandle {
    return new RoomHandle(this.#transport, id);
  }

  directSession(id: string): Conversation {
    return new Conversation(this.#transport, 'direct', id);
  }

  /** A turn that was begun elsewhere. */
  async turn(id: string): Promise<Turn> {
    return new Turn(this.#transport, await this.call('get', '/api/v1/turns/{turnId}', { path: { turnId: id } }));
  }

  async me(): Promise<User> {
    return (await this.call('get', '/api/v1/auth/me')).user;
  }

  wallet(): Promise<Wallet> {
    return this.call('get', '/api/v1/wallet');
  }

  /** Any operation of the API: `pantheon.call('get', '/api/v1/usage', { query: { groupBy: 'model' } })`. */
  call<P extends Path, M extends Method<P>>(method: M, path: P, options?: CallOptions<P, M>): Promise<Reply<P, M>> {
    return this.#transport.call(method, path, options);
  }
}
