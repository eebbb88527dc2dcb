# The spool on disk.
QIAO-S001 = Another process writes this spool.
    .title = Spool in use
    .fix = Stop the other qiao, or give this one a `gateway.data-dir` of its own.
    .cause = Two gateways use one data directory, or an earlier one has not ended yet.
    .example = place=/var/lib/qiao/spool/plant
QIAO-S002 = The spool has format { $version }, which this version does not know; nothing in it was touched.
    .title = Unknown format of the spool
    .fix = Run the version of qiao that wrote it until `qiao spool list` shows that nothing waits, then this one; or move the directory away, and with it what waits there.
    .cause = A newer version of qiao wrote the spool, or one that is too old.
    .example = place=/var/lib/qiao/spool/plant/0000000042.segment | version=9
QIAO-S003 = The spool cannot be opened: { $error }.
    .title = Spool cannot be opened
    .fix = Check space, permissions and health of the disk that holds `gateway.data-dir`.
    .cause = The directory cannot be read or written, the disk is full, or it reports errors.
    .example = place=/var/lib/qiao/spool/plant | error=Permission denied (os error 13)
QIAO-S004 = { $records } messages (sequence { $first } to { $last }) will not be delivered: { $reason ->
    [full] the spool was full, and the oldest had to go
    [age] they were older than the spool keeps them
    [damaged] they are damaged on disk
    [missing] their file is gone
    [uncertain] they are states, and damaged or missing messages behind them may have been newer ones of their topics
   *[cut] the end of the spool was cut off by a loss of power; as far as can be told their source had no confirmation of them and sends them again
}.
    .title = Gap in the spool
    .fix = For `full`: raise `limits.spool`, or write `when-full: block`. For `age`: raise `limits.spool-age`. For `damaged`, `missing` and `uncertain`: check the disk; the file with the damaged records is kept as `….damaged`.
    .cause = More came in than the broker took for too long, the disk damaged what lay on it, somebody removed files, or the power failed during a write.
    .example = place=plant | reason=full | records=1200 | first=88001 | last=89200
QIAO-S005 = The last { $bytes } bytes of the spool were no whole record and were cut off.
    .title = End of the spool cut off
    .fix = Nothing needs to be done. A UPS, or a disk that keeps its promises about flushing, makes it rarer.
    .cause = The power failed, or the machine was reset, while the spool was being written.
    .example = place=plant | bytes=4096
QIAO-S006 = The file that says how far the spool was delivered is damaged; what was delivered lately may be sent again.
    .title = Cursor of the spool damaged
    .fix = Check the disk. Consumers drop the repeats by their sequence or time.
    .cause = The disk damaged the file, or somebody changed it.
    .example = place=plant
QIAO-S007 = Writing segment { $segment } of the spool failed: { $error }. What was not yet safe is written anew, into another file.
    .title = Write to the spool failed
    .fix = Check the disk that holds `gateway.data-dir` (`dmesg`, SMART); replace it if this comes again.
    .cause = The disk reported an error; what it was given since the last success may be lost, whatever it says later.
    .example = place=plant | segment=42 | error=Input/output error (os error 5)
QIAO-S008 = The spool is full: { $used } of { $limit } MiB. Sources wait until the broker has taken something.
    .title = Spool full
    .fix = Bring the broker back, raise `limits.spool`, make room on the disk, or write `when-full: drop-oldest` if newer messages are worth more than older ones.
    .cause = The broker was away, or slower than the sources, for longer than the spool is large.
    .example = place=plant | used=10240 | limit=10240
QIAO-S009 = The spool cannot be written now: { $error }. It is tried again; until then nothing is confirmed to the sources.
    .title = Spool cannot be written
    .fix = Check space, permissions and health of the disk that holds `gateway.data-dir`; no restart is needed.
    .cause = The disk is read-only, broken or gone.
    .example = place=plant | error=Read-only file system (os error 30)
QIAO-S010 = The spool cannot be read now: { $error }. Messages for this broker stop until it can; none is passed over.
    .title = Spool cannot be read
    .fix = Check the disk that holds `gateway.data-dir`. If it cannot be repaired, stop the gateway and move the segment away: what it held is then told as a gap.
    .cause = The disk reports errors, or a file was removed or locked.
    .example = place=plant | error=Input/output error (os error 5)
QIAO-S011 = This file belongs to another spool; it is left alone, and nothing of it is sent.
    .title = Foreign file in the spool
    .fix = Move the file to the spool it comes from, or away.
    .cause = Somebody copied files of one spool into another, or restored a part of a backup.
    .example = place=/var/lib/qiao/spool/plant/0000000042.segment
QIAO-S012 = A segment with damaged records is kept under this name; the newest four are.
    .title = Damaged segment kept
    .fix = Look at it, or remove it when nobody needs it any more. What was lost was told as a gap.
    .cause = Records in it failed their check.
    .example = place=/var/lib/qiao/spool/plant/0000000042.damaged
QIAO-S013 = The part of the gateway that writes the spool has ended; nothing durable is taken any more.
    .title = Spool writer ended
    .fix = Restart the gateway; systemd does it by itself when a watchdog is set. Please report the lines of the log before this.
    .cause = A fault in qiao.
    .example = place=
QIAO-S014 = The spool holds messages for `{ $name }`, to which no flow publishes; they stay where they are.
    .title = Messages for a connection that is gone
    .fix = Give the connection its former name back until they are delivered (`qiao spool list`), or remove the directory, and with it the messages.
    .cause = The connection was renamed or removed, or its flows were, before its messages were delivered.
    .example = place=/var/lib/qiao/spool/old-broker | name=old-broker
QIAO-S015 = `limits.spool` is { $wanted } MiB, but the disk has room for { $limit } MiB; that is the limit now.
    .title = Spool larger than the disk
    .fix = Make room on the disk that holds `gateway.data-dir`, or lower `limits.spool`.
    .cause = The disk is smaller or fuller than the limit; a tenth of what is free is left for others.
    .example = place=/var/lib/qiao/spool | wanted=10240 | limit=4032
QIAO-S016 = { $records } records of this segment cannot be read.
    .title = Damaged records in the spool
    .fix = Check the disk. The gateway passes over them, tells the gap and keeps the file; the others are delivered.
    .cause = The disk damaged what lay on it, or somebody changed the file.
    .example = place=/var/lib/qiao/spool/plant/0000000042.segment | records=3
QIAO-S017 = No segment holds the records { $first } to { $last }, and no gap tells of them.
    .title = Segment of the spool missing
    .fix = Bring the file back if it was moved; else the gateway tells the gap at its next start.
    .cause = Somebody removed or moved a file of the spool, or restored a part of a backup.
    .example = place=/var/lib/qiao/spool/plant | first=88001 | last=89200
QIAO-S018 = The disk has not answered for { $seconds } s. Until it does nothing durable is confirmed to its sources; flows in memory go on.
    .title = Disk does not answer
    .fix = Check the disk that holds `gateway.data-dir` (`dmesg`, SMART), its cable or its network; no restart is needed when it answers again.
    .cause = The disk, or the network or controller before it, hangs in a write or a sync.
    .example = place= | seconds=42
QIAO-S019 = The quarantine takes nothing: what this flow refuses is lost until it does, and counted.
    .title = Quarantine does not answer
    .fix = Check the disk that holds `gateway.data-dir`; write `delivery: durable` if what the flow refuses must be kept, and its source may wait.
    .cause = The disk hangs or is far too slow, and a flow with `delivery: memory` does not wait for it.
    .example = place=lathe-to-plant
QIAO-S020 = Of { $gaps } gaps that were told before, the spool does not know any more which messages they were.
    .title = List of gaps damaged
    .fix = Check the disk. The gaps were told in the log when they happened (`QIAO-S004`).
    .cause = The disk damaged the file `gaps` of the spool, or somebody changed it.
    .example = place=plant | gaps=1
spool-none = Nothing is kept on disk: { $path } is empty.
spool-log = { $name }: { $messages } messages wait ({ $kib } KiB), in { $segments } files of { $mib } MiB
spool-flow = { $flow }: { $messages } messages, { $values } values
spool-verified = { $name }: { $records } records in { $segments } files read, { $faults ->
    [0] all of them sound
   *[other] { $faults } faults found
}
