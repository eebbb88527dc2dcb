"""A client with a key pair of its own, made in DIR once; READY says the file of its certificate.

    face_client.py --folder DIR [--name NAME]

Commands, one JSON object per line, each answered by one line with `did` and either its results or `error`:
`{"do": "connect", "url", "policy", "mode", "user", "password", "uri"}`, `{"do": "read", "nodes": [..]}`,
`{"do": "browse", "node"}`, `{"do": "subscribe", "nodes": [..]}` (changes come as `{"changed": [node, value]}`),
`{"do": "write", "node", "value"}`, `{"do": "flood", "sessions", "subscriptions"}`, `{"do": "close"}`."""

import asyncio
import datetime
import ipaddress
import json
import logging
import pathlib
import sys

from asyncua import Client, ua
from asyncua.crypto import security_policies
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

logging.disable(logging.CRITICAL)
POLICIES = {
    "Basic256Sha256": security_policies.SecurityPolicyBasic256Sha256,
    "Aes128Sha256RsaOaep": security_policies.SecurityPolicyAes128Sha256RsaOaep,
    "Aes256Sha256RsaPss": security_policies.SecurityPolicyAes256Sha256RsaPss,
}


def option(name, otherwise):
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else otherwise


def make_key_pair(folder, name, uri):
    certificate_file, key_file = folder / f"{name}.der", folder / f"{name}.pem"
    if certificate_file.exists():
        return certificate_file, key_file
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    now = datetime.datetime.now(datetime.timezone.utc)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"test {name}")])
    names = [x509.UniformResourceIdentifier(uri), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    usage = x509.KeyUsage(True, True, True, True, False, True, False, False, False)
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number())
    made = made.not_valid_before(now - datetime.timedelta(days=2)).not_valid_after(now + datetime.timedelta(days=365))
    made = made.add_extension(x509.SubjectAlternativeName(names), False).add_extension(usage, True)
    made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), False)
    made = made.sign(key, hashes.SHA256())
    certificate_file.write_bytes(made.public_bytes(serialization.Encoding.DER))
    pem = serialization.Encoding.PEM
    key_file.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return certificate_file, key_file


def say(thing):
    print(json.dumps(thing, default=str), flush=True)


class Changes:
    def datachange_notification(self, node, value, data):
        say({"changed": [node.nodeid.to_string(), value]})


class Peer:
    def __init__(self, pair, uri):
        self.pair, self.uri, self.client, self.more = pair, uri, None, []

    async def new_client(self, command):
        client = Client(command["url"], timeout=command.get("timeout", 10))
        client.application_uri = command.get("uri", self.uri)
        client.session_timeout = 60_000
        if command.get("user"):
            client.set_user(command["user"])
            client.set_password(command["password"])
        if command.get("policy"):
            mode = getattr(ua.MessageSecurityMode, command.get("mode", "SignAndEncrypt"))
            certificate, key = self.pair
            await client.set_security(POLICIES[command["policy"]], str(certificate), str(key), mode=mode)
        return client

    async def connect(self, command):
        self.client = await self.new_client(command)
        await self.client.connect()
        self.command = command
        self.namespaces = await self.client.get_namespace_array()
        return {}

    def node(self, text):
        """`nsu=URI;s=…` in this server's own numbers."""
        if text.startswith("nsu="):
            uri, identifier = text[4:].split(";", 1)
            text = f"ns={self.namespaces.index(uri)};{identifier}"
        return self.client.get_node(text)

    async def read(self, command):
        values = []
        for node in command["nodes"]:
            value = await self.node(node).read_data_value(raise_on_bad_status=False)
            values.append([value.Value.Value if value.Value else None, value.StatusCode.name, value.SourceTimestamp])
        return {"values": values}

    async def browse(self, command):
        found = await self.node(command["node"]).get_children_descriptions()
        return {"names": [one.BrowseName.Name for one in found]}

    async def subscribe(self, command):
        self.subscription = await self.client.create_subscription(100, Changes())
        await self.subscription.subscribe_data_change([self.node(node) for node in command["nodes"]])
        return {}

    async def write(self, command):
        await self.node(command["node"]).write_value(ua.DataValue(ua.Variant(command["value"])))
        return {}

    async def flood(self, command):
        """As many sessions, and subscriptions in each, as the server gives."""
        sessions, subscriptions, faults = 0, 0, {}
        for _ in range(command["sessions"]):
            try:
                client = await self.new_client(self.command)
                await client.connect()
                self.more.append(client)
                sessions += 1
            except Exception as error:
                faults[type(error).__name__] = faults.get(type(error).__name__, 0) + 1
                continue
            for _ in range(command["subscriptions"]):
                try:
                    await client.create_subscription(100, Changes())
                    subscriptions += 1
                except Exception as error:
                    faults[type(error).__name__] = faults.get(type(error).__name__, 0) + 1
                    break
        return {"sessions": sessions, "subscriptions": subscriptions, "faults": faults}

    async def close(self, command):
        for client in [self.client, *self.more]:
            if client:
                try:
                    await asyncio.wait_for(client.disconnect(), 5)
                except Exception:
                    pass
        self.client, self.more = None, []
        return {}


async def main():
    folder, name = pathlib.Path(option("--folder", ".")), option("--name", "client")
    uri = f"urn:qiao:test:{name}"
    pair = make_key_pair(folder, name, uri)
    peer = Peer(pair, uri)
    print("READY " + json.dumps({"certificate": str(pair[0]), "uri": uri}), flush=True)
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        command = json.loads(line)
        try:
            done = await getattr(peer, command["do"])(command)
            say({"did": command["do"], **done})
        except Exception as error:
            say({"did": command["do"], "error": type(error).__name__, "text": str(error)})


asyncio.run(main())
