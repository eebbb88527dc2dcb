"""A sender of commands (paho). `PORT [--v311]` of the broker. Reads one JSON object per line and publishes it:
{"topic", "payload" (text) or "hex", "qos", "retain", "respond": topic, "correlation": text}; `{"subscribe": filter}` listens;
{"echo": {"from": topic, "to": topic, "member": pointer, "add": number}} turns each message of one topic into a command on
another, as a script in a plant would. What comes is said as {"got": topic, "message": ..., "correlation", "properties"};
each PUBACK as {"acknowledged": number of the message, from 1}."""

import json
import sys
import threading
import uuid
from datetime import datetime, timezone

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

PORT, OLD = int(sys.argv[1]), "--v311" in sys.argv
LOCK = threading.Lock()
echoes, numbers = {}, {}


def say(thing):
    with LOCK:
        print(json.dumps(thing) if isinstance(thing, dict) else thing, flush=True)


def received(client, userdata, message):
    echo = echoes.get(message.topic)
    if echo:
        value = json.loads(message.payload)
        for step in [step for step in echo["member"].split("/") if step]:
            value = value.get(step) if isinstance(value, dict) else None
        if value is None:
            return
        now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        command = {"id": str(uuid.uuid4()), "issued": now, "value": value + echo.get("add", 0)}
        client.publish(echo["to"], json.dumps(command), qos=1)
        say({"echoed": command["value"]})
        return
    said = {"got": message.topic, "retained": message.retain}
    try:
        said["message"] = json.loads(message.payload)
    except ValueError:
        said["message"] = None
    properties = getattr(message, "properties", None)
    data = getattr(properties, "CorrelationData", None)
    said["correlation"] = data.decode() if data else None
    said["properties"] = dict(getattr(properties, "UserProperty", None) or [])
    say(said)


def published(client, userdata, mid, reason, properties):
    if mid in numbers:
        say({"acknowledged": numbers[mid]})


client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv311 if OLD else mqtt.MQTTv5)
client.on_message = received
client.on_publish = published
client.on_connect = lambda *_: say("READY {}")
client.on_subscribe = lambda *_: say({"subscribed": True})
client.max_inflight_messages_set(200)
client.connect("127.0.0.1", PORT, keepalive=30)
client.loop_start()
sent = 0
for line in sys.stdin:
    order = json.loads(line)
    if "subscribe" in order:
        client.subscribe(order["subscribe"], qos=1)
        continue
    if "echo" in order:
        echoes[order["echo"]["from"]] = order["echo"]
        client.subscribe(order["echo"]["from"], qos=1)
        continue
    if "quiet" in order:
        echoes.clear()
        continue
    payload = bytes.fromhex(order["hex"]) if "hex" in order else order.get("payload", "").encode()
    if "zeros" in order:
        payload = b"0" * order["zeros"]
    properties = None
    if not OLD and ("respond" in order or "correlation" in order):
        properties = Properties(PacketTypes.PUBLISH)
        if "respond" in order:
            properties.ResponseTopic = order["respond"]
        if "correlation" in order:
            properties.CorrelationData = order["correlation"].encode()
    sent += 1
    told = client.publish(order["topic"], payload, order.get("qos", 1), order.get("retain", False), properties)
    numbers[told.mid] = sent
client.loop_stop()
