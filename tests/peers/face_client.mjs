// A node-opcua client with a key pair of its own in DIR; READY says the file of its certificate (PEM).
//
//   face_client.mjs --folder DIR
//
// Commands as those of face_client.py: connect, read, browse, subscribe, crawl, close.
import { join } from "node:path";
import { createInterface } from "node:readline";
import { opcua, option, say } from "./node_opcua.mjs";

const folder = option("folder", ".");
const uri = "urn:qiao:test:node";
const certificates = new opcua.OPCUACertificateManager({ rootFolder: folder, automaticallyAcceptUnknownCertificate: true });
await certificates.initialize();
const certificateFile = join(folder, "client.pem");
await certificates.createSelfSignedCertificate({
  applicationUri: uri,
  dns: ["localhost"],
  ip: ["127.0.0.1"],
  subject: "/CN=test node",
  outputFile: certificateFile,
  startDate: new Date(Date.now() - 86_400_000),
  validity: 365,
});

let client, session, subscription, namespaces;

// `nsu=URI;s=…` in this server's own numbers.
function here(text) {
  const found = /^nsu=([^;]*);(.*)$/.exec(text);
  return found ? `ns=${namespaces.indexOf(found[1])};${found[2]}` : text;
}

const does = {
  async connect({ url, policy, mode, user, password }) {
    client = opcua.OPCUAClient.create({
      applicationUri: uri,
      applicationName: "test",
      clientCertificateManager: certificates,
      certificateFile,
      privateKeyFile: certificates.privateKey,
      securityPolicy: policy ? opcua.SecurityPolicy[policy] : opcua.SecurityPolicy.None,
      securityMode: policy ? opcua.MessageSecurityMode[mode ?? "SignAndEncrypt"] : opcua.MessageSecurityMode.None,
      connectionStrategy: { maxRetry: 0, initialDelay: 100 },
      endpointMustExist: false,
      keepSessionAlive: true,
    });
    await client.connect(url);
    const identity = user
      ? { type: opcua.UserTokenType.UserName, userName: user, password }
      : { type: opcua.UserTokenType.Anonymous };
    session = await client.createSession(identity);
    namespaces = await session.readNamespaceArray();
    return {};
  },
  async read({ nodes }) {
    const found = await session.read(nodes.map((nodeId) => ({ nodeId: here(nodeId), attributeId: opcua.AttributeIds.Value })));
    return { values: found.map((one) => [one.value.value, one.statusCode.name, one.sourceTimestamp]) };
  },
  async browse({ node }) {
    const found = await session.browse(here(node));
    return { names: found.references.map((one) => one.browseName.name) };
  },
  async subscribe({ nodes }) {
    subscription = await session.createSubscription2({
      requestedPublishingInterval: 100,
      requestedLifetimeCount: 100,
      requestedMaxKeepAliveCount: 10,
      maxNotificationsPerPublish: 0,
      publishingEnabled: true,
      priority: 1,
    });
    for (const nodeId of nodes) {
      const item = await subscription.monitor(
        { nodeId: here(nodeId), attributeId: opcua.AttributeIds.Value },
        { samplingInterval: 0, queueSize: 10, discardOldest: true },
        opcua.TimestampsToReturn.Both,
      );
      item.on("changed", (value) => say({ changed: [nodeId, value.value.value] }));
    }
    return {};
  },
  // Every node that forward references lead to, and those of them that are not there.
  async crawl({ node }) {
    const seen = new Set([node]);
    const dangling = [];
    let next = [node];
    while (next.length > 0) {
      const part = next.splice(0, 50);
      const found = await session.browse(
        part.map((nodeId) => ({ nodeId, browseDirection: opcua.BrowseDirection.Forward, includeSubtypes: true, resultMask: 63 })),
      );
      for (const reference of found.flatMap((one) => one.references ?? [])) {
        const id = reference.nodeId.toString();
        if (!seen.has(id)) {
          seen.add(id);
          next.push(id);
        }
      }
      const names = await session.read(part.map((nodeId) => ({ nodeId, attributeId: opcua.AttributeIds.BrowseName })));
      names.forEach((one, at) => one.statusCode.isGood() || dangling.push(part[at]));
    }
    return { count: seen.size, dangling };
  },
  async close() {
    if (session) await session.close();
    if (client) await client.disconnect();
    session = client = undefined;
    return {};
  },
};

process.stdout.write("READY " + JSON.stringify({ certificate: certificateFile, uri }) + "\n");
for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  try {
    say({ did: command.do, ...(await does[command.do](command)) });
  } catch (error) {
    say({ did: command.do, error: error.constructor.name, text: error.message });
  }
}
process.exit(0);
