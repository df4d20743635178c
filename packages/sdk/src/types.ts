import type { components } from './schema.ts';

type Schemas = components['schemas'];

export type Agent = Schemas['Agent'];
export type ApiKey = Schemas['ApiKey'];
export type Citation = Schemas['Citation'];
export type DirectSession = Schemas['DirectSession'];
export type File = Schemas['File'];
export type Message = Schemas['Message'];
export type Quote = Schemas['Quote'];
export type Receipt = Schemas['Receipt'];
export type Room = Schemas['Room'];
export type Step = Schemas['Step'];
export type ToolCall = Schemas['ToolCall'];
export type TurnData = Schemas['Turn'];
/** One of a closed list by `type`: a `switch` over it knows what `data` is. */
export type TurnEvent = Schemas['TurnEvent'];
export type TurnPlan = Schemas['TurnPlan'];
export type User = Schemas['User'];
export type Wallet = Schemas['Wallet'];
export type Mode = Room['currentMode'];
