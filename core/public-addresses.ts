/**
 * Which addresses are everybody's: those that a URL from outside may lead to. What is not known to be public is not: of
 * IPv6 only global unicast, and an address that holds an IPv4 one is what that is.
 */

import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';

/** IANA's registry of special purposes, and what a cloud answers its own machines by. */
const SPECIAL_IPV4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24'],
  ...['203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4', '168.63.129.16/32'],
];
/** Within global unicast: tunnels, documentation, identifiers that are no addresses. */
const SPECIAL_IPV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];
const GLOBAL_IPV6 = ['2000::/3'];
/** Whose last 32 bits are an IPv4 address: mapped ones, and those of NAT64. */
const HOLDING_IPV4 = ['::ffff:0:0/96', '64:ff9b::/96'];

const specialIpv4 = rangesOf(SPECIAL_IPV4);
const specialIpv6 = rangesOf(SPECIAL_IPV6);
const globalIpv6 = rangesOf(GLOBAL_IPV6);
const holdingIpv4 = HOLDING_IPV4.map((range) => groupsOf(range.slice(0, range.indexOf('/'))).slice(0, 6));

/** Whether the address, as numbers, is everybody's. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !specialIpv4.check(address, 'ipv4');
  // a zone is of this machine's interfaces
  if (!isIPv6(address) || address.includes('%')) return false;
  const groups = groupsOf(address);
  const [high = 0, low = 0] = groups.slice(6);
  if (holdingIpv4.some((prefix) => prefix.every((group, at) => group === groups[at])))
    return isPublicAddress([high >> 8, high & 255, low >> 8, low & 255].join('.'));
  return globalIpv6.check(address, 'ipv6') && !specialIpv6.check(address, 'ipv6');
}

/** Names, addresses and ranges that are let through though they are not public. */
export interface AllowedHosts {
  name(host: string): boolean;
  address(address: string): boolean;
}

/** @param entries `db.internal`, `10.1.2.3`, `10.0.0.0/8` */
export function allowedHosts(entries: readonly string[]): AllowedHosts {
  const isRange = (entry: string) => isIP(entry.replace(/\/\d{1,3}$/, '')) !== 0;
  const ranges = rangesOf(entries.filter(isRange));
  const names = new Set(entries.filter((entry) => !isRange(entry)).map(asName));
  return {
    name: (host) => names.has(asName(host)),
    address: (address) => isIP(address) !== 0 && ranges.check(address, isIPv4(address) ? 'ipv4' : 'ipv6'),
  };
}

const asName = (host: string): string => host.toLowerCase().replace(/\.$/, '');

function rangesOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    list.addSubnet(address, bits === undefined ? (family === 'ipv4' ? 32 : 128) : Number(bits), family);
  }
  return list;
}

/** The eight numbers of an IPv6 address, however it is written. */
function groupsOf(address: string): number[] {
  const plain = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [head = '', tail] = plain.split('::');
  const numbers = (text: string) =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
  if (tail === undefined) return numbers(head);
  const [before, after] = [numbers(head), numbers(tail)];
  return [...before, ...Array(8 - before.length - after.length).fill(0), ...after];
}
