"""A source that misses no number (src/opcua/simulator/sequence.rs): below Objects/Sequence `--nodes N` (default 5)
variables N0, N1 … of type UInt64, all of which rise by one every `--interval MS` (default 100), whether anybody looks or not.
Each number is said with its time as soon as the server has queued it for whoever monitors. `stop` ends the counting and
says the last number. `--port N`. `--show` prints a few values and ends."""

import asyncio
import json
import sys
from datetime import datetime, timedelta, timezone

from asyncua import Server, ua
from loopback import free_port

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def option(name, otherwise):
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else otherwise


def say(thing):
    print(json.dumps(thing), flush=True)


def value(node, number):
    """The value of a node at a number."""
    value, mask = 0x811C9DC5, 0xFFFFFFFF
    for byte in node.encode() + number.to_bytes(4, "little"):
        value = ((value ^ byte) * 0x01000193) & mask
    value = ((value ^ value >> 16) * 0x85EBCA6B) & mask
    value = ((value ^ value >> 13) * 0xC2B2AE35) & mask
    return (value ^ value >> 16) << 32 | number


async def main():
    port = int(option("--port", "0")) or free_port()
    server = Server()
    await server.init()
    server.set_endpoint(f"opc.tcp://127.0.0.1:{port}")
    server.set_security_policy([ua.SecurityPolicyType.NoSecurity])
    index = await server.register_namespace("urn:qiao:test:sequence")
    root = await server.nodes.objects.add_object(ua.NodeId("Sequence", index), ua.QualifiedName("Sequence", index))
    nodes = []
    for at in range(int(option("--nodes", "5"))):
        name = f"N{at}"
        first = ua.Variant(value(name, 0), ua.VariantType.UInt64)
        nodes.append((name, await root.add_variable(ua.NodeId(name, index), ua.QualifiedName(name, index), first)))
    interval = int(option("--interval", "100")) / 1000
    stopped = asyncio.Event()
    number, at = -1, 0

    async def put():
        nonlocal number, at
        number += 1
        # Never the same time twice: two values with one time could not be told apart.
        at = max(at + 1, int(datetime.now(timezone.utc).timestamp() * 1000))
        time = (EPOCH + timedelta(milliseconds=at)).replace(tzinfo=None)
        for name, node in nodes:
            data = ua.DataValue(ua.Variant(value(name, number), ua.VariantType.UInt64), SourceTimestamp=time)
            await node.write_value(data)
        say({"number": number, "at": at})

    async def count():
        loop = asyncio.get_running_loop()
        due = loop.time()
        while not stopped.is_set():
            due += interval
            await asyncio.sleep(max(0, due - loop.time()))
            await put()

    await put()
    async with server:
        print("READY " + json.dumps({"port": port}), flush=True)
        counting = asyncio.create_task(count())
        loop = asyncio.get_running_loop()
        while line := (await loop.run_in_executor(None, sys.stdin.readline)).split():
            if line[0] == "stop":
                stopped.set()
                await counting
                say({"did": "stop", "last": number})


if __name__ == "__main__":
    if "--show" in sys.argv:
        print(*(value(*shown) for shown in [("N0", 0), ("N0", 7), ("N12", 4_000_000_000)]), sep=", ")
    else:
        asyncio.run(main())
