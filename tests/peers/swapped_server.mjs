// Two namespaces with the same node ids. Started with `--swap` their indexes are exchanged, so that a client that kept an
// index reads the decoy; with `--gone` only the decoy is there, at the index of the other. urn:qiao:test:real holds 1, 2, 3 … (counting up), urn:qiao:test:decoy holds -666.
import { nodesets, opcua, option, serve, server } from "./node_opcua.mjs";

const { DataType, StatusCodes, Variant } = opcua;
const made = await server({ nodeset_filename: [nodesets.standard] });
const space = made.engine.addressSpace;
const uris = ["urn:qiao:test:real", "urn:qiao:test:decoy"];
if (process.argv.includes("--swap")) uris.reverse();
if (process.argv.includes("--gone")) uris.shift();
const variables = {};
for (const uri of uris) {
  const namespace = space.registerNamespace(uri);
  const plant = namespace.addObject({ browseName: "Plant", organizedBy: space.rootFolder.objects, nodeId: "s=plant" });
  variables[uri] = namespace.addVariable({ browseName: "Count", componentOf: plant, nodeId: "s=count", dataType: "Int32" });
}
let counted = Number(option("from", "0"));
const set = (uri, value) => variables[uri]?.setValueFromSource(new Variant({ dataType: DataType.Int32, value }), StatusCodes.Good, new Date());
set("urn:qiao:test:decoy", -666);
set("urn:qiao:test:real", counted);
setInterval(() => {
  counted += 1;
  set("urn:qiao:test:real", counted);
}, 100);
await serve(made, {});
