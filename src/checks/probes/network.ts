import type { Socket as Datagrams } from 'node:dgram';
import type { Socket } from 'node:net';
import type { NetworkUse, Probe } from '../observations.ts';
import { isMarked, processState } from '../process-state.ts';
import { Watchers } from '../watchers.ts';

const MAX_USES = 1_000;
/** Of `node:dns`, of its promises and of both kinds of `Resolver`. */
const LOOKUP = /^(?:lookup|lookupService|resolve\w*|reverse)$/;
const watchers = processState('network', () => new Watchers<NetworkUse>(MAX_USES));

/**
 * Connections, datagrams and name look-ups that a test begins: of net, tls, http, https, http2, fetch and dns. Child
 * processes and native modules are out of sight.
 */
export const probe: Probe<'network'> = {
  install: patch,
  watch: () => watchers.watch(),
};

/** Every client of Node's ends in these; the prototypes serve code that has imported the modules before. */
function patch(): void {
  const net = process.getBuiltinModule('node:net');
  const dgram = process.getBuiltinModule('node:dgram');
  const dns = process.getBuiltinModule('node:dns');
  if (isMarked(net, 'network')) return;
  const { connect } = net.Socket.prototype;
  net.Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
    const target = targetOf(args);
    if (target !== null) watchers.tell(() => ({ kind: 'connect', ...target }));
    return Reflect.apply(connect, this, args) as Socket;
  } as typeof connect;

  const { connect: connectDatagrams, send } = dgram.Socket.prototype;
  dgram.Socket.prototype.connect = function (this: Datagrams, ...args: unknown[]) {
    const [port, host] = args;
    const target = { host: typeof host === 'string' ? host : 'localhost', port: Number(port) };
    watchers.tell(() => ({ kind: 'connect', ...target }));
    Reflect.apply(connectDatagrams, this, args);
  } as typeof connectDatagrams;
  dgram.Socket.prototype.send = function (this: Datagrams, ...args: unknown[]) {
    const host = args.find((arg, index) => index > 0 && typeof arg === 'string') as string | undefined;
    if (host !== undefined) watchers.tell(() => ({ kind: 'datagram', host, port: null }));
    Reflect.apply(send, this, args);
  } as typeof send;

  const owners = [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype];
  for (const owner of owners as unknown as Record<string, unknown>[]) {
    for (const name of Object.getOwnPropertyNames(owner).filter((name) => LOOKUP.test(name))) {
      const original = owner[name] as (...args: unknown[]) => unknown;
      const wrapper = function (this: unknown, ...args: unknown[]) {
        watchers.tell(() => ({ kind: 'lookup', host: String(args[0]), port: null }));
        return Reflect.apply(original, this, args);
      };
      // `util.promisify(lookup)` goes by a property of the function.
      owner[name] = Object.defineProperties(wrapper, Object.getOwnPropertyDescriptors(original));
    }
  }
  process.getBuiltinModule('node:module').syncBuiltinESMExports();
}

/** Where a call of `connect` goes; null for a socket of the file system. */
function targetOf(args: readonly unknown[]): { host: string; port: number | null } | null {
  // Node itself passes its arguments on as one list.
  const [first, second] = (Array.isArray(args[0]) ? args[0] : args) as unknown[];
  if (typeof first === 'object' && first !== null) {
    const { path, host, port } = first as { path?: string; host?: string; port?: number | string };
    // https passes the path of the URL in the same place: with a port it is not a socket's.
    if (path !== undefined && port === undefined) return null;
    return { host: host ?? 'localhost', port: port === undefined ? null : Number(port) };
  }
  const isPort = typeof first === 'number' || /^\d+$/.test(String(first));
  return isPort ? { host: typeof second === 'string' ? second : 'localhost', port: Number(first) } : null;
}
