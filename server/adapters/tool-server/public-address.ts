import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Not anybody's on the internet: this machine, private networks, metadata services, what is reserved. */
const REFUSED = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  REFUSED.addSubnet(network, prefix, 'ipv4');
}
/** Of IPv6 only what is routed, without what carries an IPv4 address inside. */
const ROUTED = new BlockList();
ROUTED.addSubnet('2000::', 3, 'ipv6');
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  REFUSED.addSubnet(network, prefix, 'ipv6');
}

export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !REFUSED.check(address, 'ipv4');
    case 6:
      return ROUTED.check(address, 'ipv6') && !REFUSED.check(address, 'ipv6');
    default:
      return false;
  }
}

export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
  constructor() {
    super('The address is not one on the public internet.');
  }
}

/** Node's name look-up, for a socket: every address of the name must be public, and one of these is then connected to. */
export const lookupPublic: LookupFunction = (hostname, options, found) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const [first] = error ? [] : addresses;
    if (error) found(error, '');
    else if (!first || !addresses.every(({ address }) => isPublicAddress(address))) found(new AddressRefused(), '');
    else if (options.all) found(null, addresses);
    else found(null, first.address, first.family);
  });
};
