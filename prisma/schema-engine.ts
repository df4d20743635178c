import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type * as Engine from '@prisma/schema-engine-wasm';
import pg from 'pg';

export const NO_FILTERS: Engine.SchemaFilter = { externalTables: [], externalEnums: [] };

/** Lends Prisma's own schema engine, connected to this database. Loaded only here, since it takes a while. */
export async function withSchemaEngine<T>(
  databaseUrl: string,
  datamodel: string,
  work: (engine: Engine.SchemaEngine) => Promise<T>,
): Promise<T> {
  const { SchemaEngine } = await import('./schema-engine-module.ts');
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  pool.on('error', () => undefined);
  let refused: unknown;
  try {
    const adapter = adapterFactory(pool, (error) => {
      refused = error;
    });
    const factory = bindMigrationAwareSqlAdapterFactory(adapter);
    return await work(await SchemaEngine.new({ datamodels: [['schema.prisma', datamodel]] }, () => undefined, factory));
  } catch (error) {
    // The engine knows only that something failed; PostgreSQL's own words are what helps.
    if (!(refused instanceof Error)) throw error;
    const migration = /migration_name="(\w+)"/.exec(String(error))?.[1] ?? '';
    throw new Error(`The migration ${migration} was refused by the database: ${refused.message}`, { cause: error });
  } finally {
    await pool.end();
  }
}

/**
 * The adapter splits a script at every semicolon, which breaks function bodies, and runs the pieces one by one. Sent whole,
 * PostgreSQL runs it as one transaction. A migration notes in the same transaction that it is done, so that a kill in the
 * middle leaves either all of it or none.
 */
function adapterFactory(pool: pg.Pool, onRefusal: (error: unknown) => void): PrismaPg {
  const factory = new PrismaPg(pool);
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter = await connect();
    adapter.executeScript = async (script) => {
      const isMigration = !script.includes('_prisma_migrations');
      try {
        await pool.query(isMigration ? `${script}\n;${NOTE_DONE}` : script);
      } catch (error) {
        onRefusal(error);
        throw error;
      }
    };
    return adapter;
  };
  return factory;
}

/** Migrations run one at a time under a lock: the one that is not finished is this one. */
const NOTE_DONE = `UPDATE public._prisma_migrations SET finished_at = now()
  WHERE finished_at IS NULL AND rolled_back_at IS NULL`;
