"""An NC-Link application system: it waits for devices to register, checks the version of their model, asks for the model,
queries every item of it and pings. `--port N` of the broker. `--silent`: it never answers a registration. `--client NAME`:
its requests end in this level, and so do the answers it takes. Each message that comes is printed as
{"got": "Query/Response", "topic": ..., "message": ...}; a sample only while `samples` was told.

Commands: `ask DEVICE` runs the dialogue without a registration; `send TOPIC JSON` publishes; `samples`."""

import json
import sys
import threading

import paho.mqtt.client as mqtt


def option(name, otherwise):
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else otherwise


CLIENT = option("--client", "")
SILENT = "--silent" in sys.argv
ANSWERS = ("Probe/Version/Response", "Probe/Query/Response", "Probe/Set/Response", "Query/Response", "Set/Response", "Pong")
KINDS = ANSWERS + ("Register/Request", "Sample")
LOCK = threading.Lock()


def say(line):
    with LOCK:
        print(line, flush=True)


class Application:
    def __init__(self, port):
        self.number = 0
        self.shows_samples = False
        # What it expects: id of the request, and the step that follows the answer.
        self.open = {}
        self.client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
        self.client.on_connect = self.connected
        self.client.on_subscribe = self.subscribed
        self.client.on_message = self.received
        self.client.connect("127.0.0.1", port, keepalive=30)

    def connected(self, client, userdata, flags, reason, properties):
        behind = f"/+/{CLIENT}" if CLIENT else "/+"
        filters = [(answer + behind, 1) for answer in ANSWERS] + [("Register/Request", 1), ("Sample/+/+", 0)]
        client.subscribe(filters)

    def subscribed(self, client, userdata, mid, reasons, properties):
        say("READY " + json.dumps({"granted": all(not reason.is_failure for reason in reasons)}))

    def received(self, client, userdata, message):
        kind = next((kind for kind in KINDS if message.topic == kind or message.topic.startswith(kind + "/")), None)
        if kind == "Sample" and not self.shows_samples:
            return
        content = json.loads(message.payload)
        say(json.dumps({"got": kind, "topic": message.topic, "retained": message.retain, "message": content}))
        if kind == "Register/Request":
            self.registers(content["guid"], content)
        elif kind in ANSWERS:
            step = self.open.pop(content.get("@id"), None)
            if step is not None:
                step(content)

    def registers(self, device, content):
        if not SILENT:
            self.publish(f"Register/Response/{device}", {"@id": content["@id"], "code": "OK"})
        self.check(device, content.get("version", ""))

    def check(self, device, version):
        self.request("Probe/Version", device, {"version": version}, lambda _: self.probe(device))

    def probe(self, device):
        self.request("Probe/Query/Request", device, {}, lambda answer: self.query(device, answer["probe"]))

    def query(self, device, model):
        ids = [{"id": item["id"]} for item in items(model)]
        self.request("Query/Request", device, {"ids": ids}, lambda _: self.request("Ping", device, {}, None))

    def request(self, kind, device, body, step):
        self.number += 1
        message = f"app-{self.number}"
        self.open[message] = step
        end = f"/{CLIENT}" if CLIENT else ""
        self.publish(f"{kind}/{device}{end}", {"@id": message, **body})

    def publish(self, topic, body):
        self.client.publish(topic, json.dumps(body), qos=1)


def items(node):
    """Data items and configs of a model, wherever they stand."""
    found = list(node.get("configs", [])) + list(node.get("dataItems", []))
    for below in node.get("devices", []) + node.get("components", []):
        found += items(below)
    return found


def main():
    application = Application(int(option("--port", "1883")))
    application.client.loop_start()
    for line in sys.stdin:
        command, _, rest = line.strip().partition(" ")
        if command == "ask":
            application.check(rest, "")
        elif command == "send":
            topic, _, payload = rest.partition(" ")
            application.client.publish(topic, payload, qos=1)
        elif command == "samples":
            application.shows_samples = True


main()
