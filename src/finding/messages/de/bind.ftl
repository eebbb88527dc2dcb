# `bind:` einer Maschine: die Tabelle der Knoten und Felder, und was ihren Umrechnungen begegnet.
QIAO-B001 = Die Tabelle `{ $path }` kann nicht gelesen werden: { $reason }.
    .title = Tabelle nicht lesbar
    .fix = Pfad und Rechte prüfen; der Pfad gilt relativ zur Konfiguration. `qiao init --csv DATEI` schreibt eine Tabelle.
    .cause = Die Tabelle wurde nicht mitkopiert, der Pfad gilt ab einem anderen Ordner, oder eine Tabellenkalkulation hält sie offen.
QIAO-B002 = Das ist weder UTF-8 noch GB18030.
    .title = Unbekannte Kodierung einer Tabelle
    .fix = Die Tabelle im Tabellenprogramm als „CSV UTF-8“ speichern.
    .cause = Die Tabellenkalkulation hat in eigener Kodierung wie UTF-16 gespeichert, oder die Datei ist keine Tabelle, sondern eine Arbeitsmappe.
QIAO-B003 = Das ist kein UTF-8; es wird als GB18030 gelesen.
    .title = Tabelle als GB18030 gelesen
    .fix = Sehen Namen falsch aus, die Tabelle im Tabellenprogramm als „CSV UTF-8“ speichern.
    .cause = Eine Tabellenkalkulation auf chinesischem Windows speichert CSV in GB18030; andere Acht-Bit-Kodierungen können so aussehen.
QIAO-B004 = Die Tabelle ist leer.
    .title = Leere Tabelle
    .fix = `qiao init --csv DATEI` schreibt eine mit Kopfzeile und allen Knoten.
    .cause = Die Datei wurde angelegt, aber nie gefüllt, oder ein Skript hat nichts hineingeschrieben.
QIAO-B005 = Es gibt keine Spalte `{ $name }`. { $nearest ->
        [none] Bekannt: { $known }.
       *[other] Meinten Sie `{ $nearest }`?
    }
    .title = Unbekannte Spalte
    .fix = Spalten: { $known }. Notizen gehören in `comment`.
    .cause = Die Spalte ist vertippt, wurde übersetzt oder für Notizen hinzugefügt.
QIAO-B006 = Die Spalte `{ $column }` steht hier noch einmal.
    .title = Spalte doppelt
    .fix = Eine von beiden behalten.
    .cause = In der Tabellenkalkulation wurden Spalten kopiert.
QIAO-B007 = Die Zeile hat { $cells } Zellen, die Kopfzeile { $columns }.
    .title = Mehr Zellen als Spalten
    .fix = Ein Trennzeichen in einer Zelle suchen: Die Zelle braucht Anführungszeichen, ebenso ein Dezimalkomma, wo Kommas trennen.
    .cause = Ein Name oder eine Notiz enthält das Trennzeichen, oder eine Zahl hat ein Dezimalkomma.
QIAO-B008 = Die Tabelle hat mehr als { $limit } Zeilen; der Rest wird nicht gelesen.
    .title = Tabelle zu lang
    .fix = Zeilen ohne Feld entfernen.
    .cause = Die Tabelle führt jeden Knoten eines großen Servers auf, auch solche ohne Feld.
QIAO-B009 = Der Tabelle fehlt die Spalte `{ $column }`.
    .title = Spalte fehlt
    .fix = Die erste Zeile nennt die Spalten; nötig sind `field` und eine von `node`, `path`, `value`.
    .cause = Die erste Zeile wurde gelöscht, oder darüber steht eine Überschrift.
QIAO-B010 = `{ $column }` ist ausgefüllt, aber kein Feld.
    .title = Zeile ohne Feld
    .fix = JSON-Pointer oder Konzept in `field` eintragen oder `{ $column }` leeren.
    .cause = Einheit oder Skalierung wurde schon eingetragen, oder das Feld wurde gelöscht und der Rest blieb stehen.
QIAO-B011 = Kein Profil der Datenflüsse hat das Feld `{ $name }`. { $nearest ->
        [none] { "" }
       *[other] Meinten Sie `{ $nearest }`?
    }
    .title = Unbekanntes Feld
    .fix = `qiao profile show NAME` zeigt die Felder eines Profils. Ein Platzhalter, etwa der Name eines Elements, wird ausgeschrieben. Bekannt sind unter anderem: { $known }
    .cause = Der JSON-Pointer ist vertippt, der Datenfluss benutzt ein anderes Profil, oder der Platzhalter wurde nicht ausgeschrieben.
QIAO-B012 = Das Konzept `{ $name }` steht für mehrere Felder oder Elemente: { $fields }.
    .title = Konzept ist nicht ein Feld
    .fix = Den JSON-Pointer eintragen, mit dem Namen des Elements anstelle der Klammern.
    .cause = Das Profil hat das Konzept für jeden Kanal, jede Spindel oder jedes Werkzeug.
QIAO-B013 = Das Feld `{ $field }` wurde schon in Zeile { $first } gefüllt.
    .title = Feld doppelt gefüllt
    .fix = Eine der beiden Zeilen behalten; qiao rät nicht, welche gemeint ist.
    .cause = Eine Zeile wurde kopiert, oder ein Konzept und ein JSON-Pointer meinen dasselbe Feld.
QIAO-B014 = `{ $node }` ist { $fault ->
        [index] eine Knoten-Id mit Namensraum-Index, der sich mit jedem Neustart des Servers ändern kann
       *[form] keine Knoten-Id
    }.
    .title = Keine Knoten-Id
    .fix = `nsu=URI;s=NAME` oder `nsu=URI;i=NUMMER` schreiben, wie `qiao init --csv` es tut.
    .cause = Die NodeId stammt aus einem Client, der sie mit Namensraum-Index zeigt, oder ein Teil fehlt.
QIAO-B015 = `{ $path }` ist kein Browse-Pfad: { $reason }.
    .title = Kein Browse-Pfad
    .fix = Die BrowseNames unterhalb der Maschine mit `/` verbinden; `\` vor `/ * {"{"} {"}"} , : =` nimmt sie wörtlich.
    .cause = Der Pfad stammt aus einem anderen Werkzeug, oder ein Browse-Name enthält ein Zeichen mit eigener Bedeutung.
QIAO-B016 = { $kind ->
        [none] Die Zeile nennt ein Feld, aber weder Knoten noch Pfad noch Wert
       *[both] Die Zeile hat einen Knoten und einen Wert; nur eines davon kann das Feld füllen
    }.
    .title = Zeile ohne oder mit zwei Quellen
    .fix = Für einen Knoten `node` oder `path` ausfüllen, für einen eigenen Wert nur `value`.
    .cause = Die Quelle wurde weggelassen, oder neben einem Knoten wurde ein fester Wert eingetragen.
QIAO-B017 = `{ $value }` ist kein Bit.
    .title = Kein Bit
    .fix = Ein Bit als `3` schreiben (wahr oder falsch), mehrere als `4..7` (eine ganze Zahl); das niedrigste ist 0, das höchste 63.
    .cause = Das Bit wurde als Maske geschrieben oder von 1 an über das letzte hinaus gezählt.
QIAO-B018 = `{ $value }` ist keine Zahl für `{ $column }`{ $separator ->
        [comma] ; in einer durch Kommas getrennten Tabelle ist das Dezimalzeichen `.`
       *[other] { "" }
    }.
    .title = Keine Zahl
    .fix = Ohne Tausendertrennzeichen schreiben, etwa `0.1`; `0,1`, wo Semikolons oder Tabulatoren die Zellen trennen. Ein Faktor ist nicht 0.
    .cause = Die Tabellenkalkulation hat die Zahl in Landesschreibweise geschrieben, oder dahinter steht eine Einheit.
QIAO-B019 = Die Einheit `{ $name }` ist nicht bekannt. { $nearest ->
        [none] { "" }
       *[other] Meinten Sie `{ $nearest }`?
    }
    .title = Unbekannte Einheit
    .fix = Einen Code der UNECE-Empfehlung 20 schreiben, etwa `MMT`, oder das Zeichen, etwa `mm`. Bekannt sind unter anderem: { $known }
    .cause = Die Einheit ist in der Schreibweise des Herstellers angegeben oder vertippt.
QIAO-B020 = Unterhalb von { $machine } gibt es keinen Knoten { $node }; nichts füllt `{ $field }` von { $profile }. { $nearest ->
        [none] { "" }
       *[other] Meinten Sie `{ $nearest }`?
    }
    .title = Gebundener Knoten nicht gefunden
    .fix = Mit dem vergleichen, was der Server hat: `qiao init --csv DATEI -c KONFIGURATION` schreibt seine Knoten auf.
    .cause = Das Programm der Steuerung wurde geändert, oder die Tabelle gehört zu einer anderen Maschine.
QIAO-B021 = { $machine } hat dort mehrere Knoten, daher füllt keiner `{ $field }` von { $profile }: { $nodes }.
    .title = Gebundener Pfad nennt mehrere Knoten
    .fix = Die Knoten-Id in `node` eintragen.
    .cause = Mehrere Namensräume haben einen Knoten dieses Namens, oder der Pfad enthält Platzhalter.
QIAO-B022 = { $source } lässt sich nicht in { $target } umrechnen, worin `{ $field }` zählt.
    .title = Einheiten verschiedener Art
    .fix = In `source-unit` eintragen, worin der Knoten nach Faktor und Versatz zählt.
    .cause = Es wurde der falsche Knoten oder das falsche Feld gewählt, oder die Einheit verwechselt, etwa Länge und Zeit.
QIAO-B023 = Der Server sagt { $source }, `{ $field }` zählt in { $target }, und die Zeile nennt keine Einheit.
    .title = Einheit nicht angegeben
    .fix = { $source } in `source-unit` eintragen, damit umgerechnet wird, oder { $target }, wenn der Server sich irrt.
    .cause = Der Server nennt eine Einheit; ob sie stimmt, wird nicht geraten, denn viele Server nennen eine falsche.
QIAO-B024 = `{ $entry }` ist nicht `ZUSTAND=BEDEUTUNG`.
    .title = Kein Zustand mit Bedeutung
    .fix = `RUN=1|STOP=0` schreiben; `\` vor `|` und `=` nimmt sie wörtlich.
    .cause = Das `=` fehlt, oder es wurde ein anderes Trennzeichen als `|` benutzt.
QIAO-B025 = `{ $name }` ist keine Bedeutung, die dieses Feld hat. { $nearest ->
        [none] Bekannt: { $known }.
       *[other] Meinten Sie `{ $nearest }`?
    }
    .title = Unbekannte Bedeutung eines Zustands
    .fix = Zahl oder Namen aus der Aufzählung des Felds schreiben: { $known }.
    .cause = Die Bedeutung ist vertippt oder wurde übersetzt.
QIAO-B026 = Ein Zustand hat zwei Bedeutungen.
    .title = Zustand doppelt
    .fix = Eine von beiden behalten; `1` und `01` sind eine Zahl.
    .cause = Ein Eintrag wurde kopiert, oder eine Zahl ist auf zwei Arten geschrieben.
QIAO-B027 = `{ $column }` und `{ $other }` schließen sich aus.
    .title = Spalten schließen sich aus
    .fix = Eine der beiden Zellen leeren.
    .cause = Eine Zeile wurde auf eine andere Umrechnung umgestellt und die alte Zelle nicht geleert.
QIAO-B028 = { $value } von { $node } wird kein Wert von `{ $pointer }`: { $kind ->
        [type] Er ist von anderem Typ
        [range] Das Ergebnis ist keine Zahl oder passt nicht
        [state] Die Tabelle kennt diesen Zustand nicht
       *[bits] Er hat weniger Bits
    }. Das Feld ist { $status }, bis ein anderer Wert kommt.
    .title = Wert nicht umgerechnet
    .fix = Die Zeile der Tabelle mit dem vergleichen, was der Knoten sendet; einen fehlenden Zustand ergänzen.
    .cause = Die Maschine sendet einen Zustand, den die Tabelle nicht nennt, oder eine Zahl, die das Feld nicht fassen kann.
QIAO-B029 = { $node } sendet { $type }; damit kann die Umrechnung der Tabelle für `{ $pointer }` nicht arbeiten: { $kind ->
        [bits] Der Typ hat weniger Bits
       *[type] Sie braucht einen anderen Typ
    }.
    .title = Umrechnung passt nicht zum Typ
    .fix = Die Spalten `bit`, `scale`, `offset` und `enumeration` dieser Zeile ansehen: Ein Text braucht `enumeration`, Bits brauchen eine ganze Zahl.
    .cause = Die Zeile wurde für einen anderen Knoten ausgefüllt, oder das Programm der Steuerung hat den Datentyp geändert.
QIAO-B030 = Die Tabelle bindet kein Feld.
    .title = Tabelle bindet nichts
    .fix = Die Spalte `field` ausfüllen.
    .cause = Die Tabelle ist, wie `qiao init --csv` sie geschrieben hat; es sind noch keine Felder eingetragen.
QIAO-B031 = Nichts sagt, worin `{ $field }` zählt; { $unit } wird nicht umgerechnet.
    .title = Einheit ohne Nutzen
    .fix = `scale` nehmen, wenn ein Faktor nötig ist, oder `source-unit` leeren.
    .cause = Das Profil nennt für dieses Feld keine Einheit, es gibt also kein Ziel der Umrechnung.
QIAO-B032 = Das sieht nach JSON aus und ist keines: { $reason }.
    .title = Fehlerhaftes JSON in einer Tabelle
    .fix = Anführungszeichen und Klammern prüfen. Ein Text braucht keine Anführungszeichen, außer er sieht aus wie eine Zahl.
    .cause = Die Tabellenkalkulation hat Anführungszeichen verdoppelt oder geändert, oder eine Klammer fehlt.
