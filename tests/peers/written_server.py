"""A machine that counts what is written to it: below Objects/Machine variables of several types, a method, an interlock.
Each write and call that reaches it is said as {"wrote": name, "value": ...} or {"called": [...]}, when it is done.
`--port N`.

Commands: `slow MS` answers each later write and call that much after it was done; `lazy MS` takes a value over that
much after it was accepted; `deaf` accepts values and keeps its own; `refuse NAME` lets a node refuse values from now on;
`set NAME JSON` changes a value by itself; `values` says all of them."""

import asyncio
import json
import sys

from asyncua import Server, ua, uamethod

NAMES = {
    "Override": (ua.VariantType.Double, 75.0, True),
    "Count": (ua.VariantType.Int32, 0, True),
    "Program": (ua.VariantType.String, "O1000", True),
    "Door": (ua.VariantType.Boolean, True, True),
    "Fixed": (ua.VariantType.Double, 1.0, False),
    "Row": (ua.VariantType.Double, [1.0, 2.0, 3.0], True),
}
state = {"slow": 0.0, "lazy": 0.0, "deaf": False, "refuse": set()}


def option(name, otherwise):
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else otherwise


def free_port():
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def say(thing):
    print(json.dumps(thing), flush=True)


async def main():
    port = int(option("--port", "0")) or free_port()
    server = Server()
    await server.init()
    server.set_endpoint(f"opc.tcp://127.0.0.1:{port}")
    server.set_security_policy([ua.SecurityPolicyType.NoSecurity])
    index = await server.register_namespace("urn:qiao:test:machine")
    root = await server.nodes.objects.add_object(ua.NodeId("Machine", index), ua.QualifiedName("Machine", index))
    nodes = {}
    for name, (kind, value, is_writable) in NAMES.items():
        node = await root.add_variable(ua.NodeId(name, index), ua.QualifiedName(name, index), value, kind)
        if is_writable:
            await node.set_writable()
        nodes[name] = node
    for number in range(10):
        name = f"N{number}"
        node = await root.add_variable(
            ua.NodeId(name, index), ua.QualifiedName(name, index), 0, ua.VariantType.Int32
        )
        await node.set_writable()
        nodes[name] = node
    names = {node.nodeid: name for name, node in nodes.items()}

    @uamethod
    async def start(parent, program, count):
        say({"called": [program, count]})
        if state["slow"]:
            await asyncio.sleep(state["slow"])
        return ua.Variant(count + 1, ua.VariantType.Int32)

    def argument(name, kind):
        made = ua.Argument()
        made.Name, made.DataType, made.ValueRank = name, ua.NodeId(kind), -1
        return made

    await root.add_method(
        ua.NodeId("Start", index),
        ua.QualifiedName("Start", index),
        start,
        [argument("program", ua.ObjectIds.String), argument("count", ua.ObjectIds.Int32)],
        [argument("number", ua.ObjectIds.Int32)],
    )

    service = server.iserver.attribute_service
    write = service.write

    async def counted(params, user=None):
        results = []
        for one in params.NodesToWrite:
            name, value = names.get(one.NodeId), one.Value.Value.Value
            only = type(params)()
            only.NodesToWrite = [one]
            if name in state["refuse"]:
                results.append(ua.StatusCode(ua.StatusCodes.BadOutOfRange))
                continue
            if state["deaf"]:
                say({"wrote": name, "value": value})
                results.append(ua.StatusCode(ua.StatusCodes.Good))
                continue
            if state["lazy"]:
                say({"wrote": name, "value": value})

                async def later(only=only):
                    await asyncio.sleep(state["lazy"])
                    await write(only, user)

                asyncio.get_running_loop().create_task(later())
                results.append(ua.StatusCode(ua.StatusCodes.Good))
                continue
            result = await write(only, user)
            if result[0].is_good():
                say({"wrote": name, "value": value})
            results.extend(result)
        if state["slow"]:
            await asyncio.sleep(state["slow"])
        return results

    async with server:
        service.write = counted
        say_ready = {"port": port, "namespace": index}
        print("READY " + json.dumps(say_ready), flush=True)
        reader = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := (await reader.readline()).decode().strip():
            word, _, rest = line.partition(" ")
            if word in ("slow", "lazy"):
                state[word] = float(rest) / 1000
            elif word == "deaf":
                state["deaf"] = True
            elif word == "refuse":
                state["refuse"].add(rest)
            elif word == "set":
                name, _, text = rest.partition(" ")
                await nodes[name].write_value(ua.Variant(json.loads(text), NAMES[name][0]))
            elif word == "values":
                say({"values": {name: await node.read_value() for name, node in nodes.items()}})
            say({"did": line})


asyncio.run(main())
