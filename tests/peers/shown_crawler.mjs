// A node-opcua client that walks the whole of a face, and compares machine tools with those of the official NodeSets.
// Arguments: endpoint. Commands, one JSON line each: `crawl`, `compare MACHINE`, `events`.
import { createInterface } from "node:readline";
import { nodesets, opcua, say, server } from "./node_opcua.mjs";

const { AttributeIds, BrowseDirection, DataType, NodeClass, OPCUAClient, StatusCodes } = opcua;
const client = OPCUAClient.create({ endpointMustExist: false, connectionStrategy: { maxRetry: 0 } });
await client.connect(process.argv[2]);
const session = await client.createSession();
const uris = (await session.read({ nodeId: "i=2255", attributeId: AttributeIds.Value })).value.value;
const full = (id) => {
  const text = id.toString().replace(/^ns=(\d+);/, (_, index) => `nsu=${uris[Number(index)]};`);
  return text.replace("nsu=http://opcfoundation.org/UA/;", "").replace(/^ns=0;/, "");
};
const named = (name) => `${uris[name.namespaceIndex] ?? "?"}:${name.name}`;

async function references(nodeId, direction = BrowseDirection.Both) {
  let result = await session.browse({ nodeId, browseDirection: direction, includeSubtypes: true, nodeClassMask: 0, resultMask: 63 });
  const all = [...(result.references ?? [])];
  while (result.continuationPoint?.length) {
    result = await session.browseNext(result.continuationPoint, false);
    all.push(...(result.references ?? []));
  }
  return { status: result.statusCode, all };
}

// Every node that a reference leads to has a class; every reference inside our own nodes stands at both ends.
async function crawl() {
  const seen = new Map(), open = [opcua.resolveNodeId("RootFolder")], dangling = [], oneWay = [];
  while (open.length) {
    const nodeId = open.shift(), key = nodeId.toString();
    if (seen.has(key)) continue;
    const kind = await session.read({ nodeId, attributeId: AttributeIds.NodeClass });
    if (kind.statusCode !== StatusCodes.Good) {
      dangling.push(full(nodeId));
      seen.set(key, null);
      continue;
    }
    const found = await references(nodeId);
    seen.set(key, found.all.map((one) => `${one.isForward ? ">" : "<"} ${one.referenceTypeId} ${one.nodeId}`));
    for (const one of found.all) open.push(one.nodeId);
  }
  for (const [key, all] of seen) {
    for (const reference of all ?? []) {
      const [way, kind, target] = reference.split(" ");
      const back = `${way === ">" ? "<" : ">"} ${kind} ${key}`;
      const own = Number(/^ns=(\d+)/.exec(key)?.[1] ?? 0);
      // HasTypeDefinition is told by the instance alone.
      if (own > 0 && kind !== "ns=0;i=40" && way === ">" && !seen.get(target)?.includes(back)) oneWay.push(`${full(key)} ${reference}`);
    }
  }
  return { nodes: seen.size, own: [...seen.keys()].filter((key) => !key.startsWith("ns=0;")).length, dangling, oneWay };
}

const HIERARCHICAL = new Set([47, 46, 17604, 49, 35]);

async function tree(nodeId, path, out) {
  for (const one of (await references(nodeId, BrowseDirection.Forward)).all) {
    if (one.referenceTypeId.namespace !== 0 || !HIERARCHICAL.has(one.referenceTypeId.value)) continue;
    const at = path ? `${path}/${one.browseName.name}` : one.browseName.name;
    const node = { name: named(one.browseName), link: one.referenceTypeId.value, kind: NodeClass[one.nodeClass], type: full(one.typeDefinition) };
    if (one.nodeClass === NodeClass.Variable) {
      const [dataType, rank, value] = await session.read([AttributeIds.DataType, AttributeIds.ValueRank, AttributeIds.Value].map((attributeId) => ({ nodeId: one.nodeId, attributeId })));
      node["data-type"] = full(dataType.value.value);
      node.rank = rank.value.value;
      node.status = value.statusCode.name;
    }
    out.set(at, node);
    await tree(one.nodeId, at, out);
  }
  return out;
}

// The same machine made by node-opcua of the official NodeSets: all that is mandatory, and what of the rest ours has.
let official;
async function instance(paths) {
  if (!official) {
    const files = ["standard", "di", "ia", "isa95JobControl", "machinery", "machineryJobs", "machineTool"].map((name) => nodesets[name]);
    official = await server({ nodeset_filename: files });
  }
  const space = official.engine.addressSpace, names = space.getNamespaceArray().map((one) => one.namespaceUri);
  const type = space.findObjectType("MachineToolType", space.getNamespaceIndex("http://opcfoundation.org/UA/MachineTool/"));
  const made = type.instantiate({ browseName: `machine-${Math.random()}`, organizedBy: space.rootFolder.objects, optionals: paths.map((path) => path.replaceAll("/", ".")) });
  const id = (nodeId) => (nodeId.namespace === 0 ? `i=${nodeId.value}` : `nsu=${names[nodeId.namespace]};i=${nodeId.value}`);
  const out = new Map();
  const walk = (node, path) => {
    for (const reference of node.allReferences().filter((one) => one.isForward)) {
      const kind = reference.referenceType;
      if (kind.namespace !== 0 || !HIERARCHICAL.has(kind.value)) continue;
      const child = space.findNode(reference.nodeId);
      const at = path ? `${path}/${child.browseName.name}` : child.browseName.name;
      const told = { name: `${names[child.browseName.namespaceIndex]}:${child.browseName.name}`, link: kind.value, kind: NodeClass[child.nodeClass], type: child.typeDefinition ? id(child.typeDefinition) : "" };
      if (child.nodeClass === NodeClass.Variable) {
        told["data-type"] = id(child.dataType);
        told.rank = child.valueRank;
      }
      out.set(at, told);
      walk(child, at);
    }
  };
  walk(made, "");
  return out;
}

async function compare(machine) {
  const machines = (await references(opcua.resolveNodeId("ObjectsFolder"), BrowseDirection.Forward)).all.find((one) => one.browseName.name === "Machines");
  const found = (await references(machines.nodeId, BrowseDirection.Forward)).all.find((one) => one.browseName.name === machine);
  const ours = await tree(found.nodeId, "", new Map());
  const bare = await instance([]), whole = await instance([...ours.keys()]);
  const differing = [], missing = [], unknown = [];
  for (const [path, node] of bare) {
    if (!ours.has(path)) missing.push({ path, ...node });
  }
  let compared = 0;
  for (const [path, node] of ours) {
    const expected = whole.get(path);
    if (!expected) {
      unknown.push(path);
      continue;
    }
    compared += 1;
    for (const key of Object.keys(expected)) {
      if (expected[key] !== node[key]) differing.push({ path, key, official: expected[key], ours: node[key] });
    }
  }
  return { type: full(found.typeDefinition), below: named(machines.browseName), nodes: ours.size, mandatory: bare.size, compared, missing, differing, unknown };
}

async function events() {
  const subscription = await session.createSubscription2({ requestedPublishingInterval: 50, requestedLifetimeCount: 1000, requestedMaxKeepAliveCount: 10, publishingEnabled: true, priority: 1 });
  const filter = opcua.constructEventFilter(["EventType", "SourceName", "Message", "Severity", "Changes"]);
  const item = await subscription.monitor({ nodeId: opcua.resolveNodeId("Server"), attributeId: AttributeIds.EventNotifier }, { samplingInterval: 0, queueSize: 100, discardOldest: true, filter }, opcua.TimestampsToReturn.Both);
  item.on("changed", (fields) => {
    const changes = (fields[4]?.value ?? []).map((one) => ({ node: full(one.affected), type: full(one.affectedType), verb: one.verb }));
    say({ did: "event", type: full(fields[0].value), source: fields[1].value, message: fields[2].value?.text, severity: fields[3].value, changes });
  });
  return {};
}

process.stdout.write("READY {}\n");
for await (const line of createInterface({ input: process.stdin })) {
  const [did, ...words] = line.trim().split(" ");
  try {
    const answer = await { crawl, compare, events }[did](words.join(" "));
    say({ did, asked: words.join(" "), ...answer });
  } catch (error) {
    say({ did, asked: words.join(" "), error: String(error.stack ?? error) });
  }
}
await session.close();
await client.disconnect();
process.exit(0);
