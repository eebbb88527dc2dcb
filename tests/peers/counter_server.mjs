// A server whose counter misses no number: it rises every 50 ms, whether anybody looks or not, and its sessions outlive
// their connections. It tells when a session ends. Without security and with Basic256Sha256.
import { nodesets, opcua, serve, server, say } from "./node_opcua.mjs";

const { DataType, MessageSecurityMode, SecurityPolicy, StatusCodes, Variant } = opcua;
const made = await server({
  nodeset_filename: [nodesets.standard],
  serverInfo: { applicationUri: "urn:qiao:test:counter" },
  userManager: { isValidUser: (user, password) => user === "qiao" && password === "secret" },
  securityModes: [MessageSecurityMode.None, MessageSecurityMode.SignAndEncrypt],
  securityPolicies: [SecurityPolicy.None, SecurityPolicy.Basic256Sha256],
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
made.on("session_closed", (session, deletes) => say({ closed: true, deletes: Boolean(deletes) }));
await serve(made, {
  unacknowledged() {
    return { number };
  },
});
