import { beforeAll, describe, expect, it } from 'vitest';
import { MAX_FILE_BYTES, type CreatedFile, type File } from '#server/files/contract.ts';
import { startTestApp, type TestApp, type TestUser } from '../support/app.ts';
import { fixture, upload, uploadAndParse } from '../support/files.ts';
import { createDirectSession, createRoom } from '../support/rooms.ts';

let testApp: TestApp;
let user: TestUser;

beforeAll(async () => {
  testApp = await startTestApp();
  user = await testApp.createUser();
});

const pdf = { name: 'a.pdf', mimeType: 'application/pdf' };

describe('what goes beyond a limit is told so (AT-007, FR-TOOL-004, NFR-SEC-003)', () => {
  it('takes 10 MB to the byte and not one more', async () => {
    const { id } = await createRoom(user.client);
    const create = (size: number) => user.client.post(`/rooms/${id}/files`, { ...pdf, size });
    expect(await create(MAX_FILE_BYTES + 1)).toMatchObject({ status: 413, body: { code: 'file_too_large' } });
    expect((await create(MAX_FILE_BYTES)).status).toBe(201);
    expect(await create(-1)).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
  });

  it('counts what is announced: of ten at once that straddle the room’s 100 MB, exactly those that fit are taken', async () => {
    const { id } = await createRoom(user.client);
    const create = (size: number) => user.client.post<CreatedFile>(`/rooms/${id}/files`, { ...pdf, size });
    for (let n = 0; n < 5; n += 1) expect((await create(MAX_FILE_BYTES)).status).toBe(201);
    const answers = await Promise.all(Array.from({ length: 10 }, () => create(MAX_FILE_BYTES)));
    expect(answers.map(({ status }) => status).sort()).toEqual([
      ...Array<number>(5).fill(201),
      ...Array<number>(5).fill(413),
    ]);
    expect(answers.find(({ status }) => status === 413)?.body).toMatchObject({ code: 'room_quota_exceeded' });
    expect((await create(1)).status).toBe(413);

    await testApp.db.query(
      `UPDATE files SET upload_expires_at = now() - interval '1 second' WHERE room_id = $1 AND id = $2`,
      [id, answers.find(({ status }) => status === 201)?.body.file.id],
    );
    expect((await create(MAX_FILE_BYTES)).status).toBe(201);
    expect((await create(1)).status).toBe(413);
  });

  it('takes PDF, DOCX, TXT, MD and CSV, and what is declared must agree with the ending (FR-TOOL-003)', async () => {
    const { id } = await createRoom(user.client);
    const create = async (name: string, mimeType: string) =>
      (await user.client.post<{ code?: string }>(`/rooms/${id}/files`, { name, mimeType, size: 1 })).status;
    expect(await create('a.exe', 'application/pdf')).toBe(415);
    expect(await create('a', 'text/plain')).toBe(415);
    expect(await create('a.pdf', 'text/plain')).toBe(415);
    expect(await create('a.txt', 'application/octet-stream')).toBe(415);
    expect(await create('a.TXT', 'text/plain; charset=utf-8')).toBe(201);
    expect(await create('a.md', '')).toBe(201);
  });

  it('looks at the bytes: a PDF that is a web page is refused, and counts for nothing', async () => {
    const { id } = await createRoom(user.client);
    const refused = await upload(user.client, id, { name: 'a.pdf', bytes: '<!doctype html><html></html>' });
    expect(refused).toMatchObject({ status: 415, body: { code: 'unsupported_file_type' } });
    const { body } = await user.client.get<{ items: File[] }>(`/rooms/${id}/files`);
    expect(body.items).toMatchObject([{ name: 'a.pdf', status: 'failed', error: { code: 'unsupported_file_type' } }]);
  });
});

describe('a name is shown as what it is', () => {
  it.each([
    ['../../etc/passwd.txt', 'passwd.txt'],
    ['C:\\temp\\report.txt', 'report.txt'],
    ['a\u0000b.txt', 'ab.txt'],
    ['invoice\u202efdp.txt', 'invoicefdp.txt'],
    ['  many   spaces .txt', 'many spaces .txt'],
    [`${'x'.repeat(300)}.txt`, `${'x'.repeat(145)}….txt`],
    ['Größe 銅.txt', 'Größe 銅.txt'],
  ])('%j', async (given, shown) => {
    const { id } = await createRoom(user.client);
    const created = await user.client.post<CreatedFile>(`/rooms/${id}/files`, {
      name: given,
      size: 1,
      mimeType: 'text/plain',
    });
    expect(created.status).toBe(201);
    expect(created.body.file.name).toBe(shown);
  });
});

describe('an upload', () => {
  it('needs no sign-in at its address, is taken over once, read, downloaded, deleted and restored', async () => {
    const { id } = await createRoom(user.client);
    const file = await uploadAndParse(user.client, id, await fixture('real/libreoffice.pdf'));
    expect(file).toMatchObject({ status: 'ready', pages: 1, name: 'libreoffice.pdf', mimeType: 'application/pdf' });
    expect((await user.client.post(`/files/${file.id}/complete`)).status).toBe(202);

    const found = await user.client.fetch(`/api/v1/files/${file.id}/content`);
    expect(found.status).toBe(302);
    const bytes = await fetch(found.headers.get('Location') ?? '');
    expect(bytes.headers.get('Content-Disposition')).toContain('attachment');
    expect(bytes.headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect((await bytes.arrayBuffer()).byteLength).toBe(file.size);

    expect((await user.client.delete(`/files/${file.id}`)).status).toBe(204);
    expect((await user.client.get(`/files/${file.id}`)).status).toBe(404);
    const deleted = await user.client.get<{ items: File[] }>(`/rooms/${id}/files?deleted=true`);
    expect(deleted.body.items.map((item) => item.id)).toEqual([file.id]);
    expect(await user.client.post(`/files/${file.id}/restore`)).toMatchObject({
      status: 200,
      body: { status: 'ready' },
    });
    await testApp.db.query(`UPDATE files SET deleted_at = now() - interval '8 days' WHERE id = $1`, [file.id]);
    expect((await user.client.post(`/files/${file.id}/restore`)).status).toBe(410);
  });

  it('shows what it says by page, and tells how many rows a table has', async () => {
    const { id } = await createRoom(user.client);
    const notes = await uploadAndParse(user.client, id, {
      name: 'notes.md',
      bytes: '# One\n\nfirst\n\n# Two\n\nsecond\n',
    });
    expect(await user.client.get(`/files/${notes.id}/pages?limit=1`)).toMatchObject({
      status: 200,
      body: { items: [{ number: 1, text: expect.stringContaining('first') as string }] },
    });
    const second = await user.client.get(`/files/${notes.id}/pages?from=2`);
    expect(second.body).toMatchObject({ items: [{ number: 2, title: 'Two' }], nextCursor: null });
    const table = await uploadAndParse(user.client, id, { name: 'a.csv', bytes: 'a,b\n1,2\n3,4\n' });
    expect(table).toMatchObject({ rows: 2, pages: 1 });
    const stranger = await testApp.createUser();
    expect((await stranger.client.get(`/files/${notes.id}/pages`)).status).toBe(404);
    expect((await stranger.client.get(`/files/${notes.id}/accesses`)).status).toBe(404);
  });

  it('that broke off goes on where it stopped', async () => {
    const { id } = await createRoom(user.client);
    const { body } = await user.client.post<CreatedFile>(`/rooms/${id}/files`, {
      name: 'a.txt',
      mimeType: 'text/plain',
      size: 11,
    });
    const put = (range: string, bytes?: string) =>
      fetch(body.upload.url, {
        method: 'PUT',
        headers: { ...body.upload.headers, 'Content-Range': range },
        ...(bytes === undefined ? {} : { body: bytes }),
      });
    expect(body.upload.pieceBytes).toBeGreaterThan(0);
    expect((await put('bytes 0-4/11', 'hello')).status).toBe(202);
    expect((await user.client.post(`/files/${body.file.id}/complete`)).status).toBe(409);
    expect(await (await put('bytes */11')).json()).toEqual({ received: 5 });
    expect((await put('bytes 5-10/11', ' world')).status).toBe(200);
    expect((await user.client.post(`/files/${body.file.id}/complete`)).status).toBe(202);
  });

  it('is completed only when its bytes are there', async () => {
    const { id } = await createRoom(user.client);
    const created = await user.client.post<CreatedFile>(`/rooms/${id}/files`, { ...pdf, size: 3 });
    expect((await user.client.post(`/files/${created.body.file.id}/complete`)).status).toBe(409);
    const stranger = await testApp.createUser();
    expect((await stranger.client.post(`/files/${created.body.file.id}/complete`)).status).toBe(404);
    expect((await stranger.client.get(`/rooms/${id}/files`)).status).toBe(404);
  });

  it('works in a direct chat as in a room', async () => {
    const session = await createDirectSession(user.client);
    const file = await uploadAndParse(
      user.client,
      { directSessionId: session.id },
      { name: 'a.md', bytes: '# Hi\n\nthere' },
    );
    expect(file).toMatchObject({ status: 'ready', pages: 1 });
  });

  it.each([
    ['real/locked.pdf', 'encrypted'],
    ['real/scan.pdf', 'no_text'],
  ])('of %s ends as failed with its reason, and its telemetry', async (path, code) => {
    const { id } = await createRoom(user.client);
    const file = await uploadAndParse(user.client, id, await fixture(path));
    expect(file).toMatchObject({ status: 'failed', error: { code } });
    const { rows } = await testApp.db.query<{
      status: string;
      parser: string;
      peak_rss_mb: number;
      duration_ms: number;
    }>('SELECT status, parser, peak_rss_mb, duration_ms FROM file_parsing_jobs WHERE file_id = $1', [file.id]);
    expect(rows).toMatchObject([{ status: 'failed', parser: 'pdf-parse' }]);
    expect(rows[0]?.peak_rss_mb).toBeLessThan(512);
  });

  it.each(['real/libreoffice.docx', 'real/pandoc.docx', 'real/ghostscript.pdf'])('of %s is read', async (path) => {
    const { id } = await createRoom(user.client);
    const file = await uploadAndParse(user.client, id, await fixture(path));
    expect(file.status).toBe('ready');
    const { rows } = await testApp.db.query<{ content: string }>('SELECT content FROM file_pages WHERE file_id = $1', [
      file.id,
    ]);
    expect(rows.map(({ content }) => content).join('\n')).toContain('Größe, café, 銅');
  });
});
