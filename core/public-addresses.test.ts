import fc from 'fast-check';
import { allowedHosts, isPublicAddress } from './public-addresses.ts';

test.each([
  ...[
    '8.8.8.8',
    '1.1.1.1',
    '172.15.255.255',
    '172.32.0.1',
    '100.63.255.255',
    '100.128.0.1',
    '223.255.255.255',
  ],
  ...['2606:4700::1111', '2001:4860:4860::8888', '::ffff:8.8.8.8', '64:ff9b::8.8.8.8', '2a00::1'],
])('%s is everybody’s', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each([
  ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '127.255.255.254', '169.254.169.254', '172.16.0.1'],
  ...[
    '172.31.255.255',
    '192.168.0.1',
    '192.0.0.192',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '168.63.129.16',
  ],
  ...[
    '::',
    '::1',
    'fe80::1',
    'fe80::1%eth0',
    'fc00::1',
    'fd00:ec2::254',
    'ff02::1',
    '2002:7f00:1::',
    '2001::1',
  ],
  ...['::ffff:127.0.0.1', '::ffff:7f00:1', '::127.0.0.1', '64:ff9b::7f00:1', '64:ff9b::169.254.169.254'],
  ...['64:ff9b:1::1', '2001:db8::1', '2606:4700::1111%lo', 'localhost', '', '127.1', '2130706433', '0x7f.1'],
])('%s is not', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

const octets = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));

test('an IPv4 address is the same in every address that holds it, however that is written', () => {
  fc.assert(
    fc.property(octets, fc.boolean(), ([a, b, c, d], upper) => {
      const plain = [a, b, c, d].join('.');
      const hex = [(a << 8) | b, (c << 8) | d].map((group) => group.toString(16)).join(':');
      for (const prefix of ['::ffff:', '0:0:0:0:0:ffff:', '64:ff9b::', '0064:ff9b:0:0:0:0:'])
        for (const tail of [plain, upper ? hex.toUpperCase() : hex])
          expect(isPublicAddress(prefix + tail)).toBe(isPublicAddress(plain));
    }),
    { numRuns: 300 },
  );
});

test('of IPv6 nothing outside global unicast is let through', () => {
  const outside = fc.integer({ min: 0x4000, max: 0xffff });
  const group = fc.integer({ min: 0, max: 0xffff });
  fc.assert(
    fc.property(outside, fc.array(group, { minLength: 7, maxLength: 7 }), (first, rest) => {
      const address = [first, ...rest].map((each) => each.toString(16)).join(':');
      expect(isPublicAddress(address)).toBe(false);
    }),
    { numRuns: 200 },
  );
});

test('what the settings list is known by its name, its address or its range', () => {
  const allowed = allowedHosts(['DB.internal', '10.0.0.0/8', '192.168.1.5', 'fd00::/8']);
  expect([allowed.name('db.internal'), allowed.name('db.internal.'), allowed.name('x.db.internal')]).toEqual([
    true,
    true,
    false,
  ]);
  for (const address of ['10.9.9.9', '192.168.1.5', 'fd12::1']) expect(allowed.address(address)).toBe(true);
  for (const address of ['11.0.0.1', '192.168.1.6', 'fe80::1', 'x'])
    expect(allowed.address(address)).toBe(false);
});
