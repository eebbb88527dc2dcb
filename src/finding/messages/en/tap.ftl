# Watching live values and messages.
QIAO-T001 = There is no flow `{ $name }`. The nearest name is `{ $nearest }`.
    .title = Unknown flow
    .fix = Name a flow of the configuration with --flow.
    .cause = The name is mistyped, or the flow stands in another configuration.
    .example = place=--flow | name=lathe-to-plnt | nearest=lathe-to-plant
QIAO-T002 = There is no connection `{ $name }`. The nearest name is `{ $nearest }`.
    .title = Unknown connection
    .fix = Name a connection of the configuration with --connection.
    .cause = The name is mistyped, or the connection stands in another configuration.
    .example = place=--connection | name=lahte | nearest=lathe
QIAO-T003 = It is not clear what to listen to: the flows are { $flows }, the connections { $connections }.
    .title = Several sources, or none
    .fix = Choose one with --flow NAME or --connection NAME.
    .cause = The configuration has several flows, and none was named.
    .example = place=qiao.yaml | flows=lathe-to-plant, mill-to-plant | connections=lathe, mill, plant
QIAO-T004 = No flow reads from `{ $name }`, so no message is assembled of what it gives.
    .title = Nothing is assembled here
    .fix = Leave --stage assembled away, or choose the flow with --flow.
    .cause = The connection is one that flows publish to.
    .example = place=--stage | name=plant
QIAO-T005 = The broker refuses the subscription to `{ $filter }`: { $reason }.
    .title = Subscription refused
    .fix = Ask for the right to read these topics, or choose others with --topic.
    .cause = An access list of the broker does not allow this client to read there.
    .example = place=plant | filter=# | reason=Not authorized
QIAO-T006 = `{ $filter }` is no topic filter: + and # stand alone in their level, # in the last one.
    .title = Not a topic filter
    .fix = Write a filter such as umati/#, between single quotes.
    .cause = A wildcard stands beside other characters, or # is not the last level.
    .example = place=--topic | filter=line#
QIAO-T007 = `{ $name }` is an OPC UA server: it has no topics, and what it gives is checked at the stage assembled.
    .title = Topic or profile without a broker
    .fix = Leave --topic and --profile away, or name a broker with --connection.
    .cause = Options for a broker were used for an OPC UA server.
    .example = place=--topic | name=lathe
QIAO-T008 = There is no profile `{ $name }`. The nearest name is `{ $nearest }`.
    .title = Unknown profile
    .fix = qiao profile list shows those there are; auto takes the one that a message names.
    .cause = The name is mistyped, or the version is not installed.
    .example = place=--profile | name=umati/machinetool@1.02 | nearest=umati/machine-tool@1.02
QIAO-T009 = The message names no profile that is known here: { $name }. It was not checked.
    .title = Message without a known profile
    .fix = Name the profile with --profile, or publish over MQTT 5 with the user properties profile and schema-version.
    .cause = The message comes from another gateway or from a device.
    .example = place=plant/line-4/state | name=acme/press@2.0
tap-found = { $machines } machines, { $fields } variables, { $matching } of them shown
tap-published = would be published on { $topic }  { $machine }  { $profile }  { $size } bytes
tap-refused = would go to QUARANTINE instead of { $topic }  { $machine }  { $profile }  { $size } bytes
tap-end = { $heard } heard, { $shown } shown, { $filtered } filtered, { $stale } of an older discovery, { $lost } times lost on the way
tap-keys = /  filter · space  pause · ↑↓  choose · Enter  last values · q  end
tap-paused = PAUSED
tap-counts = { $shown } of { $all } · { $rate }/s
tap-lost = lost { $count } times
tap-without-room = { $count } not shown: at most { $limit }
tap-machine = machine
tap-field = field
tap-value = value
tap-status = quality
tap-time = time
tap-age = age
tap-rate = rate
tap-history = the last { $kept } of { $count }
