# Konfiguration: was dasteht und was daran falsch ist.

# Was ein Schlüssel erwartet; steht in anderen Meldungen.
config-expected = { $expected ->
    [text] ein Text
    [name] ein Name aus Buchstaben, Ziffern, `-`, `_` und `.` (höchstens 64 Bytes, am Anfang ein Buchstabe oder eine Ziffer)
    [path] ein Pfad
    [period] eine Zeit wie `100ms`, `30s`, `5m` oder `2h`
    [size] eine Größe wie `512KiB`, `256MiB` oder `10GiB`
    [whole-number] eine ganze Zahl ohne Anführungszeichen
    [address] eine Adresse wie `127.0.0.1:8080`
    [day] ein Tag wie `2027-01-31`
    [utc-offset] eine Zeitverschiebung wie `+08:00`, in Anführungszeichen
    [deadband] eine Zahl wie `0.5` oder Prozent des Bereichs wie `2%`
    [word] einer der zulässigen Werte
    [list] eine Liste
    [table] eine Tabelle von Schlüsseln
    [text-or-table] ein Text oder eine Tabelle von Schlüsseln
   *[other] { $expected }
}
config-found = { $found ->
    [nothing] nichts
    [text] ein Text
    [list] eine Liste
    [table] eine Tabelle von Schlüsseln
   *[other] { $found }
}

QIAO-C001 = Das ist kein YAML: { $reason }.
    .title = Kein YAML
    .fix = Diese Zeile und die davor ansehen: Einrückung, ein fehlendes Anführungszeichen, eine fehlende Klammer, ein Tabulator. Die übrigen Fehler zeigen sich, sobald die Datei lesbar ist.
QIAO-C002 = Anker (`&`), Verweise (`*`) und Typmarken (`!`) werden hier nicht verwendet.
    .title = Anker, Verweis oder Typmarke
    .fix = Den Wert dort ausschreiben, wo er gebraucht wird. Ein Text, der mit `*`, `&` oder `!` beginnt, braucht Anführungszeichen, etwa "**".
QIAO-C003 = Die Konfiguration ist leer.
    .title = Leere Konfiguration
    .fix = Mit einer der Dateien in `config/examples` anfangen.
QIAO-C004 = Hier beginnt ein zweites Dokument; eine Datei enthält genau eine Konfiguration.
    .title = Mehr als ein Dokument
    .fix = Die Zeile `---` entfernen oder das andere Dokument in eine eigene Datei legen.
QIAO-C005 = Ein Schlüssel ist ein einfacher Text; dieser ist etwas anderes.
    .title = Schlüssel ist kein Text
    .fix = `Schlüssel: Wert` schreiben. Ein Wert, der mit einer geschweiften Klammer beginnt, etwa eine Topic-Vorlage, braucht Anführungszeichen.
QIAO-C006 = Der Schlüssel `{ $key }` steht hier noch einmal; er wurde schon in Zeile { $first } angegeben.
    .title = Schlüssel doppelt
    .fix = Einen der beiden behalten; qiao rät nicht, welcher gemeint ist.
QIAO-C007 = Einen Schlüssel `{ $name }` gibt es hier nicht. { $nearest ->
        [none] Bekannt: { $known }.
       *[other] Meinten Sie `{ $nearest }`?
    }
    .title = Unbekannter Schlüssel
    .fix = Hier dürfen stehen: { $known }. `config/qiao.yaml` zeigt alle.
QIAO-C009 = Erwartet: { config-expected }; gefunden: { config-found }.
    .title = Wert von falscher Art
    .fix = Erwartet wird hier: { config-expected }. Ohne den Schlüssel gilt seine Vorgabe.
QIAO-C010 = `{ $value }` passt nicht; erwartet: { config-expected }.
    .title = Unlesbarer Wert
    .fix = Erwartet: { config-expected }.
QIAO-C011 = Der Schlüssel `{ $key }` fehlt.
    .title = Schlüssel fehlt
    .fix = `{ $key }` ergänzen; `config/qiao.yaml` sagt, was er bedeutet.
QIAO-C012 = Das Profil `{ $name }` ist nicht installiert. { $nearest ->
        [none] Installiert: { $known }.
       *[other] Meinten Sie `{ $nearest }`?
    }
    .title = Unbekanntes Profil
    .fix = Ein Profil wird mit seiner Version genannt, etwa `core/data-set-message@1.0`. Installiert: { $known }. Eigene Ordner stehen unter `profiles`.
QIAO-C013 = `{ $name }` ist für diesen Schlüssel kein zulässiger Wert. { $nearest ->
        [none] Bekannt: { $known }.
       *[other] Meinten Sie `{ $nearest }`?
    }
    .title = Unzulässiger Wert
    .fix = Einen von diesen schreiben: { $known }.
QIAO-C014 = Genau eines von diesen gehört hierher: { $known }.
    .title = Einer von mehreren Schlüsseln
    .fix = Von { $known } einen behalten und die anderen entfernen.
QIAO-C015 = `{ $key }` ist leer.
    .title = Leere Liste oder Tabelle
    .fix = Mindestens einen Eintrag schreiben oder den Schlüssel entfernen, falls er eine Vorgabe hat.
QIAO-C016 = { $value } liegt außerhalb von { $low } bis { $high }.
    .title = Außerhalb des Bereichs
    .fix = Einen Wert von { $low } bis { $high } schreiben.
QIAO-C020 = Eine Verbindung `{ $name }` gibt es nicht. { $nearest ->
        [none] Bekannt: { $known }.
       *[other] Meinten Sie `{ $nearest }`?
    }
    .title = Unbekannte Verbindung
    .fix = `from` und `to` nennen Einträge von `connections`: { $known }.
QIAO-C021 = Die Verbindung `{ $name }` ist von der Art `{ $kind }`; dieser Schlüssel erwartet eine von der Art `{ $expected }`.
    .title = Verbindung von falscher Art
    .fix = `from` erwartet eine `opcua`-Verbindung, `to` eine `mqtt`-Verbindung.
QIAO-C022 = `{ $name }` steht hier noch einmal; der Name wurde schon in Zeile { $first } vergeben.
    .title = Name doppelt
    .fix = Einen anderen Namen wählen: An ihm unterscheiden sich die beiden in Log, Metriken und Topics.
QIAO-C023 = `{ $glob }` ist kein Browse-Pfad: { $fault ->
        [empty] er hat keinen Schritt
        [empty-step] der Schritt an Stelle { $at } ist leer; ein Schrägstrich in einem Namen wird `\/` geschrieben
        [escape] `\` an Stelle { $at } steht vor einem Zeichen, das keines braucht
        [no-name] auf `nsu=` an Stelle { $at } müssen eine URI, `:` und ein Name folgen
        [braces] die Klammer an Stelle { $at } hat kein Gegenstück oder steht in einer anderen
        [deep] `**` an Stelle { $at } muss ein eigener Schritt sein
        [too-many] er hat zu viele Schritte oder Alternativen
       *[other] er ist falsch geschrieben
    }.
    .title = Falsch geschriebener Browse-Pfad
    .fix = Schritte werden mit `/` verbunden; `*` steht für einen beliebigen Teil eines Schritts, `**` für beliebig viele Schritte, `{"{"}a,b{"}"}` für eines von beiden; `nsu=URI:Name` nennt einen Namensraum.
QIAO-C024 = `{ $topic }` ist keine Topic-Vorlage: { $fault ->
        [brace] die Klammer an Stelle { $at } hat kein Gegenstück
        [forbidden] „{ $found }“ an Stelle { $at } darf in einem Topic nicht stehen
        [reserved] ein Topic, das mit `$` beginnt, gehört dem Broker
        [too-long] sie ist länger als 65535 Bytes
       *[other] sie ist leer
    }.
    .title = Falsch geschriebene Topic-Vorlage
    .fix = Ein Topic ohne `+`, `#` und Steuerzeichen schreiben; Platzhalter wie `{"{"}machine{"}"}` werden ausgefüllt.
QIAO-C025 = `{ $name }` ist kein Platzhalter eines Topics. { $nearest ->
        [none] Bekannt: { $known }.
       *[other] Meinten Sie `{ $nearest }`?
    }
    .title = Unbekannter Platzhalter
    .fix = Platzhalter sind: { $known }, jeweils in geschweiften Klammern.
QIAO-C026 = Die Client-ID `{ $client }` benutzt am selben Broker schon die Verbindung in Zeile { $first }; beide würden einander endlos verdrängen.
    .title = Client-ID doppelt
    .fix = Einer der Verbindungen eine andere `client-id` geben oder für beide Datenflüsse dieselbe Verbindung nehmen.
QIAO-C027 = `{ $address }` ist keine Adresse eines OPC-UA-Servers.
    .title = Falsch geschriebene OPC-UA-Adresse
    .fix = `opc.tcp://host:4840` oder `opc.tcp://host:4840/pfad` schreiben, ohne Benutzername und Passwort.
QIAO-C028 = `{ $address }` ist keine Adresse eines MQTT-Brokers.
    .title = Falsch geschriebene Broker-Adresse
    .fix = `mqtts://host:8883` (verschlüsselt) oder `mqtt://host:1883` schreiben, ohne Benutzername und Passwort.
QIAO-C029 = `{ $node }` ist keine NodeId: { $fault ->
        [index] der Index eines Namensraums ändert sich beim Neustart des Servers; bitte die URI nennen
       *[form] sie hat die Form `nsu=URI;s=Name`, `nsu=URI;i=13` oder, im Namensraum von OPC UA selbst, `i=85`
    }.
    .title = Falsch geschriebene NodeId
    .fix = Die URI des Namensraums so schreiben, wie der Server sie im NamespaceArray führt: `nsu=urn:acme:lathe;s=Lathe7`.
QIAO-C030 = Die Umgebungsvariable `{ $name }` ist nicht gesetzt.
    .title = Zugangsdaten fehlen in der Umgebung
    .fix = { $name } für den Benutzer setzen, unter dem qiao läuft, oder stattdessen `file:` verwenden.
QIAO-C031 = In `{ $whence }` steht nichts; erwartet sind Zugangsdaten.
    .title = Leere Zugangsdaten
    .fix = Die Zugangsdaten hineinschreiben.
QIAO-C032 = `{ $path }` ist für alle Benutzer dieses Rechners lesbar.
    .title = Zugangsdaten für alle lesbar
    .fix = chmod 600 { $path }
QIAO-C033 = Ein Passwort wird nicht über eine ungesicherte Verbindung geschickt.
    .title = Passwort ohne Absicherung
    .fix = `security: sign-and-encrypt` wählen oder Benutzer und Passwort entfernen.
QIAO-C034 = Diese Verbindung ist ungesichert: Jeder auf dem Weg kann mitlesen und verändern, was sie trägt.
    .title = OPC UA ohne Absicherung
    .fix = `security: sign-and-encrypt` wählen, sobald der Server es anbietet.
QIAO-C035 = Das Passwort geht unverschlüsselt über das Netz.
    .title = Passwort im Klartext
    .fix = `mqtts://` verwenden, mit `ca`, falls die Zertifizierungsstelle des Brokers die eigene ist.
QIAO-C036 = `{ $key }` steht ohne `{ $partner }` da; beide gehören zusammen.
    .title = Halbes Paar
    .fix = `{ $partner }` ergänzen oder `{ $key }` entfernen.
QIAO-C037 = `{ $key }` hat zusammen mit `{ $other }` keinen Sinn.
    .title = Schlüssel schließen einander aus
    .fix = Einen von beiden entfernen.
QIAO-C038 = Mit `qos: 0` bestätigt der Broker keine Nachricht; was unterwegs verloren geht, ist verloren.
    .title = Ohne Zustellgarantie
    .fix = `qos` entfernen, dann wird jede Nachricht bestätigt.
QIAO-C039 = Diese Version hält Nachrichten im Arbeitsspeicher: `durable` wirkt wie `memory`, und was wartet, geht mit dem Prozess verloren.
    .title = Noch kein dauerhafter Zwischenspeicher
    .fix = `delivery: memory` schreiben, um das zu bestätigen, oder `durable` für eine Version stehen lassen, die es kann.
QIAO-C040 = `{ $path }` kann nicht gelesen werden: { $reason }.
    .title = Datei nicht lesbar
    .fix = Den Pfad prüfen, der von der Konfigurationsdatei aus gilt, und die Rechte des Benutzers, unter dem qiao läuft.
QIAO-C041 = Bis { $until } wird das Zertifikat dieses Servers trotz eines Mangels angenommen.
    .title = Ausnahme von der Zertifikatsprüfung
    .fix = Das Zertifikat erneuern lassen und `accept-certificate` entfernen.
QIAO-C042 = `delivery: durable` endet bei `{ $name }`, das `qos: 0` hat: Von dort an gibt es keine Zustellgarantie.
    .title = Dauerhaft nur bis zu einem Broker ohne Bestätigung
    .fix = `qos: 0` aus der Verbindung entfernen.
QIAO-C043 = Kein Datenfluss benutzt die Verbindung `{ $name }`.
    .title = Unbenutzte Verbindung
    .fix = Sie entfernen oder in `from` oder `to` eines Datenflusses nennen.
QIAO-C044 = Der eingebaute Broker fragt niemanden nach einem Passwort; an { $address } lauscht er nicht.
    .title = Eingebauter Broker offen im Netz
    .fix = Eine Loopback-Adresse wie `127.0.0.1:1883` verwenden oder für das Netz einen eigenen Broker.
QIAO-C045 = Die Statusseite auf { $address } ist für alle im Netz lesbar.
    .title = Statusseite offen im Netz
    .fix = Eine Loopback-Adresse wie `127.0.0.1:8080` verwenden oder andere mit einer Firewall fernhalten.
QIAO-C046 = Alle Maschinen, die dieser Datenfluss findet, würden unter `{ $topic }` veröffentlichen; die zweite wird abgewiesen.
    .title = Ein Topic für viele Maschinen
    .fix = `{"{"}machine{"}"}` in das Topic aufnehmen.
QIAO-C047 = Unter `{ $topic }` meldet das Gateway, ob es und seine Maschinen online sind.
    .title = Reserviertes Topic
    .fix = Ein anderes Topic wählen.
QIAO-C048 = Unter `{ $topic }` veröffentlicht schon, was in Zeile { $first } steht.
    .title = Topic doppelt
    .fix = `{"{"}flow{"}"}` oder `{"{"}profile{"}"}` in das Topic aufnehmen oder ein anderes wählen.
QIAO-C049 = Die Konfiguration kann nicht gelesen werden: { $reason }.
    .title = Konfiguration nicht lesbar
    .fix = Mit `-c DATEI` nennen; in `config/examples` liegen welche für den Anfang.
QIAO-C050 = `{ $filter }` ist keine Log-Stufe: { $reason }.
    .title = Unbekannte Log-Stufe
    .fix = error, warn, info, debug oder trace schreiben, oder je Modul, etwa `qiao::opcua=debug,info`.
