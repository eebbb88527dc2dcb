# Konfiguration: was dasteht und was daran falsch ist.

# Was ein Schlüssel erwartet; steht in anderen Meldungen.
config-expected = { $expected ->
    [text] ein Text
    [name] ein Name aus Buchstaben, Ziffern, `-`, `_` und `.` (höchstens 64 Bytes, am Anfang ein Buchstabe oder eine Ziffer)
    [path] ein Pfad
    [period] eine Zeit wie `100ms`, `30s`, `5m` oder `2h`
    [size] eine Größe wie `512KiB`, `256MiB` oder `10GiB`
    [whole-number] eine ganze Zahl ohne Anführungszeichen
    [number] eine Zahl ohne Anführungszeichen
    [address] eine Adresse wie `127.0.0.1:8080`
    [day] ein Tag wie `2027-01-31`
    [utc-offset] eine Zeitverschiebung wie `+08:00`, in Anführungszeichen
    [rate] eine Rate wie `6/1m`: wie oft in welcher Zeit
    [deadband] eine Zahl wie `0.5` oder Prozent des Bereichs wie `2%`
    [word] einer der zulässigen Werte
    [list] eine Liste (`- …`)
    [table] eine Tabelle von Schlüsseln (`Schlüssel: Wert`)
    [text-or-table] ein Text oder eine Tabelle von Schlüsseln
   *[other] { $expected }
}
config-found = { $found ->
    [nothing] nichts
    [empty] ein leerer Text
    [text] ein Text
    [list] eine Liste
    [table] eine Tabelle von Schlüsseln
   *[other] { $found }
}

QIAO-C001 = Das ist kein YAML: { $slip ->
        [tab] hier steht ein Tabulator; YAML wird mit Leerzeichen eingerückt und getrennt
        [full-width] `{ $found }` ist nicht das Zeichen, das YAML kennt; richtig ist `{ $meant }`
        [quote] ein Text in Anführungszeichen endet zu früh oder gar nicht, oder dahinter fehlt ein Komma
        [bracket] eine Klammer ist nicht geschlossen, oder ein Komma fehlt
        [indentation] diese Zeile ist nicht eingerückt wie die Einträge neben ihr
        [no-colon] dieser Zeile fehlt Schlüssel, `:` und Leerzeichen
        [colon] ein Text, der `: ` enthält, braucht Anführungszeichen
        [line-before] diese Zeile setzt einen Text der vorigen fort: dort fehlt ein `:`, oder diese Zeile ist zu weit eingerückt
        [braces] ein Text mit Klammern darin braucht Anführungszeichen, und zwar ganz
        [star] ein Text, der mit `*` oder `&` beginnt, braucht Anführungszeichen
        [character] ein Text, der mit „{ $found }“ beginnt, braucht Anführungszeichen
        [escape] in einem Text in "…" steht ein umgekehrter Schrägstrich vor einem Zeichen, das keinen braucht; '…' verwenden
        [deep] Listen und Tabellen sind mehr als 32-fach verschachtelt
       *[other] { $reason }
    }.
    .title = Kein YAML
    .fix = Diese Zeile und die davor ansehen: Einrückung, ein fehlendes Anführungszeichen, eine fehlende Klammer, ein Tabulator. Die übrigen Fehler zeigen sich, sobald die Datei lesbar ist.
    .cause = YAML lebt von Einrückung und Anführungszeichen; ein Leerzeichen, Tabulator oder Anführungszeichen zu viel oder zu wenig, und der Rest ist mehrdeutig.
QIAO-C002 = Anker (`&`), Verweise (`*`) und Typmarken (`!`) werden hier nicht verwendet; ein Text, der so beginnt, braucht Anführungszeichen.
    .title = Anker, Verweis oder Typmarke
    .fix = Den Wert dort ausschreiben, wo er gebraucht wird. Ein Text, der mit `*`, `&` oder `!` beginnt, braucht Anführungszeichen, etwa "**".
    .cause = Browse-Pfade wie `**/Speed` beginnen mit einem Zeichen, das in YAML etwas anderes bedeutet; oder die Vorlage eines anderen Werkzeugs wurde kopiert.
QIAO-C003 = Die Konfiguration ist leer.
    .title = Leere Konfiguration
    .fix = Mit einer der Dateien in `config/examples` anfangen.
    .cause = Jede Zeile ist ein Kommentar, die Datei wurde nie gespeichert, oder ein Skript hat nichts hineingeschrieben.
QIAO-C004 = Hier beginnt ein zweites Dokument; eine Datei enthält genau eine Konfiguration.
    .title = Mehr als ein Dokument
    .fix = Die Zeile `---` entfernen oder das andere Dokument in eine eigene Datei legen.
    .cause = Zwei Konfigurationen stehen in einer Datei, oder eine Zeile aus Strichen sollte ihre Teile trennen.
QIAO-C005 = Ein Schlüssel ist ein einfacher Text; dieser ist etwas anderes.
    .title = Schlüssel ist kein Text
    .fix = `Schlüssel: Wert` schreiben. Ein Wert, der mit einer geschweiften Klammer beginnt, etwa eine Topic-Vorlage, braucht Anführungszeichen.
    .cause = Ein Platzhalter in Klammern steht, wo ein Name erwartet wird; ohne Anführungszeichen hält YAML ihn für eine Tabelle.
QIAO-C006 = Der Schlüssel `{ $key }` steht hier noch einmal; er wurde schon in { $first } angegeben.
    .title = Schlüssel doppelt
    .fix = Einen der beiden behalten; qiao rät nicht, welcher gemeint ist.
    .cause = Ein Block wurde kopiert und sein Name nicht geändert, oder der Schlüssel steht oben und weiter unten noch einmal.
QIAO-C007 = Einen Schlüssel `{ $name }` gibt es hier nicht. { $nearest ->
        [none] Bekannt: { $known }.
       *[other] Meinten Sie `{ $nearest }`?
    }
    .title = Unbekannter Schlüssel
    .fix = Hier dürfen stehen: { $known }. `config/qiao.yaml` zeigt alle.
    .cause = Der Schlüssel ist vertippt, falsch eingerückt oder gehört zu einer anderen Version oder einem anderen Werkzeug.
QIAO-C009 = Erwartet: { config-expected }; gefunden: { config-found }.
    .title = Wert von falscher Art
    .fix = Erwartet wird hier: { config-expected }. Ohne den Schlüssel gilt seine Vorgabe.
    .cause = Vor einem Listeneintrag fehlt der Strich, eine Zahl steht in Anführungszeichen, oder der Wert wurde vergessen.
QIAO-C010 = `{ $value }` passt nicht; erwartet: { config-expected }.
    .title = Unlesbarer Wert
    .fix = Erwartet: { config-expected }.
    .cause = Die Einheit fehlt oder ist anders geschrieben, oder der Name enthält ein Leerzeichen oder ein Zeichen, das hier nicht erlaubt ist.
QIAO-C011 = Der Schlüssel `{ $key }` fehlt.
    .title = Schlüssel fehlt
    .fix = `{ $key }` ergänzen; `config/qiao.yaml` sagt, was er bedeutet.
    .cause = Der Schlüssel hat keine Vorgabe, die überall stimmt, und muss deshalb dastehen; vielleicht ist er nur falsch eingerückt.
QIAO-C012 = Das Profil `{ $name }` ist nicht installiert. { $nearest ->
        [none] Installiert: { $known }.
       *[other] Meinten Sie `{ $nearest }`?
    }
    .title = Unbekanntes Profil
    .fix = Ein Profil wird mit seiner Version genannt, etwa `core/data-set-message@1.0`. Installiert: { $known }. Eigene Ordner stehen unter `profiles`.
    .cause = Die Version fehlt, eine andere ist installiert, oder der Ordner mit eigenen Profilen ist nicht genannt.
QIAO-C013 = `{ $name }` ist für diesen Schlüssel kein zulässiger Wert. { $nearest ->
        [none] Bekannt: { $known }.
       *[other] Meinten Sie `{ $nearest }`?
    }
    .title = Unzulässiger Wert
    .fix = Einen von diesen schreiben: { $known }.
    .cause = Das Wort ist vertippt, anders großgeschrieben oder das eines anderen Produkts.
QIAO-C014 = Genau eines von diesen gehört hierher: { $known }.
    .title = Einer von mehreren Schlüsseln
    .fix = Von { $known } einen behalten und die anderen entfernen.
    .cause = Zwei Möglichkeiten wurden zugleich angegeben, oder es wurde keine gewählt.
QIAO-C015 = `{ $key }` ist leer.
    .title = Leere Liste oder Tabelle
    .fix = Mindestens einen Eintrag schreiben oder den Schlüssel entfernen, falls er eine Vorgabe hat.
    .cause = Die Einträge sind auskommentiert oder noch nicht geschrieben.
QIAO-C016 = { $value } liegt außerhalb von { $low } bis { $high }.
    .title = Außerhalb des Bereichs
    .fix = Einen Wert von { $low } bis { $high } schreiben.
    .cause = Der Wert war in einer anderen Einheit gemeint oder hat eine Ziffer zu viel.
QIAO-C020 = Eine Verbindung `{ $name }` gibt es nicht. { $nearest ->
        [none] Bekannt: { $known }.
       *[other] Meinten Sie `{ $nearest }`?
    }
    .title = Unbekannte Verbindung
    .fix = `from` und `to` nennen Einträge von `connections`: { $known }.
    .cause = Der Name ist vertippt, oder die Verbindung wurde umbenannt oder entfernt.
QIAO-C021 = Die Verbindung `{ $name }` ist von der Art `{ $kind }`; dieser Schlüssel erwartet eine von der Art `{ $expected }`.
    .title = Verbindung von falscher Art
    .fix = `from` erwartet eine `opcua`-Verbindung, `to` eine `mqtt`-Verbindung.
    .cause = `from` und `to` wurden vertauscht, oder zwei Verbindungen heißen ähnlich.
QIAO-C022 = `{ $name }` steht hier noch einmal; der Name wurde schon in { $first } vergeben.
    .title = Name doppelt
    .fix = Einen anderen Namen wählen: An ihm unterscheiden sich die beiden in Log, Metriken und Topics.
    .cause = Ein Block wurde kopiert und sein Name beibehalten.
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
    .cause = Der Pfad stammt aus einem anderen Werkzeug, oder ein Browse-Name enthält ein Zeichen mit eigener Bedeutung.
QIAO-C024 = `{ $topic }` ist keine Topic-Vorlage: { $fault ->
        [brace] die Klammer an Stelle { $at } hat kein Gegenstück
        [forbidden] „{ $found }“ an Stelle { $at } darf in einem Topic nicht stehen
        [reserved] ein Topic, das mit `$` beginnt, gehört dem Broker
        [too-long] sie ist länger als 65535 Bytes
       *[other] sie ist leer
    }.
    .title = Falsch geschriebene Topic-Vorlage
    .fix = Ein Topic ohne `+`, `#` und Steuerzeichen schreiben; Platzhalter wie `{"{"}machine{"}"}` werden ausgefüllt.
    .cause = `+` und `#` sind Platzhalter für Abonnenten; wer veröffentlicht, nennt genau ein Topic.
QIAO-C025 = `{ $name }` ist kein Platzhalter eines Topics. { $nearest ->
        [none] Bekannt: { $known }.
       *[other] Meinten Sie `{ $nearest }`?
    }
    .title = Unbekannter Platzhalter
    .fix = Platzhalter sind: { $known }, jeweils in geschweiften Klammern.
    .cause = Der Platzhalter ist vertippt oder gehört zu einem anderen Produkt.
QIAO-C026 = Die Client-ID `{ $client }` benutzt am selben Broker schon die Verbindung in { $first }; beide würden einander endlos verdrängen.
    .title = Client-ID doppelt
    .fix = Einer der Verbindungen eine andere `client-id` geben oder für beide Datenflüsse dieselbe Verbindung nehmen.
    .cause = Eine Verbindung wurde samt Client-ID kopiert; ein Broker lässt jede ID nur einmal zu und trennt die frühere Verbindung.
QIAO-C027 = `{ $address }` ist keine Adresse eines OPC-UA-Servers.
    .title = Falsch geschriebene OPC-UA-Adresse
    .fix = `opc.tcp://host:4840` oder `opc.tcp://host:4840/pfad` schreiben, ohne Benutzername und Passwort.
    .cause = Ein Schrägstrich, der Port oder das Schema fehlt oder ist vertippt, oder es ist die Adresse einer Webseite oder eines anderen Protokolls.
QIAO-C028 = `{ $address }` ist keine Adresse eines MQTT-Brokers.
    .title = Falsch geschriebene Broker-Adresse
    .fix = `mqtts://host:8883` (verschlüsselt) oder `mqtt://host:1883` schreiben, über WebSocket `wss://host/mqtt` oder `ws://host/mqtt`, ohne Benutzername und Passwort.
    .cause = Andere Werkzeuge schreiben `tcp://`, `ssl://` oder `ws://`; oder die Adresse enthält Benutzer und Passwort.
QIAO-C029 = `{ $node }` ist keine NodeId: { $fault ->
        [index] der Index eines Namensraums ändert sich beim Neustart des Servers; bitte die URI nennen
       *[form] sie hat die Form `nsu=URI;s=Name`, `nsu=URI;i=13` oder, im Namensraum von OPC UA selbst, `i=85`
    }.
    .title = Falsch geschriebene NodeId
    .fix = Die URI des Namensraums so schreiben, wie der Server sie im NamespaceArray führt: `nsu=urn:acme:lathe;s=Lathe7`.
    .cause = OPC-UA-Clients zeigen NodeIds mit Namensraum-Index wie `ns=2`, der nur bis zum Neustart des Servers gilt.
QIAO-C030 = Die Umgebungsvariable `{ $name }` ist nicht gesetzt.
    .title = Zugangsdaten fehlen in der Umgebung
    .fix = { $name } für den Benutzer setzen, unter dem qiao läuft, oder stattdessen `file:` verwenden.
    .cause = Die Variable ist in Ihrer Shell gesetzt, aber nicht für den Dienst; oder ihr Name ist vertippt.
QIAO-C031 = In `{ $whence }` steht nichts; erwartet sind Zugangsdaten.
    .title = Leere Zugangsdaten
    .fix = Die Zugangsdaten hineinschreiben.
    .cause = Die Datei wurde angelegt, das Geheimnis aber nie hineingeschrieben, oder die Verteilung hat die Variable leer gelassen.
QIAO-C032 = `{ $path }` ist für alle Benutzer dieses Rechners lesbar.
    .title = Zugangsdaten für alle lesbar
    .fix = chmod 600 { $path }
    .cause = Neue Dateien sind auf den meisten Systemen für alle lesbar.
QIAO-C033 = Diese Verbindung ist ungesichert: Das Passwort wird nur gesendet, wenn der Server es verschlüsselt nimmt, und Werte sind unterwegs lesbar.
    .title = Passwort ohne Absicherung
    .fix = `security: sign-and-encrypt` wählen, wo der Server es anbietet; sonst dem Zertifikat des Servers vertrauen, für das das Passwort verschlüsselt wird.
    .cause = Benutzer und Passwort kamen zu einer Verbindung hinzu, deren Sicherheit für den ersten Versuch abgeschaltet war.
QIAO-C034 = Diese Verbindung ist ungesichert: Jeder auf dem Weg kann mitlesen und verändern, was sie trägt.
    .title = OPC UA ohne Absicherung
    .fix = `security: sign-and-encrypt` wählen, sobald der Server es anbietet.
    .cause = `security: none-i-accept-the-risk` ist eingetragen, wie es Steuerungen ohne Zertifikate brauchen.
QIAO-C035 = Das Passwort geht unverschlüsselt über das Netz.
    .title = Passwort im Klartext
    .fix = `mqtts://` verwenden, mit `ca`, falls die Zertifizierungsstelle des Brokers die eigene ist.
    .cause = `mqtt://` ist nicht verschlüsselt, und ein Benutzer ist dafür eingetragen.
QIAO-C036 = `{ $key }` steht ohne `{ $partner }` da; beide gehören zusammen.
    .title = Halbes Paar
    .fix = `{ $partner }` ergänzen oder `{ $key }` entfernen.
    .cause = Einer der beiden Schlüssel wurde vergessen oder steht durch seine Einrückung anderswo.
QIAO-C037 = `{ $key }` hat zusammen mit `{ $other }` keinen Sinn.
    .title = Schlüssel schließen einander aus
    .fix = Einen von beiden entfernen.
    .cause = Eine Einstellung wurde geändert, und eine, die zur alten Wahl gehörte, blieb stehen.
QIAO-C038 = Mit `qos: 0` bestätigt der Broker keine Nachricht; was unterwegs verloren geht, ist verloren.
    .title = Ohne Zustellgarantie
    .fix = `qos` entfernen, dann wird jede Nachricht bestätigt.
    .cause = `qos: 0` ist für diese Verbindung eingetragen, vielleicht um den Broker zu schonen.
QIAO-C040 = `{ $path }` kann nicht gelesen werden: { $reason }.
    .title = Datei nicht lesbar
    .fix = Den Pfad prüfen, der von der Konfigurationsdatei aus gilt, und die Rechte des Benutzers, unter dem qiao läuft.
    .cause = Der Pfad gilt ab einem anderen Ordner als gedacht, die Datei wurde nicht mitkopiert, oder qiao läuft unter einem Benutzer ohne Leserecht.
QIAO-C041 = Bis { $until } wird das Zertifikat dieses Servers trotz eines Mangels angenommen.
    .title = Ausnahme von der Zertifikatsprüfung
    .fix = Das Zertifikat erneuern lassen und `accept-certificate` entfernen.
    .cause = `accept-certificate` ist eingetragen, weil sich das Zertifikat des Servers nicht rechtzeitig erneuern ließ.
QIAO-C042 = `delivery: durable` endet bei `{ $name }`, das `qos: 0` hat: Von dort an gibt es keine Zustellgarantie.
    .title = Dauerhaft nur bis zu einem Broker ohne Bestätigung
    .fix = `qos: 0` aus der Verbindung entfernen.
    .cause = Der Datenfluss behält Nachrichten, bis der Broker sie bestätigt, und diese Verbindung verlangt keine Bestätigung.
QIAO-C043 = Kein Datenfluss benutzt die Verbindung `{ $name }`.
    .title = Unbenutzte Verbindung
    .fix = Sie entfernen oder in `from` oder `to` eines Datenflusses nennen.
    .cause = Der Datenfluss, der sie benutzte, wurde entfernt oder nennt versehentlich eine andere Verbindung.
QIAO-C044 = Der eingebaute Broker fragt niemanden nach einem Passwort; an { $address } lauscht er nicht.
    .title = Eingebauter Broker offen im Netz
    .fix = Eine Loopback-Adresse wie `127.0.0.1:1883` verwenden oder für das Netz einen eigenen Broker.
    .cause = `embedded` steht auf `0.0.0.0` oder einer Adresse im Netz, damit andere abonnieren können.
QIAO-C045 = Die Statusseite auf { $address } ist für alle im Netz lesbar.
    .title = Statusseite offen im Netz
    .fix = Eine Loopback-Adresse wie `127.0.0.1:8080` verwenden oder andere mit einer Firewall fernhalten.
    .cause = `http` steht auf `0.0.0.0` oder einer Adresse im Netz, wie Container es oft brauchen.
QIAO-C046 = Alle Maschinen, die dieser Datenfluss findet, würden unter `{ $topic }` veröffentlichen; die zweite wird abgewiesen.
    .title = Ein Topic für viele Maschinen
    .fix = `{"{"}machine{"}"}` in das Topic aufnehmen.
    .cause = Der Datenfluss findet über `each` mehrere Maschinen, und das Topic enthält nichts, was sie unterscheidet.
QIAO-C047 = Unter `{ $topic }` meldet das Gateway, ob es und seine Maschinen online sind.
    .title = Reserviertes Topic
    .fix = Ein anderes Topic wählen.
    .cause = Das Topic liegt unter `qiao/…`, wohin die eigenen Nachrichten des Gateways gehen.
QIAO-C048 = Unter `{ $topic }` veröffentlicht schon, was in { $first } steht.
    .title = Topic doppelt
    .fix = `{"{"}flow{"}"}` oder `{"{"}profile{"}"}` in das Topic aufnehmen oder ein anderes wählen.
    .cause = Zwei Datenflüsse oder zwei Profile eines Datenflusses führen mit demselben Topic zum selben Broker.
QIAO-C049 = Die Konfiguration kann nicht gelesen werden: { $reason }.
    .title = Konfiguration nicht lesbar
    .fix = Mit `-c DATEI` nennen; in `config/examples` liegen welche für den Anfang.
    .cause = Der Pfad ist vertippt, der Befehl läuft in einem anderen Ordner, oder der Benutzer, unter dem qiao läuft, darf die Datei nicht lesen.
QIAO-C050 = `{ $filter }` ist keine Log-Stufe: { $reason }.
    .title = Unbekannte Log-Stufe
    .fix = error, warn, info, debug oder trace schreiben, oder je Modul, etwa `qiao::opcua=debug,info`.
    .cause = Die Stufe ist vertippt, oder der Filter ist in der Schreibweise eines anderen Werkzeugs geschrieben.

QIAO-C065 = Ein Datenfluss von einer MQTT-Verbindung sagt mit `each` und `topic`, was er abonniert.
    .title = Abonnement fehlt
    .fix = Zum Beispiel `each: {"{"} topic: line/{"{machine}"}/state {"}"}` schreiben.
    .cause = Der Datenfluss wurde von dem eines OPC-UA-Servers kopiert.
QIAO-C066 = `{ $topic }` kann nicht abonniert werden: { $fault ->
        [empty] es ist leer
        [too-long] es hat mehr als 65535 Bytes
        [not-alone] an Zeichen { $at } steht `{ $found }` nicht allein in seiner Ebene, oder `#` nicht am Ende
        [brace] an Zeichen { $at } fehlt einer Klammer ihr Partner oder der Name
        [twice] `{ $found }` steht zweimal da
        [shared] ein geteiltes Abonnement besteht aus `$share/`, dem Namen einer Gruppe und einem Filter dahinter
       *[forbidden] das Zeichen an { $at } kann nicht in einem Topic stehen
    }.
    .title = Topic-Filter nicht möglich
    .fix = Ebenen als Text, `+`, Namen in Klammern wie `{"{machine}"}` schreiben, und `#` nur als letzte Ebene.
    .cause = MQTT hat eigene Regeln für Platzhalter und Namen.
QIAO-C067 = `{ $key }` hat keine Bedeutung für einen Datenfluss von { $kind ->
        [mqtt] einer MQTT-Verbindung
       *[opcua] einem OPC-UA-Server
    }.
    .title = Schlüssel für das andere Protokoll
    .fix = Weglassen oder in `from` eine andere Verbindung nennen.
    .cause = Der Datenfluss wurde von einem des anderen Protokolls kopiert.
QIAO-C068 = Was auf `{ $topic }` veröffentlicht wird, könnte über `{ $pattern }` am selben Broker zurückkommen und endlos kreisen: { $circle }.
    .title = Schleife
    .fix = Auf Topics veröffentlichen, die kein Datenfluss abonniert, oder `each` enger fassen, sodass sich beide nicht treffen.
    .cause = Ein- und Ausgang treffen sich an einem Broker, oft weil ein Filter auf `#` endet.
QIAO-C069 = { $profile } benennt seine Felder selbst; was MQTT-Nachrichten enthalten, füllt sie nicht.
    .title = Profil nimmt keine beliebigen Felder
    .fix = Sind die Nachrichten solche dieses Profils, `decode: message` schreiben; sonst `profile` weglassen.
    .cause = `decode` und `profile` passen nicht zusammen.
QIAO-C070 = Mit `decode: message` und `decode: profile` ist jede Nachricht von einem Profil; hier stehen mehrere.
    .title = Mehrere Profile für eine Nachricht
    .fix = Ein Profil nennen und für jedes weitere einen Datenfluss schreiben.
    .cause = Mehrere Profile sind für Maschinen gedacht, deren Felder einzeln gelesen werden.
QIAO-C071 = `time` nennt ein Element einer JSON-Nachricht; dieser Datenfluss zerlegt keine Nachrichten.
    .title = Kein Element zum Nachsehen
    .fix = `decode: json` schreiben oder `time` weglassen.
    .cause = `time` wurde bei einem Datenfluss ergänzt, dessen Nutzdaten keine JSON-Objekte sind.
QIAO-C072 = `{ $value }` ist kein JSON-Pointer.
    .title = Kein JSON-Pointer
    .fix = Mit einem Schrägstrich beginnen, etwa `/timestamp` oder `/head/ts`.
    .cause = Statt eines Pointers wurde ein Name geschrieben.
QIAO-C075 = Die Datei ist nicht in UTF-8: { $encoding ->
        [utf-16] sie ist in UTF-16, das Windows „Unicode“ nennt
       *[other] hier steht ein Byte einer anderen Kodierung, etwa Windows-1252 oder GB18030
    }.
    .title = Nicht in UTF-8
    .fix = Die Datei im Editor als UTF-8 speichern. Umwandeln: iconv -f UTF-16 -t UTF-8, oder -f WINDOWS-1252, oder -f GB18030.
    .cause = Windows-Editoren speichern in UTF-16 oder in der Kodierung des Landes, etwa Windows-1252 oder GB18030.
QIAO-C076 = `{ $pattern }` ist kein Muster für Dateien: { $fault ->
        [folder] `*` und `?` stehen im Namen einer Datei, nicht eines Ordners
       *[no-name] es nennt einen Ordner, keine Dateien
    }.
    .title = Fehlerhaftes include
    .fix = Den Pfad einer Datei schreiben oder ein Muster wie `conf.d/*.yaml`.
    .cause = Es wurde ein Ordner genannt, oder der Platzhalter steht im Namen eines Ordners, wie eine Shell es erlauben würde.
QIAO-C077 = Keine Datei passt zu `{ $pattern }`.
    .title = include ohne Datei
    .fix = Das Muster prüfen; es gilt ab der Datei, in der es steht, und versteckte Dateien passen nie. Entfernen, wenn es nichts einzubinden gibt.
    .cause = Der Ordner ist leer oder ein anderer als gedacht, oder die Dateien enden auf `.yml` statt `.yaml`.
QIAO-C078 = `{ $path }` ist schon gelesen; verlangt wurde sie in { $first }.
    .title = Datei zweimal gelesen
    .fix = Jede Datei einmal einbinden: diesen Eintrag entfernen oder das Muster so ändern, dass es nicht auf die Datei passt.
    .cause = Ein Muster trifft eine Datei, die auch einzeln genannt ist, oder zwei Dateien schließen einander ein.
QIAO-C079 = Das ist zu viel: mehr als { $limit } { $what ->
        [bytes] MiB
        [files] Dateien
        [levels] Ebenen von Dateien, die Dateien einbinden
       *[nodes] Schlüssel und Werte aus Vorlagen
    }.
    .title = Konfiguration zu groß
    .fix = Eine Konfiguration ist ein getippter Text. Prüfen, ob die richtige Datei genannt ist; wenn ja, auf mehrere Gateways aufteilen.
    .cause = Es wurde eine falsche Datei genannt, etwa ein Log, oder ein Skript hat die Konfiguration ohne Ende geschrieben.
QIAO-C080 = `{ $key }` steht nur in der Hauptdatei{ $given ->
        [yes] ; dort ist es in { $first } angegeben
       *[no] {""}
    }.
    .title = Schlüssel der Hauptdatei
    .fix = `{ $key }` in die Datei verschieben, die `-c` nennt, oder hier entfernen.
    .cause = Eine vollständige Konfiguration wurde eingeschlossen; wie das Gateway heißt und wo es lauscht, sagt aber nur die Hauptdatei.
QIAO-C081 = Eine Vorlage `{ $name }` gibt es nicht. { $nearest ->
        [none] Bekannt: { $known }.
       *[other] Meinten Sie `{ $nearest }`?
    }
    .title = Unbekannte Vorlage
    .fix = `template` nennt einen Eintrag von `templates`: { $known }.
    .cause = Der Name ist vertippt, oder die Vorlage steht in einer Datei, die nicht eingeschlossen ist.
QIAO-C082 = Kein Eintrag von `use` verwendet die Vorlage `{ $name }`.
    .title = Vorlage ohne Verwendung
    .fix = Sie entfernen oder einen Eintrag unter `use` ergänzen.
    .cause = Die Einträge von `use` wurden entfernt oder nennen eine andere Vorlage.
QIAO-C083 = Die Vorlage `{ $template }` braucht `{ $name }`.
    .title = Argument fehlt
    .fix = `{ $name }` in diesem Eintrag ergänzen oder dem Parameter in der Vorlage eine Vorgabe geben.
    .cause = Der Parameter hat keine Vorgabe, und dieser Eintrag nennt ihn nicht; vielleicht ist sein Name hier vertippt.
QIAO-C084 = Die Vorlage hat keinen Parameter `{ $name }`. { $nearest ->
        [none] Ihre Parameter: { $known }.
       *[other] Meinten Sie `{ $nearest }`?
    }
    .title = Unbekanntes Argument
    .fix = Argumente dieser Vorlage: { $known }.
    .cause = Das Argument ist vertippt, oder der Parameter der Vorlage wurde umbenannt.
QIAO-C085 = `{ $name }` ist kein Parameter dieser Vorlage. { $nearest ->
        [none] Ihre Parameter: { $known }.
       *[other] Meinten Sie `{ $nearest }`?
    }
    .title = Unbekannter Parameter
    .fix = Unter `parameters` angeben oder einen von diesen schreiben: { $known }. Ein `$`, das vor einer Klammer für sich steht, wird `$$` geschrieben.
    .cause = Der Parameter ist vertippt oder nicht deklariert, oder ein `$` vor einer Klammer war wörtlich gemeint.
QIAO-C086 = In `{ $text }` fehlt hinter `${"{"}` ein Name und `{"}"}`.
    .title = Fehlerhafter Parameter
    .fix = `${"{"}name{"}"}` schreiben. Ein `$`, das vor einer Klammer für sich steht, wird `$$` geschrieben.
    .cause = Die schließende Klammer oder der Name wurde vergessen, oder ein `$` vor einer Klammer war wörtlich gemeint.
QIAO-C087 = Das Profil `{ $profile }` ist eines für Ereignisse, dieser Datenfluss nimmt aber keine.
    .title = Ereignisprofil ohne Ereignisse
    .fix = `events: {"{"}{"}"}` beim Datenfluss ergänzen oder das Profil entfernen.
    .cause = Das Profil wurde ergänzt, der Schlüssel, der Ereignisse holt, aber vergessen.
QIAO-C088 = Nichts in der Vorlage verwendet den Parameter `{ $name }`.
    .title = Parameter ohne Verwendung
    .fix = Ihn entfernen oder `${"{"}{ $name }{"}"}` schreiben, wo er hingehört.
    .cause = Die Zeile, die ihn benutzte, wurde entfernt oder nennt den Wert selbst.
QIAO-C089 = Ein Parameter kann nicht `{ $name }` heißen: dieser Schlüssel nennt unter `use` die Vorlage.
    .title = Vergebener Parametername
    .fix = Einen anderen Namen wählen.
    .cause = In einem Eintrag von `use` sagt der Schlüssel `template` schon, welche Vorlage gemeint ist.
QIAO-C091 = `${"{"}{ $name }{"}"}` wird nur in Vorlagen ersetzt; hier bleibt es stehen, wie es geschrieben ist.
    .title = Parameter außerhalb einer Vorlage
    .fix = Den Wert selbst schreiben. Ein Geheimnis aus der Umgebung wird `password: {"{"} env: NAME {"}"}` geschrieben.
    .cause = Andere Werkzeuge setzen Umgebungsvariablen in jeden Text ein; hier gilt das nur für Geheimnisse.
QIAO-C093 = `{ $found }` ist nicht das Zeichen, das YAML kennt; richtig ist `{ $meant }`.
    .title = Zeichen voller Breite oder typografisches Zeichen
    .fix = Es ohne Eingabemethode und ohne die typografischen Anführungszeichen einer Textverarbeitung tippen.
    .cause = Eine chinesische Eingabemethode schreibt `：` und `，`, Textprogramme typografische Anführungszeichen; sie sehen ähnlich aus.
QIAO-C094 = In `{ $text }` fehlt hinter dem Doppelpunkt ein Leerzeichen.
    .title = Kein Leerzeichen hinter dem Doppelpunkt
    .fix = `Schlüssel: Wert` schreiben.
    .cause = Das Leerzeichen wurde vergessen; YAML hält Schlüssel und Wert dann für einen Text.
QIAO-C095 = Ein Geheimnis steht nicht in der Konfiguration selbst.
    .title = Geheimnis im Klartext
    .fix = Es in eine eigene Datei schreiben (chmod 600) und diese nennen: `password: {"{"} file: secrets/name {"}"}`, oder `{"{"} env: VARIABLE {"}"}`. Was hier stand, sollte geändert werden: wer die Datei gesehen hat, kennt es.
    .cause = Das Passwort wurde für einen schnellen Versuch hingeschrieben; Konfigurationen werden kopiert, verschickt und versioniert.
QIAO-C096 = Eine Dezimalzahl wird mit Punkt geschrieben: `{ $value }`.
    .title = Dezimalkomma
    .fix = `{ $value }` schreiben.
    .cause = Das Komma ist in vielen Ländern das Dezimalzeichen; in YAML trennt es Einträge.
QIAO-C097 = `{ $value }` beginnt mit einer Null; manche lesen das als Oktalzahl. Richtig ist `{ $meant }`.
    .title = Führende Null
    .fix = Die Zahl ohne die Null davor schreiben.
    .cause = Die Zahl wurde mit Nullen aufgefüllt oder ist eigentlich ein Text, etwa eine Maschinennummer.
QIAO-C098 = `{ $text }` ohne Anführungszeichen ist eine Tabelle, kein Text; richtig ist `"{ $text }"`.
    .title = Klammern ohne Anführungszeichen
    .fix = Den ganzen Text in Anführungszeichen setzen: `"{ $text }"`.
    .cause = Eine Topic-Vorlage beginnt mit einem Platzhalter; YAML hält die Klammer für den Anfang einer Tabelle.
QIAO-C099 = `{ $key }` steht unter `connections`, gehört aber daneben.
    .title = Zu weit eingerückt
    .fix = `{ $key }` und was darunter steht nach links rücken, in die Spalte von `connections`.
    .cause = Der Block wurde einen Schritt zu weit rechts getippt oder eingefügt.
QIAO-C100 = Kein Feld der Profile dieses Datenflusses enthält das Konzept `{ $name }`. { $nearest ->
        [none] Bekannt sind: { $known }.
       *[other] Ist `{ $nearest }` gemeint?
    }
    .title = Unbekanntes Konzept
    .fix = Ein Konzept angeben, das ein Profil des Datenflusses kennt; `qiao profile show` listet sie auf.
    .cause = Das Konzept ist vertippt oder gehört zu einem Profil, das dieser Datenfluss nicht verwendet: Das Gemeinte ginge hinaus.
QIAO-C101 = Pflichtfelder von `{ $profile }` gehen nicht hinaus: { $pointers }. Wer die Nachrichten gegen das Profil prüft, lehnt sie ab.
    .title = Pflichtfeld geht nicht hinaus
    .fix = Diese Konzepte hinauslassen, notfalls als Pseudonym, oder mit dem Empfänger vereinbaren, dass sie fehlen.
    .cause = Ein Konzept, das das Profil verlangt, steht in `drop` oder fehlt in `only`.
QIAO-C102 = Aus Nachrichten, die Byte für Byte weitergegeben werden, lässt sich nichts weglassen.
    .title = Aus fremden Nachrichten wird nichts weggelassen
    .fix = `only`, `drop` und `pseudonymise` entfernen oder die Nachrichten mit `decode: json` lesen.
    .cause = Der Datenfluss hat `decode: message` und ändert daher kein Byte.
QIAO-C103 = `{ $concept }` wird hier zurückgehalten, soll aber laut { $first } hinausgehen.
    .title = Widersprüchliche Angaben zum Hinausgehen
    .fix = Jedes Konzept nur in einem von `only`, `drop` und `pseudonymise` nennen; Pseudonyme dürfen auch in `only` stehen.
    .cause = Zwei Personen haben an der Liste geschrieben, oder eine Vorlage ergänzt sie.
QIAO-C104 = Der Schlüssel ist kürzer als { $bytes } Byte: Die Namen hinter den Pseudonymen ließen sich durch Ausprobieren finden.
    .title = Schlüssel zu kurz
    .fix = Einen Schlüssel aus 32 zufälligen Bytes erzeugen, etwa mit `openssl rand -hex 32`, und hier verwahren.
    .cause = Ein Passwort wurde als Schlüssel verwendet.
QIAO-C110 = Ein Datenfluss spricht `{ $profile }` nicht: Dessen Nachrichten werden als Dateien ausgetauscht, oder Datenflüsse beherrschen die Kodierung nicht.
    .title = Profil nicht für Datenflüsse
    .fix = Ein Profil für Datenflüsse wählen; Dokumente übersetzt `qiao translate`, Abtastwerte veröffentlicht `publish-as`.
    .cause = Für die Telemetrie einer Maschine wurde ein Profil von Dokumenten genannt, etwa ein Typenschild.
QIAO-C115 = Neben den Nachrichten von `{ $profile }` wird nichts veröffentlicht: `{ $topic }` endet nicht mit `{ $behind }`.
    .title = Leser finden die Maschinen nicht
    .fix = Das Topic mit `{ $behind }` enden lassen; was davor steht, Präfix und Client-ID, ist frei. Wo Leser die Topics ohnehin kennen, fehlt nichts.
    .cause = Der Datenfluss hat ein eigenes Topic; die Listen, über die Leser Maschinen finden, stehen neben der Stelle, an der das Topic des Profils die Maschine hat.
QIAO-C116 = Neben den Nachrichten von `{ $profile }` wird nichts veröffentlicht: Bevor Maschinen gefunden sind, kennt niemand { $places } in `{ $topic }`.
    .title = Maschinenlisten haben keinen Ort
    .fix = Den Maschinen unter `machines` diese `location` geben, oder Präfix und Client-ID ausschreiben, etwa `umati/v2/acme/zelle7/MachineToolType/{"{"}machine{"}"}`.
    .cause = Eine Liste nennt alle Maschinen einer Basis; wer meldet, dass er online ist, muss die Basis kennen, bevor es Maschinen gibt.

QIAO-C120 = { $profile } enthält Ereignisse; nichts in { $target } sagt, was Ereignisse sagen.
    .title = Ereignisse werden nicht übersetzt
    .fix = Die Ereignisse in einem eigenen Datenfluss ohne `publish-as` übernehmen. Alarme werden in Profile mit einer Alarmliste übersetzt, etwa `nclink/cnc@3.0`.
    .cause = Ein gehaltener Zustand, etwa eine umati-Nachricht, hat keinen Platz für das, was einmal geschieht.
QIAO-C121 = Nachrichten, die unverändert weitergegeben werden, lassen sich nicht übersetzen.
    .title = `publish-as` und `decode: message` widersprechen sich
    .fix = `decode: profile` schreiben, damit die Nachrichten zerlegt werden, oder `publish-as` weglassen.
    .cause = `decode: message` prüft eine Nachricht und gibt sie Byte für Byte weiter.
QIAO-C122 = Nichts aus { $profile } hat in { $target } einen Platz.
    .title = Nichts zu übersetzen
    .fix = Ansehen, was beide gemeinsam haben: `qiao translate --from { $profile } --to { $target } --coverage`.
    .cause = Die beiden Profile haben kein Konzept gemeinsam; ein Profil mit freien Feldern hat keines, solange seine Felder nicht gebunden sind.
QIAO-C123 = { $concept } ist kein Text, der ein Pseudonym sein darf: Alarme unterscheiden sich durch das, was sie sagen.
    .title = Alarme haben keine Pseudonyme
    .fix = { $concept } aus `pseudonymise` nehmen; `drop` hält es zurück.
    .cause = Alarme werden übersetzt, und hinter einem Pseudonym fände niemand den Alarm wieder.

QIAO-C111 = Nachrichten von `{ $profile }` können nicht in ihre Felder zerlegt werden.
    .title = Nachrichten nicht zerlegbar
    .fix = Ein Profil wählen, dessen Nachrichten verschachtelte Objekte (umati) oder NC-Link sind; um Nachrichten unverändert weiterzugeben, `decode: message` schreiben.
    .cause = `decode: profile` steht in einem Datenfluss, dessen Profil nur geschrieben und nie gelesen wird.
QIAO-C112 = `{ $topic }` erfasst keine Abtastwerte von NC-Link-Geräten.
    .title = Kein Topic mit NC-Link-Abtastwerten
    .fix = `each: {"{"} topic: "Sample/{"{"}machine{"}"}/+" {"}"}` schreiben; vor `Sample` darf ein Präfix stehen. Das Gerät steht unmittelbar dahinter, als `{"{"}machine{"}"}` oder mit seinem Namen.
    .cause = Das Gerät wird an der Ebene hinter `Sample` erkannt; ebenso seine Ereignisse und sein Modell.
QIAO-C113 = NC-Link-Nachrichten sagen selbst, wann ihre Werte entstanden; `time` hat hier keine Bedeutung.
    .title = Die Zeit steht in der Nachricht
    .fix = `time` weglassen.
    .cause = Ein Datenfluss für einfaches JSON wurde für NC-Link übernommen.
QIAO-C118 = `{ $concept }` enthält { $type ->
        [integer] eine ganze Zahl
        [number] eine Zahl
        [boolean] Ja oder Nein
        [time] einen Zeitpunkt
        [date] einen Tag
       *[enumeration] eines von wenigen Wörtern
    }; ein Pseudonym ist ein Text, den Empfänger dort nicht erwarten und der einen von wenigen Werten nicht verbirgt.
    .title = Pseudonym für etwas, das kein Text ist
    .fix = Mit `drop` hier behalten oder unverändert hinauslassen; Pseudonyme sind für Texte und Kennungen da.
    .cause = Ein Pseudonym sollte einen Messwert oder Zustand verbergen statt eines Namens.
QIAO-C124 = Wer { $address } erreicht, kann lesen, was das Gateway dort zeigt, und unterwegs kann jeder mitlesen.
    .title = Eigener Server offen im Netz
    .fix = `security` weglassen: dann brauchen Clients ein Zertifikat, dem Sie vertrauen. Oder an einer Loopback-Adresse lauschen.
    .cause = `none-i-accept-the-risk` war für einen ersten Versuch gedacht und blieb stehen, die Adresse aber ist die des Netzes.
QIAO-C125 = Niemand darf herein: es gibt keinen Benutzer, und Clients ohne Benutzer werden abgewiesen.
    .title = Eigener Server ohne Benutzer
    .fix = `users: {"{"} NAME: {"{"} password: {"{"} file: secrets/NAME {"}"} {"}"} {"}"}` ergänzen, oder `anonymous: read`.
    .cause = Clients ohne Benutzer werden in der Voreinstellung abgewiesen.
QIAO-C126 = Das Passwort von `{ $user }` hat weniger als { $least } Bytes.
    .title = Passwort zu kurz
    .fix = Ein längeres wählen; `openssl rand -base64 18` gibt ein gutes aus.
    .cause = Ein Passwort für einen ersten Versuch blieb stehen.
QIAO-C127 = `{ $name }` ist der eigene OPC-UA-Server des Gateways; von ihm kommen keine Daten.
    .title = Eigener Server als Quelle
    .fix = Ihn bei `to` nennen. Was Clients dort schreiben, geht durch `writes`.
    .cause = `from` und `to` wurden verwechselt.
QIAO-C145 = `{ $key }` hat neben `{ $other }` keine Bedeutung.
    .title = Schlüssel schließen einander aus
    .fix = Einen von beiden weglassen.
    .cause = Ein Eintrag für ein Ziel anderer Art wurde kopiert: Was veröffentlicht wird, lässt sich nicht lesen, und die Argumente eines Aufrufs haben eigene Regeln.
QIAO-C146 = `{ $key }: { $value }` ist kein Wert des Typs { $type }.
    .title = Grenze, die der Typ nicht fasst
    .fix = Einen Wert des Typs schreiben oder den Typ, den der Knoten hat.
    .cause = Der Typ ist enger als der des Knotens, oder für ganze Zahlen wurde ein Bruch geschrieben.
QIAO-C147 = Der kleinste Wert, { $min }, liegt über dem größten, { $max }: Nichts ließe sich schreiben.
    .title = Grenzen lassen nichts übrig
    .fix = `min` und `max` vertauschen oder eines berichtigen.
    .cause = Beide wurden verwechselt, oder ein Vorzeichen fehlt.
QIAO-C148 = `{ $key }` ist ein Abstand; { $value } ist keiner.
    .title = Abstand ist keiner
    .fix = Eine Zahl über 0 schreiben, bei `tolerance` auch 0.
    .cause = Ein Vorzeichen wurde getippt, oder 0 sollte „keine Grenze“ heißen: Dafür fällt der Schlüssel weg.
QIAO-C149 = Der Typ { $type } kennt kein `{ $key }`.
    .title = Grenze passt nicht zum Typ
    .fix = Weglassen; `min`, `max`, `step` und `max-change` gelten für Zahlen, `max-length` für Texte und Bytefolgen.
    .cause = Der Typ wurde geändert, und seine Grenzen blieben stehen.
QIAO-C150 = Jeder { $type } ließe sich schreiben: Es gibt keine Grenzen.
    .title = Zahl ohne Grenzen
    .fix = `min` und `max` schreiben, oder `one-of`. Ist wirklich jeder Wert ungefährlich für die Maschine, dies sagen: `bounds: none-i-accept-the-risk`.
    .cause = Die Grenzen stehen in der Zeichnung oder in der Steuerung; hier muss das Gateway sie kennen.
QIAO-C151 = `{ $topic }` { $fault ->
        [presence] ist das Topic, auf dem das Gateway seine Anwesenheit meldet; Befehle haben ein eigenes
        [level] ist kein Gerät: Seine Kennung ist eine Ebene eines Topics
       *[form] ist kein Topic für Befehle: kein `+`, `#`, kein `$` am Anfang, und an Klammern nur { "{gateway}" } und { "{write}" }
    }.
    .title = Kein Topic für Befehle
    .fix = Ein eigenes Topic wählen, etwa `plant/hall-3/command/feed-override`.
    .cause = Ein Filter eines Abonnements oder eine Vorlage eines Datenflusses wurde kopiert.
QIAO-C152 = Kein Absender hat die Rolle `{ $name }`: Niemand könnte dies befehlen. { $nearest ->
        [none] Rollen der Absender: { $known }.
       *[other] Meinten Sie `{ $nearest }`?
    }
    .title = Rolle, die niemand hat
    .fix = Die Rolle einem der `senders` geben oder eine nennen, die ein Absender hat: { $known }.
    .cause = Die Rolle ist vertippt, oder die Absender fehlen noch.
QIAO-C153 = Wer bei `{ $connection }` veröffentlichen darf, befiehlt als `{ $name }`: Das Gateway kann nicht erkennen, wer es ist.
    .title = Absender nur durch den Broker bekannt
    .fix = Besser ein Schlüssel (`known-by: {"{"} key: … {"}"}`); bleibt es dabei, die Befehls-Topics am Broker nur einem Benutzer erlauben.
    .cause = Das befehlende Gerät kann seine Nachrichten nicht signieren.
QIAO-C154 = `{ $connection }` ist nicht verschlüsselt: Jeder im Netz könnte als `{ $name }` veröffentlichen und der Maschine befehlen.
    .title = Befehl über ein offenes Netz
    .fix = Den Broker über `mqtts://` erreichen oder den Absender mit einem Schlüssel signieren lassen (`known-by: {"{"} key: … {"}"}`); ihn kann ein offenes Netz nicht fälschen.
    .cause = Einem Broker im Werksnetz wurde ohne Weiteres vertraut.
QIAO-C155 = Der Schlüssel eines Absenders ist kürzer als { $bytes } Byte: Er ließe sich durch Ausprobieren finden.
    .title = Schlüssel eines Absenders zu kurz
    .fix = Einen Schlüssel aus 32 zufälligen Bytes erzeugen, etwa mit `openssl rand -hex 32`, für diesen Absender allein.
    .cause = Ein Passwort wurde als Schlüssel verwendet.
QIAO-C156 = Befehle eines anderen Eintrags kommen auf demselben Weg; er steht bei { $first }.
    .title = Zwei Einträge für ein Topic
    .fix = Jedem Eintrag ein eigenes Topic geben; ohne Angabe entsteht es aus seinem Namen.
    .cause = Ein Eintrag wurde mitsamt seinem Topic kopiert.
QIAO-C157 = Ein anderer Eintrag schreibt dasselbe; er steht bei { $first }. Der weitere von beiden gälte, und die Raten addierten sich.
    .title = Zwei Einträge für ein Ziel
    .fix = Je Knoten, Methode oder Topic einen Eintrag behalten; mehrere Absender teilen ihn sich über ihre Rollen.
    .cause = Gemeint war ein Eintrag je Absender.
QIAO-C158 = Was dieser Eintrag veröffentlicht, kommt als Befehl eines anderen zurück: eine Schleife.
    .title = Befehle in einer Schleife
    .fix = Auf einem Topic veröffentlichen, auf das kein Eintrag hört.
    .cause = Zwei Einträge sollten einen Befehl weiterreichen und nennen dasselbe Topic.
QIAO-C159 = Der Absender `{ $name }` darf nichts befehlen: Kein Eintrag von `writes` nennt eine seiner Rollen.
    .title = Absender ohne Befehl
    .fix = Eine seiner Rollen in einem Eintrag nennen oder den Absender entfernen.
    .cause = Eine Rolle ist vertippt, oder der Eintrag dafür ist weggefallen.
QIAO-C160 = Bis hier erlauben die Raten { $sum } Befehle am Tag; aufbewahrt werden die Kennungen von höchstens { $limit }, damit keiner zweimal ausgeführt wird.
    .title = Mehr Befehle als aufbewahrte Kennungen
    .fix = Die Raten senken: Befehle kommen von Menschen und Aufträgen; was sich laufend ändert, ist ein Datenfluss.
    .cause = Ein Sollwert, der einem Signal folgt, wurde als Befehl geschrieben.
QIAO-C161 = `{ $value }` steht in der Liste und außerhalb von `min` und `max`: Es ließe sich nie schreiben.
    .title = Wert der Liste außerhalb der Grenzen
    .fix = Aus `one-of` entfernen oder die Grenzen weiten; mit einer Liste dürfen `min` und `max` fehlen.
    .cause = Die Grenzen wurden enger gefasst, die Liste nicht.
QIAO-C162 = Kein Datenfluss `{ $name }` führt zu diesem Server. { $nearest ->
        [none] Dorthin führen: { $known }.
       *[other] Gemeint ist vielleicht `{ $nearest }`.
    }
    .title = Datenfluss, der dort nichts zeigt
    .fix = Den Datenfluss nennen, dessen Maschine gemeint ist: { $known }.
    .cause = Der Datenfluss wurde umbenannt oder führt zu einer anderen Verbindung.
QIAO-C163 = { $count ->
        [0] Kein Datenfluss führt zu `{ $face }`: Dort steht nichts, was sich schreiben ließe.
       *[other] { $count } Datenflüsse führen zu `{ $face }`: Welcher zeigt die Maschine?
    }
    .title = Welcher Datenfluss die Maschine zeigt
    .fix = Einen Datenfluss zu diesem Server anlegen oder einen von mehreren nennen: `shown: {"{"} flow: …, machine: …, node: … {"}"}`.
    .cause = Der Eintrag entstand vor dem Datenfluss, oder ein zweiter kam später hinzu.
QIAO-C164 = Kein OPC-UA-Server dieses Gateways hat den Benutzer `{ $name }`. { $nearest ->
        [none] Bekannt: { $known }.
       *[other] Gemeint ist vielleicht `{ $nearest }`.
    }
    .title = Absender, der kein Benutzer ist
    .fix = Einen der `users` einer Verbindung der Art `opcua-server` nennen oder diesen dort anlegen.
    .cause = Der Benutzer ist vertippt oder gehört zum Server der Maschine.
QIAO-C165 = Kein Benutzer von `{ $face }` hat als Absender eine dieser Rollen: Niemand könnte das schreiben.
    .title = Variable, die kein Benutzer schreiben darf
    .fix = Einen Absender für einen Benutzer dieses Servers anlegen: `known-by: {"{"} user: … {"}"}`, mit einer dieser Rollen.
    .cause = Die Absender mit der Rolle sind durch Schlüssel oder einen Broker bekannt; ein Client des Servers ist allein als sein Benutzer bekannt.
QIAO-C166 = `{ $path }` ist kein Weg von einer Maschine zu einer Variablen.
    .title = Kein Pfad aus Browse-Namen
    .fix = Browse-Namen ab der Maschine, mit `/` dazwischen, weder am Anfang noch am Ende: `Monitoring/MachineTool/FeedOverride`.
    .cause = Ein Pfad ab der Wurzel oder eine Knotenkennung wurde kopiert.

# Steht hinter einem Befund über etwas, das aus einer Vorlage kommt.
finding-used-at = (Vorlage verwendet in { $used-at }{ $more-uses ->
        [0] {""}
        [1] {""} und einmal mehr
       *[other] {""} und { $more-uses }-mal mehr
    })

QIAO-C175 = `{ $topic }` teilt seine Nachrichten mit anderen, und { $fault ->
        [nc-link] NC-Link-Geräte werden gefragt und antworten: Wer gefragt hat, bekäme die Antwort nicht
       *[state] dieser Datenfluss veröffentlicht Zustände: Von einer Maschine wüsste er nur, was bei ihm ankam
    }.
    .title = Nicht teilbar
    .fix = `$share/…/` weglassen und diese Topics von einem Gateway allein lesen lassen.
    .cause = In einem geteilten Abonnement geht jede Nachricht an einen aus der Gruppe, gleich an welchen.
QIAO-C176 = `{ $topic }` und `{ $other }` des Datenflusses `{ $flow }` könnten dieselbe Nachricht über eine Verbindung bringen.
    .title = Abonnements überschneiden sich
    .fix = Eines enger fassen, beiden Datenflüssen dasselbe Abonnement geben oder einen über eine eigene Verbindung lesen lassen.
    .cause = Ein Broker sagt nicht, über welches Abonnement eine Nachricht kommt: Beide Datenflüsse nähmen sie, je Abonnement einmal.
QIAO-C177 = MQTT 3.1.1 kennt keine geteilten Abonnements; `{ $topic }` geht nur bei Brokern, die sie trotzdem kennen.
    .title = Geteiltes Abonnement mit MQTT 3.1.1
    .fix = An der Verbindung `version: "5"` schreiben, oder nachsehen, ob Nachrichten kommen; mosquitto, EMQX und HiveMQ teilen in beiden Versionen.
    .cause = Geteilte Abonnements kamen mit MQTT 5; ein anderer Broker hielte den Filter für ein Topic und schickte nichts.
QIAO-C178 = Nachrichten von NC-Link haben ihre eigene Form: Um sie liegt keine Hülle.
    .title = NC-Link hat keine Hülle
    .fix = `envelope` weglassen.
    .cause = `envelope` beschreibt JSON anderer Geräte und Gateways.
QIAO-C179 = Die Maschine steht schon im Topic; `machine` einer Hülle sagt sie ein zweites Mal.
    .title = Maschine zweimal benannt
    .fix = `machine` weglassen, oder im Topic `+` statt `{"{machine}"}` schreiben.
    .cause = Entweder das Topic oder die Nachricht sagt, wessen Daten es sind.
QIAO-C180 = `{ $key }` unterscheidet Werte eines Datensatzes; dieser Datenfluss nimmt jeden Datensatz als Nachricht seines Profils.
    .title = Schlüssel ohne Bedeutung für Nachrichten eines Profils
    .fix = `{ $key }` weglassen, oder die Datensätze mit `decode: json` lesen.
    .cause = Mit `decode: message` und `decode: profile` ist ein Datensatz eine ganze Nachricht.
QIAO-C181 = `{ $profile }` hat je Zustandsmeldung ein Topic; `{ $topic }` ist eines für alle.
    .title = Ein Topic für alle Zustandsmeldungen
    .fix = `{"{condition}"}` in das Topic setzen, oder `topic` weglassen; andere Profile des Datenflusses brauchen dann einen eigenen.
    .cause = `topic` gilt für jedes Profil eines Datenflusses, und jeder Zustand überschriebe die der anderen.
QIAO-C182 = `{"{condition}"}` hat keine Bedeutung für Nachrichten von `{ $profile }`.
    .title = Keine Zustandsmeldungen
    .fix = Es aus `{ $topic }` nehmen, oder core/condition@1.0 mit einem eigenen Datenfluss veröffentlichen.
    .cause = Nur Zustände sagen, wessen Zustand sie sind.
