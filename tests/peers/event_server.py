"""A server with two machines below Objects/Hall: Press, which notifies of its events, and Quiet, whose events come from
the Server object. `event MACHINE SEVERITY TEXT` fires a plain event, `alarm MACHINE SEVERITY ACTIVE ACKED` one of a
condition, `system TYPE MACHINE` one by which the server tells of its events; each says what it sent. It cannot refresh
conditions."""

import asyncio
import base64
import json
import sys

from asyncua import Server, ua
from loopback import free_port

URI = "urn:qiao:test:events"


async def main():
    port = free_port()
    server = Server()
    await server.init()
    server.set_endpoint(f"opc.tcp://127.0.0.1:{port}")
    server.set_security_policy([ua.SecurityPolicyType.NoSecurity])
    index = await server.register_namespace(URI)
    hall = await server.nodes.objects.add_object(ua.NodeId("hall", index), ua.QualifiedName("Hall", index))
    machines = {}
    for name in ["Press", "Quiet"]:
        machine = await hall.add_object(ua.NodeId(name, index), ua.QualifiedName(name, index))
        await machine.add_variable(ua.NodeId(f"{name}.value", index), ua.QualifiedName("Value", index), 1.0)
        emitter = machine if name == "Press" else server.nodes.server
        plain = await server.get_event_generator(ua.ObjectIds.BaseEventType, emitter)
        alarm = await server.get_event_generator(ua.ObjectIds.AlarmConditionType, emitter)
        condition = ua.NodeId(f"{name}.alarm", index)
        alarm.event.add_property("NodeId", condition, ua.VariantType.NodeId)
        for field in ["EnabledState/Id", "ActiveState/Id", "AckedState/Id"]:
            alarm.event.add_property(field, True, ua.VariantType.Boolean)
        system = {}
        for kind in ["EventQueueOverflowEventType", "RefreshRequiredEventType"]:
            system[kind] = await server.get_event_generator(getattr(ua.ObjectIds, kind), emitter)
        machines[name] = machine, plain, alarm, system

    async def fire(generator, machine, severity, text):
        event = generator.event
        event.SourceNode, event.SourceName, event.Severity = machine.nodeid, str(machine.nodeid.Identifier), int(severity)
        event.Message = ua.LocalizedText(text, "en")
        await generator.trigger()
        return {"id": base64.b64encode(getattr(event.EventId, "Value", event.EventId)).decode(), "text": text, "severity": int(severity)}

    async def event(name, severity, text):
        machine, plain, _, _ = machines[name]
        return await fire(plain, machine, severity, text)

    async def alarm(name, severity, active, acked):
        machine, _, generator, _ = machines[name]
        of = generator.event
        of.ConditionName, of.BranchId, of.Retain, of.Quality = "Alarm", ua.NodeId(), active == "true", ua.StatusCode(0)
        setattr(of, "ActiveState/Id", active == "true")
        setattr(of, "AckedState/Id", acked == "true")
        return await fire(generator, machine, severity, "alarm")

    async def system(kind, name):
        return await fire(machines[name][3][kind], server.nodes.server, 1, kind)

    commands = {"event": event, "alarm": alarm, "system": system}
    async with server:
        print("READY " + json.dumps({"port": port}), flush=True)
        loop = asyncio.get_running_loop()
        while line := (await loop.run_in_executor(None, sys.stdin.readline)).split():
            print(json.dumps({"did": line[0], **await commands[line[0]](*line[1:])}), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
