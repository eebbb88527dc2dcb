// A server that calls itself by a host name which does not resolve, as controllers behind address translation do; its one
// endpoint has no security, its users sign in with a password that is encrypted all the same.
import { nodesets, opcua, serve, server } from "./node_opcua.mjs";

const { DataType, SecurityPolicy, StatusCodes, Variant } = opcua;
const made = await server({
  hostname: "no-such-host.invalid",
  nodeset_filename: [nodesets.standard],
  serverInfo: { applicationUri: "urn:qiao:test:elsewhere" },
  // No endpoint has the second; passwords are encrypted with it.
  securityPolicies: [SecurityPolicy.None, SecurityPolicy.Basic256Sha256],
  allowAnonymous: false,
  userManager: { isValidUser: (user, password) => user === "qiao" && password === "Brücke 桥" },
});
const space = made.engine.addressSpace;
const index = space.registerNamespace("urn:qiao:test:elsewhere").index;
const own = space.getNamespace(index);
const fixed = own.addVariable({ browseName: "Fixed", organizedBy: space.rootFolder.objects, nodeId: `ns=${index};s=Fixed`, dataType: "String" });
fixed.setValueFromSource(new Variant({ dataType: DataType.String, value: "Fräse 7" }), StatusCodes.Good, new Date());
await serve(made, {}, { advertised: made.endpoints[0].endpointDescriptions()[0].endpointUrl });
