// A source that misses no number (src/opcua/simulator/sequence.rs): below Objects/Sequence `--nodes N` (default 5) variables
// N0, N1 … of type UInt64, all of which rise by one every `--interval MS` (default 100), whether anybody looks or not. Each
// number is said with its time as soon as the server has queued it for whoever monitors. Subscriptions outlive their
// sessions. `stop` ends the counting and says the last number. `--show` prints a few values and ends.
import { EventEmitter } from "node:events";
import { opcua, nodesets, option, say, serve, server } from "./node_opcua.mjs";

// Clients that were killed leave sessions with a listener each, and the warning of too many listeners ends this server.
EventEmitter.defaultMaxListeners = 0;

/** The value of a node at a number: [upper half, lower half]. */
function value(node, number) {
  let hash = 0x811c9dc5;
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(number);
  for (const byte of Buffer.concat([Buffer.from(node), bytes])) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35) >>> 0;
  return [(hash ^ (hash >>> 16)) >>> 0, number];
}

if (process.argv.includes("--show")) {
  const shown = [["N0", 0], ["N0", 7], ["N12", 4000000000]].map(([node, number]) => {
    const [upper, lower] = value(node, number);
    return String((BigInt(upper) << 32n) | BigInt(lower));
  });
  console.log(shown.join(", "));
  process.exit(0);
}

const { DataType, StatusCodes, Variant, VariantArrayType } = opcua;
const count = Number(option("nodes", "5"));
const made = await server({
  nodeset_filename: [nodesets.standard],
  serverCapabilities: { maxSessions: 10000, maxSubscriptions: 100000, maxSubscriptionsPerSession: 100 },
});
const space = made.engine.addressSpace;
const own = space.getOwnNamespace();
const root = own.addObject({ browseName: "Sequence", organizedBy: space.rootFolder.objects, nodeId: "s=Sequence" });
const nodes = [];
for (let at = 0; at < count; at += 1) {
  const name = `N${at}`;
  nodes.push({ name, variable: own.addVariable({ browseName: name, componentOf: root, nodeId: `s=${name}`, dataType: "UInt64", minimumSamplingInterval: 0 }) });
}
let number = -1;
let at = 0;
let timer;
// This server takes one value of a node every 50 ms at the most. A timer that repeats may fire twice in a row when it is late.
const interval = Number(option("interval", "100"));
function put() {
  number += 1;
  // Never the same time twice: two values with one time could not be told apart.
  at = Math.max(at + 1, Date.now());
  for (const { name, variable } of nodes) {
    variable.setValueFromSource(new Variant({ dataType: DataType.UInt64, arrayType: VariantArrayType.Scalar, value: value(name, number) }), StatusCodes.Good, new Date(at));
  }
  say({ number, at });
  timer = setTimeout(put, interval);
}
put();
await serve(made, {
  stop() {
    clearTimeout(timer);
    return { last: number };
  },
});
