"""A controller without a companion model: `--nodes N` (default 3000) variables of a vendor below Objects/PLC, in several
data types, some with EngineeringUnits; whole numbers that are tenths, words of packed bits, states in words.
`--port N`. READY says the port. Commands: `set PATH JSON` writes a value."""

import asyncio
import json
import sys

from asyncua import Server, ua
from loopback import free_port

URI = "urn:qiao:test:vendor"
UNECE = "http://www.opcfoundation.org/UA/units/un/cefact"


def option(name, otherwise):
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else otherwise


# Path below PLC, type, value, common code of the unit.
NODES = [
    ("Ident/SN", ua.VariantType.String, "VN-0815", None),
    ("Ident/Betriebszeit", ua.VariantType.Int32, 54000, "MIN"),
    ("Mode", ua.VariantType.String, "AUTO", None),
    ("Status/Word1", ua.VariantType.UInt16, 0b0000_1001, None),
    ("Status/Programm", ua.VariantType.String, "WELLE_7.MPF", None),
    ("Status/Zustand", ua.VariantType.LocalizedText, ua.LocalizedText("läuft", "de"), None),
    ("Achsen/Vorschub", ua.VariantType.Int16, 875, None),
    ("Achsen/Laufzeit", ua.VariantType.Double, 1.5, "HUR"),
    ("Achsen/Teile", ua.VariantType.UInt32, 4_000_000_000, None),
]
FILLERS = [
    (ua.VariantType.Double, 1.25),
    (ua.VariantType.Int16, -7),
    (ua.VariantType.Boolean, True),
    (ua.VariantType.String, "=2+3"),
    (ua.VariantType.UInt32, 42),
    (ua.VariantType.Byte, 255),
]


async def main():
    server = Server()
    await server.init()
    port = int(option("--port", "0")) or free_port()
    server.set_endpoint(f"opc.tcp://127.0.0.1:{port}")
    server.set_security_policy([ua.SecurityPolicyType.NoSecurity])
    index = await server.register_namespace(URI)
    name = lambda text: ua.QualifiedName(text, index)
    root = await server.nodes.objects.add_object(ua.NodeId("PLC", index), name("PLC"))
    folders, variables = {}, {}

    async def add(path, kind, value, code):
        *above, last = path.split("/")
        parent = root
        for depth in range(len(above)):
            key = "/".join(above[: depth + 1])
            if key not in folders:
                folders[key] = await parent.add_object(ua.NodeId(key, index), name(above[depth]))
            parent = folders[key]
        node = await parent.add_variable(ua.NodeId(path, index), name(last), ua.Variant(value, kind))
        variables[path] = (node, kind)
        if code:
            unit = ua.EUInformation()
            unit.NamespaceUri = UNECE
            unit.UnitId = int.from_bytes(code.encode(), "big")
            unit.DisplayName = ua.LocalizedText(code)
            await node.add_property(ua.NodeId(f"{path}.unit", index), ua.QualifiedName("EngineeringUnits", 0), unit)

    for path, kind, value, code in NODES:
        await add(path, kind, value, code)
    for number in range(int(option("--nodes", "3000")) - len(NODES)):
        kind, value = FILLERS[number % len(FILLERS)]
        await add(f"DB{number // 100}/V{number}", kind, value, "MMT" if number % 50 == 0 else None)
    async with server:
        print("READY", json.dumps({"port": port, "variables": len(variables)}), flush=True)
        loop = asyncio.get_running_loop()
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            _, path, value = line.rstrip("\n").split(" ", 2)
            node, kind = variables[path]
            await node.write_value(ua.Variant(json.loads(value), kind))


asyncio.run(main())
