/** Who gets an answer from the dashboard, and who gets nothing. */
import { describe, expect, test } from '@jest/globals';
import { type AccessRules, hostNameOf, judgeRequest } from '../../src/dashboard/access';

const LOOPBACK: AccessRules = { hosts: new Set(['localhost', '127.0.0.1', '[::1]']), token: null, cookie: 'c' };
const OPEN: AccessRules = { hosts: null, token: 'k7-secret-secret-secret', cookie: 'c' };

function ask(rules: AccessRules, headers: Record<string, string>, { method = 'GET', target = '/api/runs' } = {}) {
  const all: Record<string, string> = { host: 'localhost:7357', ...headers };
  const access = judgeRequest({ method, target, header: (name) => all[name.toLowerCase()] }, rules);
  return access.kind === 'refused' ? access.status : access.kind;
}

describe('on this machine', () => {
  test('a page that a person opened, and what it asks for', () => {
    expect(ask(LOOPBACK, {})).toBe('granted');
    expect(ask(LOOPBACK, { 'sec-fetch-site': 'none' }, { target: '/' })).toBe('granted');
    expect(ask(LOOPBACK, { 'sec-fetch-site': 'same-origin' })).toBe('granted');
    expect(ask(LOOPBACK, { host: '127.0.0.1:7357', origin: 'http://127.0.0.1:7357' })).toBe('granted');
    expect(ask(LOOPBACK, { host: '[::1]:7357' })).toBe('granted');
  });

  test.each([
    ['a name that leads here by DNS rebinding', { host: 'evil.example:7357' }],
    ['a name that begins like ours', { host: 'localhost.evil.example' }],
    ['a name with a trailing dot', { host: 'localhost.:7357' }],
    ['a form or an image of another site', { 'sec-fetch-site': 'cross-site' }],
    ['a page on another port of this machine', { 'sec-fetch-site': 'same-site' }],
    ['another origin', { origin: 'https://evil.example' }],
    ['another port as origin', { origin: 'http://localhost:3000' }],
    ['a sandboxed frame', { origin: 'null' }],
  ])('%s gets nothing', (_, headers) => {
    expect(ask(LOOPBACK, headers)).toBe(403);
  });

  test('no host, or what is none', () => {
    expect(ask(LOOPBACK, { host: '' })).toBe(400);
    expect(ask(LOOPBACK, { host: 'a b' })).toBe(400);
    expect(ask(LOOPBACK, { host: 'user@localhost' })).toBe(400);
    expect(ask(LOOPBACK, { host: 'localhost/x' })).toBe(400);
    expect(hostNameOf('LOCALHOST:80')).toBe('localhost');
  });

  test('nothing but reading', () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE']) expect(ask(LOOPBACK, {}, { method })).toBe(405);
    expect(ask(LOOPBACK, {}, { method: 'HEAD' })).toBe('granted');
  });
});

describe('anywhere else', () => {
  const token = OPEN.token as string;

  test('nothing without the token', () => {
    expect(ask(OPEN, { host: 'ci.example' })).toBe(401);
    expect(ask(OPEN, { cookie: 'c=wrong' })).toBe(401);
    expect(ask(OPEN, { cookie: `d=${token}` })).toBe(401);
    expect(ask(OPEN, { authorization: 'Bearer ' })).toBe(401);
    expect(ask(OPEN, { authorization: `Basic ${token}` })).toBe(401);
    expect(ask(OPEN, {}, { target: `/api/runs?token=${token}` })).toBe(401);
    expect(ask(OPEN, {}, { target: '/?token=' })).toBe(401);
  });

  test('the token by cookie or header; in an address only to begin with', () => {
    expect(ask(OPEN, { host: 'ci.example', cookie: `x=1; c=${token}` })).toBe('granted');
    expect(ask(OPEN, { authorization: `Bearer ${token}` })).toBe('granted');
    expect(ask(OPEN, {}, { target: `/?token=${token}` })).toBe('sign-in');
  });

  test('requests of other sites get nothing, with the token too', () => {
    expect(ask(OPEN, { cookie: `c=${token}`, 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(ask(OPEN, { cookie: `c=${token}`, origin: 'https://evil.example' })).toBe(403);
  });
});
