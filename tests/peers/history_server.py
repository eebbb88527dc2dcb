"""A server whose counter misses no number: it rises every 50 ms, whether anybody looks or not, and its history keeps them
all. `forget` ends all sessions with their subscriptions, as time would."""

import asyncio
import json
import sys

from asyncua import Server, ua
from loopback import free_port

URI = "urn:qiao:test:counter"


async def main():
    port = free_port()
    server = Server()
    await server.init()
    server.set_endpoint(f"opc.tcp://127.0.0.1:{port}")
    server.set_security_policy([ua.SecurityPolicyType.NoSecurity])
    index = await server.register_namespace(URI)
    name = ua.QualifiedName("Counter", index)
    counter = await server.nodes.objects.add_variable(ua.NodeId("counter", index), name, 0, ua.VariantType.Int32)
    number = 0

    async def rise():
        nonlocal number
        while True:
            await counter.write_value(number, ua.VariantType.Int32)
            number += 1
            await asyncio.sleep(0.05)

    async with server:
        await server.historize_node_data_change(counter, period=None, count=0)
        rising = asyncio.create_task(rise())
        print("READY " + json.dumps({"port": port}), flush=True)
        loop = asyncio.get_running_loop()
        while line := (await loop.run_in_executor(None, sys.stdin.readline)).split():
            for session in list(server.iserver._external_sessions.values()):
                await session.close_session(True)
            print(json.dumps({"did": line[0], "number": number}), flush=True)
        rising.cancel()


if __name__ == "__main__":
    asyncio.run(main())
