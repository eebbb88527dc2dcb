"""One variable, Objects/Clock/T, whose times are what a test says, and a clock that a test sets.

READY says the port. `at SOURCE NUMBER [SERVER]` writes the number with this source and server time: ISO 8601, or `none`.
`clock SECONDS` sets the clock of the server's answers so far ahead of the true time."""

import asyncio
import datetime
import json
import socket
import sys

from asyncua import Server, ua

URI = "urn:qiao:test:clock"
ahead = datetime.timedelta()


def with_own_clock(header):
    """Answers carry the time of this server's clock."""
    begin = header.__init__

    def begin_at(self, *arguments, **named):
        begin(self, *arguments, **named)
        self.Timestamp += ahead

    header.__init__ = begin_at


def time(text):
    return None if text == "none" else datetime.datetime.fromisoformat(text)


async def main():
    global ahead
    with_own_clock(ua.ResponseHeader)
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
            if line[0] == "clock":
                ahead = datetime.timedelta(seconds=int(line[1]))
                print(json.dumps({"clock": line[1]}), flush=True)
                continue
            _, source, number, *held = line
            times = {"SourceTimestamp": time(source), "ServerTimestamp": time(held[0]) if held else None}
            value = ua.DataValue(ua.Variant(int(number), ua.VariantType.Int32), **times)
            # Past the client's side, which would put in a time of its own.
            await server.iserver.aspace.write_attribute_value(node.nodeid, ua.AttributeIds.Value, value)
            print(json.dumps({"wrote": int(number)}), flush=True)


asyncio.run(main())
