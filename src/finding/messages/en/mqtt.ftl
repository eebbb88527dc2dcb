# MQTT: brokers and what becomes of messages there. The place is the broker's address, or the topic of the message.

QIAO-M001 = The broker cannot be reached: { $reason }. It is tried again, more and more slowly.
    .title = Broker not reachable
    .fix = Check that the broker runs, and that host and port in `mqtt.broker` are right; then look at firewalls on the way.
    .cause = The broker is stopped, host or port are wrong, or a firewall stands between; after a power cut the broker often starts later than the gateway.
    .example = place=mqtts://broker.plant.example:8883 | reason=Connection refused (os error 111)
QIAO-M002 = The name { $host } is not known: { $reason }.
    .title = Broker's name not known
    .fix = Check the spelling of the host in `mqtt.broker`, and the name service of this machine.
    .cause = The name is mistyped, or this machine asks a name server that does not know the names of the plant's network.
    .example = place=mqtts://broker.plant.example:8883 | host=broker.plant.example | reason=Name or service not known
QIAO-M003 = The broker took the connection and did not answer within { $seconds } s.
    .title = Broker does not answer
    .fix = Check that an MQTT broker listens at that port and is not overloaded.
    .cause = Something other than an MQTT broker listens at the port, the broker is overloaded, or a firewall lets the connection through but not its data.
    .example = place=mqtt://10.0.3.20:1883 | seconds=10
QIAO-M004 = The broker closed the connection before it answered.
    .title = Connection closed at once
    .fix = Perhaps the port expects TLS (then write `mqtts://`), is no MQTT port, or the broker is full. Its log says more.
    .cause = Most often `mqtt://` was written for a port that expects TLS; a broker that has reached its limit of connections does the same.
    .example = place=mqtt://broker.plant.example:8883
QIAO-M005 = The broker does not accept user name and password.
    .title = Wrong user name or password
    .fix = Correct `mqtt.user` and `mqtt.password`; it is tried again by itself, slowly.
    .cause = User or password are mistyped, the password was changed at the broker, or the secret's file holds an old one.
    .example = place=mqtts://broker.plant.example:8883
QIAO-M006 = The broker does not allow this client to connect. Some brokers answer a wrong password like this.
    .title = Not authorised to connect
    .fix = Check user name, password and client certificate, and the broker's access list.
    .cause = The user is unknown or locked, the broker expects a client certificate, or its access list does not name this client id.
    .example = place=mqtts://broker.plant.example:8883
QIAO-M007 = The broker does not accept the client id { $client }.
    .title = Client id refused
    .fix = Choose another `mqtt.client-id`; some brokers of version 3.1.1 take only 23 letters and digits.
    .cause = The id is too long or has characters that the broker does not take, or the broker admits only ids from a list.
    .example = place=mqtt://10.0.3.20:1883 | client=qiao-hall-3-lathes-and-mills
QIAO-M008 = The broker is there, but not available at the moment.
    .title = Broker busy
    .fix = Wait; if it stays like this, look at the broker's load and log.
    .cause = The broker is starting, is being maintained, or takes no more load.
    .example = place=mqtts://broker.plant.example:8883
QIAO-M009 = The broker does not speak this version of MQTT.
    .title = MQTT version not supported
    .fix = Set `mqtt.version` to the other one ("5" or "3.1.1").
    .cause = Older brokers know 3.1.1 alone; some newer ones have one of the two versions switched off.
    .example = place=mqtt://10.0.3.20:1883
QIAO-M010 = The broker refuses the connection: { $reason }.
    .title = Connection refused
    .fix = The reason is the broker's; its log and its administrator say more.
    .cause = The broker answered the connection with a reason code that refuses it, such as a ban, a quota or a rule of its administrator.
    .example = place=mqtts://broker.plant.example:8883 | reason=Banned (0x8A)
QIAO-M011 = { $reason ->
    [closed] The broker closed the connection without a reason.
   *[other] The connection broke: { $reason }.
} What was not acknowledged is sent again.
    .title = Connection lost
    .fix = Nothing, if it comes back by itself. If it happens often, look at the network and the broker's log.
    .cause = The broker was restarted, the network was interrupted, or a firewall dropped a connection that seemed idle.
    .example = place=mqtts://broker.plant.example:8883 | reason=Connection reset by peer (os error 104)
QIAO-M012 = Another client connected with our client id { $client } and pushed us out.
    .title = Client id used twice
    .fix = Give each gateway and each tool its own `mqtt.client-id`.
    .cause = Two gateways run with the same configuration, such as a copy for tests, or a tool was given the gateway's client id.
    .example = place=mqtts://broker.plant.example:8883 | client=qiao-hall-3
QIAO-M013 = The connection is closed again and again soon after it stands. Most likely another client uses our client id { $client }.
    .title = Client id probably used twice
    .fix = Look in the broker's log for { $client }; give each gateway and each tool its own `mqtt.client-id`.
    .cause = A broker of version 3.1.1 does not say why it closes; two clients that push each other out look like this.
    .example = place=mqtt://10.0.3.20:1883 | client=qiao-hall-3
QIAO-M097 = Another client with the id { $client } has pushed this one out { $count } times in a short while. It leaves the broker to the other one; the next try comes in { $seconds } s.
    .title = Client id used twice
    .fix = Look in the broker's log for { $client }; give each gateway and each tool its own `mqtt.client-id`. What waits stays in the spool meanwhile.
    .cause = Two gateways run with the same name or the same `client-id`, often after a configuration was copied.
    .example = place=mqtt://10.0.3.20:1883 | client=qiao-hall-3 | count=4 | seconds=90
QIAO-M014 = The broker is connected, but has acknowledged nothing for { $seconds } s. The connection is made anew, and what was not acknowledged is sent again.
    .title = Broker is silent
    .fix = Look at the broker's load and disk, and at the network on the way.
    .cause = The broker's disk is full or slow, it is overloaded, or the network swallows packets without closing the connection.
    .example = place=mqtts://broker.plant.example:8883 | seconds=30
QIAO-M015 = The broker breaks the protocol: { $reason }. The connection is made anew, and what was not acknowledged is sent again.
    .title = Broker breaks the protocol
    .fix = Check that it is an MQTT broker; if so, report it to its maker, with this message.
    .cause = The other side is no MQTT broker, a device on the way changes what is sent, or the broker has a fault.
    .example = place=mqtt://10.0.3.20:1883 | reason=PUBACK for a packet that was not sent
QIAO-M016 = The broker ended the connection: { $reason }.
    .title = Broker ended the connection
    .fix = Nothing, if it comes back by itself. Otherwise the reason is the broker's; its log says more.
    .cause = The broker said goodbye with a reason, most often because it was shut down or an administrator ended the session.
    .example = place=mqtts://broker.plant.example:8883 | reason=Server shutting down (0x8B)

QIAO-M020 = The broker refuses this message: { $reason }. It is parked in the quarantine, the next one goes on.
    .title = Message refused
    .fix = Allow the topic in the broker's access list, or change the flow's topic. `qiao quarantine show` shows the message.
    .cause = Most often the broker's access list does not let this user publish to the topic.
    .example = place=plant/hall-3/lathe-7/state | reason=Not authorized (0x87)
QIAO-M021 = The broker does not take the message now: { $reason }. It is sent again in { $seconds } s.
    .title = Broker's quota exceeded
    .fix = Raise the broker's quota for this client, or send less.
    .cause = The broker limits how much a client may send in a time, or how much it stores for its subscribers.
    .example = place=plant/hall-3/lathe-7/state | reason=Quota exceeded (0x97) | seconds=5
QIAO-M022 = The message has { $bytes } bytes, { $limit } are allowed. It is parked in the quarantine, the next one goes on.
    .title = Message too large
    .fix = Raise the broker's limit and `mqtt.max-packet`, or select fewer nodes per message.
    .cause = A message carries all selected nodes of a machine; long arrays and many nodes exceed what the broker takes.
    .example = place=plant/hall-3/lathe-7/state | bytes=1310720 | limit=1048576
QIAO-M023 = The broker hung up { $tries } times on this message of { $bytes } bytes, which stood alone. It is parked in the quarantine, the next one goes on.
    .title = Message breaks the connection
    .fix = Most likely it is larger than the broker allows; the broker's log says more. A broker of version 5 tells its limit beforehand.
    .cause = A broker of version 3.1.1 does not tell its limit; it hangs up when a message is larger.
    .example = place=plant/hall-3/lathe-7/state | tries=3 | bytes=1310720
QIAO-M024 = The broker does not take the message: { $reason }. It is sent again in { $seconds } s, three times in all.
    .title = Message not taken
    .fix = The broker's log says more.
    .cause = The broker had a fault of its own, such as a full disk, or gave a reason that says nothing about the message.
    .example = place=plant/hall-3/lathe-7/state | reason=Unspecified error (0x80) | seconds=5
QIAO-M025 = The broker keeps no retained messages. State topics are sent without: who subscribes later does not see them.
    .title = No retained messages
    .fix = Switch retained messages on at the broker, or use another.
    .cause = Retained messages are switched off at the broker; some cloud services do not have them at all.
    .example = place=mqtts://broker.plant.example:8883
QIAO-M026 = The broker knows only QoS 0. Messages are sent at best effort: nobody knows whether they arrived.
    .title = Only QoS 0
    .fix = Allow QoS 1 at the broker, or use another.
    .cause = The broker is set to QoS 0, or is a simple one that confirms nothing.
    .example = place=mqtt://10.0.3.20:1883
QIAO-M027 = The broker refuses the gateway's own status message: { $reason }.
    .title = Status refused
    .fix = Allow this topic in the broker's access list.
    .cause = The access list allows the data topics, but not the topic on which the gateway says whether it is online.
    .example = place=qiao/hall-3/status | reason=Not authorized (0x87)

QIAO-M030 = The broker's certificate expired { $days ->
    [0] today
    [one] one day ago
   *[other] { $days } days ago
}.
    .title = Broker's certificate expired
    .fix = Renew it at the broker, or set this machine's clock if that is wrong.
    .cause = Nobody renewed the certificate in time, or this machine's clock runs ahead.
    .example = place=mqtts://broker.plant.example:8883 | days=12
QIAO-M031 = The broker's certificate is not valid yet.
    .title = Broker's certificate not valid yet
    .fix = Check the clocks of this machine and of the machine that made the certificate.
    .cause = This machine's clock is behind, as after a long time without power, or the certificate was made on a machine whose clock is ahead.
    .example = place=mqtts://broker.plant.example:8883
QIAO-M032 = The broker's certificate is not signed by an authority we trust.
    .title = Unknown issuer
    .fix = Name the authority's certificate (PEM) in `mqtt.ca`. After a renewal of the authority it is another one with the same name.
    .cause = The broker's certificate comes from the plant's own authority or is self-signed, and `mqtt.ca` does not name it.
    .example = place=mqtts://broker.plant.example:8883
QIAO-M033 = The broker's certificate is not for { $host }, but for: { $presented }.
    .title = Certificate for another host
    .fix = Use a name in `mqtt.broker` that the certificate carries, or have one issued for { $host }.
    .cause = `mqtt.broker` has an IP address or a short name, the certificate carries the full name, or the other way round.
    .example = place=mqtts://10.0.3.20:8883 | host=10.0.3.20 | presented=broker.plant.example
QIAO-M034 = The broker does not speak TLS at this port.
    .title = No TLS there
    .fix = Use the broker's TLS port (often 8883), or write `mqtt://` if the connection may be unencrypted.
    .cause = `mqtts://` was written with the port of the unencrypted connection, most often 1883.
    .example = place=mqtts://broker.plant.example:1883
QIAO-M035 = The broker asks for a client certificate and does not accept ours, or there is none: { $reason }.
    .title = Client certificate refused
    .fix = Set `mqtt.certificate` and `mqtt.key` to a pair that the broker's authority signed and that has not expired.
    .cause = No certificate is configured, it has expired, or it was signed by an authority that this broker does not trust.
    .example = place=mqtts://broker.plant.example:8883 | reason=received fatal alert: CertificateRequired
QIAO-M036 = TLS failed: { $reason }.
    .title = TLS failed
    .fix = Compare the TLS versions and the certificates of both sides; TLS 1.2 and 1.3 are spoken here.
    .cause = The broker speaks only TLS 1.0 or 1.1, has no cipher in common, or a device on the way breaks the connection open.
    .example = place=mqtts://broker.plant.example:8883 | reason=received fatal alert: ProtocolVersion
QIAO-M037 = The file of the trusted authority cannot be used: { $reason }.
    .title = Authority not readable
    .fix = Name a PEM file with at least one authority's certificate, readable for the user that qiao runs as.
    .cause = The file is missing, is DER instead of PEM, or the user that qiao runs as may not read it.
    .example = place=mqtts://broker.plant.example:8883 | reason=no certificate in /etc/qiao/ca.der
QIAO-M038 = No list of trusted authorities was found on this system. Looked for: { $tried }.
    .title = No trusted authorities
    .fix = Install the package `ca-certificates`, or name the broker's authority in `mqtt.ca`.
    .cause = Small container images and embedded systems come without the usual authorities.
    .example = place=mqtts://broker.plant.example:8883 | tried=/etc/ssl/certs, /etc/pki/tls/certs
QIAO-M039 = Client certificate or key cannot be used: { $reason }.
    .title = Client certificate not usable
    .fix = Both must be PEM, belong together, and be readable for the user that qiao runs as.
    .cause = Certificate and key are of two different pairs, the key is protected by a password, or a file is DER or unreadable.
    .example = place=mqtts://broker.plant.example:8883 | reason=the key does not belong to the certificate
QIAO-M040 = { $host } is no name that TLS could check.
    .title = Not a name for TLS
    .fix = Write a host name or an IP address in `mqtt.broker`.
    .cause = The host has characters such as `_` that names in certificates cannot have.
    .example = place=mqtts://mqtt_broker:8883 | host=mqtt_broker

QIAO-M050 = The port of the built-in broker is taken.
    .title = Port taken
    .fix = Stop what listens there, or choose another port for `mqtt.embedded`.
    .cause = A broker such as mosquitto runs on this machine already, or another gateway does.
    .example = place=127.0.0.1:1883
QIAO-M051 = The built-in broker does not start: { $reason }.
    .title = Built-in broker does not start
    .fix = Check the address of `mqtt.embedded`.
    .cause = The address does not belong to this machine, or the port is below 1024 and reserved for the administrator.
    .example = place=127.0.0.1:883 | reason=Permission denied (os error 13)
QIAO-M052 = The built-in broker has no passwords and listens on this machine only; this address is open to others.
    .title = Built-in broker stays local
    .fix = Use 127.0.0.1 for `mqtt.embedded`, or install a broker such as mosquitto for a network.
    .cause = `mqtt.embedded` names `0.0.0.0` or an address of the network, most often so that another machine can look in.
    .example = place=0.0.0.0:1883
QIAO-M090 = The server there opens no WebSocket for MQTT: { $reason }.
    .title = No MQTT over WebSocket
    .fix = Compare the path with the broker's WebSocket listener (often `/mqtt`) and the port with its listener; for a listener without WebSocket write `mqtts://` or `mqtt://`.
    .cause = The port is the broker's plain listener, or its WebSocket lies at another path.
    .example = place=wss://broker.hall3/mqtt | reason=HTTP 404
QIAO-M091 = The proxy at { $proxy } cannot be reached: { $reason }. It is tried again, more and more slowly.
    .title = Proxy not reachable
    .fix = Check host and port in `mqtt.proxy`, and whether the proxy runs. If the broker can be reached without one, remove `mqtt.proxy`.
    .cause = The proxy was moved or stopped, or a firewall is in the way.
    .example = place=plant | proxy=proxy.hall3:3128 | reason=connection refused
QIAO-M092 = The proxy at { $proxy } wants a user and a password, or others than it was given.
    .title = Proxy wants a password
    .fix = Set `mqtt.proxy-user` and `mqtt.proxy-password` to what the proxy knows.
    .cause = The user of the proxy is missing, or its password was changed.
    .example = place=plant | proxy=proxy.hall3:3128
QIAO-M093 = The proxy at { $proxy } does not open a way to the broker: { $status }.
    .title = Refused by the proxy
    .fix = Have the proxy allow CONNECT to the broker's host and port. If it says 502, 503 or 504, it cannot reach the broker itself: check `mqtt.broker` and the network behind the proxy.
    .cause = Most proxies allow CONNECT to port 443 only.
    .example = place=plant | proxy=proxy.hall3:3128 | status=403 Forbidden
QIAO-M094 = `{ $address }` is not the address of an HTTP proxy.
    .title = Malformed proxy address
    .fix = Write `http://host:port`, without user name or password: they belong into `proxy-user` and `proxy-password`.
    .cause = The scheme is missing, or the address carries user and password.
    .example = place=qiao.yaml:6:14 | address=proxy.hall3
QIAO-M095 = The proxy's password travels unencrypted to the proxy.
    .title = Proxy password in clear
    .fix = Have the proxy know the gateway by its address instead of a password, or use a password that is good for nothing else. The broker's password is not affected.
    .cause = HTTP proxies take user and password in clear.
    .example = place=qiao.yaml:6:14

QIAO-M060 = The broker refuses this subscription: { $reason }.
    .title = Subscription refused
    .fix = Allow this client to subscribe there (access list of the broker), or correct `each: topic` of the flow.
    .cause = An access list of the broker does not allow this client to read there, or the filter is not valid for it.
    .example = place=plant | reason=Not authorized
QIAO-M061 = More than { $limit } machines speak on the topics of this flow; those beyond are not taken, only counted.
    .title = Too many machines
    .fix = If they are all wanted raise `max-machines` of the flow; otherwise narrow `each: topic`, or find out who publishes there.
    .cause = The filter is wider than meant, or a publisher puts a number that changes into its topic.
    .example = place=line-4 | limit=200
QIAO-M062 = The messages of this flow hold more than { $limit } fields; those beyond are left out, only counted.
    .title = Too many fields
    .fix = If they are all wanted raise `max-fields` of the flow; otherwise narrow `each: topic`, or find out who publishes there.
    .cause = A publisher uses values as member names, such as times or order numbers, or the filter is wider than meant.
    .example = place=line-4 | limit=2000
QIAO-M063 = The name of a machine or field is empty or has { $bytes } bytes; at most { $limit } are taken.
    .title = Name not usable
    .fix = Give it a shorter name where it is published; what it says is left out and counted.
    .cause = A level of the topic or a member name is empty, or holds a text that was never meant as a name.
    .example = place=line-4 | bytes=4096 | limit=256
QIAO-M064 = The broker did not keep our session: what was published since the link was lost may be missing.
    .title = Session not kept
    .fix = Let the broker keep sessions (mosquitto: `persistence true`) and subscribe with `qos: 1`; state topics should be retained.
    .cause = The broker was restarted without persistence, or the link was down for longer than it keeps a session.
    .example = place=plant
QIAO-M065 = The broker sends a packet larger than `max-packet`. It cannot be taken; the connection starts again without it.
    .title = Packet too large
    .fix = Raise `max-packet` of the connection, or use MQTT 5, where the broker itself leaves such messages out.
    .cause = Somebody publishes files or pictures on a topic that this flow subscribes to.
    .example = place=plant
QIAO-M096 = The broker sends messages again that an earlier run of this gateway, or an earlier session, may have passed on. They are passed on, and counted.
    .title = Possible duplicates passed on
    .fix = Nothing is wrong: with QoS 1 a broker repeats what was not acknowledged. Whoever reads should bear a message twice; `mqtt_source_repeated` and `mqtt_source_duplicates` in `/metrics` count what came again and what was known.
    .cause = The gateway ended, or the link broke, before the broker had the acknowledgement.
    .example = place=mqtt://10.0.3.20:1883
QIAO-M070 = The broker refuses the subscription { $filter }: { $reason }. Applications cannot ask this NC-Link device; its data is published all the same.
    .title = NC-Link requests not subscribed
    .fix = Allow this client to subscribe to the request topics of its devices (access list of the broker).
    .cause = An access list of the broker lets this client publish and not read.
    .example = place=plant | filter=Query/Request/mill-2/# | reason=Not authorized
QIAO-M071 = More NC-Link requests arrive than are answered: { $count } were dropped.
    .title = NC-Link requests dropped
    .fix = Let applications wait for an answer before they ask again; samples bring values by themselves.
    .cause = An application asks again and again without waiting, or the gateway is held up by a full spool.
    .example = place=plant | count=12
QIAO-M080 = The client `{ $client }`, which tells readers on this broker which machines are online, has no connection ({ $cause }). It is tried again, more and more slowly.
    .title = Lists of machines not published
    .fix = Do what `qiao explain { $cause }` says; where the broker's access list names client ids, allow this one too.
    .cause = The broker is away, or it takes the client of the messages and not this one, which it needs for a last will of its own.
    .example = place=mqtt://broker.hall3:1883 | client=qiao-hall-3-plant-beside | cause=QIAO-M006
QIAO-M081 = What is to stand on this topic has { $bytes } bytes, and the broker takes { $limit } at most. It stays as it was.
    .title = List of machines too large
    .fix = Raise the largest packet that the broker takes, and `max-packet`, or spread the machines over several bases with `topic`.
    .cause = A list names every machine below one base, with its identification.
    .example = place=umati/v2/acme/cell7/list/MachineToolType | bytes=1200000 | limit=1048576
QIAO-M075 = { $device } has not answered the question for its model. It is asked again once a minute.
    .title = Device does not tell its model
    .fix = Look at whether the adapter answers `Probe/Query/Request`, and whether the broker lets this client publish there and read the answer. Samples with paths are taken all the same; what only the model says (manufacturer, units) is missing.
    .cause = The adapter is read-only or older, the device is switched off, or an access list of the broker does not allow it.
    .example = place=Probe/Query/Request/V4C7 | device=V4C7
QIAO-M110 = The broker refuses the subscription { $filter }: { $reason }. What an earlier run left there as the state of an alarm is not found.
    .title = States of an earlier run not looked for
    .fix = Allow this client to subscribe to the topics of its conditions (access list of the broker), or delete what stands there after a crash.
    .cause = An access list of the broker lets this client publish and not read.
    .example = place=mqtts://broker:8883 | filter=qiao/hall-3/lathe-7/conditions/+ | reason=not authorised (0x87)
