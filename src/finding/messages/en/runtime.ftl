QIAO-R001 = { $unit } died ({ $why }) and is started again in { $pause } ms. Report this with the lines of the log before it.
    .title = A part of the gateway was started again
    .fix = The gateway heals by itself; report the lines of the log before this one, it should not happen.
    .cause = This is a fault of qiao, met by something that it did not expect.
    .example = place=source lathe-7 | unit=source lathe-7 | why=index out of bounds | pause=1000
QIAO-R002 = Another qiao (process { $process }) uses this data directory.
    .title = Data directory in use
    .fix = Stop the other process, or give this gateway a `gateway.data-dir` of its own.
    .cause = The gateway was started by hand while its service runs, or two configurations name one directory.
    .example = place=/var/lib/qiao | process=4711
QIAO-R003 = The data directory cannot be used: { $error }.
    .title = Data directory not usable
    .fix = Create the directory and make it writable for the user that qiao runs as.
    .cause = The directory belongs to another user, the disk is mounted read-only or full, or a container has no volume there.
    .example = place=/var/lib/qiao | error=Permission denied (os error 13)
QIAO-R004 = The quarantine cannot be read or written: { $error }.
    .title = Quarantine not usable
    .fix = Check free space and permissions below the data directory. Until then refused messages are counted, but cannot be shown.
    .cause = The disk is full or was mounted read-only after a fault, or the directory's rights were changed.
    .example = place=/var/lib/qiao/quarantine | error=No space left on device (os error 28)
QIAO-R005 = HTTP cannot be served there: { $error }.
    .title = HTTP address not usable
    .fix = Free the port, or change `gateway.http`.
    .cause = Another program uses the port, or the address does not belong to this machine.
    .example = place=127.0.0.1:8080 | error=Address already in use (os error 98)
QIAO-R006 = A transaction of { $bytes } bytes does not fit into the spool of { $limit } bytes; its messages are lost and counted as parked.
    .title = Larger than the spool
    .fix = Raise `limits.memory`, or select fewer nodes per machine.
    .cause = One machine has very many nodes or large arrays, which belong together in one message.
    .example = place=lathe-7 | bytes=301989888 | limit=268435456
QIAO-R007 = The pipeline has given no sign of life for { $seconds } s.
    .title = Pipeline stuck
    .fix = Under systemd the watchdog starts the gateway again. Report the log.
    .cause = The computer is overloaded or was suspended, or qiao has a fault.
    .example = place=pipeline | seconds=30
QIAO-R008 = The operating system refused what qiao needs to run: { $error }.
    .title = Cannot run here
    .fix = Check the limits of the user or the container (threads, file descriptors).
    .cause = The limits of the service or container are too low, or a hardened system forbids a call.
    .example = error=Resource temporarily unavailable (os error 11)
QIAO-R009 = Stopped, but { $messages } messages were not delivered and { $units } parts had to be cut off. They were in memory alone and are lost.
    .title = Something was left at the stop
    .fix = Raise `gateway.drain`, or stop when the broker is connected.
    .cause = The broker was not connected when the gateway was stopped, or the time for draining was too short.
    .example = messages=42 | units=1
QIAO-R010 = There is no entry { $id } in the quarantine.
    .title = No such entry
    .fix = `qiao quarantine list` shows the numbers; old entries go when the quarantine is full.
    .cause = The number is mistyped, or the entry was the oldest when the quarantine was full.
    .example = id=1207
QIAO-R011 = The configuration has no `gateway.http`; a running gateway cannot be asked.
    .title = No HTTP address configured
    .fix = Add `http: "127.0.0.1:8080"` to `gateway`, or ask another one with `--url`.
    .cause = The address is optional and was left out; the command asks the gateway over HTTP.
    .example = place=/etc/qiao/qiao.yaml
QIAO-R012 = The gateway does not answer: { $error }.
    .title = Gateway does not answer
    .fix = Is it running? `qiao run -c FILE` starts it; `gateway.http` says where it answers.
    .cause = The gateway does not run, runs with another configuration, or runs in a container whose port is not published.
    .example = place=http://127.0.0.1:8080 | error=Connection refused (os error 111)
QIAO-R013 = { $records } records could not be written to the quarantine since the start; they are lost as evidence.
    .title = Quarantine not written
    .fix = Make room on the disk of `gateway.data-dir`, or lower `limits.quarantine`; the log has the reason under QIAO-R004.
    .cause = The disk is full or slow, or more messages were refused than could be written.
    .example = place=/var/lib/qiao/quarantine | records=17
QIAO-M109 = The account of flow `{ $flow }` does not come out: { $values } source values have no known fate, or, below zero, more than one. This is a fault of the gateway.
    .title = Values without a known fate
    .fix = Report it with `qiao status --json` and the log. What waits on disk is not affected; a restart begins a new account.
    .cause = A fault of the gateway itself: received values are always the sum of what became of them.
    .example = place=lathe-to-plant | flow=lathe-to-plant | values=3
run-started = The gateway runs. { $durability ->
    [durable] Durable flows lie on disk before they are acknowledged; what the others hold is lost with the process.
   *[memory] The spool is in memory: what waits in it is lost with the process.
}
run-face = { $name }: OPC UA clients reach the gateway at { $url }
run-kept = { $messages } messages lie on disk; the next start delivers them.
run-stopping = Stopping: draining for { $seconds } s at most. A second signal stops at once.
run-stopped = Stopped; nothing was left.
run-browsing = { $name }: browsing the server, { $nodes } nodes met, { $pending } still to be browsed at this depth
quarantine-total = { $entries ->
        [one] one entry
       *[other] { $entries } entries
    }{ $evicted ->
        [0] {""}
       *[other] ; { $evicted } older ones had to go because the quarantine was full
    }{ $unreadable ->
        [0] {""}
       *[other] ; { $unreadable } lines could not be read
    }.
quarantine-time = Time
quarantine-source = Source
quarantine-flow = Flow
quarantine-machine = Machine
quarantine-topic = Topic
quarantine-profile = Profile and schema version
quarantine-count = Messages it stands for
quarantine-pointer = at
quarantine-rule = rule
quarantine-node = node
status-uptime = running for { $seconds } s
status-ready = Data can flow.
status-not-ready = Data cannot flow yet.
status-spool-memory = Spool in memory: { $used } of { $limit } KiB used; what waits in it is lost with the process.
status-spool-durable = Spool on disk: { $records } messages wait there, { $disk-used } of { $disk-limit } MiB used; { $used } of { $limit } KiB in memory.
status-spool-full = The spool on disk is full: sources wait.
QIAO-G001 = The clock of this machine shows { $time }: it was never set.
    .title = Clock never set
    .fix = Set the clock, or let a time server do it (`timedatectl set-ntp true`). Values go on meanwhile with the times of their sources; what bears this machine's own time is wrong until then, and certificates are refused as not yet valid.
    .cause = The machine has no battery for its clock, or an empty one, and reached no time server since it was switched on.
    .example = time=1970-01-01T00:00:09Z
QIAO-G002 = The clock of this machine was set by { $seconds } s; it shows { $time } now.
    .title = Clock was set
    .fix = Nothing, if it is right now. If it happens again and again, find out who sets it: two time servers that disagree, or a virtual machine whose host sets its clock.
    .cause = A time server was reached, somebody set the clock by hand, or the machine was suspended. Intervals and deadlines do not follow this clock.
    .example = seconds=-7200 | time=2026-11-24T08:15:30Z
status-connecting = connecting
status-connected = connected
status-lost = lost
status-refused = refused
status-waiting = { $messages } messages waiting
status-skew = clock { $seconds } s from ours
status-cyclic = { $items } items read cyclically
status-online = online
status-offline = offline
status-flow = { $name } ({ $profiles }): { $received } values received, { $delivered } delivered in { $messages } messages; { $quarantined } messages in quarantine, { $violations } violations, { $gaps } gaps
status-account = { $received } received = { $fates }
status-account-recovered = { $received } received + { $recovered } from an earlier run = { $fates }
status-fate-delivered = { $count } delivered
status-fate-spooled = { $count } in the spool
status-fate-held = { $count } held for the next message
status-fate-quarantined = { $count } in quarantine
status-fate-parked = { $count } parked
status-fate-superseded = { $count } superseded
status-fate-filtered = { $count } filtered
status-fate-withheld = { $count } kept here
status-fate-rejected = { $count } rejected
status-fate-dropped = { $count } dropped
status-fate-lost = { $count } lost
status-translated = translated: { $exact } exact, { $converted } converted, { $approximated } approximated, { $absent } without counterpart
status-write = { $name }: { $done } commands done, { $refused } refused, { $unknown } with an unknown outcome
status-back-filled = { $values } values read from the source's history after gaps
status-machine = { $id }  { $state }: { $fields } fields ({ $bad } bad, { $missing } missing), { $messages } messages, last { $last }, topic { $topic }
