// A small server as PLCs have them: 10 operations a call, 50 monitored items a request, 1,000 variables below
// Objects/Plant. `delete N` removes one, `set N VALUE` changes one.
import { nodesets, opcua, option, serve, server } from "./node_opcua.mjs";

const { DataType, StatusCodes, Variant } = opcua;
const count = Number(option("count", "1000"));
const limits = { maxNodesPerRead: 10, maxNodesPerBrowse: 10, maxNodesPerWrite: 10, maxNodesPerTranslateBrowsePathsToNodeIds: 10, maxMonitoredItemsPerCall: 50 };
const made = await server({
  nodeset_filename: [nodesets.standard],
  serverCapabilities: { maxBrowseContinuationPoints: 10, operationLimits: limits },
});
const space = made.engine.addressSpace;
const own = space.getOwnNamespace();
const plant = own.addObject({ browseName: "Plant", organizedBy: space.rootFolder.objects, nodeId: "s=plant" });
const variables = [];
for (let number = 0; number < count; number += 1) {
  const variable = own.addVariable({ browseName: `V${number}`, componentOf: plant, nodeId: `s=v${number}`, dataType: "Double", minimumSamplingInterval: 50 });
  variable.setValueFromSource(new Variant({ dataType: DataType.Double, value: number }), StatusCodes.Good, new Date());
  variables.push(variable);
}
await serve(made, {
  delete(number) {
    space.deleteNode(variables[number]);
    return { number };
  },
  set(number, value) {
    variables[number].setValueFromSource(new Variant({ dataType: DataType.Double, value: Number(value) }), StatusCodes.Good, new Date());
    return { number, value: Number(value) };
  },
});
