# `bind:` einer Maschine: die Tabelle der Knoten und Felder, und was ihren Umrechnungen begegnet.
QIAO-B001 = Die Tabelle `{ $path }` kann nicht gelesen werden: { $reason }.
    .title = Tabelle nicht lesbar
    .fix = Pfad und Rechte prüfen; der Pfad gilt relativ zur Konfiguration. `qiao init --csv DATEI` schreibt eine Tabelle.
QIAO-B002 = Das ist weder UTF-8 noch GB18030.
    .title = Unbekannte Kodierung einer Tabelle
    .fix = Die Tabelle im Tabellenprogramm als „CSV UTF-8“ speichern.
QIAO-B003 = Das ist kein UTF-8; es wird als GB18030 gelesen.
    .title = Tabelle als GB18030 gelesen
    .fix = Sehen Namen falsch aus, die Tabelle im Tabellenprogramm als „CSV UTF-8“ speichern.
QIAO-B004 = Die Tabelle ist leer.
    .title = Leere Tabelle
    .fix = `qiao init --csv DATEI` schreibt eine mit Kopfzeile und allen Knoten.
QIAO-B005 = Es gibt keine Spalte `{ $name }`. { $nearest ->
        [none] Bekannt: { $known }.
       *[other] Meinten Sie `{ $nearest }`?
    }
    .title = Unbekannte Spalte
    .fix = Spalten: { $known }. Notizen gehören in `comment`.
QIAO-B006 = Die Spalte `{ $column }` steht hier noch einmal.
    .title = Spalte doppelt
    .fix = Eine von beiden behalten.
QIAO-B007 = Die Zeile hat { $cells } Zellen, die Kopfzeile { $columns }.
    .title = Mehr Zellen als Spalten
    .fix = Ein Trennzeichen in einer Zelle suchen: Die Zelle braucht Anführungszeichen, ebenso ein Dezimalkomma, wo Kommas trennen.
QIAO-B008 = Die Tabelle hat mehr als { $limit } Zeilen; der Rest wird nicht gelesen.
    .title = Tabelle zu lang
    .fix = Zeilen ohne Feld entfernen.
QIAO-B009 = Der Tabelle fehlt die Spalte `{ $column }`.
    .title = Spalte fehlt
    .fix = Die erste Zeile nennt die Spalten; nötig sind `field` und eine von `node`, `path`, `value`.
QIAO-B010 = `{ $column }` ist ausgefüllt, aber kein Feld.
    .title = Zeile ohne Feld
    .fix = JSON-Pointer oder Konzept in `field` eintragen oder `{ $column }` leeren.
QIAO-B011 = Kein Profil der Flüsse hat das Feld `{ $name }`. { $nearest ->
        [none] { "" }
       *[other] Meinten Sie `{ $nearest }`?
    }
    .title = Unbekanntes Feld
    .fix = `qiao profile show NAME` zeigt die Felder eines Profils. Ein Platzhalter, etwa der Name eines Elements, wird ausgeschrieben. Bekannt sind unter anderem: { $known }
QIAO-B012 = Das Konzept `{ $name }` steht für mehrere Felder oder Elemente: { $fields }.
    .title = Konzept ist nicht ein Feld
    .fix = Den JSON-Pointer eintragen, mit dem Namen des Elements anstelle der Klammern.
QIAO-B013 = Das Feld `{ $field }` wurde schon in Zeile { $first } gefüllt.
    .title = Feld doppelt gefüllt
    .fix = Eine der beiden Zeilen behalten; qiao rät nicht, welche gemeint ist.
QIAO-B014 = `{ $node }` ist { $fault ->
        [index] eine Knoten-Id mit Namensraum-Index, der sich mit jedem Neustart des Servers ändern kann
       *[form] keine Knoten-Id
    }.
    .title = Keine Knoten-Id
    .fix = `nsu=URI;s=NAME` oder `nsu=URI;i=NUMMER` schreiben, wie `qiao init --csv` es tut.
QIAO-B015 = `{ $path }` ist kein Browse-Pfad: { $reason }.
    .title = Kein Browse-Pfad
    .fix = Die BrowseNames unterhalb der Maschine mit `/` verbinden; `\` vor `/ * {"{"} {"}"} , : =` nimmt sie wörtlich.
QIAO-B016 = { $kind ->
        [none] Die Zeile nennt ein Feld, aber weder Knoten noch Pfad noch Wert
       *[both] Die Zeile hat einen Knoten und einen Wert; nur eines davon kann das Feld füllen
    }.
    .title = Zeile ohne oder mit zwei Quellen
    .fix = Für einen Knoten `node` oder `path` ausfüllen, für einen eigenen Wert nur `value`.
QIAO-B017 = `{ $value }` ist kein Bit.
    .title = Kein Bit
    .fix = Ein Bit als `3` schreiben (wahr oder falsch), mehrere als `4..7` (eine ganze Zahl); das niedrigste ist 0, das höchste 63.
QIAO-B018 = `{ $value }` ist keine Zahl für `{ $column }`{ $separator ->
        [comma] ; in einer durch Kommas getrennten Tabelle ist das Dezimalzeichen `.`
       *[other] { "" }
    }.
    .title = Keine Zahl
    .fix = Ohne Tausendertrennzeichen schreiben, etwa `0.1`; `0,1`, wo Semikolons oder Tabulatoren die Zellen trennen. Ein Faktor ist nicht 0.
QIAO-B019 = Die Einheit `{ $name }` ist nicht bekannt. { $nearest ->
        [none] { "" }
       *[other] Meinten Sie `{ $nearest }`?
    }
    .title = Unbekannte Einheit
    .fix = Einen Code der UNECE-Empfehlung 20 schreiben, etwa `MMT`, oder das Zeichen, etwa `mm`. Bekannt sind unter anderem: { $known }
QIAO-B020 = Unterhalb von { $machine } gibt es keinen Knoten { $node }; nichts füllt `{ $field }` von { $profile }. { $nearest ->
        [none] { "" }
       *[other] Meinten Sie `{ $nearest }`?
    }
    .title = Gebundener Knoten nicht gefunden
    .fix = Mit dem vergleichen, was der Server hat: `qiao init --csv DATEI -c KONFIGURATION` schreibt seine Knoten auf.
QIAO-B021 = { $machine } hat dort mehrere Knoten, daher füllt keiner `{ $field }` von { $profile }: { $nodes }.
    .title = Gebundener Pfad nennt mehrere Knoten
    .fix = Die Knoten-Id in `node` eintragen.
QIAO-B022 = { $source } lässt sich nicht in { $target } umrechnen, worin `{ $field }` zählt.
    .title = Einheiten verschiedener Art
    .fix = In `source-unit` eintragen, worin der Knoten nach Faktor und Versatz zählt.
QIAO-B023 = Der Server sagt { $source }, `{ $field }` zählt in { $target }, und die Zeile nennt keine Einheit.
    .title = Einheit nicht angegeben
    .fix = { $source } in `source-unit` eintragen, damit umgerechnet wird, oder { $target }, wenn der Server sich irrt.
QIAO-B024 = `{ $entry }` ist nicht `ZUSTAND=BEDEUTUNG`.
    .title = Kein Zustand mit Bedeutung
    .fix = `RUN=1|STOP=0` schreiben; `\` vor `|` und `=` nimmt sie wörtlich.
QIAO-B025 = `{ $name }` ist keine Bedeutung, die dieses Feld hat. { $nearest ->
        [none] Bekannt: { $known }.
       *[other] Meinten Sie `{ $nearest }`?
    }
    .title = Unbekannte Bedeutung eines Zustands
    .fix = Zahl oder Namen aus der Aufzählung des Felds schreiben: { $known }.
QIAO-B026 = Ein Zustand hat zwei Bedeutungen.
    .title = Zustand doppelt
    .fix = Eine von beiden behalten; `1` und `01` sind eine Zahl.
QIAO-B027 = `{ $column }` und `{ $other }` schließen sich aus.
    .title = Spalten schließen sich aus
    .fix = Eine der beiden Zellen leeren.
QIAO-B028 = { $value } von { $node } wird kein Wert von `{ $pointer }`: { $kind ->
        [type] Er ist von anderem Typ
        [range] Das Ergebnis ist keine Zahl oder passt nicht
        [state] Die Tabelle kennt diesen Zustand nicht
       *[bits] Er hat weniger Bits
    }. Das Feld ist { $status }, bis ein anderer Wert kommt.
    .title = Wert nicht umgerechnet
    .fix = Die Zeile der Tabelle mit dem vergleichen, was der Knoten sendet; einen fehlenden Zustand ergänzen.
QIAO-B029 = { $node } sendet { $type }; damit kann die Umrechnung der Tabelle für `{ $pointer }` nicht arbeiten: { $kind ->
        [bits] Der Typ hat weniger Bits
       *[type] Sie braucht einen anderen Typ
    }.
    .title = Umrechnung passt nicht zum Typ
    .fix = Die Spalten `bit`, `scale`, `offset` und `enumeration` dieser Zeile ansehen: Ein Text braucht `enumeration`, Bits brauchen eine ganze Zahl.
QIAO-B030 = Die Tabelle bindet kein Feld.
    .title = Tabelle bindet nichts
    .fix = Die Spalte `field` ausfüllen.
QIAO-B031 = Nichts sagt, worin `{ $field }` zählt; { $unit } wird nicht umgerechnet.
    .title = Einheit ohne Nutzen
    .fix = `scale` nehmen, wenn ein Faktor nötig ist, oder `source-unit` leeren.
QIAO-B032 = Das sieht nach JSON aus und ist keines: { $reason }.
    .title = Fehlerhaftes JSON in einer Tabelle
    .fix = Anführungszeichen und Klammern prüfen. Ein Text braucht keine Anführungszeichen, außer er sieht aus wie eine Zahl.
