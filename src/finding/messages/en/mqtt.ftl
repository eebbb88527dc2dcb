# MQTT: brokers and what becomes of messages there. The place is the broker's address, or the topic of the message.

QIAO-M001 = The broker cannot be reached: { $reason }. It is tried again, more and more slowly.
    .title = Broker not reachable
    .fix = Check that the broker runs, and that host and port in `mqtt.broker` are right; then look at firewalls on the way.
QIAO-M002 = The name { $host } is not known: { $reason }.
    .title = Broker's name not known
    .fix = Check the spelling of the host in `mqtt.broker`, and the name service of this machine.
QIAO-M003 = The broker took the connection and did not answer within { $seconds } s.
    .title = Broker does not answer
    .fix = Check that an MQTT broker listens at that port and is not overloaded.
QIAO-M004 = The broker closed the connection before it answered.
    .title = Connection closed at once
    .fix = Perhaps the port expects TLS (then write `mqtts://`), is no MQTT port, or the broker is full. Its log says more.
QIAO-M005 = The broker does not accept user name and password.
    .title = Wrong user name or password
    .fix = Correct `mqtt.user` and `mqtt.password`; it is tried again by itself, slowly.
QIAO-M006 = The broker does not allow this client to connect. Some brokers answer a wrong password like this.
    .title = Not authorised to connect
    .fix = Check user name, password and client certificate, and the broker's access list.
QIAO-M007 = The broker does not accept the client id { $client }.
    .title = Client id refused
    .fix = Choose another `mqtt.client-id`; some brokers of version 3.1.1 take only 23 letters and digits.
QIAO-M008 = The broker is there, but not available at the moment.
    .title = Broker busy
    .fix = Wait; if it stays like this, look at the broker's load and log.
QIAO-M009 = The broker does not speak this version of MQTT.
    .title = MQTT version not supported
    .fix = Set `mqtt.version` to the other one ("5" or "3.1.1").
QIAO-M010 = The broker refuses the connection: { $reason }.
    .title = Connection refused
    .fix = The reason is the broker's; its log and its administrator say more.
QIAO-M011 = { $reason ->
    [closed] The broker closed the connection without a reason.
   *[other] The connection broke: { $reason }.
} What was not acknowledged is sent again.
    .title = Connection lost
    .fix = Nothing, if it comes back by itself. If it happens often, look at the network and the broker's log.
QIAO-M012 = Another client connected with our client id { $client } and pushed us out.
    .title = Client id used twice
    .fix = Give each gateway and each tool its own `mqtt.client-id`.
QIAO-M013 = The connection is closed again and again soon after it stands. Most likely another client uses our client id { $client }.
    .title = Client id probably used twice
    .fix = Look in the broker's log for { $client }; give each gateway and each tool its own `mqtt.client-id`.
QIAO-M014 = The broker is connected, but has acknowledged nothing for { $seconds } s. The connection is made anew, and what was not acknowledged is sent again.
    .title = Broker is silent
    .fix = Look at the broker's load and disk, and at the network on the way.
QIAO-M015 = The broker breaks the protocol: { $reason }. The connection is made anew, and what was not acknowledged is sent again.
    .title = Broker breaks the protocol
    .fix = Check that it is an MQTT broker; if so, report it to its maker, with this message.
QIAO-M016 = The broker ended the connection: { $reason }.
    .title = Broker ended the connection
    .fix = Nothing, if it comes back by itself. Otherwise the reason is the broker's; its log says more.

QIAO-M020 = The broker refuses this message: { $reason }. It is parked in the quarantine, the next one goes on.
    .title = Message refused
    .fix = Allow the topic in the broker's access list, or change the flow's topic. `qiao quarantine show` shows the message.
QIAO-M021 = The broker does not take the message now: { $reason }. It is sent again in { $seconds } s.
    .title = Broker's quota exceeded
    .fix = Raise the broker's quota for this client, or send less.
QIAO-M022 = The message has { $bytes } bytes, { $limit } are allowed. It is parked in the quarantine, the next one goes on.
    .title = Message too large
    .fix = Raise the broker's limit and `mqtt.max-packet`, or select fewer nodes per message.
QIAO-M023 = The broker hung up { $tries } times on this message of { $bytes } bytes, which stood alone. It is parked in the quarantine, the next one goes on.
    .title = Message breaks the connection
    .fix = Most likely it is larger than the broker allows; the broker's log says more. A broker of version 5 tells its limit beforehand.
QIAO-M024 = The broker does not take the message: { $reason }. It is sent again in { $seconds } s, three times in all.
    .title = Message not taken
    .fix = The broker's log says more.
QIAO-M025 = The broker keeps no retained messages. State topics are sent without: who subscribes later does not see them.
    .title = No retained messages
    .fix = Switch retained messages on at the broker, or use another.
QIAO-M026 = The broker knows only QoS 0. Messages are sent at best effort: nobody knows whether they arrived.
    .title = Only QoS 0
    .fix = Allow QoS 1 at the broker, or use another.
QIAO-M027 = The broker refuses the gateway's own status message: { $reason }.
    .title = Status refused
    .fix = Allow this topic in the broker's access list.

QIAO-M030 = The broker's certificate expired { $days ->
    [0] today
    [one] one day ago
   *[other] { $days } days ago
}.
    .title = Broker's certificate expired
    .fix = Renew it at the broker, or set this machine's clock if that is wrong.
QIAO-M031 = The broker's certificate is not valid yet.
    .title = Broker's certificate not valid yet
    .fix = Check the clocks of this machine and of the machine that made the certificate.
QIAO-M032 = The broker's certificate is not signed by an authority we trust.
    .title = Unknown issuer
    .fix = Name the authority's certificate (PEM) in `mqtt.ca`. After a renewal of the authority it is another one with the same name.
QIAO-M033 = The broker's certificate is not for { $host }, but for: { $presented }.
    .title = Certificate for another host
    .fix = Use a name in `mqtt.broker` that the certificate carries, or have one issued for { $host }.
QIAO-M034 = The broker does not speak TLS at this port.
    .title = No TLS there
    .fix = Use the broker's TLS port (often 8883), or write `mqtt://` if the connection may be unencrypted.
QIAO-M035 = The broker asks for a client certificate and does not accept ours, or there is none: { $reason }.
    .title = Client certificate refused
    .fix = Set `mqtt.certificate` and `mqtt.key` to a pair that the broker's authority signed and that has not expired.
QIAO-M036 = TLS failed: { $reason }.
    .title = TLS failed
    .fix = Compare the TLS versions and the certificates of both sides; TLS 1.2 and 1.3 are spoken here.
QIAO-M037 = The file of the trusted authority cannot be used: { $reason }.
    .title = Authority not readable
    .fix = Name a PEM file with at least one authority's certificate, readable for the user that qiao runs as.
QIAO-M038 = No list of trusted authorities was found on this system. Looked for: { $tried }.
    .title = No trusted authorities
    .fix = Install the package `ca-certificates`, or name the broker's authority in `mqtt.ca`.
QIAO-M039 = Client certificate or key cannot be used: { $reason }.
    .title = Client certificate not usable
    .fix = Both must be PEM, belong together, and be readable for the user that qiao runs as.
QIAO-M040 = { $host } is no name that TLS could check.
    .title = Not a name for TLS
    .fix = Write a host name or an IP address in `mqtt.broker`.

QIAO-M050 = The port of the built-in broker is taken.
    .title = Port taken
    .fix = Stop what listens there, or choose another port for `mqtt.embedded`.
QIAO-M051 = The built-in broker does not start: { $reason }.
    .title = Built-in broker does not start
    .fix = Check the address of `mqtt.embedded`.
QIAO-M052 = The built-in broker has no passwords and listens on this machine only; this address is open to others.
    .title = Built-in broker stays local
    .fix = Use 127.0.0.1 for `mqtt.embedded`, or install a broker such as mosquitto for a network.
