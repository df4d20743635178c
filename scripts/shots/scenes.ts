import type { Page } from '@playwright/test';
import { composer, send } from '../../tests/e2e/support/actions.ts';
import type { Filled } from './fill.ts';

export type Scene = {
  name: string;
  /** Whose browser; nobody’s when it is not given. */
  as?: keyof Filled['clients'];
  path: string;
  /** What to do on the page before it is photographed. */
  show?: (page: Page, phone: boolean) => Promise<unknown>;
  /** As high as its content, for pages that scroll. */
  whole?: boolean;
};

const ADMIN = [
  '',
  '/usage',
  '/health',
  '/users',
  '/invites',
  '/pricing',
  '/pricing/1',
  '/pricing/2',
  '/settings',
  '/jobs',
  '/purges',
  '/audit',
];
const SETTINGS = ['profile', 'appearance', 'sessions', 'api-keys', 'tools', 'shares', 'data'];

const button = (page: Page, name: string | RegExp, which: 'first' | 'last' = 'first') =>
  page.getByRole('button', { name }).filter({ visible: true })[which]();
const press = (name: string | RegExp) => (page: Page) => button(page, name).click();
const roomMenu = (item: string) => async (page: Page) => {
  await button(page, 'Room: more').click();
  await page.getByRole('menuitem', { name: item }).click();
};
const agentMenu = async (page: Page, phone: boolean) => {
  if (phone) await button(page, /^Agents$/).click();
  await button(page, /: more$/)
    .and(page.locator('[aria-label^="Analyst"]'))
    .click();
};

/** Every page, and the states of it that matter. */
export function scenesOf({ rooms, session, turn, shares, user }: Filled): Scene[] {
  const room = (name: keyof typeof rooms) => `/rooms/${rooms[name]}`;
  const here = { as: 'demo', path: room('engineering') } as const;
  return [
    { name: 'sign-in', path: '/sign-in' },
    {
      name: 'sign-in sent',
      path: '/sign-in',
      show: async (page) => {
        await page.getByRole('textbox').fill('someone@example.com');
        await page.keyboard.press('Enter');
        await page.getByRole('heading', { name: /mail|inbox/i }).waitFor();
      },
    },
    { name: 'sign-in bad link', path: '/sign-in/verify?token=spent' },
    { name: 'mailbox', path: '/dev/mailbox', whole: true },
    { name: 'not found, signed out', path: '/nowhere' },
    { name: 'not found', as: 'demo', path: '/nowhere' },
    { name: 'room not found', as: 'demo', path: '/rooms/0197f000-0000-7000-8000-000000000000' },
    { name: 'home new', as: 'newcomer', path: '/', whole: true },
    { name: 'home', as: 'demo', path: '/', whole: true },
    {
      name: 'sidebar',
      as: 'demo',
      path: '/',
      show: async (page, phone) => phone && button(page, 'Open the sidebar').click(),
    },
    {
      name: 'account menu',
      as: 'demo',
      path: '/',
      show: async (page, phone) => {
        if (phone) await button(page, 'Open the sidebar').click();
        await button(page, /^Account/).click();
      },
    },
    {
      name: 'palette',
      as: 'demo',
      path: '/',
      show: async (page) => {
        await page.keyboard.press('Control+k');
        await page.getByRole('combobox').waitFor();
      },
    },
    {
      name: 'palette hits',
      as: 'demo',
      path: '/',
      show: async (page) => {
        await page.keyboard.press('Control+k');
        await page.getByRole('combobox').fill('queue');
        await page.getByRole('group', { name: 'Messages' }).getByRole('option').first().waitFor();
      },
    },
    {
      name: 'shortcuts',
      as: 'demo',
      path: '/',
      show: async (page) => {
        await page.keyboard.press('?');
        await page.getByRole('dialog').waitFor();
      },
    },
    { name: 'new room', as: 'demo', path: '/rooms/new', whole: true },
    { name: 'new room from a template', as: 'demo', path: '/rooms/new?template=code-review', whole: true },
    { name: 'new chat', as: 'demo', path: '/direct/new', whole: true },
    { name: 'room empty', as: 'demo', path: room('empty') },
    { name: 'room without agents', as: 'demo', path: room('bare') },
    { name: 'room', ...here },
    { name: 'room whole', ...here, whole: true },
    { name: 'room roundtable', as: 'demo', path: room('research'), whole: true },
    { name: 'room orchestrator', as: 'demo', path: room('decision'), whole: true },
    { name: 'room failed step', as: 'demo', path: room('failing'), whole: true },
    { name: 'room streaming and queue', as: 'demo', path: room('streaming') },
    {
      name: 'room four at once',
      as: 'demo',
      path: room('atOnce'),
      show: (page) => button(page, /^Show all/).waitFor(),
    },
    { name: 'room suspended', as: 'suspended', path: room('quiet') },
    {
      name: 'room out of credits',
      as: 'spent',
      path: room('broke'),
      show: async (page) => {
        await send(page, 'One more question about the harbour, please.');
        await page.getByRole('alert').waitFor();
      },
    },
    {
      name: 'room no tag',
      as: 'demo',
      path: room('empty'),
      show: async (page) => {
        await send(page, 'What now?');
        await page.getByRole('alert').waitFor();
      },
    },
    { name: 'room mention list', ...here, show: async (page) => composer(page).pressSequentially('@') },
    {
      name: 'room who answers',
      ...here,
      show: async (page) => {
        await composer(page).fill('@all what do you think of it?');
        await page
          .getByText(/credits/)
          .last()
          .waitFor();
      },
    },
    { name: 'room mode', ...here, show: press(/^Mode:/) },
    {
      name: 'room mode pending',
      as: 'demo',
      path: room('empty'),
      show: async (page) => {
        await button(page, /^Mode:/).click();
        await page.getByRole('button', { name: /^Roundtable/ }).click();
      },
    },
    { name: 'room menu', ...here, show: press('Room: more') },
    {
      name: 'room find',
      ...here,
      show: async (page) => {
        await roomMenu('Find in this room')(page);
        await page.getByRole('combobox').fill('worker');
        await page.getByRole('option').first().waitFor();
      },
    },
    { name: 'room rename', ...here, show: roomMenu('Rename') },
    { name: 'room share', ...here, show: roomMenu('Share a link') },
    { name: 'room delete', ...here, show: roomMenu('Delete') },
    { name: 'room agents', ...here, show: async (page, phone) => phone && button(page, /^Agents$/).click() },
    { name: 'room agent menu', ...here, show: agentMenu },
    {
      name: 'room agent edit',
      ...here,
      show: async (page, phone) => {
        await agentMenu(page, phone);
        await page.getByRole('menuitem', { name: 'Edit' }).click();
        await page.getByRole('dialog', { name: /^Edit/ }).waitFor();
      },
    },
    {
      name: 'room agent new',
      as: 'demo',
      path: room('empty'),
      show: async (page, phone) => {
        if (phone) await button(page, /^Agents$/).click();
        await button(page, /^Add an? agent/).click();
      },
    },
    { name: 'room files', ...here, show: press(/^Files$/) },
    { name: 'room files empty', as: 'demo', path: room('empty'), show: press(/^Files$/) },
    {
      name: 'room file open',
      ...here,
      show: async (page) => {
        await button(page, /^Files$/).click();
        await button(page, 'supply.md').click();
        await page.getByRole('dialog', { name: 'supply.md' }).waitFor();
      },
    },
    { name: 'room source', ...here, show: press('Source 2: supply.md') },
    { name: 'room turn menu', ...here, show: async (page) => button(page, 'Turn: more', 'last').click() },
    {
      name: 'room share a turn',
      ...here,
      show: async (page) => {
        await button(page, 'Turn: more', 'last').click();
        await page.getByRole('menuitem', { name: 'Share this turn…' }).click();
        await page.getByRole('dialog').getByRole('button', { name: 'Make a link' }).click();
        await page.getByRole('textbox', { name: 'The link' }).waitFor();
      },
    },
    {
      name: 'room xray',
      ...here,
      show: async (page) => {
        await page
          .getByRole('link', { name: /^X-ray of/ })
          .last()
          .click();
        await page.getByRole('dialog', { name: 'X-ray' }).getByRole('heading').first().waitFor();
      },
    },
    { name: 'room on paper', ...here, show: (page) => page.emulateMedia({ media: 'print' }), whole: true },
    { name: 'room print', as: 'demo', path: `${room('engineering')}/print`, whole: true },
    { name: 'room tests', as: 'demo', path: `${room('engineering')}/tests`, whole: true },
    { name: 'room edit message', ...here, show: press('Edit and send again') },
    { name: 'chat', as: 'demo', path: `/direct/${session}` },
    { name: 'chat menu', as: 'demo', path: `/direct/${session}`, show: press(/: more$/) },
    { name: 'search', as: 'demo', path: '/search' },
    { name: 'search hits', as: 'demo', path: '/search?q=queue', whole: true },
    { name: 'search nothing', as: 'demo', path: '/search?q=xylophone' },
    { name: 'what-ifs', as: 'demo', path: `/turns/${turn}/what-ifs`, whole: true },
    { name: 'what-if new', as: 'demo', path: `/turns/${turn}/what-ifs?new` },
    { name: 'receipt', as: 'demo', path: `/turns/${turn}/receipt`, whole: true },
    { name: 'billing', as: 'demo', path: '/billing', whole: true },
    { name: 'transactions', as: 'demo', path: '/billing/transactions', whole: true },
    { name: 'transactions new', as: 'newcomer', path: '/billing/transactions', whole: true },
    { name: 'usage', as: 'demo', path: '/usage', whole: true },
    { name: 'usage new', as: 'newcomer', path: '/usage', whole: true },
    ...SETTINGS.map((section) => ({
      name: `settings ${section}`,
      as: 'demo' as const,
      path: `/settings/${section}`,
      whole: true,
    })),
    { name: 'settings new key', as: 'demo', path: '/settings/api-keys', show: press(/key/i) },
    { name: 'settings delete account', as: 'demo', path: '/settings/data', show: press(/Delete/) },
    { name: 'share of a turn', path: shares.turn, whole: true },
    { name: 'share of a room', path: shares.room, whole: true },
    { name: 'share gone', path: '/share/none' },
    { name: 'problems', path: '/docs/problems' },
    { name: 'docs', path: '/docs/api' },
    { name: 'docs section', path: '/docs/api/rooms' },
    { name: 'docs shape', path: '/docs/api/rooms#shape-Turn' },
    ...[...ADMIN, `/users/${user}`, `/turns/${turn}`].map((path) => ({
      name: `admin ${path
        .replace(/[\da-f-]{36}/, 'one')
        .replaceAll('/', ' ')
        .trim()}`.trim(),
      as: 'owner' as const,
      path: `/admin${path}`,
      show: async (page: Page) => page.getByText('Drawing…').first().waitFor({ state: 'hidden' }),
      whole: true,
    })),
    ...['/settings', '/pricing/2', '/invites', '/jobs', '/purges', `/users/${user}`].map((path) => ({
      name: `admin as an analyst ${path.split('/').slice(1, 2).join()}`,
      as: 'analyst' as const,
      path: `/admin${path}`,
      whole: true,
    })),
    { name: 'admin publish', as: 'owner', path: '/admin/pricing/2', show: press('Publish') },
    {
      name: 'admin audit opened',
      as: 'owner',
      path: '/admin/audit?action=pricing.update',
      show: (page) => page.locator('summary').first().click(),
      whole: true,
    },
    { name: 'admin usage by model', as: 'owner', path: '/admin/usage?groupBy=model', whole: true },
    ...['', '/usage', '/health'].map((path) => ({
      name: `admin nothing yet ${path.slice(1)}`.trim(),
      as: 'owner' as const,
      path: `/admin${path}?from=2020-01-01&to=2020-01-07`,
      whole: true,
    })),
    { name: 'admin nobody', as: 'owner', path: '/admin/users?q=nobody' },
    { name: 'admin audit nothing', as: 'owner', path: '/admin/audit?targetId=none' },
    { name: 'admin not allowed', as: 'demo', path: '/admin' },
  ];
}
