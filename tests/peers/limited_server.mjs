// A small server as PLCs have them: 10 operations a call, 50 monitored items a request, 1,000 variables below
// Objects/Plant. `delete N` removes one, `restore N` brings it back, `set N VALUE` changes one, `machine NAME` adds an object with one variable.
// `--wide N` adds N objects below Objects/Wide with 1,200 variables each, which no answer holds at once; `--points N` is
// how many continuation points it keeps, `--sessions N` how many sessions, `--monitored N` how many variables it says it
// monitors; with `--lie` it says that a call may hold 100,000 operations, and keeps to its small limits all the same.
// `--per-call N`: so many operations a call, of every kind.
// `move N` removes a variable and brings it back under another node id.
import { nodesets, opcua, option, say, serve, server } from "./node_opcua.mjs";

const { DataType, StatusCodes, Variant } = opcua;
const count = Number(option("count", "1000"));
const limits = { maxNodesPerRead: 10, maxNodesPerBrowse: 10, maxNodesPerWrite: 10, maxNodesPerTranslateBrowsePathsToNodeIds: 10, maxMonitoredItemsPerCall: 50 };
if (option("per-call")) for (const name of Object.keys(limits)) limits[name] = Number(option("per-call"));
const made = await server({
  nodeset_filename: [nodesets.standard],
  serverCapabilities: {
    maxBrowseContinuationPoints: Number(option("points", "10")),
    maxSessions: Number(option("sessions", "10")),
    maxMonitoredItems: Number(option("monitored", "100000")),
    operationLimits: limits,
  },
});
const space = made.engine.addressSpace;
const own = space.getOwnNamespace();
const plant = own.addObject({ browseName: "Plant", organizedBy: space.rootFolder.objects, nodeId: "s=plant" });
const variables = [];
function add(number, id = `v${number}`) {
  const variable = own.addVariable({ browseName: `V${number}`, componentOf: plant, nodeId: `s=${id}`, dataType: "Double", minimumSamplingInterval: 50 });
  variable.setValueFromSource(new Variant({ dataType: DataType.Double, value: number }), StatusCodes.Good, new Date());
  variables[number] = variable;
}
for (let number = 0; number < count; number += 1) add(number);
if (Number(option("wide", "0")) > 0) {
  const wide = own.addObject({ browseName: "Wide", organizedBy: space.rootFolder.objects });
  for (let number = 0; number < Number(option("wide", "0")); number += 1) {
    const object = own.addObject({ browseName: `W${number}`, componentOf: wide });
    for (let child = 0; child < 1200; child += 1) own.addVariable({ browseName: `X${child}`, componentOf: object, dataType: "Double" });
  }
}
if (process.argv.includes("--lie")) {
  const stated = space.rootFolder.objects.server.serverCapabilities.operationLimits;
  for (const name of ["Read", "Browse", "Write", "TranslateBrowsePathsToNodeIds"]) lie(stated[`maxNodesPer${name}`]);
  lie(stated.maxMonitoredItemsPerCall);
}
function lie(limit) {
  limit.bindVariable({ get: () => new Variant({ dataType: DataType.UInt32, value: 100000 }) }, true);
}
made.on("response", (response) => {
  const result = response.responseHeader.serviceResult;
  if (result.equals(StatusCodes.BadTooManyOperations)) say({ refused: response.constructor.name });
});
await serve(made, {
  move(number) {
    space.deleteNode(variables[number]);
    add(Number(number), `moved-${number}`);
    return { number };
  },
  machine(name) {
    const object = own.addObject({ browseName: name, organizedBy: space.rootFolder.objects, nodeId: `s=${name}` });
    own.addVariable({ browseName: "Value", componentOf: object, nodeId: `s=${name}.value`, dataType: "Double" });
    return { name };
  },
  delete(number) {
    space.deleteNode(variables[number]);
    return { number };
  },
  restore(number) {
    add(Number(number));
    return { number };
  },
  set(number, value) {
    variables[number].setValueFromSource(new Variant({ dataType: DataType.Double, value: Number(value) }), StatusCodes.Good, new Date());
    return { number, value: Number(value) };
  },
}, { uri: own.namespaceUri });
