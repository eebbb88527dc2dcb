"""One variable, Objects/Clock/T, whose source time is what a test says.

`--port N`. READY says the port. `at TIME NUMBER` writes the number with this source time: ISO 8601, or `none`."""

import asyncio
import datetime
import json
import socket
import sys

from asyncua import Server, ua

URI = "urn:qiao:test:clock"


async def main():
    server = Server()
    await server.init()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server.set_endpoint(f"opc.tcp://127.0.0.1:{port}")
    server.set_security_policy([ua.SecurityPolicyType.NoSecurity])
    index = await server.register_namespace(URI)
    clock = await server.nodes.objects.add_object(ua.NodeId("Clock", index), ua.QualifiedName("Clock", index))
    node = await clock.add_variable(ua.NodeId("T", index), ua.QualifiedName("T", index), ua.Variant(0, ua.VariantType.Int32))
    async with server:
        print("READY", json.dumps({"port": port}), flush=True)
        reader = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := (await reader.readline()).decode().split():
            _, time, number = line
            at = None if time == "none" else datetime.datetime.fromisoformat(time)
            value = ua.DataValue(ua.Variant(int(number), ua.VariantType.Int32), SourceTimestamp=at)
            # Past the client's side, which would put in a time of its own.
            await server.iserver.aspace.write_attribute_value(node.nodeid, ua.AttributeIds.Value, value)
            print(json.dumps({"wrote": int(number)}), flush=True)


asyncio.run(main())
