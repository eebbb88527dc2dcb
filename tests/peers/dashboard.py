"""A dashboard for machine tools, as its readers know one: it knows a prefix and nothing of a gateway. It learns machines
from lists alone, follows the topic that each entry names, and forgets a machine that no list names any more.

    dashboard.py PORT PREFIX

Prints one JSON line for everything that it shows differently: the state of a client, a list, a machine.
"""
import json
import sys
import threading

import paho.mqtt.client as mqtt

PORT, PREFIX = int(sys.argv[1]), sys.argv[2]
OUT = threading.Lock()
machines = {}  # topic of a machine's messages -> its entry, and the list that names it
followed = {}  # topic of a sign of life -> topic of the machine


def say(**event):
    with OUT:
        print(json.dumps(event), flush=True)


def listed(client, topic, entries):
    base = topic.rsplit("/list/", 1)[0]
    named = {entry["Topic"]: entry for entry in entries}
    for gone in [known for known, (_, where) in machines.items() if where == topic and known not in named]:
        entry, _ = machines.pop(gone)
        client.unsubscribe(gone)
        say(what="gone", machine=entry["MachineId"])
    for where, entry in named.items():
        is_new = where not in machines
        machines[where] = (entry, topic)
        if is_new:
            sign = f"{base}/online/{entry['MachineId']}"
            followed[sign] = where
            client.subscribe([(where, 0), (sign, 0)])
    say(what="list", topic=topic, entries=entries)


def on_message(client, _, message):
    topic, text = message.topic, message.payload.decode("utf-8")
    if topic in machines:
        state = json.loads(text) if text else None
        say(what="machine", topic=topic, state=state)
    elif topic in followed:
        say(what="online", topic=topic, text=text)
    elif "/list/" in topic:
        listed(client, topic, json.loads(text))
    elif "/bad_list/" in topic:
        say(what="refused", topic=topic, entries=json.loads(text))
    elif topic.endswith("/clientOnline"):
        say(what="client", topic=topic, text=text)
    elif topic.endswith("/gw-version"):
        say(what="version", topic=topic, text=text)


def on_connect(client, *_):
    ends = ["list/+", "bad_list/+", "clientOnline", "gw-version"]
    client.subscribe([(f"{PREFIX}/+/+/{end}", 0) for end in ends])


def on_subscribe(*_):
    if not ready.is_set():
        ready.set()
        with OUT:
            print("READY {}", flush=True)


ready = threading.Event()
client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv311)
client.on_connect, client.on_message, client.on_subscribe = on_connect, on_message, on_subscribe
client.reconnect_delay_set(1, 1)
client.connect("127.0.0.1", PORT)
client.loop_start()
sys.stdin.read()
