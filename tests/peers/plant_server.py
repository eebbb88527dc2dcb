"""A server that says nothing of changes of its model: machines below Objects/Plant come with `add NAME` and go with
`remove NAME`; each has one variable, Value, which `set NAME NUMBER` changes. `--port N`, `--machines A,B`."""

import asyncio
import json
import sys

from asyncua import Server, ua
from loopback import free_port

URI = "urn:qiao:test:plant"


def option(name, otherwise):
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else otherwise


async def main():
    port = int(option("--port", "0")) or free_port()
    server = Server()
    await server.init()
    server.set_endpoint(f"opc.tcp://127.0.0.1:{port}")
    server.set_security_policy([ua.SecurityPolicyType.NoSecurity])
    index = await server.register_namespace(URI)
    plant = await server.nodes.objects.add_object(ua.NodeId("plant", index), ua.QualifiedName("Plant", index))
    machines = {}

    async def add(name):
        machine = await plant.add_object(ua.NodeId(name, index), ua.QualifiedName(name, index))
        value = await machine.add_variable(ua.NodeId(f"{name}.value", index), ua.QualifiedName("Value", index), 1.0)
        machines[name] = machine, value

    async def remove(name):
        machine, _ = machines.pop(name)
        await server.delete_nodes([machine], recursive=True)

    async def set_value(name, number):
        await machines[name][1].write_value(float(number))

    commands = {"add": add, "remove": remove, "set": set_value}
    for name in filter(None, option("--machines", "A").split(",")):
        await add(name)
    async with server:
        print("READY " + json.dumps({"port": port}), flush=True)
        loop = asyncio.get_running_loop()
        while line := (await loop.run_in_executor(None, sys.stdin.readline)).split():
            await commands[line[0]](*line[1:])
            print(json.dumps({"did": line[0]}), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
