import type { Server, Socket } from 'node:net';
import { isMarked, processState } from './process-state.ts';

type Kind = 'TCPSocketWrap' | 'PipeWrap';

/** Connections that servers of this process have accepted, with the names that Node has for their handles. */
const accepted = processState('accepted', () => new Map<AcceptedSocket, Kind>());

/** With what Node sets on a socket that it accepts, and does not document. */
type AcceptedSocket = Socket & {
  readonly server?: Server;
  readonly _handle?: { hasRef?(): boolean } | null;
};

/** Begins to follow them; a second call changes nothing. */
export function followAcceptedConnections(): void {
  if (isMarked(accepted, 'followed')) return;
  process.getBuiltinModule('node:diagnostics_channel').subscribe('net.server.socket', (message) => {
    const { socket } = message as { readonly socket: AcceptedSocket };
    forgetClosed();
    accepted.set(socket, socket.localPort === undefined ? 'PipeWrap' : 'TCPSocketWrap');
  });
}

/**
 * Handles of the open connections that belong to a server that listens: how long it keeps them is for the server to say.
 * The other end of each is a handle of its own. What is unref'd is left out, as in `process.getActiveResourcesInfo()`.
 */
export function keptByServers(): readonly Kind[] {
  forgetClosed();
  const kept = [...accepted].filter(
    ([socket]) => socket.server?.listening === true && socket._handle?.hasRef?.() !== false,
  );
  return kept.map(([, kind]) => kind);
}

function forgetClosed(): void {
  for (const socket of accepted.keys()) if (socket.destroyed) accepted.delete(socket);
}
