# The gateway's own OPC UA server (a face): listening, clients, users. The place is the connection's name.

QIAO-F001 = Another program listens on { $address } already; clients cannot reach the gateway there. It is tried again.
    .title = Address of the face taken
    .fix = Stop the other program, or write another port at `listen`.
    .cause = A second gateway or another OPC UA server runs on this machine; 4840 is the port that all of them like.
    .example = place=face | address=0.0.0.0:4840
QIAO-F002 = The gateway's own OPC UA server cannot listen on { $address }: { $reason }. It is tried again.
    .title = Face cannot listen
    .fix = Write an address of this machine at `listen`, or `0.0.0.0` for all of them; ports below 1024 need a right of their own.
    .cause = The address belongs to another machine, or the network is not up yet.
    .example = place=face | address=10.0.3.7:4840 | reason=Cannot assign requested address (os error 99)
QIAO-F003 = The key pair of the gateway's own OPC UA server cannot be used: { $reason }. It is tried again.
    .title = Key pair of the face not usable
    .fix = Give the files below `pki/server` in the data directory back to the user that runs the gateway, or make a new pair with `qiao cert renew --face`.
    .cause = Files were copied by another user, restored in part, or the disk is full.
    .example = place=face | reason=/var/lib/qiao/pki/server/own/key.pem holds no RSA key
QIAO-F004 = The gateway's own OPC UA server does not start: { $reason }. It is tried again.
    .title = Face does not start
    .fix = Send the log to whoever looks after the gateway; the rest of the gateway goes on.
    .cause = No thread or descriptor is left, or it is a fault of the gateway.
    .example = place=face | reason=Resource temporarily unavailable (os error 11)
QIAO-F005 = A client from { $from } has a certificate that is not known, and is not let in. Fingerprint (SHA-256) { $fingerprint }, subject { $subject }, valid from { $since } until { $until }. If it may come in: { $command }
    .title = Client certificate not trusted
    .fix = Compare the fingerprint with what the client itself shows, then run the command. The client is let in at its next attempt, without a restart.
    .cause = The client calls for the first time, or it got a new certificate. Who tries doors looks the same.
    .example = place=face | from=10.0.3.9 | fingerprint=3f9a…c1 | subject=CN=MES | since=2026-01-05 | until=2031-01-04 | command=qiao cert trust 3f9a…c1 -c qiao.yaml
QIAO-F006 = The certificate of a client from { $from } is not accepted: { $fault ->
        [time] it has expired or is not valid yet
        [uri] it does not hold exactly one application URI
        [key] its key is not RSA with 2048 to 4096 bits
        [usage] it is not made for a client
        [weak] it is signed by a method that can be forged
        [revoked] it was revoked
        [no-list] there is no valid revocation list of its authority
        [issuer] none of its issuers is trusted
        [issuer-time] the certificate of an issuer has expired or is not valid yet
        [issuer-usage] an issuer may not sign certificates
        [forged] a signature in its chain is not its issuer's
       *[invalid] it breaks the rules for certificates
    }. Subject { $subject }, issuer { $issuer }, fingerprint { $fingerprint }.
    .title = Client certificate not accepted
    .fix = Have a new certificate made for the client. For a missing list or issuer: `qiao cert trust FILE --as crl --face`, or `--as issuer`.
    .cause = The certificate was made by hand, was never renewed, or belongs to another kind of program.
    .example = place=face | from=10.0.3.9 | fault=time | subject=CN=MES | issuer=CN=Plant CA | fingerprint=3f9a…c1
QIAO-F007 = A client from { $from } sent something that is no certificate: { $reason }.
    .title = No certificate
    .fix = Look at what runs at that address: a proper OPC UA client does not do this.
    .cause = A faulty client, or somebody who tries out what breaks.
    .example = place=face | from=10.0.3.9 | reason=not an X.509 certificate
QIAO-F008 = A connection from { $from } was cut: { $why ->
        [order] it sent messages in an order that the protocol does not have
        [malformed] it sent something that is not OPC UA
        [too-large] it sent a message that is too large
        [too-many-chunks] it sent a message in too many parts
        [budget] it sent too much before anybody knew who it is
        [policy] it wants a security policy that is not offered
        [sealed] what it sent is not encrypted for this gateway
        [not-secured] it wants more than to look around, without security
        [too-many-renewals] it renewed its channel without end
       *[late] what it began did not come to an end in time
    }.
    .title = Connection of a client cut
    .fix = For a client of your own: use Basic256Sha256, Aes128Sha256RsaOaep or Aes256Sha256RsaPss with sign-and-encrypt, and ask for less at once. Otherwise look at what runs at that address.
    .cause = A client without security, a port scanner, a faulty client, or somebody who tries out what breaks.
    .example = place=face | from=10.0.3.9 | why=not-secured
QIAO-F009 = A connection from { $from } was not taken: { $why ->
        [door] too many strangers are at the door
        [address] too many connections of this address are not logged in
        [clients] as many clients as allowed are connected
        [client] this client has as many connections as one may have
       *[fast] this client opens connections too fast
    }.
    .title = No room for a client
    .fix = See in `qiao status` who is connected; `max-sessions` allows more clients. A client that opens connections in a loop has to be put right.
    .cause = A client that never closes what it opened, a port scanner, or more clients than the limit was made for.
    .example = place=face | from=10.0.3.9 | why=clients
QIAO-F010 = Wrong user or password of `{ $user }` at the gateway's own OPC UA server. Each further attempt is answered more slowly.
    .title = Log-in refused
    .fix = Correct user and password in the client, or below `users` here. Many of these in a row: somebody is guessing.
    .cause = The password was changed on one side, or somebody tries passwords.
    .example = place=face | user=mes
QIAO-F011 = The NodeSet file { $file } cannot be read: { $reason }. The gateway's own server starts without it.
    .title = NodeSet file not readable
    .fix = Take the file anew from whoever publishes it; it has to be a NodeSet2 file in XML.
    .cause = The file was cut off or edited by hand, or it is of another kind.
    .example = place=face | file=nodesets/acme.xml | reason=line 17: an end tag without its beginning
QIAO-F012 = The NodeSet file { $file } needs the model `{ $model }`, which no other file brings. The gateway's own server starts without it.
    .title = NodeSet without what it needs
    .fix = Add the file of that model to `node-sets`; the order does not matter.
    .cause = Companion specifications build on each other; one of them was forgotten.
    .example = place=face | file=nodesets/acme.xml | model=http://opcfoundation.org/UA/DI/
