# Der eigene OPC-UA-Server des Gateways (face): Lauschen, Clients, Benutzer. Ort ist der Name der Verbindung.

QIAO-F001 = An { $address } lauscht schon ein anderes Programm; dort erreichen Clients das Gateway nicht. Es wird weiter versucht.
    .title = Adresse des eigenen Servers belegt
    .fix = Das andere Programm beenden oder bei `listen` einen anderen Port angeben.
    .cause = Ein zweites Gateway oder ein anderer OPC-UA-Server läuft auf diesem Rechner; 4840 mögen alle.
QIAO-F002 = Der eigene OPC-UA-Server des Gateways kann an { $address } nicht lauschen: { $reason }. Es wird weiter versucht.
    .title = Eigener Server kann nicht lauschen
    .fix = Bei `listen` eine Adresse dieses Rechners angeben oder `0.0.0.0` für alle; Ports unter 1024 brauchen ein eigenes Recht.
    .cause = Die Adresse gehört einem anderen Rechner, oder das Netz ist noch nicht da.
QIAO-F003 = Das Schlüsselpaar des eigenen OPC-UA-Servers ist nicht brauchbar: { $reason }. Es wird weiter versucht.
    .title = Schlüsselpaar des eigenen Servers nicht brauchbar
    .fix = Die Dateien unter `pki/server` im Datenverzeichnis dem Benutzer zurückgeben, unter dem das Gateway läuft, oder mit `qiao cert renew --face` ein neues Paar machen.
    .cause = Dateien wurden von einem anderen Benutzer kopiert oder nur zum Teil wiederhergestellt, oder der Datenträger ist voll.
QIAO-F004 = Der eigene OPC-UA-Server des Gateways startet nicht: { $reason }. Es wird weiter versucht.
    .title = Eigener Server startet nicht
    .fix = Das Protokoll an den schicken, der das Gateway betreut; der Rest des Gateways läuft weiter.
    .cause = Kein Thread oder Deskriptor ist mehr frei, oder es ist ein Fehler des Gateways.
QIAO-F005 = Ein Client von { $from } hat ein unbekanntes Zertifikat und wird nicht eingelassen. Fingerabdruck (SHA-256) { $fingerprint }, Inhaber { $subject }, gültig von { $since } bis { $until }. Wenn er darf: { $command }
    .title = Client-Zertifikat nicht vertraut
    .fix = Den Fingerabdruck mit dem vergleichen, den der Client selbst zeigt, dann den Befehl ausführen. Der Client kommt beim nächsten Versuch herein, ohne Neustart.
    .cause = Der Client ruft zum ersten Mal an, oder er hat ein neues Zertifikat. Wer an Türen rüttelt, sieht genauso aus.
QIAO-F006 = Das Zertifikat eines Clients von { $from } wird nicht angenommen: { $fault ->
        [time] es ist abgelaufen oder noch nicht gültig
        [uri] es nennt nicht genau eine Application-URI
        [key] sein Schlüssel ist nicht RSA mit 2048 bis 4096 Bit
        [usage] es ist nicht für einen Client gemacht
        [weak] es ist mit einem Verfahren signiert, das sich fälschen lässt
        [revoked] es wurde gesperrt
        [no-list] von seiner Zertifizierungsstelle fehlt eine gültige Sperrliste
        [issuer] keinem seiner Aussteller wird vertraut
        [issuer-time] das Zertifikat eines Ausstellers ist abgelaufen oder noch nicht gültig
        [issuer-usage] ein Aussteller darf keine Zertifikate signieren
        [forged] eine Signatur in seiner Kette stammt nicht vom Aussteller
       *[invalid] es verletzt die Regeln für Zertifikate
    }. Inhaber { $subject }, Aussteller { $issuer }, Fingerabdruck { $fingerprint }.
    .title = Client-Zertifikat nicht angenommen
    .fix = Für den Client ein neues Zertifikat machen lassen. Fehlt eine Liste oder ein Aussteller: `qiao cert trust DATEI --as crl --face` oder `--as issuer`.
    .cause = Das Zertifikat wurde von Hand gemacht, nie erneuert oder gehört zu einer anderen Art von Programm.
QIAO-F007 = Ein Client von { $from } hat etwas geschickt, das kein Zertifikat ist: { $reason }.
    .title = Kein Zertifikat
    .fix = Nachsehen, was unter dieser Adresse läuft: ein ordentlicher OPC-UA-Client tut das nicht.
    .cause = Ein fehlerhafter Client, oder jemand probiert aus, was bricht.
QIAO-F008 = Eine Verbindung von { $from } wurde getrennt: { $why ->
        [order] sie schickte Nachrichten in einer Reihenfolge, die das Protokoll nicht kennt
        [malformed] sie schickte etwas, das nicht OPC UA ist
        [too-large] sie schickte eine zu große Nachricht
        [too-many-chunks] sie schickte eine Nachricht in zu vielen Teilen
        [budget] sie schickte zu viel, bevor jemand wusste, wer sie ist
        [policy] sie will eine Sicherheitsrichtlinie, die nicht angeboten wird
        [sealed] was sie schickte, ist nicht für dieses Gateway verschlüsselt
        [not-secured] sie will ohne Sicherheit mehr als sich umsehen
        [too-many-renewals] sie erneuerte ihren Kanal ohne Ende
       *[late] was sie anfing, kam nicht rechtzeitig zu Ende
    }.
    .title = Verbindung eines Clients getrennt
    .fix = Bei einem eigenen Client: Basic256Sha256, Aes128Sha256RsaOaep oder Aes256Sha256RsaPss mit sign-and-encrypt verwenden und weniger auf einmal verlangen. Sonst nachsehen, was unter dieser Adresse läuft.
    .cause = Ein Client ohne Sicherheit, ein Portscanner, ein fehlerhafter Client, oder jemand probiert aus, was bricht.
QIAO-F009 = Eine Verbindung von { $from } wurde nicht angenommen: { $why ->
        [door] zu viele Fremde stehen vor der Tür
        [address] zu viele Verbindungen dieser Adresse sind nicht angemeldet
        [clients] so viele Clients wie erlaubt sind verbunden
        [client] dieser Client hat so viele Verbindungen, wie einer haben darf
       *[fast] dieser Client öffnet Verbindungen zu schnell
    }.
    .title = Kein Platz für einen Client
    .fix = Mit `qiao status` nachsehen, wer verbunden ist; `max-sessions` lässt mehr Clients zu. Ein Client, der in einer Schleife Verbindungen öffnet, muss in Ordnung gebracht werden.
    .cause = Ein Client, der nie schließt, was er öffnet, ein Portscanner, oder mehr Clients als vorgesehen.
QIAO-F010 = Falscher Benutzer oder falsches Passwort von `{ $user }` am eigenen OPC-UA-Server. Jeder weitere Versuch wird langsamer beantwortet.
    .title = Anmeldung abgelehnt
    .fix = Benutzer und Passwort im Client berichtigen, oder hier unter `users`. Viele davon hintereinander: jemand rät.
    .cause = Das Passwort wurde auf einer Seite geändert, oder jemand probiert Passwörter.
QIAO-F011 = Die NodeSet-Datei { $file } ist nicht lesbar: { $reason }. Der eigene Server startet ohne sie.
    .title = NodeSet-Datei nicht lesbar
    .fix = Die Datei neu vom Herausgeber holen; es muss eine NodeSet2-Datei in XML sein.
    .cause = Die Datei wurde abgeschnitten oder von Hand geändert, oder sie ist von anderer Art.
QIAO-F012 = Die NodeSet-Datei { $file } braucht das Modell `{ $model }`, das keine andere Datei mitbringt. Der eigene Server startet ohne sie.
    .title = NodeSet ohne das, was es braucht
    .fix = Die Datei dieses Modells in `node-sets` ergänzen; die Reihenfolge ist gleich.
    .cause = Companion Specifications bauen aufeinander auf; eine davon wurde vergessen.
