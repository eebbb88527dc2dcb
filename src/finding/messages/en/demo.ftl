# Simulator and demo.
QIAO-D001 = This address is taken by another program; a free port is used instead.
    .title = Address of the simulator is taken
    .fix = Stop the other program, or choose another port with --listen.
    .cause = Another simulator or an OPC UA server runs on this computer.
    .example = place=127.0.0.1:4840
QIAO-D002 = The simulator cannot listen here: { $error }.
    .title = Simulator cannot listen
    .fix = Choose an address of this computer and a port above 1023 with --listen.
    .cause = The address belongs to another computer, or the port is reserved for the administrator.
    .example = place=10.0.3.7:4840 | error=Cannot assign requested address (os error 99)
QIAO-D003 = { $value } is too many; at most { $limit } are possible.
    .title = Too many machines or variables
    .fix = Start several simulators, each with its own port and --folder.
    .cause = The simulator builds every machine and variable in memory, so their number is limited.
    .example = place=machines | value=5000 | limit=1000
QIAO-D004 = This folder cannot be used: { $error }.
    .title = Folder of the simulator cannot be used
    .fix = Choose a folder you may write to, or set the rights of this one.
    .cause = The folder belongs to another user, is a file, or lies on a disk that is full or read-only.
    .example = place=qiao-demo/simulator | error=Permission denied (os error 13)
QIAO-D005 = No certificate could be made for the simulator: { $reason }.
    .title = Simulator has no certificate
    .fix = Delete the simulator's folder and start again.
    .cause = The folder holds a broken certificate of an earlier run, or cannot be written.
    .example = place=qiao-demo/simulator | reason=Permission denied (os error 13)
QIAO-D006 = The simulator's OPC UA server did not start: { $reason }.
    .title = Simulator did not start
    .fix = Start again with --log debug and read the line before this one.
    .cause = Something of the simulator's folder or of the network was not as the server needs it.
    .example = place=127.0.0.1:4840 | reason=the server ended before it listened
QIAO-D007 = A user needs a password, and the environment variable QIAO_SIMULATOR_PASSWORD is not set.
    .title = User without a password
    .fix = Set QIAO_SIMULATOR_PASSWORD, or leave --user away.
    .cause = `--user` was given; the password is not taken from the command line, where others could read it.
    .example = place=--user
simulate-started = The simulated machines { $machines } are at { $url }
simulate-load = Besides, { $variables } plain variables change { $rate } times a second each.
simulate-device = The simulated NC-Link device { $device } is on the broker { $broker }: it registers, sends samples every second and answers.
simulate-device-set = Set its feed override (0 to 150) with a message to Set/Request/{ $device }: {"{"}"@id":"1","values":[{"{"}"id":"010305","params":{"{"}"value":80{"}"}{"}"}]{"}"}
simulate-browse = Browse them with any OPC UA client, for example: uals -u { $url } -p "0:Objects,3:Machines"
simulate-certificate = Secured endpoints: Basic256Sha256 and Aes256Sha256RsaPss; the certificate lies in { $folder }/own.
simulate-mistakes = After 20 seconds, and then once a minute, one value is wrong on purpose.
simulate-stop = Ctrl-C ends the simulation.
simulate-stopped = Stopped.
QIAO-D010 = The port of the page is taken by another program; a free one is used instead.
    .title = Port of the page is taken
    .fix = Stop the other program, or change gateway.http in the demo's qiao.yaml.
    .cause = Another gateway, demo or web server runs on this computer.
    .example = place=127.0.0.1:8080
QIAO-D011 = The port of the built-in broker is taken by another program; a free one is used instead.
    .title = Port of the broker is taken
    .fix = Stop the other program, or change the port behind mqtt: embedded: in the demo's qiao.yaml.
    .cause = A broker such as mosquitto or another demo runs on this computer.
    .example = place=127.0.0.1:1883
demo-started = qiao demo: a simulated machine tool, checked, on MQTT
demo-machine = { "  " }machine     { $url }   (browse it with any OPC UA client: uals -u { $url } -p "0:Objects,3:Machines")
demo-broker = { "  " }subscribe   mosquitto_sub -h { $host } -p { $port } -t '#' -v
demo-line = { "  " }line        { $url }   (an NC-Link device on the broker, shown as a umati machine tool below Objects/Machines)
demo-command = { "  " }command     qiao writes send feed-override 80 -c { $config }   (80 is done, 200 is refused; the demo does both by itself)
demo-commanded = command { $name } = { $value }: { $outcome }
demo-page = { "  " }page        { $url }   (also { $url }metrics and { $url }status)
demo-files = { "  " }files       { $config }   (change it and start again: it is not overwritten)
demo-quarantine = { "  " }refused     qiao quarantine list -c { $config }   (after 20 seconds, then every minute, a value is wrong on purpose)
demo-stop = { "  " }end         Ctrl-C
demo-stopping = Stopping…
demo-stopped = Stopped; every port is free again.
demo-own-server = The configuration reads from a server that is not on this computer, so no machine is simulated.
demo-config-head =
    The demo's configuration. Made once; change what you like and start qiao demo again in the same folder.
    Check it with: qiao check -c qiao-demo/qiao.yaml. Run it without the demo with: qiao run -c qiao-demo/qiao.yaml.
demo-config-http = A page for people at /, the same facts as JSON at /status and for Prometheus at /metrics.
demo-config-machine =
    The machine: an OPC UA server. At this address the demo starts a simulated one.
    Put the address of a real machine here, and nothing is simulated. Without security only because it never leaves
    this computer; for a real machine: security: sign-and-encrypt, then qiao cert trust.
demo-config-broker =
    Where messages go: the built-in broker. For your own write instead:
    mqtt: { "{" } broker: "mqtts://broker.example:8883" { "}" }
demo-config-state =
    One message a second for the whole machine, as umati dashboards expect it, checked against its schema.
    What does not pass goes to quarantine instead.
demo-config-process = Single values as fast as they change, each with type, quality and time.
live-item-state = item state
live-operation-mode = mode
live-program = program
live-program-state = program state
live-feed = feed
live-spindle = spindle
live-rotating = rotating
live-parts = parts
live-online = online
live-offline = offline
live-connected = connected
live-connecting = connecting
live-lost = lost
live-refused = refused
live-yes = yes
live-no = no
live-more = … and { $count } more machines
live-values = { $count } values/s
live-messages = { $count } messages/s
live-good = ok { $count }
live-quarantined = quarantined { $count }
live-last = last
demo-config-face =
    The gateway's own OPC UA server: what flows send to it stands there as machines to browse. Without security
    only because it never leaves this computer, and only to be read.
demo-config-line =
    The other way: a simulated NC-Link machine on the broker appears on that server as a umati machine tool.
demo-config-writes =
    What may be commanded, within which bounds; nothing else may. Try it:
    qiao writes send feed-override 80     and     qiao writes send feed-override 200
demo-config-senders =
    Who may command: here whoever may publish at the built-in broker, which only this computer reaches. In a plant give each
    sender a key of its own.
demo-config-given =
    What the line's machine does not say of itself, and a umati machine tool has to say.
