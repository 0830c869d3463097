/**
 * Loaded before the command: writes a line for each network socket that is opened, connected or looked up by name.
 * It replaces the functions below every module of Node.js that reaches the network.
 */
export const WATCH = `
import { appendFileSync } from 'node:fs';
import dns from 'node:dns';
import net from 'node:net';
import dgram from 'node:dgram';
import { syncBuiltinESMExports } from 'node:module';
const note = (what) => appendFileSync(process.env.WATCHED_SOCKETS, what + '\\n');
const watch = (object, name) => {
  const original = object[name];
  object[name] = function (...args) { note(name); return original.apply(this, args); };
};
watch(net.Server.prototype, 'listen');
watch(net.Socket.prototype, 'connect');
watch(dgram, 'createSocket');
watch(dns, 'lookup');
watch(dns, 'resolve');
watch(globalThis, 'fetch');
syncBuiltinESMExports();
note('watching');
`;
