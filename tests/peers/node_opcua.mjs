// Loads node-opcua from the peers' folder (QIAO_PEERS_NODE) and gives what every server script needs.
import { createRequire } from "node:module";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const require = createRequire(join(process.env.QIAO_PEERS_NODE, "anchor.js"));
export const opcua = require("node-opcua");
export const { nodesets } = require("node-opcua-nodesets");

/** `--name value` from the command line. */
export function option(name, otherwise) {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : process.argv[at + 1];
}

/** One JSON line on stdout. */
export function say(object) {
  process.stdout.write(JSON.stringify(object) + "\n");
}

/** Without security, or with `--secure` only encrypted. */
function security() {
  const { MessageSecurityMode, SecurityPolicy } = opcua;
  return process.argv.includes("--secure")
    ? { securityModes: [MessageSecurityMode.SignAndEncrypt], securityPolicies: [SecurityPolicy.Aes256_Sha256_RsaPss] }
    : { securityModes: [MessageSecurityMode.None], securityPolicies: [SecurityPolicy.None] };
}

/** `--host NAME`: the server's certificate is for this name, and not for the address that it listens at. */
async function certificateFor(certificates, name) {
  const applicationUri = `urn:${name}:NodeOPCUA-Server`;
  await certificates.createSelfSignedCertificate({
    applicationUri,
    dns: [name],
    ip: ["192.0.2.2"],
    subject: `/CN=NodeOPCUA@${name}`,
    outputFile: join(certificates.rootDir, "own/certs/certificate.pem"),
    startDate: new Date(),
    validity: 365,
  });
  return { serverInfo: { applicationUri } };
}

/** A server with a PKI folder of its own that goes with the process. */
export async function server(options) {
  const folder = mkdtempSync(join(tmpdir(), "qiao-peer-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const certificates = new opcua.OPCUACertificateManager({ rootFolder: folder, automaticallyAcceptUnknownCertificate: true });
  await certificates.initialize();
  const own = option("host") ? await certificateFor(certificates, option("host")) : {};
  const made = new opcua.OPCUAServer({
    hostname: "127.0.0.1",
    host: "127.0.0.1",
    port: Number(option("port", "0")) || (await freePort()),
    serverCertificateManager: certificates,
    ...security(),
    ...own,
    allowAnonymous: true,
    ...options,
  });
  await made.initialize();
  return made;
}

async function freePort() {
  const { createServer } = await import("node:net");
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** Starts, says READY, and obeys: each line of stdin is a command, `quit` ends. */
export async function serve(made, commands, facts = {}) {
  await made.start();
  process.stdout.write("READY " + JSON.stringify({ port: made.endpoints[0].port, ...facts }) + "\n");
  createInterface({ input: process.stdin }).on("line", async (line) => {
    const [word, ...rest] = line.trim().split(" ");
    if (word === "quit") {
      await made.shutdown(0);
      process.exit(0);
    }
    const command = commands[word];
    say(command ? { did: word, ...(await command(...rest)) } : { unknown: word });
  }).on("close", () => process.exit(0));
}
