"""A server with security, users and a counter that misses no number.

    secure_server.py --folder DIR [--port N] [--kind good|expired|other-host|other-uri|weak] [--only-none] [--authority]

Its key pair is made in DIR once, so that it is the same after a restart. READY says port and users.
With `--authority` its certificate is signed by one, and READY says the files of that, of its list, and of a newer one that
revokes the server. Commands: `count N` adds N values to the counter as fast as they can be written, `nest N` puts N diagnostics inside each
other into the next Publish response, `stop` ends it with a goodbye."""

import asyncio
import datetime
import json
import pathlib
import sys

from asyncua import Server, ua
from asyncua.server import uaprocessor
from asyncua.crypto.permission_rules import User, UserRole
from asyncua.server.user_managers import UserManager
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
import ipaddress

URI = "urn:qiao:test:secure"


def option(name, otherwise):
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else otherwise


def write_list(authority, key, file, days_ago, revoked):
    now = datetime.datetime.now(datetime.timezone.utc)
    made = x509.CertificateRevocationListBuilder().issuer_name(authority)
    made = made.last_update(now - datetime.timedelta(days=days_ago)).next_update(now + datetime.timedelta(days=30))
    made = made.add_extension(x509.CRLNumber(10 - days_ago), False)
    for serial in revoked:
        one = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now - datetime.timedelta(days=1))
        made = made.add_revoked_certificate(one.build())
    file.write_bytes(made.sign(key, hashes.SHA384()).public_bytes(serialization.Encoding.PEM))


def make_authority(folder, serial):
    """An authority with an RSA key of 3072 bits, which signs with SHA-384, and its lists."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test authority")])
    now = datetime.datetime.now(datetime.timezone.utc)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - datetime.timedelta(days=400))
    made = made.not_valid_after(now + datetime.timedelta(days=400))
    made = made.add_extension(x509.BasicConstraints(True, None), True)
    made = made.add_extension(x509.KeyUsage(False, False, False, False, False, True, True, False, False), True)
    pem = made.sign(key, hashes.SHA384()).public_bytes(serialization.Encoding.PEM)
    (folder / "authority.pem").write_bytes(pem)
    write_list(name, key, folder / "list.pem", 2, [])
    write_list(name, key, folder / "revoking-list.pem", 1, [serial])
    return name, key


def make_key_pair(folder, name, kind, uri, is_signed=False):
    certificate_file, key_file = folder / f"{name}.der", folder / f"{name}.pem"
    if certificate_file.exists():
        return certificate_file, key_file
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024 if kind == "weak" else 2048)
    now = datetime.datetime.now(datetime.timezone.utc)
    start, end = now - datetime.timedelta(days=400), now + datetime.timedelta(days=-30 if kind == "expired" else 365)
    host = "elsewhere.example" if kind == "other-host" else "localhost"
    names = [x509.UniformResourceIdentifier(f"{uri}:other" if kind == "other-uri" else uri), x509.DNSName(host)]
    if kind != "other-host":
        names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"test {name}")])
    serial = x509.random_serial_number()
    issuer, issuer_key = make_authority(folder, serial) if is_signed else (subject, key)
    usage = x509.KeyUsage(True, True, True, True, False, True, False, False, False)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.SubjectAlternativeName(names), False)
        .add_extension(usage, True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]), False)
        .sign(issuer_key, hashes.SHA384() if is_signed else hashes.SHA256())
    )
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.DER))
    pem = serialization.Encoding.PEM
    key_file.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return certificate_file, key_file


class Users(UserManager):
    def __init__(self, certificate):
        self.certificate = certificate

    def get_user(self, iserver, username=None, password=None, certificate=None):
        if username is not None:
            return User(UserRole.User) if (username, password) == ("qiao", "Brücke 桥") else None
        if certificate == self.certificate:
            return User(UserRole.User)
        # Anonymous: the client's own certificate comes here.
        return User(UserRole.User)


class Hostile:
    """Stands in the place of the encoder of responses."""

    def __init__(self, encode):
        self.encode, self.levels = encode, 0

    def __call__(self, response):
        encoded = self.encode(response)
        if not self.levels or not isinstance(response, ua.PublishResponse):
            return encoded
        levels, self.levels = self.levels, 0
        # Type id, time, handle, result; then the diagnostics, each with an inner one.
        return encoded[: 4 + 8 + 4 + 4] + b"\x40" * levels + b"\x00"


async def main():
    hostile = uaprocessor.struct_to_binary = Hostile(uaprocessor.struct_to_binary)
    folder, kind = pathlib.Path(option("--folder", ".")), option("--kind", "good")
    certificate, key = make_key_pair(folder, "server", kind, URI, "--authority" in sys.argv)
    user, user_key = make_key_pair(folder, "user", "good", "urn:qiao:test:user")
    server = Server(user_manager=Users(user.read_bytes()))
    await server.init()
    await server.set_application_uri(URI)
    server.set_endpoint(f"opc.tcp://127.0.0.1:{option('--port', '0')}/secure")
    policies = [ua.SecurityPolicyType.NoSecurity]
    if "--only-none" not in sys.argv:
        policies += [
            ua.SecurityPolicyType.Basic256Sha256_Sign,
            ua.SecurityPolicyType.Basic256Sha256_SignAndEncrypt,
            ua.SecurityPolicyType.Aes128Sha256RsaOaep_Sign,
            ua.SecurityPolicyType.Aes128Sha256RsaOaep_SignAndEncrypt,
            ua.SecurityPolicyType.Aes256Sha256RsaPss_Sign,
            ua.SecurityPolicyType.Aes256Sha256RsaPss_SignAndEncrypt,
        ]
    server.set_security_policy(policies)
    await server.load_certificate(str(certificate))
    await server.load_private_key(str(key))
    index = await server.register_namespace(URI)
    counter = await server.nodes.objects.add_variable(ua.NodeId("Counter", index), "Counter", 0, ua.VariantType.Int64)
    fixed = ua.NodeId("Fixed", index)
    await server.nodes.objects.add_variable(fixed, "Fixed", "Fräse 7", ua.VariantType.String)
    stop, count = asyncio.Event(), 0
    async with server:
        port = server.bserver.port if not server.bserver._server else server.bserver._server.sockets[0].getsockname()[1]
        facts = {"port": port, "path": "/secure", "user": str(user), "user-key": str(user_key)}
        facts.update({name: str(folder / f"{name}.pem") for name in ("authority", "list", "revoking-list")})
        print("READY", json.dumps(facts), flush=True)
        reader = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while not stop.is_set():
            line = (await reader.readline()).decode().split()
            if not line or line[0] == "stop":
                break
            if line[0] == "count":
                for _ in range(int(line[1])):
                    count += 1
                    await counter.write_value(count, ua.VariantType.Int64)
                print(json.dumps({"counted": count}), flush=True)
            if line[0] == "nest":
                hostile.levels = int(line[1])
                print(json.dumps({"nests": hostile.levels}), flush=True)
    print(json.dumps({"stopped": True}), flush=True)


asyncio.run(main())
