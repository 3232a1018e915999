/** What names hosts, and what a config file says of them. */
import { describe, expect, test } from '@jest/globals';
import { combineHosts, type HostsSetting, readHosts } from '../../src/options/hosts';

const nothing = { workers: null, directory: null, path: [], env: {}, install: null };

const targetsOf = (given: unknown): unknown => readHosts(given)?.hosts.map(({ target, workers }) => [target, workers]);

describe('names', () => {
  test.each([
    ['ada', [['ada', null]]],
    [
      'ada, build@box:4,local',
      [
        ['ada', null],
        ['build@box', 4],
        ['local', null],
      ],
    ],
    [
      ['a.b-c_d', 'x@10.0.0.7:999,y'],
      [
        ['a.b-c_d', null],
        ['x@10.0.0.7', 999],
        ['y', null],
      ],
    ],
    ['me@[fe80::1%eth0]:2', [['me@[fe80::1%eth0]', 2]]],
  ])('%j', (given, expected) => {
    expect(targetsOf(given)).toEqual(expected);
  });

  test.each([
    '-oProxyCommand=touch x',
    'ada,-e',
    'a b',
    'ada;reboot',
    '$(touch x)',
    '`x`',
    'me@-x',
    '-me@x',
    'a\nb',
    'ada:0',
    'ada:x',
    'ada:2222',
    'ssh://ada',
    '',
    'ada,,bob',
    "a'b",
    '%h',
    '~root',
  ])('%j is none', (given) => {
    expect(readHosts(given)).toBeUndefined();
    expect(readHosts([given])).toBeUndefined();
    expect(readHosts([{ target: given }])).toBeUndefined();
  });
});

describe('settings', () => {
  test('of all hosts, and of one on top of them', () => {
    const given = {
      targets: ['ada', { target: 'bob:2', env: { B: 2, A: 'x' }, path: ['/opt/n/bin'], directory: '/scratch' }],
      env: { A: true },
      workers: 8,
      install: 'make deps',
      copy: '.env.test',
      sshConfig: 'ssh.conf',
    };
    expect(readHosts(given)).toEqual({
      hosts: [
        { ...nothing, target: 'ada', workers: 8, env: { A: 'true' }, install: 'make deps' },
        {
          ...{ target: 'bob', workers: 2, env: { A: 'x', B: '2' }, install: 'make deps' },
          ...{ path: ['/opt/n/bin'], directory: '/scratch' },
        },
      ],
      common: { ...nothing, workers: 8, env: { A: 'true' }, install: 'make deps' },
      copy: ['.env.test'],
      sshConfig: 'ssh.conf',
    });
  });

  test.each([
    [{ targets: [] }],
    [{ targets: ['ada'], worker: 2 }],
    [{ targets: [{ target: 'ada', port: 22 }] }],
    [{ targets: [{ name: 'ada' }] }],
    [{ targets: ['ada'], env: { 'A B': 'x' } }],
    [{ targets: ['ada'], install: 'a\nb' }],
    [{ targets: ['ada'], path: '/a:/b' }],
    [{ targets: ['ada'], copy: [1] }],
    [{ hosts: ['ada'] }],
    [7],
    [null],
  ])('%j is refused', (given) => {
    expect(readHosts(given)).toBeUndefined();
  });
});

describe('what is named, with what the config file has of it', () => {
  const read = (given: unknown): HostsSetting => readHosts(given) as HostsSetting;
  const configured = read({
    targets: [{ target: 'ada', workers: 3, path: '/n' }, 'bob'],
    copy: ['dist'],
    install: 'make',
  });

  test('all, or some', () => {
    expect(combineHosts(read('all'), configured, '--hosts')).toEqual(configured);
    expect(combineHosts(read('ada:9,local'), configured, '--hosts')).toEqual({
      ...configured,
      hosts: [
        { ...nothing, target: 'ada', workers: 9, path: ['/n'], install: 'make' },
        { ...nothing, target: 'local', install: 'make' },
      ],
    });
  });

  test('all of nothing, and one twice, are errors', () => {
    expect(() => combineHosts(read('all'), undefined, '--hosts')).toThrow(
      '--hosts is "all", but the config file names no hosts.',
    );
    expect(() => combineHosts(read('ada,all'), configured, '--hosts')).toThrow(
      'The host ada is named twice (from --hosts).',
    );
  });
});
