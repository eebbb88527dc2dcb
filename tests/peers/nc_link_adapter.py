"""An NC-Link adapter of one device, in the spellings of older adapters: it registers, answers probes (the model as text),
lets its override be set (11 is never answered, the rest is done and comes back in a sample), and on command sends a sample
with paths, one without (or `override NUMBER`, one of that number), an event, or something that is no message. Arguments: port of the
broker, id of the device. Says what it was asked and what it sent."""

import json
import sys
import time

import paho.mqtt.client as mqtt

PORT, DEVICE = int(sys.argv[1]), sys.argv[2]

MODEL = {
    "id": "01",
    "type": "NC_LINK_ROOT",
    "name": "hall 3",
    "devices": [
        {
            "id": "0103",
            "type": "MACHINE",
            "guid": DEVICE,
            "number": "NW-817",
            "version": "2.0",
            "configs": [
                {"id": "010390", "type": "MANUFACTURER", "value": "Nordwerk"},
                {"id": "010391", "type": "MODEL", "value": "HX 500", "settable": False},
                {
                    "id": "slow",
                    "type": "SAMPLE_CHANNEL",
                    "sampleInterval": 1000,
                    "uploadInterval": 2000,
                    "ids": [{"id": "010305"}, {"id": "0103543001"}],
                },
            ],
            "dataItems": [
                {"id": "010302", "type": "STATUS"},
                {"id": "010303", "type": "MODE"},
                {"id": "010304", "type": "FEED_SPEED", "units": "mm/min"},
                {"id": "010305", "type": "FEED_OVERRIDE"},
                {"id": "010307", "type": "PART_COUNT", "dataType": "LIST"},
            ],
            "components": [
                {
                    "id": "010354",
                    "type": "CONTROLLER",
                    "dataItems": [{"id": "0103543001", "type": "PROGRAM"}, {"id": "0103543002", "type": "WARNNING"}],
                },
                {
                    "id": "010355",
                    "type": "AXIS",
                    "number": "X",
                    "components": [
                        {"id": "01035501", "type": "SERVO", "dataItems": [{"id": "0103550101", "type": "POSITION"}]}
                    ],
                },
            ],
        }
    ],
}


def say(**what):
    print(json.dumps(what), flush=True)


def connected(client, _data, _flags, _reason, _properties):
    client.subscribe([(f"Probe/Query/Request/{DEVICE}", 0), (f"Register/Response/{DEVICE}", 1), (f"Set/Request/{DEVICE}", 1)])


def subscribed(client, _data, _mid, _reasons, _properties):
    client.publish("Register/Request", json.dumps({"@id": "r-1", "guid": DEVICE, "version": "2.0"}), qos=1)
    print("READY {}", flush=True)


def is_set(client, request):
    """Takes the override, and tells it in a sample as soon as it answered."""
    item = request["values"][0]
    value = item["params"]["value"]
    say(did="set", id=item["id"], value=value)
    if value == 11:
        return
    answer = {"@id": request["@id"], "results": [{"id": item["id"], "code": "OK"}]}
    client.publish(f"Set/Response/{DEVICE}", json.dumps(answer), qos=1)
    columns = [{"data": [value]}, {"data": ["A.MPF"]}]
    told = {"id": "slow", "beginTime": str(int(time.time() * 1000)), "data": columns, "interval": 1000}
    client.publish(f"Sample/{DEVICE}/slow", json.dumps(told), qos=1)


def asked(client, _data, message):
    request = json.loads(message.payload)
    if message.topic.startswith("Set/Request"):
        is_set(client, request)
        return
    say(did="asked", topic=message.topic, request=request)
    answer = {"@id": request["@id"], "code": "OK", "probe": json.dumps(MODEL)}
    client.publish(f"Probe/Query/Response/{DEVICE}", json.dumps(answer))


def sample():
    """Two seconds, four rows; whole seconds as a number, states as numbers, a count as a number."""
    begin = int(time.time())
    paths = ["/STATUS", "/MODE", "/FEED_SPEED", "/PART_COUNT", "/MACHINE/AXIS@X/SERVO/POSITION", "/CONTROLLER/WARNNING"]
    columns = [
        [0, 0, 0, 2],
        ["AUTO"] * 4,
        [600, 600, 600, 600],
        [41, 41, 42, 42],
        [1.5, None, 2.25, 2.25],
        [{"number": "700123", "text": "冷却液液位低"}, [], [], []],
    ]
    message = {
        "paths": paths,
        "id": "fast",
        "begintime": begin,
        "data": [{"data": column} for column in columns],
        "interval": 500,
        "upload_interval": 2000,
    }
    return f"Sample/{DEVICE}/fast", message, begin * 1000


def nameless():
    begin = int(time.time() * 1000)
    columns = [{"data": [95, 90]}, {"data": ["A.MPF", "A.MPF"]}]
    return f"Sample/{DEVICE}/slow", {"id": "slow", "beginTime": str(begin), "data": columns, "interval": 1000}, begin


def override(value):
    topic, message, begin = nameless()
    return topic, {**message, "data": [{"data": [value, value]}, message["data"][1]]}, begin


def event():
    now = int(time.time() * 1000)
    change = {"key": "PART_COUNT", "value": 43, "oldValue": 42}
    return f"Event/{DEVICE}", {"@id": "e-1", "id": "010307", "time": str(now), "event": change}, now


def rubbish():
    return f"Sample/{DEVICE}/fast", {"id": "fast", "data": "none"}, 0


def main():
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id=f"adapter-{DEVICE}", protocol=mqtt.MQTTv311)
    client.on_connect, client.on_subscribe, client.on_message = connected, subscribed, asked
    client.connect("127.0.0.1", PORT)
    client.loop_start()
    commands = {"sample": sample, "nameless": nameless, "override": override, "event": event, "rubbish": rubbish}
    for line in sys.stdin:
        did, *values = line.split()
        topic, message, begin = commands[did](*map(float, values))
        client.publish(topic, json.dumps(message), qos=1).wait_for_publish()
        say(did=line.strip(), begin=begin)


if __name__ == "__main__":
    main()
