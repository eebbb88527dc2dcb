QIAO-V201 = Two nodes would fill this field of { $machine } in { $profile }: { $nodes }. It stays empty; which of them is meant is not guessed.
    .title = Two nodes for one field
    .fix = Narrow the flow's `select` so that one of the nodes is left, or name the namespace in the profile's mapping.
QIAO-V202 = { $machine } has no node for this mandatory field of { $profile }: `{ $path }` is not there or not selected.
    .title = Mandatory node missing
    .fix = Add the node to the server, select it in the flow, or choose a profile that the machine speaks.
QIAO-V203 = { $count } selected nodes of { $machine } have no place in { $profile } and are not published, such as `{ $example }`.
    .title = Nodes without a field
    .fix = Leave them out of `select`, or add the profile core/data-set-message@1.0 to the flow, which takes every node.
QIAO-V204 = The node { $node } of { $machine } cannot stand here in { $profile }: another field has this place or lies around it.
    .title = Place is taken
    .fix = If two nodes bear the same browse path, select one of them by node id; otherwise correct the profile's mapping.
QIAO-V205 = { $machine } and { $other } would both be called { $id }. A machine that runs already runs on, the others are refused.
    .title = Two machines with one id
    .fix = Give each a name of its own: `machines: - match: NODE ID` with `name: NAME`, and `connection: NAME` where two servers have equal node ids.
QIAO-V206 = { $machine } and { $other } would both publish to { $topic }. A machine that runs already runs on, the others are refused.
    .title = Two machines with one topic
    .fix = Put `{"{machine}"}`, `{"{flow}"}` or `{"{profile}"}` into the flow's `topic`, or give the machines different names under `machines:`.
QIAO-V207 = No topic can be made of `{ $template }` for { $machine }: { $reason }. The machine is refused, its neighbours run.
    .title = Topic not possible
    .fix = Correct the flow's `topic`, or give the machine a shorter name under `machines:`.
QIAO-V208 = The topic `{ $template }` asks for { $places } of { $machine }, and nobody said it; the level reads `%_`.
    .title = Place not known
    .fix = Add `location:` to the machine under `machines:`, or leave the level out of the topic.
QIAO-V209 = None of the { $count } selected nodes of { $machine } fills a field of { $profile }; it publishes nothing.
    .title = Nothing to publish
    .fix = Check `each` and `select` of the flow, and whether the machine speaks this profile; `qiao profile show PROFILE` lists its fields.
QIAO-V210 = After { $seconds } s { $count } mandatory fields of { $machine } have neither a value nor a status: { $fields }. The first message of { $profile } goes out without them if the schema allows it.
    .title = First message incomplete
    .fix = Check whether the server delivers these nodes: access rights, sampling, the machine behind them.
QIAO-V211 = After { $seconds } s { $count } optional fields of { $machine } have neither a value nor a status: { $fields }. The first message of { $profile } goes out without them.
    .title = Optional fields are silent
    .fix = Nothing has to be done; they follow when the server delivers them.
QIAO-V212 = { $pointer } of { $machine } turned bad ({ $status }, node { $node }). { $profile } has no place for quality: the value is null, or left out.
    .title = Value turned bad
    .fix = Look for the cause at the machine. A profile with quality, such as core/data-set-message@1.0, would pass the status on.
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
QIAO-V214 = A batch of { $values } values of an earlier session was refused: what its values belong to is not known any more.
    .title = Batch of an earlier session
    .fix = Nothing has to be done; the new session reads everything again.
QIAO-V220 = { $pointer } of { $machine } breaks { $profile } (rule { $rule }): { $reason } It stays out until a new value comes and lies in quarantine; the rest of the message goes out.
    .title = Field left out
    .fix = `qiao quarantine list` and `show` show value and rule; correct the value at node { $node }.
QIAO-V221 = A message of { $machine } breaks { $profile } at { $pointer } (rule { $rule }): { $reason } It is in quarantine.
    .title = Message quarantined
    .fix = `qiao quarantine list` and `show` show message and rule; correct the value at its source, or choose the profile that the machine speaks.
QIAO-V222 = { $pointer } of { $machine } breaks { $profile } (rule { $rule }): { $reason } It is dropped and counted; the rest of the message goes out.
    .title = Field rejected
    .fix = Correct the value at node { $node }. `on-violation: quarantine` would keep it.
QIAO-V223 = A message of { $machine } breaks { $profile } at { $pointer } (rule { $rule }): { $reason } It is dropped and counted.
    .title = Message rejected
    .fix = Correct the value at its source. `on-violation: quarantine` would keep the message.
QIAO-V224 = A message of { $machine } breaks { $profile } at { $pointer } (rule { $rule }): { $reason } It is published all the same, as `on-violation: mark` says.
    .title = Message published with a mark
    .fix = Correct the value at its source. `on-violation: quarantine` would keep such messages from the readers.
QIAO-V225 = The value of { $pointer } of { $machine } (node { $node }) cannot be written: { $reason }. It stays out; the rest of the message goes out.
    .title = Value cannot be written
    .fix = Leave the node out of `select`, and report the value's data type.
QIAO-V230 = { $count } times more: { $text }
    .title = The same again
    .fix = `qiao explain { $code }` says what can be done.
QIAO-V231 = { $count } further findings of this source are not shown one by one: too many different ones at a time. They are counted.
    .title = Too many findings
    .fix = Begin with those that are shown; the counters of the flow have them all.
QIAO-V240 = The server does not have this machine any more.
    .title = Machine is gone
    .fix = Check the server's address space; the machine comes back by itself when it is found again.
QIAO-V241 = The gateway was stopped.
    .title = Gateway stopped
    .fix = Start it again.
QIAO-V242 = The newest message of { $machine } could not be published: it breaks { $profile }. What lay retained on { $topic } is taken back until a valid one follows, so that nobody reads it as the present state.
    .title = Retained state taken back
    .fix = See the entry in quarantine (`qiao quarantine list`); the state comes back by itself with the next valid message.
QIAO-V243 = The source of this machine failed in the gateway and is started again.
    .title = Source failed
    .fix = Nothing has to be done if it comes back; otherwise report the log around QIAO-R001.
QIAO-V244 = The source failed while { $values } of its values were part of no message yet; they are lost and counted.
    .title = Values lost with their source
    .fix = Report the log around QIAO-R001; the new session reads every value again.

QIAO-V250 = A message on { $topic } cannot be read for { $flow }: { $reason } It is in quarantine.
    .title = Message not readable
    .fix = Look at it with `qiao quarantine list`; correct its sender, or `decode` of the flow.
QIAO-V251 = A message on { $topic } cannot be read for { $flow }: { $reason } It was rejected.
    .title = Message rejected as not readable
    .fix = Correct its sender, or `decode` of the flow; with `on-violation: quarantine` it would be kept.
QIAO-V252 = The number at { $pointer } has digits that no Double holds; it is passed on as text, unchanged.
    .title = Number kept as text
    .fix = Nothing has to be done. If the digits are not meant, let the sender round them.
QIAO-V253 = The message has no usable time at { $member }: { $fault ->
        [missing] the member is missing
        [kind] it is neither the text nor the number that `format` asks for
       *[form] it is not written as `format` says
    }. Its values carry no source time; none is invented.
    .title = Time of the message missing
    .fix = Correct `time` of the flow, or let the sender state the time.
QIAO-V254 = The message on { $topic } breaks { $profile } at { $pointer }: { $reason } It is in quarantine (rule { $rule }).
    .title = Message breaks its profile
    .fix = Correct the sender; `qiao quarantine list` shows the message and every rule it breaks.
QIAO-V255 = The message on { $topic } breaks { $profile } at { $pointer }: { $reason } It was rejected (rule { $rule }).
    .title = Message rejected
    .fix = Correct the sender; with `on-violation: quarantine` the message would be kept.
QIAO-V256 = The message on { $topic } breaks { $profile } at { $pointer }: { $reason } It was passed on all the same, unchanged (rule { $rule }).
    .title = Message passed on with a violation
    .fix = Correct the sender; with `on-violation: quarantine` the message would be held back.
QIAO-V257 = It is not { $expected ->
        [number] one number as JSON writes it
       *[boolean] true, false, 1 or 0
    }.
    .title = Not the value that was expected
    .fix = Correct the sender, or `decode` of the flow.
QIAO-V258 = It is empty, which takes a retained message back and says nothing of a value.
    .title = Empty message
    .fix = If a value was meant, let the sender write it; otherwise nothing has to be done.
