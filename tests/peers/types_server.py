"""A server that holds every built-in type as scalar and array, a matrix, an enumeration, a structure, and bad and
uncertain qualities below Objects/Types. READY says what it holds, in the words of OPC 10000-6 1.05 Verbose JSON, so that
a test can compare what arrived with what was sent. Objects/Structures holds structures with optional fields, nested ones,
arrays of them, a union, and one whose type has no definition; Objects/Maze holds loops and nodes with several paths.
`--port N`."""

import asyncio
import base64
import json
import math
import struct
import sys
import uuid
from datetime import datetime, timezone

from asyncua import Server, ua
from loopback import free_port
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
    ("TextWithoutLocale", ua.VariantType.LocalizedText, ua.LocalizedText("rpm"), {"Locale": None, "Text": "rpm"}),
    ("TextEmpty", ua.VariantType.LocalizedText, ua.LocalizedText("", "de"), {"Locale": "de", "Text": ""}),
    ("LocaleWithoutText", ua.VariantType.LocalizedText, ua.LocalizedText(None, "de"), {"Locale": "de", "Text": None}),
    ("UInt64Zero", ua.VariantType.UInt64, 0, "0"),
    ("Int64Max", ua.VariantType.Int64, 9223372036854775807, "9223372036854775807"),
    ("DoubleMinusInfinity", ua.VariantType.Double, -math.inf, "-Infinity"),
    ("DoubleMinusZero", ua.VariantType.Double, -0.0, -0.0),
    ("DoubleLargest", ua.VariantType.Double, sys.float_info.max, sys.float_info.max),
    ("DoubleSmallest", ua.VariantType.Double, 5e-324, 5e-324),
    ("FloatNaN", ua.VariantType.Float, math.nan, "NaN"),
    ("FloatMinusZero", ua.VariantType.Float, -0.0, -0.0),
    ("FloatLargest", ua.VariantType.Float, 3.4028234663852886e38, 3.4028235e38),
    ("StringEmpty", ua.VariantType.String, "", ""),
    ("StringNull", ua.VariantType.String, None, None),
    ("ByteStringEmpty", ua.VariantType.ByteString, b"", ""),
    ("ByteStringNull", ua.VariantType.ByteString, None, None),
    ("ByteStringLarge", ua.VariantType.ByteString, bytes(range(256)) * 400, base64.b64encode(bytes(range(256)) * 400).decode()),
    ("XmlElement", ua.VariantType.XmlElement, ua.XmlElement("<a>ü &amp; \"</a>"), "<a>ü &amp; \"</a>"),
    ("DateTimeFirst", ua.VariantType.DateTime, datetime(1601, 1, 1, tzinfo=timezone.utc), "0001-01-01T00:00:00Z"),
    ("DateTimeLast", ua.VariantType.DateTime, datetime(9999, 12, 31, 23, 59, 59, tzinfo=timezone.utc), "9999-12-31T23:59:59Z"),
    ("NodeIdText", ua.VariantType.NodeId, ua.NodeId("a;b=ü", 2), f"nsu={URI};s=a;b=ü"),
    ("NodeIdGuid", ua.VariantType.NodeId, ua.NodeId(uuid.UUID("72962b91-fa75-4ae6-8d28-b404dc7daf63"), 2), f"nsu={URI};g=72962b91-fa75-4ae6-8d28-b404dc7daf63"),
    ("NodeIdBytes", ua.VariantType.NodeId, ua.NodeId(b"\x00\xff", 2), f"nsu={URI};b=AP8="),
    ("NodeIdNull", ua.VariantType.NodeId, ua.NodeId(), "i=0"),
    ("ExpandedNodeId", ua.VariantType.ExpandedNodeId, ua.ExpandedNodeId(7, 0, NamespaceUri="urn:other", ServerIndex=3), "svr=3;nsu=urn:other;i=7"),
    ("QualifiedNameOwn", ua.VariantType.QualifiedName, ua.QualifiedName("Kanal", 2), f"nsu={URI};Kanal"),
    ("StatusCode", ua.VariantType.StatusCode, ua.StatusCode(0x80310480), {"Code": 0x80310480, "Symbol": "BadNoCommunication"}),
    ("StatusCodeGood", ua.VariantType.StatusCode, ua.StatusCode(0), {"Code": 0, "Symbol": "Good"}),
    ("DataValue", ua.VariantType.DataValue, ua.DataValue(ua.Variant(7, ua.VariantType.Int16), ua.StatusCode(0x808D0000), STAMP), {"UaType": 4, "Value": 7, "Status": {"Code": 0x808D0000, "Symbol": "BadOutOfService"}, "SourceTimestamp": STAMP_TEXT}),
    ("Decimal", ua.VariantType.ExtensionObject, ua.ExtensionObject(ua.NodeId(50, 0), (2).to_bytes(2, "little") + (-12345678901234567890).to_bytes(9, "little", signed=True)), {"UaTypeId": "i=50", "Scale": 2, "Value": "-12345678901234567890"}),
]
ARRAYS = [
    ("DoubleArray", ua.VariantType.Double, [1.5, -0.25, math.nan], [1.5, -0.25, "NaN"]),
    ("Int64Array", ua.VariantType.Int64, [1, -9007199254740993], ["1", "-9007199254740993"]),
    ("StringArray", ua.VariantType.String, ["a", "", "ü"], ["a", "", "ü"]),
    ("EmptyArray", ua.VariantType.Int32, [], []),
    ("BooleanArray", ua.VariantType.Boolean, [True, False], [True, False]),
    ("LongArray", ua.VariantType.Int32, list(range(20000)), list(range(20000))),
    ("NullArray", ua.VariantType.Int32, None, None),
    ("SByteArray", ua.VariantType.SByte, [-128, 127], [-128, 127]),
    ("ByteArray", ua.VariantType.Byte, [0, 255], [0, 255]),
    ("Int16Array", ua.VariantType.Int16, [-32768, 32767], [-32768, 32767]),
    ("UInt16Array", ua.VariantType.UInt16, [0, 65535], [0, 65535]),
    ("UInt32Array", ua.VariantType.UInt32, [0, 4294967295], [0, 4294967295]),
    ("UInt64Array", ua.VariantType.UInt64, [0, 18446744073709551615], ["0", "18446744073709551615"]),
    ("FloatArray", ua.VariantType.Float, [0.5, math.inf], [0.5, "Infinity"]),
    ("StringArrayNull", ua.VariantType.String, ["a", None], ["a", None]),
    ("DateTimeArray", ua.VariantType.DateTime, [STAMP], [STAMP_TEXT]),
    ("GuidArray", ua.VariantType.Guid, [uuid.UUID(int=1)], ["00000000-0000-0000-0000-000000000001"]),
    ("ByteStringArray", ua.VariantType.ByteString, [b"\x01", b"", None], ["AQ==", "", None]),
    ("XmlElementArray", ua.VariantType.XmlElement, [ua.XmlElement("<a/>")], ["<a/>"]),
    ("NodeIdArray", ua.VariantType.NodeId, [ua.NodeId(1, 2)], [f"nsu={URI};i=1"]),
    ("ExpandedNodeIdArray", ua.VariantType.ExpandedNodeId, [ua.ExpandedNodeId(1, 2)], [f"nsu={URI};i=1"]),
    ("StatusCodeArray", ua.VariantType.StatusCode, [ua.StatusCode(0), ua.StatusCode(0x40000000)], [{"Code": 0, "Symbol": "Good"}, {"Code": 0x40000000, "Symbol": "Uncertain"}]),
    ("QualifiedNameArray", ua.VariantType.QualifiedName, [ua.QualifiedName("a", 2), ua.QualifiedName("b", 0)], [f"nsu={URI};a", "b"]),
    ("LocalizedTextArray", ua.VariantType.LocalizedText, [ua.LocalizedText("a", "en")], [{"Locale": "en", "Text": "a"}]),
    ("DataValueArray", ua.VariantType.DataValue, [ua.DataValue(ua.Variant(1.5, ua.VariantType.Double))], [{"UaType": 11, "Value": 1.5}]),
    ("VariantArray", ua.VariantType.Variant, [ua.Variant(1, ua.VariantType.Byte), ua.Variant(["x"], ua.VariantType.String), ua.Variant()], [{"UaType": 3, "Value": 1}, {"UaType": 12, "Value": ["x"]}, {"UaType": 0, "Value": None}]),
]
MATRICES = [
    ("Matrix", ua.VariantType.Int32, [[1, 2, 3], [4, 5, 6]], [2, 3], [1, 2, 3, 4, 5, 6]),
    ("Cube", ua.VariantType.Double, [[[1.5], [math.nan]], [[-0.0], [2.0]]], [2, 2, 1], [1.5, "NaN", -0.0, 2.0]),
    ("StringMatrix", ua.VariantType.String, [["a", None]], [1, 2], ["a", None]),
    ("Int64Matrix", ua.VariantType.Int64, [[-9223372036854775808], [1]], [2, 1], ["-9223372036854775808", "1"]),
    ("DateTimeMatrix", ua.VariantType.DateTime, [[STAMP, STAMP]], [1, 2], [STAMP_TEXT, STAMP_TEXT]),
    ("LocalizedTextMatrix", ua.VariantType.LocalizedText, [[ua.LocalizedText("a", "en")]], [1, 1], [{"Locale": "en", "Text": "a"}]),
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
        # A null array can be written, not created.
        first = ua.Variant([], variant.VariantType) if variant.is_array and variant.Value is None else variant
        node = await machine.add_variable(ua.NodeId(name, index), ua.QualifiedName(name, index), first, datatype=data_type)
        value = stamped(variant, status)
        await server.write_attribute_value(node.nodeid, value)
        expected[name] = {"Value": json_value, "UaType": variant.VariantType.value, "SourceTimestamp": STAMP_TEXT}
        if status != ua.StatusCodes.Good:
            expected[name]["Status"] = status
        if ua.StatusCode(status).is_bad() or (variant.is_array and variant.Value is None):
            # asyncua sends no value with a bad status; an array that is not there has no elements of any type.
            expected[name]["UaType"] = 0
        return node

    for name, kind, value, json_value in SCALARS + ARRAYS:
        await add(name, ua.Variant(value, kind, is_array=isinstance(value, list) or name == "NullArray"), json_value, data_type=ua.NodeId(50 if name == "Decimal" else kind.value, 0))
    for name, kind, value, dimensions, json_value in MATRICES:
        await add(name, ua.Variant(value, kind), json_value)
        expected[name]["Dimensions"] = dimensions
    await add("Bad", ua.Variant(1.0, ua.VariantType.Double), None, ua.StatusCodes.BadSensorFailure)
    await add("Overflow", ua.Variant(3.5, ua.VariantType.Double), 3.5, 0x00000480)
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
    mode_type = await enum_type(server, index)
    await add("ModeUnknown", ua.Variant(9, ua.VariantType.Int32), 9, data_type=mode_type)
    await add("Modes", ua.Variant([0, 2, -1], ua.VariantType.Int32), ["Manual_0", "Setup_2", -1], data_type=mode_type)
    await add("ModeMatrix", ua.Variant([[0], [2]], ua.VariantType.Int32), ["Manual_0", "Setup_2"], data_type=mode_type)
    expected["ModeMatrix"]["Dimensions"] = [2, 1]
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
    point, encoding = await dictionary_type(server, index)
    body = struct.pack("<di", 1.5, 1) + b"a"
    await add("LostPoint", ua.Variant(ua.ExtensionObject(encoding, body), ua.VariantType.ExtensionObject), point)


async def lost_type(server, index):
    lost, _ = await new_struct(server, index, "Lost", [new_struct_field("A", ua.VariantType.UInt32)])
    await server.load_data_type_definitions()
    del server.iserver.aspace[lost.nodeid].attributes[ua.AttributeIds.DataTypeDefinition]
    return lost


DICTIONARY = """<opc:TypeDictionary xmlns:opc="http://opcfoundation.org/BinarySchema/" xmlns:tns="urn:qiao:test:types"
 DefaultByteOrder="LittleEndian" TargetNamespace="urn:qiao:test:types"><opc:StructuredType Name="LostPoint">
 <opc:Field Name="X" TypeName="opc:Double"/><opc:Field Name="Label" TypeName="opc:String"/></opc:StructuredType>
 </opc:TypeDictionary>"""


async def dictionary_type(server, index):
    """As servers before 1.04 have it: an encoding, described in a type dictionary and nowhere else."""
    name = lambda name: ua.QualifiedName(name, index)
    structure = server.get_node(ua.ObjectIds.Structure)
    point = await structure.add_data_type(ua.NodeId(7001, index), name("LostPoint"))
    if ua.AttributeIds.DataTypeDefinition in server.iserver.aspace[point.nodeid].attributes:
        del server.iserver.aspace[point.nodeid].attributes[ua.AttributeIds.DataTypeDefinition]
    encoding = await point.add_object(ua.NodeId(7002, index), ua.QualifiedName("Default Binary", 0), ua.ObjectIds.DataTypeEncodingType)
    await point.add_reference(encoding, ua.ObjectIds.HasEncoding)
    binary = server.get_node(ua.ObjectIds.OPCBinarySchema_TypeSystem)
    dictionary = await binary.add_variable(ua.NodeId(7003, index), name("Types"), DICTIONARY.encode(), datatype=ua.NodeId(ua.ObjectIds.ByteString))
    await dictionary.add_variable(ua.NodeId(7004, index), name("LostPoint"), "LostPoint")
    return point, encoding.nodeid


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


if __name__ == "__main__":
    asyncio.run(main())
