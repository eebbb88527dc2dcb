QIAO-V201 = Two nodes would fill this field of { $machine } in { $profile }: { $nodes }. It stays empty; which of them is meant is not guessed.
    .title = Two nodes for one field
    .fix = Narrow the flow's `select` so that one of the nodes is left, or name the namespace in the profile's mapping.
    .cause = The machine has two nodes of the same path in different namespaces, or two parts of it fit the mapping.
    .example = place=/Monitoring/Spindle/Load | machine=lathe-7 | profile=umati/machine-tool@1.02 | nodes=nsu=urn:acme:lathe;s=S1.Load, nsu=urn:acme:lathe;s=S2.Load
QIAO-V202 = { $machine } has no node for this mandatory field of { $profile }: `{ $path }` is not there or not selected.
    .title = Mandatory node missing
    .fix = Add the node to the server, select it in the flow, or choose a profile that the machine speaks.
    .cause = The maker left the node out, the machine lacks the option, or `select` does not cover it.
    .example = place=/Identification/SerialNumber | machine=lathe-7 | profile=umati/machine-tool@1.02 | path=Identification/SerialNumber
QIAO-V203 = { $count } selected nodes of { $machine } have no place in { $profile } and are not published, such as `{ $example }`.
    .title = Nodes without a field
    .fix = Leave them out of `select`, or add the profile core/data-set-message@1.0 to the flow, which takes every node.
    .cause = `select` takes whole branches, which hold values of the maker that the profile does not know.
    .example = place=lathe-7 | count=38 | machine=lathe-7 | profile=umati/machine-tool@1.02 | example=Vendor/CoolantLevel
QIAO-V204 = The node { $node } of { $machine } cannot stand here in { $profile }: another field has this place or lies around it.
    .title = Place is taken
    .fix = If two nodes bear the same browse path, select one of them by node id; otherwise correct the profile's mapping.
    .cause = Two nodes bear the same browse path, or one of them is a value where the other has members.
    .example = place=/Spindle/Load | node=nsu=urn:acme:lathe;s=S1.Load | machine=lathe-7 | profile=core/data-set-message@1.0
QIAO-V205 = { $machine } and { $other } would both be called { $id }. A machine that runs already runs on, the others are refused.
    .title = Two machines with one id
    .fix = Give each a name of its own: `machines: - match: NODE ID` with `name: NAME`, and `connection: NAME` where two servers have equal node ids.
    .cause = Two servers call their machine alike, most often by the maker's default name.
    .example = place=nsu=urn:acme:lathe;s=Machine | machine=nsu=urn:acme:lathe;s=Machine | other=nsu=urn:acme:mill;s=Machine | id=Machine
QIAO-V206 = { $machine } and { $other } would both publish to { $topic }. A machine that runs already runs on, the others are refused.
    .title = Two machines with one topic
    .fix = Put `{"{machine}"}`, `{"{flow}"}` or `{"{profile}"}` into the flow's `topic`, or give the machines different names under `machines:`.
    .cause = The flow's topic has no placeholder that tells these machines, flows or profiles apart.
    .example = place=nsu=urn:acme:cell;s=Robot2 | machine=Robot2 | other=Robot1 | topic=plant/hall-3/robot
QIAO-V207 = No topic can be made of `{ $template }` for { $machine }: { $reason }. The machine is refused, its neighbours run.
    .title = Topic not possible
    .fix = Correct the flow's `topic`, or give the machine a shorter name under `machines:`.
    .cause = The machine's name has characters that a topic cannot have, or the whole becomes too long.
    .example = place=nsu=urn:acme:cell;s=Robot2 | machine=Robot2 | template=plant/{"{"}machine{"}"} | reason=longer than 65535 bytes
QIAO-V208 = The topic `{ $template }` asks for { $places } of { $machine }, and nobody said it; the level reads `%_`.
    .title = Place not known
    .fix = Add `location:` to the machine under `machines:`, or leave the level out of the topic.
    .cause = The topic names a place such as hall or line, and the machine does not say where it stands.
    .example = place=nsu=urn:acme:cell;s=Robot2 | machine=Robot2 | template=plant/{"{"}area{"}"}/{"{"}machine{"}"} | places=area
QIAO-V209 = None of the { $count } selected nodes of { $machine } fills a field of { $profile }; it publishes nothing.
    .title = Nothing to publish
    .fix = Check `each` and `select` of the flow, and whether the machine speaks this profile; `qiao profile show PROFILE` lists its fields.
    .cause = The machine speaks another companion specification, or `each` finds a node above or below the machine itself.
    .example = place=lathe-7 | count=214 | machine=lathe-7 | profile=umati/machine-tool@1.02
QIAO-V210 = After { $seconds } s { $count } mandatory fields of { $machine } have neither a value nor a status: { $fields }. The first message of { $profile } goes out without them if the schema allows it.
    .title = First message incomplete
    .fix = Check whether the server delivers these nodes: access rights, sampling, the machine behind them.
    .cause = The machine is switched off behind a running server, or the user may see the nodes but not read them.
    .example = place=lathe-7 | seconds=10 | count=2 | machine=lathe-7 | fields=/Identification/SerialNumber, /Identification/Manufacturer | profile=umati/machine-tool@1.02
QIAO-V211 = After { $seconds } s { $count } optional fields of { $machine } have neither a value nor a status: { $fields }. The first message of { $profile } goes out without them.
    .title = Optional fields are silent
    .fix = Nothing has to be done; they follow when the server delivers them.
    .cause = The machine has the nodes, but fills them only while it produces.
    .example = place=lathe-7 | seconds=10 | count=2 | machine=lathe-7 | fields=/Production/ActiveProgram, /Production/PartCount | profile=umati/machine-tool@1.02
QIAO-V212 = { $pointer } of { $machine } turned bad ({ $status }, node { $node }). { $profile } has no place for quality: the value is null, or left out.
    .title = Value turned bad
    .fix = Look for the cause at the machine. A profile with quality, such as core/data-set-message@1.0, would pass the status on.
    .cause = A sensor or a controller behind the server failed, or the machine was switched off.
    .example = place=/Monitoring/Spindle/Load | pointer=/Monitoring/Spindle/Load | machine=lathe-7 | status=BadSensorFailure | node=nsu=urn:acme:lathe;s=S1.Load | profile=umati/machine-tool@1.02
QIAO-V213 = The source time of { $pointer } of { $machine } (node { $node }) is odd: { $kind ->
        [missing] there is none
        [1601] it is 1601 or earlier, the clock was never set
        [9999] it is in the year 9999
        [future] it is more than a minute ahead of our clock
        [backwards] it is earlier than that of the value before
       *[other] { $kind }
    }. It is passed on unchanged.
    .title = Odd source time
    .fix = Set the machine's clock, or choose `time: server`, `arrival` or an offset for the connection; messages then say so.
    .cause = The controller's clock was never set, is set to local time, or the server gives no time of its own.
    .example = place=/Monitoring/Spindle/Load | pointer=/Monitoring/Spindle/Load | machine=lathe-7 | node=nsu=urn:acme:lathe;s=S1.Load | kind=1601
QIAO-V214 = A batch of { $values } values of an earlier session was refused: what its values belong to is not known any more.
    .title = Batch of an earlier session
    .fix = Nothing has to be done; the new session reads everything again.
    .cause = Values were still under way when the session ended and a new one began.
    .example = place=lathe-7 | values=12
QIAO-V220 = { $pointer } of { $machine } breaks { $profile } (rule { $rule }): { $reason } It stays out until a new value comes and lies in quarantine; the rest of the message goes out.
    .title = Field left out
    .fix = `qiao quarantine list` and `show` show value and rule; correct the value at node { $node }.
    .cause = One value does not fit the profile: a wrong unit or scale, a state of the maker, or a faulty sensor.
    .example = place=plant/hall-3/lathe-7/state | pointer=/Monitoring/Spindle/Override | machine=lathe-7 | profile=umati/machine-tool@1.02 | rule=maximum | reason=QIAO-V108 | node=nsu=urn:acme:lathe;s=S1.Override
QIAO-V221 = A message of { $machine } breaks { $profile } at { $pointer } (rule { $rule }): { $reason } It is in quarantine.
    .title = Message quarantined
    .fix = `qiao quarantine list` and `show` show message and rule; correct the value at its source, or choose the profile that the machine speaks.
    .cause = The message as a whole does not fit the profile, most often because a mandatory member is missing.
    .example = place=plant/hall-3/lathe-7/state | machine=lathe-7 | profile=umati/machine-tool@1.02 | pointer=/Identification | rule=required | reason=QIAO-V104
QIAO-V222 = { $pointer } of { $machine } breaks { $profile } (rule { $rule }): { $reason } It is dropped and counted; the rest of the message goes out.
    .title = Field rejected
    .fix = Correct the value at node { $node }. `on-violation: quarantine` would keep it.
    .cause = One value does not fit the profile, and `on-violation: reject` keeps no copy.
    .example = place=plant/hall-3/lathe-7/state | pointer=/Monitoring/Spindle/Override | machine=lathe-7 | profile=umati/machine-tool@1.02 | rule=maximum | reason=QIAO-V108 | node=nsu=urn:acme:lathe;s=S1.Override
QIAO-V223 = A message of { $machine } breaks { $profile } at { $pointer } (rule { $rule }): { $reason } It is dropped and counted.
    .title = Message rejected
    .fix = Correct the value at its source. `on-violation: quarantine` would keep the message.
    .cause = The message as a whole does not fit the profile, and `on-violation: reject` keeps no copy.
    .example = place=plant/hall-3/lathe-7/state | machine=lathe-7 | profile=umati/machine-tool@1.02 | pointer=/Identification | rule=required | reason=QIAO-V104
QIAO-V224 = A message of { $machine } breaks { $profile } at { $pointer } (rule { $rule }): { $reason } It is published all the same, as `on-violation: mark` says.
    .title = Message published with a mark
    .fix = Correct the value at its source. `on-violation: quarantine` would keep such messages from the readers.
    .cause = The message does not fit the profile, and the flow is told to publish such messages with a mark.
    .example = place=plant/hall-3/lathe-7/state | machine=lathe-7 | profile=umati/machine-tool@1.02 | pointer=/Identification | rule=required | reason=QIAO-V104
QIAO-V225 = The value of { $pointer } of { $machine } (node { $node }) cannot be written: { $reason }. It stays out; the rest of the message goes out.
    .title = Value cannot be written
    .fix = Leave the node out of `select`, and report the value's data type.
    .cause = The value is a structure without a description, is nested too deeply, or is too long for a message.
    .example = place=plant/hall-3/lathe-7/values | pointer=/Recipe | machine=lathe-7 | node=nsu=urn:acme:lathe;s=Recipe | reason=nested deeper than 48 levels
QIAO-V230 = { $count } times more: { $text }
    .title = The same again
    .fix = `qiao explain { $code }` says what can be done.
    .cause = The same fault comes with every message; it is told once and then counted.
    .example = place=plant/hall-3/lathe-7/state | count=59 | text=QIAO-V108 | code=QIAO-V108
QIAO-V231 = { $count } further findings of this source are not shown one by one: too many different ones at a time. They are counted.
    .title = Too many findings
    .fix = Begin with those that are shown; the counters of the flow have them all.
    .cause = A machine is not set up for its profile, so that very many fields are wrong at once.
    .example = place=lathe-7 | count=120
QIAO-V240 = The server does not have this machine any more.
    .title = Machine is gone
    .fix = Check the server's address space; the machine comes back by itself when it is found again.
    .cause = The machine was removed or renamed, or the program of the controller was loaded anew.
    .example = place=nsu=urn:acme:cell;s=Robot2
QIAO-V241 = The gateway was stopped.
    .title = Gateway stopped
    .fix = Start it again.
    .cause = Somebody stopped the service, or the computer was shut down.
    .example = place=lathe-7
QIAO-V242 = The newest message of { $machine } could not be published: it breaks { $profile }. What lay retained on { $topic } is taken back until a valid one follows, so that nobody reads it as the present state.
    .title = Retained state taken back
    .fix = See the entry in quarantine (`qiao quarantine list`); the state comes back by itself with the next valid message.
    .cause = A message on a retained topic broke its profile; the old one would still be read as the state of now.
    .example = place=plant/hall-3/lathe-7/state | machine=lathe-7 | profile=umati/machine-tool@1.02 | topic=plant/hall-3/lathe-7/state
QIAO-V243 = The source of this machine failed in the gateway and is started again.
    .title = Source failed
    .fix = Nothing has to be done if it comes back; otherwise report the log around QIAO-R001.
    .cause = A fault of qiao ended the part that reads this source; QIAO-R001 says which.
    .example = place=lathe-7
QIAO-V244 = The source failed while { $values } of its values were part of no message yet; they are lost and counted.
    .title = Values lost with their source
    .fix = Report the log around QIAO-R001; the new session reads every value again.
    .cause = A fault of qiao ended the part that reads this source while values were being put together into messages.
    .example = place=lathe-7 | values=12
QIAO-V260 = { $machine }: { $pointer } cannot be said in { $target }: { $reason }.
    .title = Value without counterpart
    .fix = Nothing, if the reader can do without it. Otherwise bind a value for the field under `machines:`, or extend the mapping of the profile.
    .cause = The other standard has no word, no place or no unit for this value; nothing is guessed.
    .example = place=lathe-7:/MachineryBuildingBlocks/MachineryItemState | machine=lathe-7 | pointer=/MachineryBuildingBlocks/MachineryItemState | target=nclink/cnc@3.0 | reason=NC-Link has no word for a machine out of service

QIAO-V261 = { $machine }: a value of { $pointer } { $kind ->
        [missing] has no source time
        [late] is older than the rows that were sent already
       *[ahead] lies further ahead than the grid is kept
    }; it holds { $kind ->
        [late] from the first row that was not sent yet
       *[other] from its arrival on
    }.
    .title = Time of a sampled value does not fit the grid
    .fix = { $kind ->
        [missing] Choose `time: server` or `time: arrival` for the connection.
        [late] Let the publishing interval be shorter than the upload interval of the channel.
       *[ahead] Set the machine's clock right.
    }
    .cause = The server gives no source time, the value was long on its way, or the machine's clock is wrong.
    .example = place=lathe-7:/FEED_SPEED | machine=lathe-7 | pointer=/FEED_SPEED | kind=late

QIAO-V262 = { $machine }: nothing that its source tells fills { $count ->
        [one] a mandatory field
       *[other] { $count } mandatory fields
    } of { $profile }: { $fields }.
    .title = Mandatory fields without a source
    .fix = Give them values in a table (`bind` under `machines:`), or publish with `on-violation: mark`; without them messages are refused.
    .cause = The source speaks of less than the published profile asks for; what is missing is not made up.
    .example = place=mill-1 | machine=mill-1 | count=1 | profile=umati/machine-tool@1.02 | fields=/Identification/ProductInstanceUri

QIAO-V265 = The gateway's link to this broker was lost without a goodbye.
    .title = Gateway lost
    .fix = Look whether the gateway runs (`qiao status`) and at the network between it and the broker. It says online again by itself.
    .cause = The gateway or its machine failed, or the network between it and the broker.
    .example = place=hall-3

QIAO-V250 = A message on { $topic } cannot be read for { $flow }: { $reason } It is in quarantine.
    .title = Message not readable
    .fix = Look at it with `qiao quarantine list`; correct its sender, or `decode` of the flow.
    .cause = Another kind of sender publishes there, or `decode` does not fit what is sent.
    .example = place=line/4/press-1/state | topic=line/4/press-1/state | flow=line-4 | reason=QIAO-V258
QIAO-V251 = A message on { $topic } cannot be read for { $flow }: { $reason } It was rejected.
    .title = Message rejected as not readable
    .fix = Correct its sender, or `decode` of the flow; with `on-violation: quarantine` it would be kept.
    .cause = Another kind of sender publishes there, or `decode` does not fit what is sent.
    .example = place=line/4/press-1/state | topic=line/4/press-1/state | flow=line-4 | reason=QIAO-V258
QIAO-V252 = The number at { $pointer } has digits that no Double holds; it is passed on as text, unchanged.
    .title = Number kept as text
    .fix = Nothing has to be done. If the digits are not meant, let the sender round them.
    .cause = The sender writes more than 17 digits, or a whole number beyond 64 bits.
    .example = place=press-1:/energy | pointer=/energy
QIAO-V253 = The message has no usable time at { $member }: { $fault ->
        [missing] the member is missing
        [kind] it is neither the text nor the number that `format` asks for
       *[form] it is not written as `format` says
    }. Its values carry no source time; none is invented.
    .title = Time of the message missing
    .fix = Correct `time` of the flow, or let the sender state the time.
    .cause = The sender has no clock, names the member differently, or writes its time in another form.
    .example = place=press-1 | member=/ts | fault=missing
QIAO-V254 = The message on { $topic } breaks { $profile } at { $pointer }: { $reason } It is in quarantine (rule { $rule }).
    .title = Message breaks its profile
    .fix = Correct the sender; `qiao quarantine list` shows the message and every rule it breaks.
    .cause = The sender has a fault, or speaks another version of the profile.
    .example = place=press-1:/temperature | topic=line/4/press-1/state | profile=acme/press@1.0 | pointer=/temperature | reason=QIAO-V257 | rule=/properties/temperature/type
QIAO-V255 = The message on { $topic } breaks { $profile } at { $pointer }: { $reason } It was rejected (rule { $rule }).
    .title = Message rejected
    .fix = Correct the sender; with `on-violation: quarantine` the message would be kept.
    .cause = The sender has a fault, or speaks another version of the profile.
    .example = place=press-1:/temperature | topic=line/4/press-1/state | profile=acme/press@1.0 | pointer=/temperature | reason=QIAO-V257 | rule=/properties/temperature/type
QIAO-V256 = The message on { $topic } breaks { $profile } at { $pointer }: { $reason } It was passed on all the same, unchanged (rule { $rule }).
    .title = Message passed on with a violation
    .fix = Correct the sender; with `on-violation: quarantine` the message would be held back.
    .cause = The sender has a fault, and the flow says `on-violation: mark`.
    .example = place=press-1:/temperature | topic=line/4/press-1/state | profile=acme/press@1.0 | pointer=/temperature | reason=QIAO-V257 | rule=/properties/temperature/type
QIAO-V257 = It is not { $expected ->
        [number] one number as JSON writes it
       *[boolean] true, false, 1 or 0
    }.
    .title = Not the value that was expected
    .fix = Correct the sender, or `decode` of the flow.
    .cause = The sender adds a unit or writes a word where a plain value is expected.
    .example = place=line/4/press-1/temperature | expected=number
QIAO-V258 = It is empty, which takes a retained message back and says nothing of a value.
    .title = Empty message
    .fix = If a value was meant, let the sender write it; otherwise nothing has to be done.
    .cause = Somebody cleared a retained message.
    .example = place=line/4/press-1/temperature
QIAO-V270 = A request to the NC-Link device { $machine } cannot be read: { $reason }. It gets no answer.
    .title = NC-Link request not readable
    .fix = Correct the application that sends it; requests are JSON objects of at most 256 KiB.
    .cause = An application writes no JSON, cuts its messages short, or asks for more in one message than is read.
    .example = place=Query/Request/mill-2 | machine=mill-2 | reason=the text ends too early (byte 14)
QIAO-V271 = No application has answered the registration of the NC-Link device { $machine }. Its data is published all the same; it registers again every { $seconds } s.
    .title = Nobody answers the registration
    .fix = If an application is to know the machine, start it at this broker and let it answer on { $topic }; otherwise nothing has to be done.
    .cause = No NC-Link application is connected, or it takes devices without answering.
    .example = place=mill-2 | machine=mill-2 | seconds=60 | topic=Register/Response/mill-2
QIAO-V272 = An application refuses the registration of the NC-Link device { $machine }: { $reason }
    .title = Registration refused
    .fix = Enter the device there under exactly this id, or give the machine the id that is entered there (`machines:`, `name`).
    .cause = The application knows only devices that were entered beforehand.
    .example = place=mill-2 | machine=mill-2 | reason=unknown device
QIAO-V273 = { $path } names no item of the NC-Link device { $machine }, or one that another field fills already. The device model leaves it out.
    .title = Item path of no use
    .fix = Correct `to` of this field in the mapping of the profile.
    .cause = Two fields of the mapping have one path, or a path is empty or too long.
    .example = place=mill-2:/STATUS | machine=mill-2 | path=/STATUS
QIAO-V274 = Events of { $machine } that are no alarms, or are about an earlier state of one, have no place in { $profile }.
    .title = Events without a place
    .fix = If they are wanted, take them in a flow of their own without `publish-as`; otherwise nothing has to be done.
    .cause = The server tells messages and earlier states beside its alarms; the published profile lists what is active now.
    .example = place=mill-2 | machine=mill-2 | profile=nclink/cnc@3.0
QIAO-V275 = More than { $limit } alarms of { $machine } are active at once; what is beyond is not told.
    .title = Too many alarms
    .fix = See why the machine tells so many; `min-severity` of `events` leaves out what is not severe.
    .cause = A machine tells states as alarms, or never takes an alarm back.
    .example = place=mill-2 | machine=mill-2 | limit=1000
QIAO-V280 = Samples of channel { $channel } do not say which items their columns are, and the model of the device does not say it either; they are not taken.
    .title = Sample without paths
    .fix = Let the adapter send `paths`, or answer `Probe/Query/Request` with a model that holds the channel.
    .cause = An older adapter leaves the paths to the device's model.
    .example = place=Sample/V4C7/fast | channel=fast
QIAO-V281 = The time at { $pointer } is written without leading zeros, as the classic umati gateway does; it is read as meant.
    .title = Time in the classic spelling
    .fix = Nothing has to be done. A newer gateway writes times as RFC 3339 asks for.
    .cause = The classic umati gateway writes `2024-1-5T9:3:7:45Z`, the last number being milliseconds.
    .example = place=umati/v2/acme/MachineToolType/m7 | pointer=/Notification/Prognoses/P/PredictedTime
QIAO-V282 = { $device } told no model: { $why ->
        [refused] it refuses ({ $reason })
        [other] the answer is about several other devices
       *[missing] the answer holds none
    }.
    .title = No device model
    .fix = Correct the adapter. Samples with paths are taken all the same; what only the model says (manufacturer, units) is missing.
    .cause = The adapter answers for another device, or is not allowed to tell its model.
    .example = place=Probe/Query/Response/V4C7 | device=V4C7 | why=refused | reason=Permission Denied
QIAO-V283 = { $device } counts { $pointer } in `{ $unit }`, which is no unit known here; its numbers are not converted.
    .title = Unknown unit of an item
    .fix = Let the model name a unit of the standard, such as mm/min.
    .cause = The adapter writes the unit in a way of its own.
    .example = place=Probe/Query/Response/V4C7 | device=V4C7 | pointer=/FEED_SPEED | unit=mm per minute
QIAO-V284 = It is no JSON object.
    .title = No object
    .fix = Correct the sender, or `each: topic` of the flow.
    .cause = Another kind of message travels on this topic, such as a list or a plain value.
    .example = place=umati/v2/acme/MachineToolType/m7

QIAO-V350 = It holds nothing at `{ $pointer }`, where its data should be.
    .title = Envelope without data
    .fix = Correct the sender, or `envelope: data` of the flow.
    .cause = Another kind of message travels on this topic, or the sender changed its form.
    .example = place=plant/up | pointer=/payload
QIAO-V351 = What stands at `{ $pointer }` is no list of records.
    .title = No list of records
    .fix = Correct the sender, or `envelope: records` of the flow.
    .cause = The sender gives one record alone, or names the list otherwise.
    .example = place=plant/up | pointer=/values
QIAO-V352 = A record says nothing at `{ $member }`, or something that is no name.
    .title = Record without a member that it needs
    .fix = Correct the sender, or the pointer in `envelope` of the flow. The other records of the message went on.
    .cause = The sender left the member out, or gave a number with a fraction, a list or an empty text for a name.
    .example = place=plant/up | member=/id
QIAO-V353 = What stands at `{ $pointer }` is no { $form ->
        [base64] base64
       *[text] text
    } that holds data.
    .title = Data not written as expected
    .fix = Correct the sender, or `envelope: written-as` of the flow.
    .cause = Some senders wrap their data as a JSON value, some as a text, some as base64.
    .example = place=plant/up | pointer=/payload | form=base64
QIAO-V354 = More than { $limit } conditions of { $machine } want to be kept at a time; further ones have no topic.
    .title = Too many conditions
    .fix = Take fewer of them with `events: types` or `min-severity`, or see why the server keeps so many; core/event tells them all.
    .cause = The server makes a condition for each occurrence, or nobody acknowledges them.
    .example = place=lathe-7 | machine=lathe-7 | limit=1000
