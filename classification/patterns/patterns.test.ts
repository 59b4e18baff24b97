/** Forms of values: what has them, what has not, their check digits, and values that are made to hurt. */

import { bundled } from '../testing/bundled.ts';
import * as checksums from './checksums.ts';
import { containedIn } from './pattern-evidence.ts';

const { knowledge, classify } = bundled();
const { patterns } = knowledge;
const formsOf = (value: string): string[] =>
  patterns.filter((pattern) => pattern.matches(value)).map(({ name }) => name);

const PEM = ['-----BEGIN', 'KEY-----'];

test.each([
  ['email', 'ada.l+x@mail.example.co.uk'],
  ['url', 'https://example.com/a/b?c=d#e'],
  ['url', 'www.example.org'],
  ['ipv4', '192.168.0.255'],
  ['ipv4', '10.0.0.0/8'],
  ['ipv6', '2001:db8::ff00:42:8329'],
  ['ipv6', '::ffff:10.0.0.1'],
  ['mac', '00:1B:44:11:3A:B7'],
  ['uuid', '123e4567-e89b-12d3-a456-426614174000'],
  ['bcrypt', `$2b$12$${'a'.repeat(53)}`],
  ['jwt', `eyJ${'a'.repeat(20)}.eyJ${'b'.repeat(20)}.${'c'.repeat(20)}`],
  ['eth_address', `0x${'ab'.repeat(20)}`],
  ['ssh_key', `ssh-ed25519 ${'A'.repeat(68)} me@host`],
  ['certificate', '-----BEGIN CERTIFICATE-----'],
  ['private_key', `${PEM[0]} RSA PRIVATE ${PEM[1]}`],
  ['semver', '1.2.3-beta.1+build'],
  ['mime_type', 'application/json'],
  ['file_path', '/var/log/syslog'],
  ['file_path', 'C:\\Users\\ada\\x.txt'],
  ['colour_code', '#a1b2c3'],
  ['card', '4111111111111111'],
  ['card', '3782 822463 10005'],
  ['iban', 'GB82 WEST 1234 5698 7654 32'],
  ['iban', 'DE89370400440532013000'],
  ['ssn', '123-45-6789'],
  ['isin', 'US0378331005'],
  ['lei', '5493001KJTIIGC8Y1R12'],
  ['isbn', '978-3-16-148410-0'],
  ['isbn', '0-306-40615-2'],
  ['gtin', '4006381333931'],
  ['imei', '490154203237518'],
  ['routing', '021000021'],
  ['vin', '1M8GDM9AXKP042788'],
  ['phone', '+49 30 1234567'],
  ['phone', '(555) 123-4567'],
  ['money', '$1,234.50'],
  ['money', '12,50 €'],
  ['money', 'EUR 12.50'],
  ['currency_code', 'CHF'],
  ['coordinates', '48.2082, 16.3738'],
  ['country_code', 'DE'],
  ['country_code', 'USA'],
  ['language_code', 'en-GB'],
  ['iso_date', '2024-02-29'],
  ['iso_datetime', '2024-02-29T23:59:59Z'],
  ['time_of_day', '23:59'],
  ['year', '1999'],
  ['postal_code', 'SW1A 1AA'],
  ['licence_plate', 'AB12 CDE'],
  ['icd10', 'E11.9'],
  ['hash', 'd41d8cd98f00b204e9800998ecf8427e'],
  ['airport', 'VIE'],
])('%s: %s', (name, value) => {
  expect(formsOf(value)).toContain(name);
});

test.each([
  ['email', 'a@b.co'],
  ['url', 'ws://x'],
  ['ipv4', '1.1.1.1', '255.255.255.255/32'],
  ['ipv6', '::1', '1111:2222:3333:4444:5555:6666:7777:8888'],
  ['mac', '001b.4411.3ab7', '00:1B:44:11:3A:B7'],
  ['uuid', '123e4567-e89b-12d3-a456-426614174000', '{123e4567-e89b-12d3-a456-426614174000}'],
  ['bcrypt', `$1$${'a'.repeat(20)}`],
  ['jwt', `eyJ${'a'.repeat(10)}.eyJ${'b'.repeat(10)}.${'c'.repeat(10)}`],
  ['api_key', `xoxb-${'1'.repeat(10)}`],
  ['semver', '0.0.0'],
  ['mime_type', 'text/x'],
  ['user_agent', 'curl/8'],
  ['file_path', '/a/'],
  ['colour_code', '#a1b2c3', '#a1b2c3d4'],
  ['hash', 'a'.repeat(32), 'a'.repeat(128)],
  ['domain', 'a.co'],
  ['card', '4222222222222', [...'4000000000000000006'].join(' ')],
  ['gtin', '96385074', '10012345678902'],
  ['bic', 'DEUTDEFF', 'DEUTDEFF500'],
  ['drug_code', '1234-123-1', '12345-1234-12'],
  ['money', '$1'],
  ['language_code', 'en', 'en-GB'],
  ['iso_datetime', '2024-02-29 1:00', '2024-02-29T23:59:59.12345+00:00'],
  ['time_of_day', '1:00', '11:59:59.123456789 AM'],
  ['postal_code', '12345', '12345-6789'],
  ['licence_plate', 'A-B1', 'ABC-DE 1234H'],
  ['latitude', '0.123', '-12.123456789012345'],
  ['longitude', '0.123', '-123.123456789012345'],
  ['yes_or_no', '0', 'false'],
  ['percentage', '1%'],
  ['icd10', 'A00', 'A00.1234'],
])('the shortest and the longest values of %s have its form', (name, ...values) => {
  expect(values.map(formsOf).filter((forms) => !forms.includes(name))).toEqual([]);
});

test.each([
  ['card', '1234567890123'],
  ['card', '4111111111111112'],
  ['card', '0000000000000000'],
  ['ipv4', '999.999.999.999'],
  ['ipv4', '1.2.3'],
  ['ipv4', '01.2.3.4'],
  ['ipv6', '12:30'],
  ['ipv6', '1::2::3'],
  ['iso_date', '1234-99-7890'],
  ['iso_date', '2023-02-29'],
  ['iso_datetime', '2023-02-29 10:00'],
  ['currency_code', 'USA'],
  ['currency_code', 'usd'],
  ['email', 'a@b'],
  ['email', '@example.com'],
  ['email', 'a..b@example.com'],
  ['email', 'a b@example.com'],
  ['url', 'example'],
  ['url', 'ada@example.com'],
  ['iban', 'GB82WEST12345698765433'],
  ['ssn', '000-12-3456'],
  ['ssn', '123456789'],
  ['isbn', '978-3-16-148410-1'],
  ['vin', '1M8GDM9A0KP042788'],
  ['isin', 'US0378331006'],
  ['lei', '5493001KJTIIGC8Y1R13'],
  ['phone', '2024-01-02'],
  ['phone', '1234567'],
  ['phone', '12.5'],
  ['coordinates', '91.5, 10.1'],
  ['country_code', 'ZZ'],
  ['language_code', 'DE'],
  ['money', '12.50'],
  ['money', 'XYZ 12.50'],
  ['semver', '1.2'],
  ['file_path', '/'],
  ['mac', '00:1B:44:11:3A'],
])('%s is not %s', (name, value) => {
  expect(formsOf(value)).not.toContain(name);
});

test('no digit of an identifier with a checksum can be another one', () => {
  const changed = (text: string) =>
    [...text].flatMap((digit, at) =>
      [...'0123456789']
        .filter((other) => other !== digit && /\d/.test(digit))
        .map((other) => text.slice(0, at) + other + text.slice(at + 1)),
    );
  for (const [passes, right] of [
    [checksums.passesLuhn, '4111111111111111'],
    [checksums.passesIban, 'DE89370400440532013000'],
    [checksums.passesGtin, '4006381333931'],
    [checksums.passesIsbn10, '0306406152'],
    [checksums.passesIsin, 'US0378331005'],
    [checksums.passesRouting, '021000021'],
  ] as const) {
    expect(passes(right)).toBe(true);
    expect(changed(right).filter(passes)).toEqual([]);
  }
  expect(checksums.passesVin('11111111111111111')).toBe(true);
});

test('weak forms speak for no term', () => {
  const { patterns: signals, evidence } = classify({ name: 'k', values: ['2024-01-02', '2024-01-03'] });
  expect(signals).toContainEqual(expect.objectContaining({ name: 'iso_date', isWeak: true, fires: true }));
  expect(evidence.find(({ source }) => source === 'pattern')?.mass.masses.size).toBe(1);
});

/** Values that make an expression try everything, if it can. */
const hostile = (length: number): string[] => [
  ...[
    'a',
    '1',
    '1.',
    '-',
    ' ',
    '1 ',
    '::',
    'a:',
    '@',
    'a@',
    'a.',
    '/a',
    '$1,',
    '(1',
    '+1',
    'A1 ',
    '1-',
    '.:!',
    '=a',
  ].map((piece) => piece.repeat(length / piece.length)),
  `${'a.'.repeat(length / 2)}@`,
  `a@${'b.'.repeat(length / 2)}`,
  `ssh-rsa ${'A'.repeat(length)}!`,
  `eyJ${'a'.repeat(length)}.`,
  `http://${'a'.repeat(length)} `,
  `$${'111,'.repeat(length / 4)}x`,
  `/${'a/'.repeat(length / 2)}\n`,
];

test('hostile values cost no more than their length: a hundred thousand characters go through every form', () => {
  for (const value of hostile(100_000)) {
    const found = patterns.filter((pattern) => pattern.matches(value)).map(({ name }) => name);
    expect(found.every((name) => ['file_path', 'url', 'ssh_key'].includes(name))).toBe(true);
    expect(containedIn(patterns, [value]).map(({ name }) => name)).not.toContain('card');
  }
});

test('values are bounded and made lawful before anything looks at them', () => {
  const values = [
    ...hostile(10_000),
    'x\0y',
    'half \ud800',
    ...Array.from({ length: 200 }, (_, at) => `v${at}`),
  ];
  const { column } = classify({ name: 'a\0b', values });
  expect(column.values.length).toBe(50);
  expect(column.leftOut).toBeGreaterThan(100);
  expect(Math.max(...column.values.map((value) => value.length))).toBeLessThanOrEqual(2_000);
  expect(column.name).toBe('a\ufffdb');
  expect(classify({ name: 'k', values: ['x\0y', 'half \ud800'] }).column.values).toEqual([
    'half \ufffd',
    'x\ufffdy',
  ]);
});
