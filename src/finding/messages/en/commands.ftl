QIAO-M130 = The broker { $broker } refuses the subscription { $filter }: { $reason }. Nothing can be commanded there.
    .title = Command topic not subscribed
    .fix = Allow this client to subscribe to the topic (access list of the broker).
    .cause = An access list of the broker lets this client publish and not read.
    .example = place=plant | broker=mqtt://10.0.3.20:1883 | filter=qiao/hall-3/command/feed | reason=not authorised (0x87)
QIAO-M131 = The answer to a command has { $bytes } bytes, and the broker takes { $limit } at most. It is not sent; the audit has it.
    .title = Answer to a command too large
    .fix = Raise the largest packet that the broker takes, and `max-packet`; `qiao audit show` tells the outcome.
    .cause = A value that was read back, or what a method gave, is larger than one packet of this broker.
    .example = place=qiao/hall-3/reply/recipe | bytes=1200000 | limit=1048576
QIAO-W050 = Nobody knows whether it was done: { $status }. It is not sent again.
    .title = Outcome unknown
    .fix = Look at the machine, or at the value. An entry with `read-back` looks by itself. Then command anew, with a new id.
    .cause = The link broke after the command was sent, the machine took too long, or its server answered with a status that says nothing about the deed.
    .example = status=BadTimeout
QIAO-W051 = The machine said that it was done, and { $within } later it holds { $value }. Whether it comes to the value that was commanded is not known.
    .title = Not seen at the machine
    .fix = Look at the program of the machine: it may have refused the value or set it back. Where it only takes longer, raise `within` of `read-back`.
    .cause = A server that accepts a write has not necessarily a machine that follows it.
    .example = value=75 | within=2 s
QIAO-W053 = The topic for the answer, { $topic }, is none that may be used. The answer goes to the topic of the entry.
    .title = Topic for the answer refused
    .fix = Have the sender name a response topic of its own: without wildcards, not below `$`, no topic of commands and none of this gateway's presence.
    .cause = Whoever commands must not have the gateway say something where it would be taken for a command, or for the gateway itself.
    .example = topic=qiao/hall-3/command/feed
QIAO-W054 = { $count } commands to the same target wait already.
    .title = Too many commands at once
    .fix = Have the sender wait for each answer before it commands again.
    .cause = Commands come faster than the machine carries them out, or its server is slow.
    .example = count=8
QIAO-W055 = A loop was stopped: { $count } writes or more followed one another without a pause, or each as soon as the value of the one before was back. Nothing is written by this entry until somebody takes away the file { $file }.
    .title = Loop of commands stopped
    .fix = Find who turns the published value into a command: another gateway, a script, a dashboard. Then take the file away.
    .cause = Two systems write what the other one says.
    .example = place=feed | count=8 | file=/var/lib/qiao/breakers/feed
QIAO-W056 = A loop of commands was stopped here. Nothing is written until somebody at the gateway takes away the file { $file }.
    .title = Refused: a loop was stopped
    .fix = Find who turns the published value into a command. Then take the file away.
    .cause = Two systems write what the other one says, and this gateway has put an end to it.
    .example = file=/var/lib/qiao/breakers/feed
QIAO-W057 = The command was sent, and no answer came within { $within }. Nobody knows whether it was done. It is not sent again.
    .title = No answer to a command message
    .fix = Look at the device. With MQTT 3.1.1 it must answer on the topic `qiao/GATEWAY/answer/ENTRY`.
    .cause = The device is away, takes longer, or does not answer commands.
    .example = within=5 s
QIAO-W058 = The gateway is being stopped. It was not sent.
    .title = Refused: stopping
    .fix = Command again when the gateway runs.
    .cause = Somebody stopped or restarts the gateway.
    .example = place=feed-override
QIAO-W059 = The gateway was stopped while the command was under way. Nobody knows whether it was done. It is not sent again.
    .title = Stopped under way
    .fix = Look at the machine, or at the value. Then command anew, with a new id.
    .cause = The machine did not answer within the drain time of the stop.
    .example = place=feed-override
QIAO-W060 = Commands cannot be written down: { $reason }. Writes to machines are off; data flows.
    .title = No audit, no write
    .fix = Look at the disk of the data directory: free room, rights, errors. Nothing has to be restarted.
    .cause = The disk is full, read-only or broken.
    .example = reason=no space left on device
QIAO-W061 = Writing to machines is switched off at this machine: { $reason }
    .title = Switched off
    .fix = Whoever switched it off knows why. No message can switch it on; taking the file away does.
    .cause = Somebody put the file of the switch there.
    .example = reason=maintenance of cell 7
QIAO-W062 = The client that takes commands has no connection ({ $cause }). It is tried again.
    .title = No commands from this broker
    .fix = Do what `qiao explain { $cause }` says; where the broker's access list names client ids, allow this one too.
    .cause = The broker is away, or it takes the client of the messages and not this one.
    .example = place=plant | cause=QIAO-M001
QIAO-W063 = The server does not let { $node } be written: { $status }.
    .title = Not writable
    .fix = Look at the rights of this gateway's user at the server, and at whether the node is the one that is meant.
    .cause = The node is read-only, is not there, or the user may not write it.
    .example = node=nsu=urn:acme:lathe;s=Speed | status=BadNotWritable
QIAO-W064 = The breaker of this entry was closed. It is written again.
    .title = Breaker closed
    .fix = Nothing is wrong. Watch whether the loop comes back.
    .cause = Somebody took the file of the breaker away.
    .example = place=feed
QIAO-W065 = An earlier run of this gateway ended while the command { $id } was under way. Its outcome is unknown, and its sender is told.
    .title = Command in doubt
    .fix = Look at the machine, or at the value. Then command anew, with a new id.
    .cause = The gateway was killed, or the machine it runs on lost its power, between sending a command and writing down what became of it.
    .example = place=feed | id=8f14e45f-ceea-467f-9ea5-1f0a2b3c4d5e
QIAO-W066 = Writing to machines is switched on again.
    .title = Switched on
    .fix = Nothing is wrong.
    .cause = Somebody took the file of the switch away.
    .example = place=/var/lib/qiao/writes-off
