// A machine of node-opcua that counts what is written to it: `Override` (Double, writable), `Count` (Int32, writable) and
// `Mode` (Int32) below Objects/Machine. Each write that reaches it is said as {"wrote": name, "value": …}.
import { nodesets, opcua, say, serve, server } from "./node_opcua.mjs";

const { DataType, MessageSecurityMode, SecurityPolicy, StatusCodes, Variant } = opcua;
const made = await server({
  nodeset_filename: [nodesets.standard],
  serverInfo: { applicationUri: "urn:qiao:test:written" },
  securityModes: [MessageSecurityMode.None],
  securityPolicies: [SecurityPolicy.None],
});
const space = made.engine.addressSpace;
const index = space.registerNamespace("urn:qiao:test:machine").index;
const own = space.getNamespace(index);
const machine = own.addObject({ browseName: "Machine", organizedBy: space.rootFolder.objects, nodeId: `ns=${index};s=Machine` });
function variable(name, type, value, isWritable) {
  const kept = { value };
  const access = isWritable ? "CurrentRead | CurrentWrite" : "CurrentRead";
  own.addVariable({
    browseName: name,
    componentOf: machine,
    nodeId: `ns=${index};s=${name}`,
    dataType: type,
    accessLevel: access,
    userAccessLevel: access,
    minimumSamplingInterval: 50,
    value: {
      get: () => new Variant({ dataType: DataType[type], value: kept.value }),
      set: (variant) => {
        kept.value = variant.value;
        say({ wrote: name, value: variant.value });
        return StatusCodes.Good;
      },
    },
  });
}
variable("Override", "Double", 75, true);
variable("Count", "Int32", 0, true);
variable("Mode", "Int32", 1, false);
await serve(made, {});
