"""An NC-Link device that lets its override be set: 80 is done, 99 is refused, 11 is never answered. Arguments: port of the
broker, id of the device. Says each set as {"set": [id, value]}."""

import json
import sys

import paho.mqtt.client as mqtt

PORT, DEVICE = int(sys.argv[1]), sys.argv[2]
MODEL = {
    "id": "01",
    "type": "NC_LINK_ROOT",
    "devices": [
        {
            "id": "0103",
            "type": "MACHINE",
            "guid": DEVICE,
            "version": "2.0",
            "dataItems": [{"id": "010302", "type": "STATUS"}, {"id": "010305", "type": "FEED_OVERRIDE", "setable": True}],
        }
    ],
}


def received(client, userdata, message):
    asked = json.loads(message.payload)
    if message.topic.startswith("Probe/Query"):
        answer = {"@id": asked["@id"], "code": "OK", "probe": MODEL}
        client.publish(f"Probe/Query/Response/{DEVICE}", json.dumps(answer), qos=1)
        return
    results = []
    for item in asked["values"]:
        value = item["params"]["value"]
        print(json.dumps({"set": [item["id"], value]}), flush=True)
        if value == 11:
            return
        result = {"id": item["id"], "code": "OK"}
        if value == 99:
            result = {"id": item["id"], "code": "NG", "reason": "Permission Denied", "params": item["params"]}
        results.append(result)
    client.publish(f"Set/Response/{DEVICE}", json.dumps({"@id": asked["@id"], "results": results}), qos=1)


client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
client.on_message = received
client.on_connect = lambda *_: client.subscribe([(f"Probe/Query/Request/{DEVICE}", 1), (f"Set/Request/{DEVICE}", 1)])
client.on_subscribe = lambda *_: print("READY {}", flush=True)
client.connect("127.0.0.1", PORT, keepalive=30)
client.loop_forever()
