# OPC UA: reaching a server, trust, sessions, subscriptions. The place is the connection's name, or a node id.

QIAO-O001 = The server at { $endpoint } cannot be reached: { $reason }. It is tried again, more and more slowly.
    .title = Server not reachable
    .fix = Check that the server runs, and that host and port in `endpoint` are right; then look at firewalls on the way.
    .cause = The server or its machine is switched off, host or port are wrong, or a firewall stands between.
    .example = place=lathe-7 | endpoint=opc.tcp://10.0.3.7:4840 | reason=Connection refused (os error 111)
QIAO-O002 = The server at { $endpoint } offers none of the endpoints that are acceptable ({ $wanted }). It offers: { $offered }.
    .title = No acceptable endpoint
    .fix = Switch the security on at the server, or set `security` and `policy` to what it offers. Nothing less than configured is ever used.
    .cause = Many controllers are delivered without security, or with outdated policies such as Basic128Rsa15 only.
    .example = place=lathe-7 | endpoint=opc.tcp://10.0.3.7:4840 | wanted=sign-and-encrypt | offered=none-i-accept-the-risk
QIAO-O003 = The server does not take the identity { $identity } ({ $wanted }). It takes: { $offered }.
    .title = No way to sign in like this
    .fix = Set `user` to something the server takes, or switch that kind of user on at the server.
    .cause = The server wants another kind of user: it has anonymous access switched off, or knows no user names or no user certificates.
    .example = place=lathe-7 | identity=anonymous | wanted=Anonymous | offered=UserName
QIAO-O004 = The server does not let { $user } in ({ $status }).
    .title = User or password refused
    .fix = Correct user and password (or user certificate) and start the gateway again; or give this user rights at the server, which is then noticed within seconds.
    .cause = User or password are mistyped or were changed at the server, or the user is locked or lacks rights.
    .example = place=lathe-7 | user=gateway | status=BadUserAccessDenied
QIAO-O005 = The server at { $endpoint } has no session left ({ $status }). It is tried again after a minute or more.
    .title = Server full
    .fix = Close sessions of other clients, or raise the server's limit of sessions. A gateway that is started again tries at once.
    .cause = Controllers often admit only a few sessions; clients that ended without closing theirs hold them until they time out.
    .example = place=lathe-7 | endpoint=opc.tcp://10.0.3.7:4840 | status=BadTooManySessions
QIAO-O006 = The server's certificate is not known. Fingerprint (SHA-256) { $fingerprint }, subject { $subject }, valid from { $from } until { $until }. If it is the server's: { $command }
    .title = Server certificate not trusted
    .fix = Compare the fingerprint with what the server itself shows, then run the command. The gateway connects within seconds, without a restart.
    .cause = The gateway meets this server for the first time, or the server got a new certificate, as after an update or a new address.
    .example = place=lathe-7 | fingerprint=3f9a…c1 | subject=CN=Lathe7 | from=2026-01-05 | until=2031-01-04 | command=qiao cert trust 3f9a…c1 -c qiao.yaml
QIAO-O007 = The certificate is valid from { $from } until { $until }; now it is { $today }.
    .title = Certificate expired or not yet valid
    .fix = Renew the certificate. If it is a clock that is wrong, set the clock. For a server whose certificate cannot be renewed, `accept-certificate: {"{"} despite: [expired], until: YYYY-MM-DD {"}"}` beside its `endpoint` allows an exception for the trusted certificate, until that day.
    .cause = Nobody renewed the certificate, or a clock is wrong: controllers without a battery begin in 1970 after a power cut.
    .example = place=lathe-7 | from=2021-03-01 | until=2026-03-01 | today=2026-11-24
QIAO-O008 = The server's certificate is for { $hosts }, not for { $host }.
    .title = Certificate for another host
    .fix = Use one of these names in `endpoint`, or have the certificate made for { $host }. `accept-certificate: {"{"} despite: [other-host], until: YYYY-MM-DD {"}"}` beside `endpoint` allows an exception for the trusted certificate, until that day.
    .cause = `endpoint` has an IP address where the certificate has a name, or the server was renamed or moved to another address.
    .example = place=lathe-7 | hosts=LATHE7 | host=10.0.3.7
QIAO-O009 = The server says it is { $endpoint }, its certificate says { $certificate }.
    .title = Certificate of another application
    .fix = Have the server's certificate made for its application URI. Until then the server is not used: one of the two is not true.
    .cause = The certificate was copied from another server, or the server's application URI was changed and the certificate was not made anew.
    .example = place=lathe-7 | endpoint=urn:LATHE7:acme:server | certificate=urn:LATHE6:acme:server
QIAO-O010 = The key of the server's certificate has { $bits } bits; an RSA key of 2048 to 4096 bits is needed.
    .title = Key too short
    .fix = Have a new key pair made for the server.
    .cause = Older controllers make keys of 1024 bits, which can be broken today.
    .example = place=lathe-7 | bits=1024
QIAO-O011 = The server's certificate ({ $subject }) is not made for securing connections as a server.
    .title = Certificate for another use
    .fix = Have it made with key usage digitalSignature and keyEncipherment or dataEncipherment, and extended key usage serverAuth.
    .cause = The certificate was issued for a web server, a user or an authority, or without the usages that OPC UA requires.
    .example = place=lathe-7 | subject=CN=Lathe7
QIAO-O012 = The server's certificate ({ $subject }) is signed with SHA-1 or MD5, which can be forged.
    .title = Weak signature
    .fix = Have a certificate made that is signed with SHA-256.
    .cause = The server's software is old and signs its own certificate with a method of that time.
    .example = place=lathe-7 | subject=CN=Lathe7
QIAO-O013 = The server's certificate is accepted by an exception (instead of { $excused }) until { $last }.
    .title = Exception in use
    .fix = Renew the server's certificate before the exception ends, then remove `accept-certificate`.
    .cause = Somebody allowed the fault for a time with `accept-certificate`, so that data flows until the certificate is renewed.
    .example = place=lathe-7 | excused=QIAO-O007 | last=2027-01-31
QIAO-O014 = The server at { $endpoint } shows no usable certificate: { $reason }.
    .title = Certificate unreadable
    .fix = Look at the server's certificate; it has to be X.509 in DER.
    .cause = The server sends no certificate, a broken one, or one in another format.
    .example = place=lathe-7 | endpoint=opc.tcp://10.0.3.7:4840 | reason=no certificate
QIAO-O015 = The server would take the identity { $identity } only unprotected ({ $offered }); it was not sent.
    .title = Password not sent in clear
    .fix = Set `security: sign-and-encrypt`, or switch on an encrypted kind of password (security policy of the user token) at the server.
    .cause = The server offers sign-in by password with the policy None on a channel that is not encrypted: everybody on the way could read it.
    .example = place=lathe-7 | identity=gateway | offered=UserName
QIAO-O016 = The server at { $endpoint } does not accept the gateway's certificate ({ $status }). Ours: { $uri }, fingerprint (SHA-256) { $fingerprint }, file { $file }.
    .title = Not trusted by the server
    .fix = Trust the gateway's certificate at the server: most servers keep it in a folder of rejected certificates; otherwise copy the file there.
    .cause = The server meets the gateway for the first time, or the gateway's key pair was renewed.
    .example = place=lathe-7 | endpoint=opc.tcp://10.0.3.7:4840 | status=BadSecurityChecksFailed | uri=urn:hall-3:qiao | fingerprint=a407…5e | file=/var/lib/qiao/pki/own/certificate.der
QIAO-O017 = The folder of keys and certificates cannot be used: { $reason }.
    .title = Own key pair unusable
    .fix = Check that the gateway may read and write the folder and that the disk is not full; `qiao cert renew` makes a new key pair.
    .cause = The disk is full, the folder belongs to another user, or it was copied from another machine without its rights.
    .example = place=/var/lib/qiao/pki | reason=Permission denied (os error 13)
QIAO-O018 = No session with { $endpoint } ({ $status }): { $reason }.
    .title = Session not opened
    .fix = The status is the server's; its log says more. It is tried again by itself.
    .cause = The server refused a step of the sign-in, most often because it is starting, overloaded or set up halfway.
    .example = place=lathe-7 | endpoint=opc.tcp://10.0.3.7:4840 | status=BadServerHalted | reason=CreateSession failed
QIAO-O019 = Whoever answers at { $endpoint } is not the server that was trusted: { $reason }. The connection was closed.
    .title = Server cannot prove who it is
    .fix = Find out who answers there. If the server's certificate was renewed, trust the new one.
    .cause = Another machine has the server's address now, somebody answers in its place, or the server has a new key pair.
    .example = place=lathe-7 | endpoint=opc.tcp://10.0.3.7:4840 | reason=the signature does not belong to the certificate
QIAO-O020 = The link to { $endpoint } was lost ({ $status }): { $reason }.
    .title = Link lost
    .fix = Nothing, if it comes back by itself. If it happens often, look at the network and the server's log.
    .cause = The server was restarted, the machine was switched off, or the network was interrupted.
    .example = place=lathe-7 | endpoint=opc.tcp://10.0.3.7:4840 | status=BadConnectionClosed | reason=connection closed
QIAO-O021 = The server no longer had our session. Everything was found and subscribed anew; what happened in between was not seen.
    .title = Gap: session lost
    .fix = If the server was not restarted, raise `session-timeout`, so that the session outlives the outage.
    .cause = The server was restarted, or the outage was longer than the session lives without a sign of life.
    .example = place=lathe-7
QIAO-O022 = { $count } notifications of subscription { $subscription } from number { $sequence } on are lost: the server does not have them any more.
    .title = Gap: notifications lost
    .fix = The newest values were asked for again. If it happens often, the server keeps too few notifications, or the gateway is overloaded.
    .cause = During an outage more changed than the server keeps for a subscription.
    .example = place=lathe-7 | count=3 | subscription=17 | sequence=4096
QIAO-O023 = The server ended subscription { $subscription } ({ $status }). It is created anew; what happened in between was not seen.
    .title = Gap: subscription ended
    .fix = Often the gateway could not take the data for too long, because its sink was down: see there.
    .cause = The server heard no publish request for the lifetime of the subscription, was reconfigured, or closed it by itself.
    .example = place=lathe-7 | subscription=17 | status=BadTimeout
QIAO-O024 = The server does not monitor this node ({ $status }). Its neighbours are not affected; it is tried again.
    .title = Node not monitored
    .fix = Check that the node exists, is a variable, and may be read by this user. If its id changes with the program of the controller, select it by its path below the machine instead: `select: [PATH]`.
    .cause = The node was removed, is no variable, or this user may not read it; some servers also limit the number of monitored items.
    .example = place=nsu=urn:acme:lathe;s=Spindle.Load | status=BadNodeIdUnknown
QIAO-O025 = The server publishes every { $granted } instead of every { $asked }.
    .title = Published less often
    .fix = Set `publishing-interval` to what the server grants, or raise its limit.
    .cause = The server has a lower limit for the publishing interval, often to spare the controller.
    .example = place=lathe-7 | granted=1000 ms | asked=100 ms
QIAO-O026 = The server samples { $count } items less often, or with a shorter queue, than asked. The first: { $node }, asked { $asked }, granted { $granted } (sampling, queue).
    .title = Sampled less often
    .fix = If changes must not be missed, raise the server's limits; otherwise set `sampling` and `queue` to what it grants.
    .cause = The server has limits of its own for sampling and queues, often the cycle of the controller.
    .example = place=lathe-7 | count=24 | node=nsu=urn:acme:lathe;s=Spindle.Load | asked=10 ms/100 | granted=100 ms/10
QIAO-O027 = The server monitors this node again.
    .title = Node monitored again
    .fix = Nothing has to be done.
    .cause = What stood in the way is over: the node is there again, or the user got the right to read it.
    .example = place=nsu=urn:acme:lathe;s=Spindle.Load
QIAO-O028 = { $count } values of a message of subscription { $subscription } are lost: it was damaged or names items that nobody asked for.
    .title = Gap: damaged message
    .fix = Report it to the maker of the server, with its version.
    .cause = The server encodes a value wrongly, or still reports items that were deleted.
    .example = place=lathe-7 | count=2 | subscription=17
QIAO-O029 = { $count } items are monitored without the deadband that was asked for: the server does not support it, or there is no EURange for a percentage. The first: { $node }.
    .title = Deadband not used
    .fix = Use an absolute deadband, or remove it.
    .cause = Deadbands are optional in OPC UA, and one in per cent needs the range of the variable, which many servers do not give.
    .example = place=lathe-7 | count=12 | node=nsu=urn:acme:lathe;s=Spindle.Load
QIAO-O030 = { $count } items have not reported anything, although the server agreed to monitor them. The first: { $node }.
    .title = Silent items
    .fix = Read the node with another client. If it has a value, report it to the maker of the server.
    .cause = The server waits for a change before it sends the first value, or the device behind the node does not answer.
    .example = place=lathe-7 | count=4 | node=nsu=urn:acme:lathe;s=Spindle.Load
QIAO-O031 = Notification { $sequence } of subscription { $subscription } cannot be decoded and ended the link twice; it was passed over.
    .title = Gap: undecodable message
    .fix = The newest values were asked for again. Report it to the maker of the server, with its version.
    .cause = The server encodes a value in a way that no client could read, most often a structure.
    .example = place=lathe-7 | sequence=4096 | subscription=17
QIAO-O032 = The server says of itself: { $state }.
    .title = State of the server
    .fix = Unless it says Running, its values may be old: look at the server.
    .cause = The server is starting, is being shut down or serviced, or has lost the controller behind it.
    .example = place=lathe-7 | state=CommunicationFault
QIAO-O033 = The server's clock differs from ours by { $seconds } s.
    .title = Clocks differ
    .fix = Set both clocks by NTP. Times of values are passed on as the server gives them; `time: server` or `time: arrival` chooses others. Once the clocks agree, this is told within a minute, without a restart.
    .cause = One of the two has no time server, or a controller's clock was set by hand or to local time.
    .example = place=lathe-7 | seconds=3600
QIAO-O034 = The certificate expires in { $days } days ({ $until }).
    .title = Certificate expires soon
    .fix = Renew it: our own with `qiao cert renew`, a server's at the server. The new one has to be trusted by the other side.
    .cause = Certificates are made for a limited time; after it the other side refuses the connection.
    .example = place=lathe-7 | days=21 | until=2026-12-15
QIAO-O035 = Others may look into it (mode { $found }); it should be { $mode }.
    .title = Secret not kept
    .fix = Run `chmod { $mode }` on it. If others had access to the key, make a new one with `qiao cert renew`.
    .cause = The file was copied or unpacked without its rights, or somebody made it readable to be able to look.
    .example = place=/var/lib/qiao/pki/private/key.pem | found=644 | mode=600
QIAO-O036 = The connection to { $endpoint } is open, but the server says nothing any more. It is closed and opened again.
    .title = Server silent
    .fix = Look at the server's load and at the network: a firewall may have dropped the connection.
    .cause = The machine was switched off without a goodbye, a firewall forgot the connection, or the server hangs.
    .example = place=lathe-7 | endpoint=opc.tcp://10.0.3.7:4840
QIAO-O037 = The endpoints of { $endpoint } differ from those that it told before the session was secured. The session was closed.
    .title = Endpoints tampered with
    .fix = Somebody on the way may want a weaker connection. If the server was reconfigured just now, nothing: it is tried again.
    .cause = The list of endpoints is asked for without protection and then compared on the secured channel; it was changed on the way, or by an administrator in between.
    .example = place=lathe-7 | endpoint=opc.tcp://10.0.3.7:4840
QIAO-O038 = Trust in the certificate of { $endpoint } was taken back. The link was closed.
    .title = Trust taken back
    .fix = `qiao cert trust` trusts it again.
    .cause = Somebody ran `qiao cert reject`, or removed the certificate from the folder of trusted ones.
    .example = place=lathe-7 | endpoint=opc.tcp://10.0.3.7:4840
QIAO-O039 = { $reason }
    .title = Certificate not found
    .fix = `qiao cert list` shows the certificates and their fingerprints.
    .cause = The fingerprint is mistyped or too short to be unique, or the gateway has not met this server yet.
    .example = place=3f9a | reason=no certificate has a fingerprint that begins like this
QIAO-O040 = The server does not tell of changes of its model ({ $status }). It is browsed again every { $seconds } s.
    .title = No model change events
    .fix = Nothing, unless machines come and go often: then shorten `browse-again`.
    .cause = Events of a changing model are optional in OPC UA; many controllers do not have them.
    .example = place=lathe-7 | status=BadNotSupported | seconds=600
QIAO-O041 = Values that are read once, such as units and ranges, could not be read ({ $status }); they are asked for again in { $seconds } s.
    .title = Metadata not read
    .fix = If it happens again, look at the server's log: this user may not be allowed to read them.
    .cause = The server was busy for a moment, or the user may read the values but not their properties.
    .example = place=lathe-7 | status=BadTimeout | seconds=60
QIAO-O042 = The server could not be browsed again ({ $status }). What was found before is still read; it is tried again.
    .title = Browse failed
    .fix = If it happens again, look at the server's load and its log.
    .cause = The server is overloaded, was about to restart, or limits how much a client may browse.
    .example = place=lathe-7 | status=BadTimeout
QIAO-O043 = The server's model changed: { $new } items are new, { $gone } are gone, { $machines } machines are there now.
    .title = Model changed
    .fix = Nothing. What did not change goes on.
    .cause = A machine was added or removed, or the program of the controller was loaded anew.
    .example = place=cell-2 | new=38 | gone=0 | machines=3
QIAO-O080 = The server does not monitor { $count } items ({ $status }); they are read every { $interval } instead. The first: { $node }.
    .title = Read cyclically
    .fix = Nothing has to be done: values flow, but what changes twice between two reads is seen once, and deadbands are not applied. If the server has subscriptions, switch them on or raise its limits; the gateway tries again and then ends the reads by itself.
    .cause = Small controllers know no subscriptions, or other clients use up their room.
    .example = place=plc-3 | count=42 | status=BadServiceUnsupported | interval=500ms | node=nsu=urn:vendor:plc;s=Speed
QIAO-O081 = The server monitors all items now; cyclic reads have ended.
    .title = Monitored again
    .fix = Nothing has to be done.
    .cause = The server got room, or its subscriptions were switched on.
    .example = place=plc-3
QIAO-O082 = A cyclic read failed ({ $status }); it is tried again.
    .title = Cyclic read failed
    .fix = If it goes on, look at the server's load and its log, or set a longer `sampling` or `publishing-interval`.
    .cause = The server is overloaded or was just restarted.
    .example = place=plc-3 | status=BadTimeout

QIAO-O150 = Nobody who is trusted stands behind the server's certificate: of { $subject } the issuer { $issuer } is not known here, nor anybody above it.
    .title = Issuer not known
    .fix = Have the server send its chain, or take the issuer's file with `qiao cert trust FILE --as issuer`; the authority at the top with `--as authority`. Or trust exactly this certificate: { $command }
    .cause = The server sends its own certificate without those between it and the authority, or it was signed by another authority than the trusted one.
    .example = place=lathe-7 | subject=CN=Lathe7 | issuer=CN=Hall 3 | command=qiao cert trust 3f9a…c1 -c qiao.yaml
QIAO-O151 = The signature on the server's certificate ({ $subject }) or on one above it is not that of its issuer ({ $issuer }).
    .title = Signature does not verify
    .fix = Do not trust it before you know where it comes from: compare it with the certificate that lies on the server, and the authority with its own.
    .cause = The certificate was changed or forged, or two authorities have the same name.
    .example = place=lathe-7 | subject=CN=Lathe7 | issuer=CN=Plant CA
QIAO-O152 = The certificate of an issuer of { $subject } ({ $issuer } or one above it) has expired or is not valid yet; now it is { $today }.
    .title = Issuer's certificate expired or not yet valid
    .fix = Take the authority's present certificate with `qiao cert trust FILE --as authority`, or have the server's certificate signed anew. If it is a clock that is wrong, set the clock.
    .cause = An authority's certificate was renewed, and servers still show the chain from before; or a clock is wrong.
    .example = place=lathe-7 | subject=CN=Lathe7 | issuer=CN=Plant CA | today=2026-11-24
QIAO-O153 = An issuer of the server's certificate ({ $subject }) may not sign it: { $issuer } or one above it.
    .title = Issuer may not sign this
    .fix = Have the certificate signed by an authority that may: its own certificate says which it is, for what usage, for which names and through how many steps.
    .cause = Somebody signed with a certificate that is not an authority's, or an authority went beyond what it was allowed.
    .example = place=lathe-7 | subject=CN=Lathe7 | issuer=CN=Hall 3
QIAO-O154 = The server's certificate ({ $subject }), or that of an issuer ({ $issuer } or one above it), was revoked.
    .title = Certificate revoked
    .fix = Find out why the authority revoked it. The server needs a new certificate; until then it is not connected to.
    .cause = A key was lost, a machine was sold, or a certificate was replaced, and the authority's list says so.
    .example = place=lathe-7 | subject=CN=Lathe7 | issuer=CN=Plant CA
QIAO-O155 = Nobody can say whether the server's certificate ({ $subject }) was revoked: no valid list of { $issuer } or of one above it is here.
    .title = No valid revocation list
    .fix = Take the newest list of each authority and issuer with `qiao cert trust FILE --as crl`, again and again before it ends. Or trust exactly this certificate: { $command }
    .cause = The list was never fetched, its time is over, or it was not signed by its authority.
    .example = place=lathe-7 | subject=CN=Lathe7 | issuer=CN=Plant CA | command=qiao cert trust 3f9a…c1 -c qiao.yaml
QIAO-O156 = The chain of the server's certificate ({ $subject }, signed by { $issuer }) cannot be believed: { $reason }.
    .title = Chain cannot be verified
    .fix = Have the certificate made anew, as an X.509 certificate of version 3 without critical extensions of its own.
    .cause = The certificate or one above it breaks a rule of RFC 5280, which authorities keep.
    .example = place=lathe-7 | subject=CN=Lathe7 | issuer=CN=Plant CA | reason=malformed
QIAO-O157 = The revocation list of { $issuer } ended on { $until }.
    .title = Revocation list is over
    .fix = Take the newest one with `qiao cert trust FILE --as crl`. Servers that this authority vouches for are not connected to before.
    .cause = Authorities give their lists an end, so that nobody relies on an old one.
    .example = place=/var/lib/qiao/pki/client/crl/3f9a…c1.der | issuer=CN=Plant CA | until=2026-11-24
# qiao cert
cert-own = own
cert-of-face = (the gateway's own server)
cert-trusted = trusted
cert-authority = authority, trusted
cert-issuer = issuer
cert-crl = Revocation list of { $issuer }: { $count } revoked, valid { $from } – { $until }
cert-admit-done = Taken up. A running gateway knows it from its next connection on.
cert-rejected = not trusted
cert-none = No certificate yet. The own one is made on first start, a server's is kept when it first answers.
cert-valid = valid { $from } – { $until }
cert-trust-done = Trusted. A running gateway connects within seconds.
cert-reject-done = No longer trusted. A running gateway closes the link within seconds.
cert-renew-done = New key pair made; a running gateway uses it from its next connection on. Servers have to trust the new certificate: { $file }
cert-healthy = Nothing is wrong with the certificates.
QIAO-O070 = This machine's root does not notify of events. Those of the Server object are taken whose source is the root or lies below it.
    .title = Events taken from the Server object
    .fix = Nothing has to be done. If events are missing, their SourceNode lies elsewhere: `events: {"{"} from: server {"}"}` takes all of the server.
    .cause = Many servers let only the Server object notify of events.
    .example = place=lathe-7
QIAO-O071 = The server does not tell again which conditions are active ({ $status }). Alarms that were active before are told when they change.
    .title = No refresh of conditions
    .fix = Nothing has to be done if the server has no alarms; otherwise ask its maker for ConditionRefresh (OPC 10000-9 §5.5.7).
    .cause = The server has no conditions, or does not offer ConditionRefresh.
    .example = place=lathe-7 | status=BadMethodInvalid
QIAO-O072 = The server dropped events: the queue of this item ran over.
    .title = Gap: events dropped
    .fix = The active conditions were asked for again, unless it was they that ran over; other events are lost. Take fewer: `events: {"{"} min-severity: …, types: … {"}"}`, or send more often (`publishing-interval`).
    .cause = More events came at once than the server keeps for one item, as after a power cut.
    .example = place=lathe-7
QIAO-O131 = An earlier process of this gateway ended without taking leave, and what it had subscribed to could not be taken over: { $reason ->
        [configuration] the configuration is another one now.
        [security] the connection is secured in another way now, or the server has another certificate.
        [server] the server was started anew, or lists other namespaces now.
        [ended] the server had ended the subscriptions before.
        [damaged] what the process wrote down of them cannot be read.
       *[other] { $reason }.
    } Everything was subscribed anew; what happened in between was not seen.
    .title = Gap: earlier process not taken over
    .fix = Nothing has to be done for the values of now. So that the next crash costs nothing, use a secured connection with a user, and a server that hands subscriptions over (TransferSubscriptions).
    .cause = The process was killed or crashed, and was away for longer than the server keeps subscriptions, or the server hands them over to nobody.
    .example = place=lathe-7 | reason=BadUserAccessDenied
QIAO-O132 = { $count } subscriptions that the server still kept were taken over; what they missed was asked for.
    .title = Subscriptions taken over
    .fix = Nothing has to be done.
    .cause = The session was closed by the server during an outage, or this gateway was started again after it was killed.
    .example = place=lathe-7 | count=2
QIAO-O133 = { $count } items of subscription { $subscription }, which was taken over, were not what they should be. They were created anew; what they missed is lost.
    .title = Gap: items missing after a take-over
    .fix = Nothing has to be done. If it happens often, report it to the maker of the server.
    .cause = The server deleted items in the meantime, or does not tell which ones it has.
    .example = place=lathe-7 | count=3 | subscription=17
QIAO-O134 = The server keeps a subscription for { $granted } s without a sign of life, instead of { $asked } s.
    .title = Subscription kept for a shorter time
    .fix = An outage that lasts longer is a gap. Raise the server's limit for the lifetime of subscriptions.
    .cause = The server limits how long it keeps subscriptions for a client that is away.
    .example = place=lathe-7 | asked=120 | granted=30
QIAO-O135 = The server grants less than asked: { $items } items are sampled less often or have a shorter queue, { $subscriptions } subscriptions are published less often or kept for a shorter time.
    .title = Less than asked
    .fix = The log says what was asked and granted (QIAO-O025, QIAO-O026, QIAO-O134). Raise the server's limits, or ask for what it grants.
    .cause = The server has limits of its own, often the cycle of the controller.
    .example = place=lathe-7 | items=24 | subscriptions=1
QIAO-O136 = Subscription { $subscription } said nothing after it was taken over. Its items were created anew; what happened in between was not seen.
    .title = Gap: subscription stalled
    .fix = Nothing has to be done. Report it to the maker of the server.
    .cause = The server handed the subscription over, but keeps sending its notifications to the session that is gone.
    .example = place=lathe-7 | subscription=17
QIAO-O137 = The server dropped values of this node: its queue was too short. The values behind a drop carry the overflow bit; this is told once a session.
    .title = Queue too short
    .fix = Raise `queue` for this node (`select: [{"{"} path: …, queue: … {"}"}]`) until the counter `overflows` stays, or publish more often (`publishing-interval`).
    .cause = The value changed more often between two messages than the server's queue holds, or the gateway did not take messages for a while.
    .example = place=nsu=urn:acme:lathe;s=Spindle.Load
QIAO-O140 = What was missed between { $from } and { $until } was read from the server's history: { $values } values, passed on as back-filled.
    .title = Gap filled from history
    .fix = Nothing has to be done. Messages with these values carry `BackFilled` and, with MQTT 5, the user property `back-filled`.
    .cause = After a gap the server's history was asked for what was missed, and it reaches over the gap.
    .example = place=lathe-7 | values=1840 | from=2026-03-02T07:14:05.2Z | until=2026-03-02T07:19:31Z
QIAO-O141 = The server's history does not hold everything that was missed: { $count } parts stay a gap. The first: { $node } from { $from } to { $until } ({ $status }).
    .title = Gap not filled
    .fix = Have the server keep its history for longer, and record each value that it sends. Where it records more seldom than it sends, this cannot be told from a loss.
    .cause = The history begins after the gap did or ends before it, the server lost data, or it answered with an error.
    .example = place=lathe-7 | count=2 | node=nsu=urn:acme:lathe;s=Speed | from=2026-03-02T07:14:05.2Z | until=2026-03-02T07:16:00Z | status=BadNoData
QIAO-O142 = The server keeps no history of { $count } items, so what they said in the gap is lost. The first: { $node } from { $from } to { $until } ({ $status }).
    .title = No history to fill a gap from
    .fix = If none of it may be missing, switch on the server's history for these variables. If it has none, `history: ignore` on the connection spares the question.
    .cause = The variables are not recorded, the user may not read their history, or the server has no such service.
    .example = place=lathe-7 | count=38 | node=nsu=urn:acme:lathe;s=Speed | from=2026-03-02T07:14:05.2Z | until=2026-03-02T07:19:31Z | status=BadHistoryOperationUnsupported
QIAO-O170 = The server says that its conditions are not what it told before: something happened of which it may have told nothing.
    .title = Conditions to be told again
    .fix = Nothing: what is active is asked for. If it comes often, see what fails behind the server.
    .cause = A controller or alarm system behind the server was restarted or unreachable (RefreshRequiredEvent).
    .example = place=nsu=urn:acme:lathe;s=Lathe7
