// Two machine tools from the official NodeSets (DI, IA, Machinery, ISA-95 job control, MachineTool) below Machines.
// Values move when told: `set <machine> <path> <json>`; every write is said as a JSON line. `--count N` makes more.
// `add N` and `remove N` change the model, which is told by events, as the Machines folder has a NodeVersion.
import { nodesets, opcua, option, serve, server } from "./node_opcua.mjs";

const { DataType, StatusCodes, Variant, coerceLocalizedText } = opcua;
const files = ["standard", "di", "ia", "isa95JobControl", "machinery", "machineryJobs", "machineTool"].map((name) => nodesets[name]);
const made = await server({ nodeset_filename: files });
const space = made.engine.addressSpace;
const own = space.registerNamespace("urn:qiao:test:machine-tools");
const index = (uri) => space.getNamespaceIndex(uri);
const machineTool = index("http://opcfoundation.org/UA/MachineTool/");
const machinery = index("http://opcfoundation.org/UA/Machinery/");
const type = space.findObjectType("MachineToolType", machineTool);
const machines = space.findNode(`ns=${machinery};i=1001`);

function child(node, name) {
  const found = node.getChildByName ? node.getChildByName(name) : null;
  if (!found) throw new Error(`${node.browseName} has no ${name}`);
  return found;
}

function at(root, path) {
  return path.split("/").reduce(child, root);
}

function set(node, dataType, value) {
  node.setValueFromSource(new Variant({ dataType, value }), StatusCodes.Good, new Date());
}

function channel(monitoring, name) {
  const object = space.findObjectType("ChannelMonitoringType", machineTool).instantiate({
    browseName: { name, namespaceIndex: own.index },
    componentOf: monitoring,
    optionals: ["RapidOverride"],
    namespace: own,
  });
  set(at(object, "Name"), DataType.String, name);
  set(at(object, "ChannelState"), DataType.Int32, 0);
  set(at(object, "ChannelMode"), DataType.Int32, 0);
  set(at(object, "FeedOverride"), DataType.Double, 100);
  set(at(object, "FeedOverride/EURange"), DataType.ExtensionObject, new opcua.Range({ low: 0, high: 150 }));
  set(at(object, "FeedOverride/EngineeringUnits"), DataType.ExtensionObject, opcua.makeEUInformation("P1", "%", "percent"));
}

own.addVariable({
  propertyOf: machines,
  browseName: { name: "NodeVersion", namespaceIndex: 0 },
  dataType: "String",
  value: { dataType: DataType.String, value: "0" },
});

const roots = {};
function add(number) {
  const name = `Machine ${number}`;
  const root = type.instantiate({
    browseName: { name, namespaceIndex: own.index },
    nodeId: `ns=${own.index};s=machine-${number}`,
    organizedBy: machines,
    namespace: own,
    optionals: ["Production.Statistics", "Production.Statistics.PartsProducedInLifetime", "Identification.Model", "Identification.YearOfConstruction", "Monitoring.MachineTool.FeedOverride"],
  });
  roots[number] = root;
  set(at(root, "Identification/Manufacturer"), DataType.LocalizedText, coerceLocalizedText({ locale: "de", text: "Nordwerk Maschinenbau" }));
  set(at(root, "Identification/SerialNumber"), DataType.String, `NW-${1000 + number}`);
  set(at(root, "Identification/ProductInstanceUri"), DataType.String, `urn:nordwerk.example:hx500:NW-${1000 + number}`);
  set(at(root, "Monitoring/MachineTool/OperationMode"), DataType.Int32, 1);
  const override = at(root, "Monitoring/MachineTool/FeedOverride");
  set(override, DataType.Double, 95.5);
  set(at(override, "EURange"), DataType.ExtensionObject, new opcua.Range({ low: 0, high: 150 }));
  set(at(override, "EngineeringUnits"), DataType.ExtensionObject, opcua.makeEUInformation("P1", "%", "percent"));
  channel(at(root, "Monitoring"), "Channel 1");
  const program = at(root, "Production/ActiveProgram");
  set(at(program, "Name"), DataType.String, `GEHAEUSE_${number}.MPF`);
  set(at(program, "NumberInList"), DataType.UInt16, 0);
  const state = at(program, "State/CurrentState");
  set(state, DataType.LocalizedText, coerceLocalizedText({ locale: "en", text: "Running" }));
  set(at(state, "Id"), DataType.NodeId, opcua.coerceNodeId(`ns=${machineTool};i=5041`));
  set(at(state, "Number"), DataType.UInt32, 1);
}
for (let number = 1; number <= Number(option("count", "2")); number += 1) add(number);

const kinds = { Double: DataType.Double, Int32: DataType.Int32, String: DataType.String, UInt16: DataType.UInt16, UInt32: DataType.UInt32 };

await serve(made, {
  // set 1 Double 42.5 Monitoring/MachineTool/FeedOverride
  set(machine, kind, value, ...path) {
    const node = at(roots[machine], path.join(" "));
    const parsed = JSON.parse(value);
    set(node, kinds[kind], parsed);
    const now = node.readValue();
    return { machine, path: path.join(" "), value: parsed, sourceTimestamp: now.sourceTimestamp.toISOString() };
  },
  bad(machine, ...path) {
    at(roots[machine], path.join(" ")).setValueFromSource(new Variant({ dataType: DataType.Double, value: 0 }), StatusCodes.BadSensorFailure, new Date());
    return {};
  },
  add(machine) {
    space.modelChangeTransaction(() => add(Number(machine)));
    return { machine };
  },
  remove(machine) {
    space.deleteNode(roots[machine]);
    return { machine };
  },
}, { machines: Object.keys(roots).length });
