/** FR-ADMIN-004 and NFR-SEC-005: what was done is written down, and the writing can't be bent. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { findAuditLogs } from '#server/admin/audit/find-audit-logs.ts';
import { recordAudit, type AuditEntry } from '#server/admin/audit/record-audit.ts';
import { verifyAudit } from '#server/admin/audit/verify-audit.ts';
import { transaction } from '#server/platform/db.ts';
import { createDataApp } from '#tests/support/data-app.ts';

const run = promisify(execFile);

function entry(n: number): AuditEntry {
  return {
    actorId: null,
    requestId: `request ${n}`,
    action: 'user.cap',
    target: { type: 'user', id: `user ${n}` },
    before: { cap: null },
    after: { cap: BigInt(n) },
  };
}

test('FR-ADMIN-004: rows written at once make one chain without gap or fork, in both kinds of transaction', async () => {
  const app = await createDataApp();
  await Promise.all(
    Array.from({ length: 12 }, (_, n) =>
      n % 2 === 0
        ? transaction(app.db, (tx) => recordAudit(tx, entry(n)))
        : app.prisma.$transaction((tx) => recordAudit(tx, entry(n))),
    ),
  );
  await expect(
    transaction(app.db, async (tx) => {
      await recordAudit(tx, entry(99));
      throw new Error('given up');
    }),
  ).rejects.toThrow('given up');
  await app.db.query(`SET TIME ZONE 'Asia/Tokyo'`);
  const { rows, faults, head } = await verifyAudit(app);
  expect({ rows, faults }).toEqual({ rows: 12, faults: [] });
  expect(head?.seq).toBe('12');
});

test('NFR-SEC-005: a row that is changed, removed, slipped in or cut off the end is found', async () => {
  const app = await createDataApp();
  for (let n = 1; n <= 6; n++) await transaction(app.db, (tx) => recordAudit(tx, entry(n)));
  const { head } = await verifyAudit(app);
  if (!head) throw new Error('no head');

  // Only somebody who can switch the database's guard off gets this far.
  const tamper = async (statement: string) => {
    await app.db.query('ALTER TABLE admin_audit_logs DISABLE TRIGGER ALL');
    await app.db.query(statement);
    await app.db.query('ALTER TABLE admin_audit_logs ENABLE TRIGGER ALL');
    return (await verifyAudit(app, { expected: head })).faults;
  };
  await app.db.query('CREATE TABLE kept AS SELECT * FROM admin_audit_logs');
  const restore = () => tamper('DELETE FROM admin_audit_logs; INSERT INTO admin_audit_logs SELECT * FROM kept');

  expect(await tamper(`UPDATE admin_audit_logs SET after = '{"cap":"7"}' WHERE seq = 2`)).toEqual([
    { seq: '2', fault: 'was changed' },
  ]);
  expect(await restore()).toEqual([]);
  expect(await tamper('DELETE FROM admin_audit_logs WHERE seq = 3')).toEqual([
    { seq: '4', fault: 'row 3 is missing' },
    { seq: '4', fault: 'does not follow the row before it' },
  ]);
  expect(await restore()).toEqual([]);
  // A forger who recomputes a row's own hash still breaks the next one's.
  expect(
    await tamper(`UPDATE admin_audit_logs l SET actor_id = gen_random_uuid() WHERE seq = 5;
      UPDATE admin_audit_logs l SET hash = audit_hash(l) WHERE seq = 5`),
  ).toEqual([{ seq: '6', fault: 'does not follow the row before it' }]);
  expect(await restore()).toEqual([]);
  expect(await tamper('DELETE FROM admin_audit_logs WHERE seq > 4')).toEqual([
    { seq: '6', fault: 'was noted and is gone' },
  ]);
});

test('npm run audit:verify says whether the chain is whole, by its words and its exit code', async () => {
  const app = await createDataApp();
  await transaction(app.db, (tx) => recordAudit(tx, entry(1)));
  const verify = (...args: string[]) =>
    run(process.execPath, ['scripts/audit-verify.ts', ...args], {
      env: { ...process.env, DATABASE_URL: app.url },
    });
  const { stdout } = await verify();
  expect(stdout).toContain('The chain of 1 rows is whole.');
  const head = /Head: (\d+:[0-9a-f]{64})/.exec(stdout)?.[1] ?? '';
  await verify('--head', head);
  await expect(verify('--head', `2:${'0'.repeat(64)}`)).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringContaining('FAULT  row 2 was noted and is gone') as string,
  });
});

test('the log is filtered by who, what, target and day, and read page by page', async () => {
  const app = await createDataApp();
  const { id } = await app.createUser();
  for (let n = 1; n <= 5; n++) {
    await transaction(app.db, (tx) => recordAudit(tx, { ...entry(n), actorId: n > 2 ? id : null }));
  }
  const first = await findAuditLogs(app, { actor: `${id}@exam`, limit: 2 });
  expect(first.items.map(({ seq }) => seq)).toEqual(['5', '4']);
  const cursor = first.nextCursor ?? undefined;
  expect((await findAuditLogs(app, { actor: id, limit: 2, cursor })).items.map(({ seq }) => seq)).toEqual(['3']);
  expect((await findAuditLogs(app, { targetId: 'user 2', limit: 9 })).items).toMatchObject([
    { seq: '2', before: { cap: null }, after: { cap: '2' }, requestId: 'request 2', actorEmail: null },
  ]);
  expect((await findAuditLogs(app, { action: 'user.role', limit: 9 })).items).toEqual([]);
  const today = new Date().toISOString().slice(0, 10);
  expect((await findAuditLogs(app, { from: today, to: today, limit: 9 })).items).toHaveLength(5);
  expect((await findAuditLogs(app, { to: '2020-01-01', limit: 9 })).items).toEqual([]);
  // A percent sign is a letter like any other.
  expect((await findAuditLogs(app, { actor: '%', limit: 9 })).items).toEqual([]);
});
