"""A client of the gateway's own OPC UA server. Arguments: endpoint, and what to connect with (`--user NAME PASSWORD`).

Commands, one a line; each answers with one JSON line:
  read PATH            a variable below Objects, names joined by `/`, with unit, range and description
  find NAME            the machines below Machines and their types
  watch PATH           tells every change from now on
  history PATH SECONDS everything of the last seconds, page by page
  events               tells every event of the Server object from now on
  leave | return       hangs up; connects again
"""

import asyncio
import json
import sys
from datetime import datetime, timedelta, timezone

from asyncua import Client, ua


def plain(value):
    if isinstance(value, ua.LocalizedText):
        return {"locale": value.Locale, "text": value.Text}
    if isinstance(value, ua.EUInformation):
        return {"unit": value.UnitId, "symbol": value.DisplayName.Text, "namespace": value.NamespaceUri}
    if isinstance(value, ua.Range):
        return [value.Low, value.High]
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, ua.NodeId):
        return value.to_string()
    return value


def say(**what):
    print(json.dumps(what, default=str), flush=True)


def told(data):
    return {
        "value": plain(data.Value.Value) if data.Value else None,
        "type": data.Value.VariantType.name if data.Value else None,
        "status": data.StatusCode.name,
        "source": data.SourceTimestamp.isoformat() if data.SourceTimestamp else None,
        "server": data.ServerTimestamp.isoformat() if data.ServerTimestamp else None,
    }


class Watcher:
    def __init__(self, names):
        self.names = names

    def datachange_notification(self, node, _value, data):
        # The server under test says of an item for events, too, that it waits for its first value.
        if node.nodeid.to_string() in self.names:
            say(did="changed", path=self.names[node.nodeid.to_string()], **told(data.monitored_item.Value))

    def event_notification(self, event):
        say(did="event", **{key: plain(value) for key, value in event.get_event_props_as_fields_dict().items() for value in [value.Value]})

    def status_change_notification(self, _status):
        pass


class Face:
    def __init__(self, endpoint, arguments):
        self.endpoint, self.arguments, self.names = endpoint, arguments, {}

    async def connect(self):
        self.client = Client(self.endpoint, timeout=10)
        if "--user" in self.arguments:
            at = self.arguments.index("--user")
            self.client.set_user(self.arguments[at + 1])
            self.client.set_password(self.arguments[at + 2])
        await self.client.connect()

    async def node(self, path):
        at = self.client.nodes.objects
        for name in path.split("/"):
            for child in await at.get_children():
                if (await child.read_browse_name()).Name == name:
                    at = child
                    break
            else:
                raise KeyError(f"{name} of {path}")
        return at

    async def properties(self, node):
        found = {}
        for child in await node.get_properties():
            data = await child.read_data_value(raise_on_bad_status=False)
            found[(await child.read_browse_name()).Name] = plain(data.Value.Value) if data.Value else data.StatusCode.name
        return found

    async def read(self, path):
        node = await self.node(path)
        data = await node.read_data_value(raise_on_bad_status=False)
        kind = await node.read_type_definition()
        try:
            text = await node.read_description()
        except ua.UaStatusCodeError:
            text = None
        return {
            **told(data),
            "properties": await self.properties(node),
            "kind": kind.to_string(),
            "data-type": (await node.read_data_type()).to_string(),
            "description": plain(text),
        }

    async def find(self, name):
        uris = await self.client.get_namespace_array()
        machines = []
        for child in await (await self.node(name)).get_children():
            if await child.read_node_class() != ua.NodeClass.Object:
                continue
            kind, browse = await child.read_type_definition(), await child.read_browse_name()
            machines.append({"name": browse.Name, "namespace": uris[browse.NamespaceIndex], "type": kind.Identifier, "of": uris[kind.NamespaceIndex]})
        return {"machines": machines}

    async def watch(self, path):
        node = await self.node(path)
        self.names[node.nodeid.to_string()] = path
        self.subscription = await self.client.create_subscription(50, Watcher(self.names))
        await self.subscription.subscribe_data_change(node)
        return {"watching": path}

    async def events(self):
        self.event_subscription = await self.client.create_subscription(50, Watcher(self.names))
        # Clauses of our own: the server's library drops those that it does not know, and compares no node ids.
        wanted = {2041: ["EventType", "SourceNode", "SourceName", "Message", "Severity", "Time"], 2782: ["Retain", "ConditionName"], 2915: ["ActiveState", "ActiveState/Id"]}
        clauses = [
            ua.SimpleAttributeOperand(TypeDefinitionId=ua.NodeId(kind), BrowsePath=[ua.QualifiedName(name) for name in path.split("/")], AttributeId=ua.AttributeIds.Value)
            for kind, paths in wanted.items()
            for path in paths
        ]
        chosen = ua.EventFilter(SelectClauses=clauses)
        # With a queue: the server's library keeps one event between two publications where a client names no size.
        await self.event_subscription.subscribe_events(self.client.nodes.server, evfilter=chosen, queuesize=100)
        return {"watching": "events"}

    async def history(self, path, seconds):
        node = await self.node(path)
        end = datetime.now(timezone.utc)
        values = await node.read_raw_history(end - timedelta(seconds=float(seconds)), end, numvalues=0, return_bounds=False)
        backward = await node.read_raw_history(end, end - timedelta(seconds=float(seconds)), numvalues=2, return_bounds=False)
        return {"values": [told(one) for one in values], "newest": [told(one) for one in backward]}

    async def leave(self):
        await self.client.disconnect()
        return {"left": True}

    async def back(self):
        await self.connect()
        return {"back": True}


async def main():
    face = Face(sys.argv[1], sys.argv[2:])
    await face.connect()
    print("READY {}", flush=True)
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        did, *words = line.strip().split(" ")
        try:
            if did == "history":
                answer = await face.history(" ".join(words[:-1]), words[-1])
            elif did in ("read", "find", "watch"):
                answer = await getattr(face, did)(" ".join(words))
            else:
                answer = await getattr(face, {"return": "back"}.get(did, did))()
            say(did=did, asked=" ".join(words), **answer)
        except Exception as error:  # Whatever it is, the test wants to see it.
            say(did=did, asked=" ".join(words), error=f"{type(error).__name__}: {error}")


asyncio.run(main())
