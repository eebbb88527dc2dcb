// A server whose counter misses no number: it rises every 50 ms, whether anybody looks or not, and its sessions outlive
// their connections. Without security and with Basic256Sha256.
// `--token-lifetime N`: a secure channel has to be renewed within so many milliseconds.
import { nodesets, opcua, option, serve, server, say } from "./node_opcua.mjs";

const { DataType, MessageSecurityMode, SecurityPolicy, StatusCodes, Variant } = opcua;
const made = await server({
  nodeset_filename: [nodesets.standard],
  serverInfo: { applicationUri: "urn:qiao:test:counter" },
  securityModes: [MessageSecurityMode.None, MessageSecurityMode.SignAndEncrypt],
  securityPolicies: [SecurityPolicy.None, SecurityPolicy.Basic256Sha256],
  defaultSecureTokenLifetime: Number(option("token-lifetime", "600000")),
});
const space = made.engine.addressSpace;
const index = space.registerNamespace("urn:qiao:test:counter").index;
const own = space.getNamespace(index);
const counter = own.addVariable({ browseName: "Counter", organizedBy: space.rootFolder.objects, nodeId: `ns=${index};s=counter`, dataType: "Int32", minimumSamplingInterval: 0 });
let number = 0;
const put = () => {
  counter.setValueFromSource(new Variant({ dataType: DataType.Int32, value: number }), StatusCodes.Good, new Date());
  number += 1;
};
put();
setInterval(put, 50);
await serve(made, {
  unacknowledged() {
    return { number };
  },
});
