/** Something that answers one message with three agents: the product, or an engine that it is compared with. */
export type Subject = {
  name: string;
  /** Sends one message in conversation `n` and reads the answer to its end. */
  ask(n: number): Promise<Asked>;
  /** CPU seconds that its processes have taken so far; the database's are counted apart. */
  cpuSeconds(): number;
  close(): Promise<void>;
};

/** Milliseconds from sending the message. `accepted` is the answer to the request itself, where that is not the text. */
export type Asked = { firstToken: number; accepted: number | null; ended: number };

export type SubjectOptions = {
  modelBaseUrl: string;
  databaseUrl: string;
  /** How many conversations there are to be. */
  conversations: number;
};
