"""A server that holds every built-in type as scalar and array, a matrix, an enumeration, a structure, and bad and
uncertain qualities below Objects/Types. READY says what it holds, in the words of OPC 10000-6 1.05 Verbose JSON, so that
a test can compare what arrived with what was sent. Objects/Structures holds structures with optional fields, nested ones,
arrays of them, a union, and one whose type has no definition; Objects/Maze holds loops and nodes with several paths.
`--port N`."""

import asyncio
import base64
import json
import math
import sys
import uuid
from datetime import datetime, timezone

from asyncua import Server, ua
from asyncua.common.structures104 import new_enum, new_struct, new_struct_field

STAMP = datetime(2026, 4, 12, 8, 30, 1, 250001, tzinfo=timezone.utc)
STAMP_TEXT = "2026-04-12T08:30:01.250001Z"
URI = "urn:qiao:test:types"


def option(name, otherwise):
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else otherwise


# Name, variant type, value, expected JSON.
SCALARS = [
    ("Boolean", ua.VariantType.Boolean, True, True),
    ("SByte", ua.VariantType.SByte, -128, -128),
    ("Byte", ua.VariantType.Byte, 255, 255),
    ("Int16", ua.VariantType.Int16, -32768, -32768),
    ("UInt16", ua.VariantType.UInt16, 65535, 65535),
    ("Int32", ua.VariantType.Int32, -2147483648, -2147483648),
    ("UInt32", ua.VariantType.UInt32, 4294967295, 4294967295),
    ("Int64", ua.VariantType.Int64, -9223372036854775808, "-9223372036854775808"),
    ("UInt64", ua.VariantType.UInt64, 18446744073709551615, "18446744073709551615"),
    ("Float", ua.VariantType.Float, 0.10000000149011612, 0.1),
    ("Double", ua.VariantType.Double, 0.1, 0.1),
    ("DoubleNaN", ua.VariantType.Double, math.nan, "NaN"),
    ("DoubleInfinity", ua.VariantType.Double, math.inf, "Infinity"),
    ("FloatMinusInfinity", ua.VariantType.Float, -math.inf, "-Infinity"),
    ("String", ua.VariantType.String, "Fräse \"7\" 温度 \\ \n", "Fräse \"7\" 温度 \\ \n"),
    ("DateTime", ua.VariantType.DateTime, datetime(2024, 2, 29, 23, 59, 59, 999999, tzinfo=timezone.utc), "2024-02-29T23:59:59.999999Z"),
    ("Guid", ua.VariantType.Guid, uuid.UUID("72962b91-fa75-4ae6-8d28-b404dc7daf63"), "72962b91-fa75-4ae6-8d28-b404dc7daf63"),
    ("ByteString", ua.VariantType.ByteString, bytes(range(256)), base64.b64encode(bytes(range(256))).decode()),
    ("NodeId", ua.VariantType.NodeId, ua.NodeId(85, 0), "i=85"),
    ("QualifiedName", ua.VariantType.QualifiedName, ua.QualifiedName("Kanal", 0), "Kanal"),
    ("LocalizedText", ua.VariantType.LocalizedText, ua.LocalizedText("主轴", "zh"), {"Locale": "zh", "Text": "主轴"}),
]
ARRAYS = [
    ("DoubleArray", ua.VariantType.Double, [1.5, -0.25, math.nan], [1.5, -0.25, "NaN"]),
    ("Int64Array", ua.VariantType.Int64, [1, -9007199254740993], ["1", "-9007199254740993"]),
    ("StringArray", ua.VariantType.String, ["a", "", "ü"], ["a", "", "ü"]),
    ("EmptyArray", ua.VariantType.Int32, [], []),
    ("BooleanArray", ua.VariantType.Boolean, [True, False], [True, False]),
    ("LongArray", ua.VariantType.Int32, list(range(5000)), list(range(5000))),
]


def stamped(variant, status):
    return ua.DataValue(variant, ua.StatusCode(status), STAMP, STAMP)


async def main():
    server = Server()
    await server.init()
    port = int(option("--port", "0")) or free_port()
    server.set_endpoint(f"opc.tcp://127.0.0.1:{port}")
    server.set_security_policy([ua.SecurityPolicyType.NoSecurity])
    index = await server.register_namespace(URI)
    machine = await server.nodes.objects.add_object(ua.NodeId("types", index), ua.QualifiedName("Types", index))
    expected = {}

    async def add(name, variant, json_value, status=ua.StatusCodes.Good, data_type=None):
        node = await machine.add_variable(ua.NodeId(name, index), ua.QualifiedName(name, index), variant, datatype=data_type)
        value = stamped(variant, status)
        await server.write_attribute_value(node.nodeid, value)
        expected[name] = {"Value": json_value, "UaType": variant.VariantType.value, "SourceTimestamp": STAMP_TEXT}
        if status != ua.StatusCodes.Good:
            expected[name]["Status"] = status
        if ua.StatusCode(status).is_bad():
            # asyncua sends no value with a bad status.
            expected[name]["UaType"] = 0
        return node

    for name, kind, value, json_value in SCALARS + ARRAYS:
        await add(name, ua.Variant(value, kind, is_array=isinstance(value, list)), json_value)
    await add("Matrix", ua.Variant([[1, 2, 3], [4, 5, 6]], ua.VariantType.Int32), [1, 2, 3, 4, 5, 6])
    expected["Matrix"]["Dimensions"] = [2, 3]
    await add("Bad", ua.Variant(1.0, ua.VariantType.Double), None, ua.StatusCodes.BadSensorFailure)
    await add("Uncertain", ua.Variant(2.5, ua.VariantType.Double), 2.5, ua.StatusCodes.UncertainLastUsableValue)

    await new_enum(server, index, "Mode", ["Manual", "Automatic", "Setup"])
    tool, _ = await new_struct(server, index, "Tool", [
        new_struct_field("Name", ua.VariantType.String),
        new_struct_field("Number", ua.VariantType.UInt32),
        new_struct_field("Lengths", ua.VariantType.Double, array=True),
    ])
    await server.load_data_type_definitions()
    mode = await machine.add_variable(ua.NodeId("Mode", index), ua.QualifiedName("Mode", index), ua.Variant(1, ua.VariantType.Int32), datatype=await enum_type(server, index))
    await server.write_attribute_value(mode.nodeid, stamped(ua.Variant(1, ua.VariantType.Int32), 0))
    expected["Mode"] = {"Value": "Automatic_1", "UaType": 6, "SourceTimestamp": STAMP_TEXT}
    structure = ua.Tool()
    structure.Name, structure.Number, structure.Lengths = "Schaftfräser", 7, [12.5, 80.0]
    await add("Tool", ua.Variant(structure, ua.VariantType.ExtensionObject), {"Name": "Schaftfräser", "Number": 7, "Lengths": [12.5, 80.0]}, data_type=tool.nodeid)

    await structures(server, index)
    await maze(server, index)
    async with server:
        print("READY " + json.dumps({"port": port, "expected": expected}), flush=True)
        loop = asyncio.get_running_loop()
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            if line.strip() == "quit":
                return


async def structures(server, index):
    """What asyncua makes of them is compared with what arrives, field by field, in `opcua_discovery.rs`."""
    inner, _ = await new_struct(server, index, "Point", [
        new_struct_field("X", ua.VariantType.Double),
        new_struct_field("Label", ua.VariantType.String),
    ])
    await server.load_data_type_definitions()
    outer, _ = await new_struct(server, index, "Route", [
        new_struct_field("Start", inner),
        new_struct_field("Stops", inner, array=True),
        new_struct_field("When", ua.VariantType.DateTime),
        new_struct_field("Mode", await enum_type(server, index)),
        new_struct_field("Unset", ua.VariantType.Int32, array=True),
    ])
    optional, _ = await new_struct(server, index, "Maybe", [
        new_struct_field("A", ua.VariantType.Int16, optional=True),
        new_struct_field("B", ua.VariantType.Int16),
        new_struct_field("C", ua.VariantType.String, optional=True),
    ])
    union, _ = await new_struct(server, index, "Either", [
        new_struct_field("Number", ua.VariantType.Int64),
        new_struct_field("Text", ua.VariantType.String),
    ], is_union=True)
    await server.load_data_type_definitions()
    folder = await server.nodes.objects.add_object(ua.NodeId("structures", index), ua.QualifiedName("Structures", index))

    async def add(name, value, data_type):
        await folder.add_variable(ua.NodeId(name, index), ua.QualifiedName(name, index), value, datatype=data_type.nodeid)

    stamp = datetime(2024, 2, 29, 1, 2, 3, 456789, tzinfo=timezone.utc)
    point = lambda x, label: ua.Point(X=x, Label=label)
    await add("Route", ua.Route(Start=point(1.5, "a"), Stops=[point(2.0, "b"), point(3.0, None)], When=stamp, Mode=ua.Mode.Setup, Unset=None), outer)
    await add("Points", ua.Variant([point(1.0, "p"), point(2.0, "q")], ua.VariantType.ExtensionObject), inner)
    await add("MaybeA", ua.Maybe(A=7, B=8, C=None), optional)
    await add("MaybeC", ua.Maybe(A=None, B=8, C="c"), optional)
    number, text = ua.Either(), ua.Either()
    number.Number, text.Text = -5, "t"
    await add("EitherNumber", number, union)
    await add("EitherText", text, union)
    await add("Unit", ua.EUInformation(UnitId=4408652, DisplayName=ua.LocalizedText("°C", "de")), server.get_node(ua.ObjectIds.EUInformation))
    await add("Mixed", ua.Variant([ua.Variant(1, ua.VariantType.Byte), ua.Variant(["x"], ua.VariantType.String)], ua.VariantType.Variant), server.get_node(ua.ObjectIds.BaseDataType))
    await add("Inner", ua.Variant(ua.DataValue(ua.Variant(7, ua.VariantType.Int16), ua.StatusCode(ua.StatusCodes.BadOutOfService)), ua.VariantType.DataValue), server.get_node(ua.ObjectIds.DataValue))
    # Definition and encoding are gone: nobody can decode it.
    lost = await lost_type(server, index)
    await add("Lost", ua.Lost(A=258), lost)


async def lost_type(server, index):
    lost, _ = await new_struct(server, index, "Lost", [new_struct_field("A", ua.VariantType.UInt32)])
    await server.load_data_type_definitions()
    del server.iserver.aspace[lost.nodeid].attributes[ua.AttributeIds.DataTypeDefinition]
    return lost


async def maze(server, index):
    """A -> B -> A; two ways to one variable; a variable below a variable."""
    folder = await server.nodes.objects.add_object(ua.NodeId("maze", index), ua.QualifiedName("Maze", index))
    first = await folder.add_object(ua.NodeId("a", index), ua.QualifiedName("A", index))
    second = await first.add_object(ua.NodeId("b", index), ua.QualifiedName("B", index))
    await second.add_reference(first, ua.ObjectIds.Organizes)
    await second.add_reference(folder, ua.ObjectIds.Organizes)
    deep = await second.add_variable(ua.NodeId("deep", index), ua.QualifiedName("Deep", index), 1.0)
    await deep.add_variable(ua.NodeId("below", index), ua.QualifiedName("Below", index), 2.0)
    await deep.add_property(ua.NodeId("limit", index), ua.QualifiedName("Limit", index), 3.0)
    shortcut = await folder.add_object(ua.NodeId("shortcut", index), ua.QualifiedName("Shortcut/C", index))
    await shortcut.add_reference(deep, ua.ObjectIds.Organizes)


async def enum_type(server, index):
    enumeration = server.get_node(ua.ObjectIds.Enumeration)
    for child in await enumeration.get_children():
        name = await child.read_browse_name()
        if name.Name == "Mode" and name.NamespaceIndex == index:
            return child.nodeid
    raise LookupError("the enumeration Mode")


def free_port():
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    asyncio.run(main())
