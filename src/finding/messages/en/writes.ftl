# Commands to machines: why one is refused, and the record of all.
QIAO-W001 = The command is no message that can be read: { $fault ->
        [too-long] longer than a command is
        [too-deep] deeper than a command is
        [too-many] more values than a command has
        [not-utf-8] not UTF-8
        [incomplete] it ends in the middle of a value
        [duplicate-name] a name stands twice in one object
        [lone-surrogate] half of a surrogate pair without the other half
        [number-too-large] a number beyond the range of a double
        [name-too-long] a name that is too long
       *[unexpected] no JSON
    }, at byte { $at }.
    .title = Command not readable
    .fix = Send one JSON object with every name once; `qiao writes schema NAME` shows how it looks.
    .cause = The message was put together by hand, cut off, or made larger or deeper than a command is.
    .example = place=feed-override | fault=duplicate-name | at=31
QIAO-W002 = A command has no member `{ $name }`{ $nearest ->
        [none] .
       *[other] ; did you mean `{ $nearest }`?
    }
    .title = Unknown member of a command
    .fix = Leave it out; nothing is ignored in a command, so that a slip does not go unseen.
    .cause = The name is mistyped, or meant for another program.
    .example = place=feed-override | name=valeu | nearest=value
QIAO-W003 = The command lacks `{ $name }`.
    .title = Member of a command missing
    .fix = Send it; `qiao writes schema NAME` lists what has to be there.
    .cause = An older or other form of command was sent.
    .example = place=feed-override | name=issued
QIAO-W004 = `{ $name }` is not { $expected ->
        [uuid] a UUID (8-4-4-4-12 hexadecimal digits, not all zero)
        [time] a time as RFC 3339 writes it, no finer than 100 ns
        [milliseconds] a whole number of milliseconds above 0
        [hexadecimal] 64 hexadecimal digits
        [guid] a Guid (8-4-4-4-12 hexadecimal digits)
        [base64] bytes in Base64 with padding
        [localized-text] an object of `text` and `locale`
        [object] an object
        [no-call] possible for a call: a method has no value that could be compared
       *[text] a text
    }.
    .title = Malformed member of a command
    .fix = Write it in that form.
    .cause = The program that sends formats it in another way.
    .example = place=feed-override | name=id | expected=uuid
QIAO-W005 = The command was retained by the broker: nobody knows for how long.
    .title = Retained command
    .fix = Publish commands without the retain flag, and clear the topic by publishing an empty retained message.
    .cause = A test tool set the flag; the broker would repeat the command to every new subscriber.
    .example = place=feed-override
QIAO-W006 = Nothing of the configuration allows this: { $what }.
    .title = No entry for the command
    .fix = Add an entry to `writes`, if it is to be allowed. Without one nothing is written.
    .cause = The topic, node or device is mistyped, or was never allowed.
    .example = place=feed-override | what=spindle-speed
QIAO-W007 = Nobody by the name of `{ $name }` may command here.
    .title = Unknown sender
    .fix = Name one of `senders` at `sender`; a command without `sender` is only taken where whoever may publish may command.
    .cause = The name is mistyped, or the sender is known in another way than the command came.
    .example = place=feed-override | name=press-3
QIAO-W008 = `{ $name }` signs its commands, and this one carries no `mac`.
    .title = Command not signed
    .fix = Send the HMAC-SHA-256 of the command as `mac`; the page “Commands to machines” shows how it is made.
    .cause = A program without the key sends under this name.
    .example = place=feed-override | name=mes
QIAO-W009 = The `mac` does not fit the command and the key of `{ $name }`.
    .title = Wrong signature
    .fix = Compare key, gateway name, entry name and the order of the parts; value and times count byte for byte as they stand in the message.
    .cause = The key differs, or the message was changed on its way.
    .example = place=feed-override | name=mes
QIAO-W010 = `{ $name }` has none of the roles that may command this: { $roles }.
    .title = Sender without the role
    .fix = Give the sender one of these roles in `senders`, if it may command this.
    .cause = The sender is meant for other entries.
    .example = place=feed-override | name=archive | roles=operator
QIAO-W011 = The command came { $late } after its time: it holds for { $ttl }.
    .title = Command expired
    .fix = Send it again with a new id, if it is still wanted. Nothing is held back for later.
    .cause = The network, the broker or the sender's clock is slow.
    .example = place=feed-override | late=3s | ttl=5s
QIAO-W012 = The command was made { $ahead } in the future; { $skew } is allowed.
    .title = Command from the future
    .fix = Set the clock of the sender and of this machine by one time server.
    .cause = The sender's clock is ahead, or writes local time as UTC.
    .example = place=feed-override | ahead=40s | skew=2s
QIAO-W013 = The clock of this machine is off by { $off }; { $skew } is allowed. Nobody can say whether a command is new.
    .title = Clock not to be relied on
    .fix = Set the clock. If it was wrong before and is right now, stop the gateway and move the folder `commands` out of its data directory.
    .cause = There is no time server, the clock was never set, or it was set back.
    .example = place=feed-override | off=90s | skew=2s
QIAO-W014 = The command was made before this gateway began to listen, or before its clock was set.
    .title = Command from before the start
    .fix = Send it again with a new id, if it is still wanted.
    .cause = The broker kept the command while the gateway was away.
    .example = place=feed-override
QIAO-W015 = The id { $id } was used for another command.
    .title = Id used twice
    .fix = Make a new UUID for every command; only a repetition of the very same one keeps it.
    .cause = Ids are counted or taken from a list instead of being random.
    .example = place=feed-override | id=72962b91-fa75-4ae6-8d28-b404dc7daf63
QIAO-W016 = The command { $id } is under way; its outcome follows.
    .title = Command under way
    .fix = Wait for the answer to the first one.
    .cause = The message was delivered twice, or the sender was impatient.
    .example = place=feed-override | id=72962b91-fa75-4ae6-8d28-b404dc7daf63
QIAO-W017 = What allowed this held until { $until }.
    .title = Entry over
    .fix = Have the entry looked at again, and give it a new last day.
    .cause = The permission was given for a time.
    .example = place=feed-override | until=2026-12-31
QIAO-W018 = The configuration says read-only: nothing is written.
    .title = Read-only
    .fix = Write `access: as-listed` under `gateway`, if machines may be written to.
    .cause = The gateway was set up to watch only.
    .example = place=feed-override
QIAO-W019 = The local switch is off: nothing is written to machines.
    .title = Writes switched off
    .fix = `qiao writes status` says why; `qiao writes on` at this machine allows writes again.
    .cause = Somebody works at the machine, or something went wrong and was stopped.
    .example = place=feed-override
QIAO-W020 = The command cannot be recorded: without a record nothing is written.
    .title = Command not recorded
    .fix = Make room on the disk and see that the data directory can be written; `qiao audit verify` tells how the record stands.
    .cause = The disk is full or broken.
    .example = place=feed-override
QIAO-W021 = There is no connection to `{ $connection }`; no command waits for one.
    .title = Not connected
    .fix = Send it again with a new id when the connection is back.
    .cause = The machine is off, or the network is down.
    .example = place=feed-override | connection=lathe
QIAO-W022 = `{ $name }` has to be { $expected }; it is { $found ->
        [text] text
        [number] a number
        [fraction] a number with a fraction or exponent
        [boolean] true or false
        [array] an array
        [object] an object
       *[null] nothing
    }.
    .title = Value of another type
    .fix = Send exactly this type; nothing is converted. Whole numbers of 64 bits above 9007199254740991 are written as text.
    .cause = The program sends numbers as text, or a unit with them.
    .example = place=feed-override | name=value | expected=double | found=text
QIAO-W023 = `{ $name }`: { $value } is beyond what { $type } holds.
    .title = Value beyond its type
    .fix = Send a value within the range of the type.
    .cause = The value was meant for a wider type.
    .example = place=feed-override | name=value | value=300 | type=byte
QIAO-W024 = `{ $name }`: { $type } cannot hold { $value } exactly, or not every reader of JSON can.
    .title = Value not exact
    .fix = Send as many digits as the type holds; whole numbers of 64 bits above 9007199254740991 as text.
    .cause = The number was computed with more digits than the machine's type has.
    .example = place=feed-override | name=value | value=9007199254740993 | type=double
QIAO-W025 = `{ $name }` has to be { $expected }; it is { $found }.
    .title = Value of another shape
    .fix = Send as many elements as the entry says, row by row.
    .cause = Elements are missing, or a single value was sent for an array.
    .example = place=feed-override | name=value | expected=double[3] | found=[2]
QIAO-W026 = `{ $name }`: { $value } is not within { $min } and { $max }.
    .title = Value out of range
    .fix = Send a value within the range.
    .cause = A slip, another unit, or an attempt to reach beyond what is allowed.
    .example = place=feed-override | name=value | value=125.0 | min=0 | max=120
QIAO-W027 = `{ $name }`: { $value } is not on a step of { $step }.
    .title = Value between two steps
    .fix = Send a multiple of the step, counted from the smallest value.
    .cause = The value was computed and not rounded.
    .example = place=feed-override | name=value | value=82.0 | step=5
QIAO-W028 = `{ $name }`: { $value } is none of { $known }.
    .title = Value not listed
    .fix = Send one of the listed values.
    .cause = The list of the machine is another one.
    .example = place=feed-override | name=mode | value="slow" | known=fast, careful
QIAO-W029 = `{ $name }` is { $length } long; { $limit } is allowed.
    .title = Value too long
    .fix = Send a shorter one, or raise `max-length` to what the machine takes.
    .cause = A whole file was sent where a name was expected.
    .example = place=feed-override | name=program | length=300 | limit=256
QIAO-W030 = From { $present } to { $value } is farther than { $most } at once.
    .title = Change too large
    .fix = Go in several commands, each within the change that is allowed.
    .cause = The value was set long ago, or the machine stands elsewhere than thought.
    .example = place=feed-override | value=120.0 | present=75.0 | most=20
QIAO-W031 = The value that is there could not be read, or is not good ({ $status }): nobody knows what would change.
    .title = Present value unknown
    .fix = See why the machine does not tell the value; then send the command again with a new id.
    .cause = The sensor or the controller behind the server is away.
    .example = place=feed-override | status=BadNoCommunication (0x80310000)
QIAO-W032 = The command expects { $expected }, and { $present } is there.
    .title = Another value than expected
    .fix = Read the value, decide anew, and send a command that expects it.
    .cause = Somebody else wrote in between.
    .example = place=feed-override | expected=75.0 | present=80.0
QIAO-W033 = Every command of this entry has to say which value it expects: `expected` is missing.
    .title = Nothing expected
    .fix = Send the value that was seen last as `expected`.
    .cause = The program was made for an entry that does not ask for it.
    .example = place=feed-override
QIAO-W034 = { $node } is { $present } and has to be { $needed }.
    .title = Interlock
    .fix = Bring the machine into the state that the write needs; then send the command again with a new id.
    .cause = The door is open, the machine is not in automatic mode, or somebody works at it.
    .example = place=feed-override | node=nsu=urn:acme:lathe;s=DoorClosed | present=false | needed=true
QIAO-W035 = { $node } could not be read, or is not good ({ $status }): it counts as a no.
    .title = Interlock unknown
    .fix = See why the machine does not tell the value.
    .cause = The sensor or the controller behind the server is away, or the node is not there.
    .example = place=feed-override | node=nsu=urn:acme:lathe;s=DoorClosed | status=BadNoCommunication (0x80310000)
QIAO-W036 = This was commanded as often as it may be: { $rate }.
    .title = Too many commands
    .fix = Wait, and send it again with a new id.
    .cause = A program sends in a loop, or two of them share the entry.
    .example = place=feed-override | rate=6/1m
QIAO-W037 = { $node } is { $found }, and the entry says { $expected }.
    .title = Node of another type
    .fix = Write the type that the node has; then look at the bounds again.
    .cause = The machine's software was changed, or the type was guessed.
    .example = place=feed-override | node=nsu=urn:acme:lathe;s=FeedOverride | expected=double | found=float
QIAO-W038 = Another command to the same target is under way.
    .title = Target busy
    .fix = Wait for its outcome, look at the value, and send the command again with a new id if it is still wanted.
    .cause = Two senders command the same thing.
    .example = place=feed-override
QIAO-W039 = A command of this entry holds for { $limit } at most; this one says { $ttl }.
    .title = Time to live too long
    .fix = Leave `ttl` out, or send a shorter one.
    .cause = The program was made for a slow network.
    .example = place=feed-override | ttl=60s | limit=5s
QIAO-W040 = As many ids are kept as may be, and none is old enough to be forgotten: a repetition could not be told from a new command.
    .title = Too many commands in a day
    .fix = Lower the rates of the entries; tell us, if `qiao check` let it pass.
    .cause = More commands were given than the rates of the configuration allow.
    .example = place=feed-override
QIAO-W041 = The machine did not take it: { $status }.
    .title = Refused by the machine
    .fix = Look at the rights of the gateway's user at the server, and at the state of the machine.
    .cause = The server forbids the write to this user, or the machine is in a state in which it takes none.
    .example = place=feed-override | status=BadUserAccessDenied (0x801F0000)
QIAO-W042 = The gateway stopped between sending and hearing of the outcome: the command may have been done or not.
    .title = Outcome unknown after a stop
    .fix = Look at the machine before the command is given again.
    .cause = The gateway was killed, or the power failed.
    .example = place=feed-override
QIAO-W043 = The variable `{ $node }` on `{ $face }` holds no values of the type that this entry allows: it cannot be written.
    .title = Entry of another type than its variable
    .fix = Give the entry the type and the dimensions that the variable shows to clients. A variable that shows the number of a word, and an object, cannot be written.
    .cause = The machine's own type was taken; its profile shows the value in another one.
    .example = place=feed-override | node=cells/mill-7/Monitoring/1/FeedOverride | face=face
QIAO-A001 = The journal of commands cannot be written: { $error }. Writes to machines are off, telemetry goes on.
    .title = Commands not recorded
    .fix = Make room on the disk and see that the directory can be written. It is tried again by itself.
    .cause = The disk is full or broken, or the directory belongs to another user.
    .example = place=/var/lib/qiao | error=No space left on device (os error 28)
QIAO-A002 = The audit cannot be read: { $error }.
    .title = Audit not readable
    .fix = Run it as the user of the gateway, or as one who may read its data directory.
    .cause = The directory belongs to the gateway's user alone.
    .example = place=/var/lib/qiao/audit | error=Permission denied (os error 13)
QIAO-A003 = The switch cannot be set: { $error }. It stands as it stood.
    .title = Switch not set
    .fix = Run it as the user of the gateway; in need, make the file by hand: while it is there, nothing is written.
    .cause = The data directory belongs to the gateway's user, or the disk is full.
    .example = place=/var/lib/qiao/writes-off | error=Permission denied (os error 13)
QIAO-A004 = There is no entry `{ $name }` in `writes`. { $nearest ->
        [none] Known: { $known }.
       *[other] Did you mean `{ $nearest }`?
    }
    .title = Unknown entry
    .fix = Name one of: { $known }.
    .cause = The name is mistyped, or another configuration is meant.
    .example = name=feed | nearest=feed-override | known=feed-override, program
QIAO-A010 = The record is not what was written: its hash does not fit.
    .title = Record of the audit changed
    .fix = Keep a copy of the directory as it is, and find out who could write it. The gateway goes on behind the place.
    .cause = Somebody edited the file, or the disk lost a bit.
    .example = place=/var/lib/qiao/audit/00000001.jsonl:7
QIAO-A011 = Records { $first } to { $last } are missing before this one.
    .title = Records of the audit missing
    .fix = Keep a copy of the directory as it is, and find out who could write it. The gateway goes on behind the place.
    .cause = They were taken out or changed, or a segment was deleted.
    .example = place=/var/lib/qiao/audit/00000001.jsonl:7 | first=6 | last=6
QIAO-A012 = Record { $seq } stands here again, where { $expected } follows.
    .title = Record of the audit repeated
    .fix = Keep a copy of the directory as it is, and find out who could write it. The gateway goes on behind the place.
    .cause = A line or a segment was copied in.
    .example = place=/var/lib/qiao/audit/00000001.jsonl:7 | seq=5 | expected=7
QIAO-A013 = Record { $seq } stands here, where { $expected } follows: it was moved.
    .title = Record of the audit moved
    .fix = Keep a copy of the directory as it is, and find out who could write it. The gateway goes on behind the place.
    .cause = Lines were put into another order.
    .example = place=/var/lib/qiao/audit/00000001.jsonl:7 | seq=5 | expected=7
QIAO-A014 = Record { $seq } does not follow the one before it.
    .title = Chain of the audit broken
    .fix = Keep a copy of the directory as it is, and find out who could write it. The gateway goes on behind the place.
    .cause = Either of the two was replaced by another one with a hash of its own.
    .example = place=/var/lib/qiao/audit/00000001.jsonl:7 | seq=7
QIAO-A015 = The audit begins with record { $first }, and nothing says that the ones before were dropped.
    .title = Beginning of the audit missing
    .fix = Keep a copy of the directory as it is, and find out who could write it. The gateway goes on behind the place.
    .cause = The oldest segment was deleted by hand.
    .example = place=/var/lib/qiao/audit/00000001.jsonl:7 | first=40
QIAO-A016 = The audit ends with record { $last }, and { $told } was written: its end was cut off.
    .title = End of the audit missing
    .fix = Keep a copy of the directory as it is, and find out who could write it. The gateway goes on behind the place.
    .cause = The last lines or the last segment were deleted.
    .example = place=/var/lib/qiao/audit | last=38 | told=40
QIAO-A017 = Record { $seq } is not the one of the mark that was given.
    .title = Mark does not fit
    .fix = Keep a copy of the directory as it is, and find out who could write it. The gateway goes on behind the place.
    .cause = The audit was written anew, or the mark is of another gateway.
    .example = place=/var/lib/qiao/audit | seq=38
QIAO-A018 = Record { $seq } was dropped by now: the mark cannot be compared.
    .title = Mark too old
    .fix = Give a newer mark, or raise `audit` under `limits`.
    .cause = The audit holds no more than it may.
    .example = place=/var/lib/qiao/audit | seq=38
QIAO-A019 = `{ $name }` takes its commands from no topic: only those can be sent from here.
    .title = Entry without a topic
    .fix = Command it by what its `from` names: a client of the OPC UA server, or an NC-Link Set/Request.
    .cause = The entry has `nc-link-request`, or comes from the gateway’s own server.
    .example = name=press-force
QIAO-A020 = Nobody who can be known from here may command `{ $name }`: it is for { $roles }.
    .title = No sender for a command
    .fix = Name one with `--sender`, or give a sender a key and one of these roles: { $roles }.
    .cause = The senders with these roles are users of the OPC UA server, or known by another broker.
    .example = name=feed-override | roles=operator
QIAO-A021 = Nobody answered the command { $id } in time. Whether it was done is not known.
    .title = Command without an answer
    .fix = Look at the machine and at `qiao audit show`; do not simply send it again. Does the gateway run, and with this configuration?
    .cause = The gateway does not run, the broker lets nobody answer, or another configuration is meant.
    .example = place=mqtts://broker.hall3:8883 | id=5e0f0b0c-8a3c-4f57-9a59-3c1a2f1f6c3e

audit-whole = { $records ->
        [one] one record
       *[other] { $records } records
    }, from { $first } on; mark of the end, to be kept elsewhere: { $mark }
audit-empty = no record: nothing was commanded here
audit-before = to be sent
audit-after = ended
audit-refused = refused
audit-refused-more = refused more
audit-started = gateway started
audit-stopped = gateway stopped
audit-switched-off = writes switched off
audit-switched-on = writes switched on
audit-dropped = oldest records dropped
audit-broken = records before this one are missing
audit-journal-damaged = the journal of commands is damaged
audit-value = value
audit-present = present
audit-expected = expected
audit-reason = reason
audit-configuration = configuration
audit-count = count
audit-code = code
audit-last = up to
audit-outcome-done = done
audit-outcome-refused = refused
audit-outcome-unknown = unknown
writes-on = The switch is on: what the configuration allows is written. `qiao writes off` makes { $file }.
writes-off = The switch is off: nothing is written while { $file } is there. { $reason }
writes-read-only = The configuration says read-only: nothing is written.
