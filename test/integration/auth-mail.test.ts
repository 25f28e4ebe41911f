import { describe, expect, it } from 'vitest';
import type { Mail } from '../../src/auth/store/types.ts';
import { login, PASSWORD, registerAndLogin, startAuth, type TestApi } from '../helpers/auth-api.ts';

const NEW_PASSWORD = 'An0ther-gre4t:passphrase';

async function lastMail(api: TestApi, type: Mail['type']): Promise<Mail> {
  const mail = (await api.store.listMail({ type })).at(-1);
  if (mail === undefined) throw new Error(`no mail of type ${type}`);
  return mail;
}

describe('mails', () => {
  it('land in the outbox, with the link of the frontend and its parts', async () => {
    const api = await startAuth();
    const client = api.client();
    await registerAndLogin(client, 'ann');
    const mail = await lastMail(api, 'confirm-email');
    const { key = '', link = '' } = mail.parts;
    expect(mail).toMatchObject({
      to: 'ann@example.org',
      subject: '[example.com] Please Confirm Your Email Address',
    });
    expect(link).toBe(`https://example.com/account-confirm-email/${encodeURIComponent(key)}/`);
    expect(mail.body).toContain(link);
    expect((await client.post('/auth/registration/verify-email/', { key })).body).toEqual({ detail: 'ok' });
    expect((await api.store.userByUsername('ann'))?.emailVerified).toBe(true);
  });

  it('are announced once they are there to be read', async () => {
    const found: Promise<number>[] = [];
    const api: TestApi = await startAuth(
      {},
      { onMail: () => void found.push(api.store.listMail().then((mails) => mails.length)) },
    );
    const client = api.client();
    await registerAndLogin(client, 'ann');
    await client.post('/auth/password/reset/', { email: 'ann@example.org' });
    expect(await Promise.all(found)).toEqual([1, 2]);
  });

  it('lead where the configuration says', async () => {
    const api = await startAuth({
      mailLinks: {
        confirmEmail: '{origin}/verify?key={key}',
        resetPassword: 'https://other.example/{uid}#{token}',
      },
    });
    const client = api.client();
    await registerAndLogin(client, 'ann');
    await client.post('/auth/password/reset/', { email: 'ann@example.org' });
    const { key = '' } = (await lastMail(api, 'confirm-email')).parts;
    expect((await lastMail(api, 'confirm-email')).parts['link']).toBe(
      `https://example.com/verify?key=${encodeURIComponent(key)}`,
    );
    const { uid, token, link } = (await lastMail(api, 'reset-password')).parts;
    expect(link).toBe(`https://other.example/${uid}#${token}`);
  });

  it('that were followed to the address of allauth lead on to the frontend', async () => {
    const api = await startAuth();
    const answer = await api.client().get('/auth/registration/account-confirm-email/MQ:1abc:sig/');
    expect([answer.status, answer.headers.get('location')]).toEqual([
      302,
      'https://example.com/account-confirm-email/MQ%3A1abc%3Asig/',
    ]);
  });

  it('are bounded in number: the oldest go', async () => {
    const api = await startAuth();
    const mail = {
      to: 'a@example.org',
      type: 'confirm-email',
      subject: 's',
      body: 'b',
      parts: {},
      sentAt: 0,
    } as const;
    for (let count = 0; count < 7; count += 1) await api.store.addMail(mail, 5);
    expect((await api.store.listMail()).map(({ id }) => id)).toEqual([3, 4, 5, 6, 7]);
  });
});

describe('a reset', () => {
  it('sets the password once', async () => {
    const api = await startAuth();
    const client = api.client();
    await registerAndLogin(client, 'ann');
    await client.post('/auth/password/reset/', { email: 'ann@example.org' });
    const { uid, token } = (await lastMail(api, 'reset-password')).parts;
    const body = { uid, token, new_password1: NEW_PASSWORD, new_password2: NEW_PASSWORD };
    expect((await client.post('/auth/password/reset/confirm/', body)).status).toBe(200);
    expect((await client.post('/auth/password/reset/confirm/', body)).body).toEqual({
      token: ['Invalid value'],
    });
    await login(client, 'ann', NEW_PASSWORD);
  });

  it('link ends with the next login', async () => {
    const time = { now: Date.now() };
    const api = await startAuth({}, { now: () => new Date(time.now) });
    const client = api.client();
    await registerAndLogin(client, 'ann');
    await client.post('/auth/password/reset/', { email: 'ann@example.org' });
    const { uid, token } = (await lastMail(api, 'reset-password')).parts;
    time.now += 1000;
    await login(client, 'ann');
    const body = { uid, token, new_password1: NEW_PASSWORD, new_password2: NEW_PASSWORD };
    expect((await client.post('/auth/password/reset/confirm/', body)).status).toBe(400);
  });
});

describe('e-mail verification', () => {
  it('when mandatory, comes before the first login, and registration gives no tokens', async () => {
    const api = await startAuth({ emailVerification: 'mandatory' });
    const client = api.client();
    const account = { username: 'ann', email: 'ann@example.org', password1: PASSWORD, password2: PASSWORD };
    const registered = await client.post('/auth/registration/', account);
    expect([registered.status, registered.body]).toEqual([201, { detail: 'Verification e-mail sent.' }]);
    const early = await client.post('/auth/login/', { username: 'ann', password: PASSWORD });
    expect(early.body).toEqual({ non_field_errors: ['E-mail is not verified.'] });
    const { key } = (await lastMail(api, 'confirm-email')).parts;
    await client.post('/auth/registration/verify-email/', { key });
    await login(client, 'ann');
  });

  it('when off, sends nothing', async () => {
    const api = await startAuth({ emailVerification: 'none' });
    await registerAndLogin(api.client(), 'ann');
    expect(await api.store.listMail()).toEqual([]);
  });

  it('of an address that two accounts share goes to the first who confirms it', async () => {
    const api = await startAuth();
    const client = api.client();
    const account = { email: 'shared@example.org', password1: PASSWORD, password2: PASSWORD };
    await client.post('/auth/registration/', { ...account, username: 'ann' });
    await client.post('/auth/registration/', { ...account, username: 'bob' });
    const keys = (await api.store.listMail()).map(({ parts }) => parts['key']);
    for (const key of keys) {
      expect((await client.post('/auth/registration/verify-email/', { key })).status).toBe(200);
    }
    const users = await api.store.listUsers();
    expect(users.map(({ username, emailVerified }) => [username, emailVerified])).toEqual([
      ['ann', true],
      ['bob', false],
    ]);
  });
});
