# Profile: Ordner, Angaben, Zuordnungen, Beispiele; „qiao profile“.
QIAO-P001 = Die Datei fehlt.
    .title = Datei fehlt
    .fix = Die Datei anlegen; was in den Ordner eines Profils gehört, steht in schemas/README.md.
    .cause = Der Ordner wurde ohne sie kopiert, oder ihr Name ist anders geschrieben.
QIAO-P002 = Ab hier ist die Datei kein UTF-8.
    .title = Kein UTF-8
    .fix = Als UTF-8 speichern.
    .cause = Der Editor hat in der Kodierung des Landes gespeichert, etwa Windows-1252 oder GB18030.
QIAO-P003 = Die Datei überschreitet die Grenze von { $limit }.
    .title = Datei zu groß oder zu tief
    .fix = Das Profil aufteilen oder Gemeinsames zusammenfassen.
    .cause = Die Datei wurde generiert oder enthält Daten, die nicht hierher gehören, etwa Aufzeichnungen.
QIAO-P004 = Ab hier lässt sich die Datei nicht lesen: { $detail }.
    .title = Syntax
    .fix = Den Text an dieser Stelle berichtigen.
    .cause = Ein Komma, Anführungszeichen oder eine Klammer fehlt oder ist zu viel, oder die Einrückung passt nicht.
QIAO-P005 = Anker, Verweise, Tags, zusammengesetzte Schlüssel und weitere Dokumente werden hier nicht gelesen.
    .title = YAML-Mittel hier nicht erlaubt
    .fix = Den Wert ausschreiben.
    .cause = Die Datei wurde mit Mitteln von YAML verkürzt, oder ein Text beginnt ohne Anführungszeichen mit `*`, `&` oder `!`.
QIAO-P006 = „{ $key }“ steht doppelt, zuerst in Zeile { $first }.
    .title = Schlüssel doppelt
    .fix = Einen der beiden behalten.
    .cause = Ein Block wurde kopiert und sein Schlüssel beibehalten.
QIAO-P007 = „{ $key }“ ist hier unbekannt.{ $nearest ->
        [none] {""}
       *[other] {" "}Meinten Sie „{ $nearest }“?
    }
    .title = Unbekannter Schlüssel
    .fix = Den Namen berichtigen oder entfernen.
    .cause = Der Schlüssel ist vertippt oder falsch eingerückt.
QIAO-P008 = „{ $key }“ fehlt.
    .title = Schlüssel fehlt
    .fix = Ihn ergänzen.
    .cause = Der Schlüssel wurde vergessen oder steht durch seine Einrückung anderswo.
QIAO-P009 = Erwartet: { $expected ->
        [text] ein Text
        [list] eine Liste
        [map] eine Zuordnung von Schlüsseln
       *[nothing] nichts
    }; gefunden: { $found ->
        [text] ein Text
        [list] eine Liste
        [map] eine Zuordnung von Schlüsseln
       *[nothing] nichts
    }.
    .title = Falsche Art von Wert
    .fix = Den Wert in der erwarteten Form schreiben.
    .cause = Ein Strich oder Doppelpunkt fehlt, oder ein Wort steht, wo mehrere Schlüssel hingehören.
QIAO-P010 = „{ $value }“ ist keiner der zulässigen Werte: { $choices }.{ $nearest ->
        [none] {""}
       *[other] {" "}Meinten Sie „{ $nearest }“?
    }
    .title = Unbekannte Auswahl
    .fix = Einen der genannten Werte verwenden.
    .cause = Das Wort ist vertippt oder anders großgeschrieben.
QIAO-P011 = „{ $value }“ ist keine Dauer.
    .title = Keine Dauer
    .fix = Eine ganze Zahl mit Einheit schreiben: 250ms, 10s, 2min, 1h.
    .cause = Die Einheit fehlt, ist unbekannt oder steht getrennt von der Zahl.
QIAO-P012 = „{ $value }“ ist nicht geschrieben wie „{ $example }“.
    .title = Falsch geschriebener Name
    .fix = Kleinbuchstaben, Ziffern und „-“ verwenden; Versionen bestehen aus Ziffern und Punkten.
    .cause = Der Name enthält Großbuchstaben, Leerzeichen oder Unterstriche; Profile und ihre Teile heißen auf jedem System gleich.
QIAO-P013 = Ein Profil liegt dort, wo sein Name es sagt: erwartet { $expected }, gefunden { $found }.
    .title = Ordner und Name verschieden
    .fix = Den Ordner verschieben oder „profile“ und „version“ berichtigen.
    .cause = Der Ordner wurde für eine neue Version kopiert und eines von beiden nicht geändert.
QIAO-P014 = „{ $key }“ muss „{ $expected }“ lauten, lautet aber „{ $found }“.
    .title = Kopf des Schemas
    .fix = Den gezeigten Wert setzen; die Kennung bindet das Schema an Profil und Version.
    .cause = Das Schema wurde aus einem anderen Profil oder einer anderen Version kopiert.
QIAO-P015 = „{ $value }“ ist kein JSON-Pointer: { $detail }.
    .title = Kein JSON-Pointer
    .fix = Mit „/“ beginnen; ein Platzhalter wie „{"{"}channel{"}"}“ ist ein ganzer Schritt.
    .cause = Der führende Schrägstrich fehlt, oder der Pfad wurde mit Punkten wie im Programmcode geschrieben.
QIAO-P016 = „{ $value }“ lässt sich nicht als Browse-Pfad oder NodeId lesen: { $detail }.
    .title = Kein Browse-Pfad
    .fix = BrowseNames schreiben, getrennt durch „/“, und „nsu=URI:Name“, wo ein Name allein mehrdeutig ist; Typen als „nsu=URI;i=ZAHL“.
    .cause = Der Pfad stammt aus einem Client, mit Namensraum-Index oder in dessen eigener Schreibweise.
QIAO-P017 = Der Platzhalter „{ $name }“ ist nicht deklariert.{ $nearest ->
        [none] {""}
       *[other] {" "}Meinten Sie „{ $nearest }“?
    }
    .title = Unbekannter Platzhalter
    .fix = Ihn unter „placeholders:“ deklarieren, mit den Typen, für die er steht.
    .cause = Der Platzhalter ist vertippt oder wurde benutzt, bevor er deklariert war.
QIAO-P018 = Der Platzhalter „{ $name }“ steht nicht in „{ $path }“: Zeiger und Browse-Pfad müssen dieselben haben.
    .title = Platzhalter verschieden
    .fix = Ihn auf der anderen Seite ergänzen oder hier entfernen.
    .cause = Eine Seite wurde geändert und die andere vergessen.
QIAO-P019 = „{ $pointer }“ wird doppelt gefüllt, zuerst in Zeile { $first }.
    .title = Doppelt gefüllt
    .fix = Einen der beiden Einträge behalten.
    .cause = Ein Block wurde kopiert und sein Pointer beibehalten.
QIAO-P020 = Die Aufzählung „{ $name }“ ist nicht deklariert.{ $nearest ->
        [none] {""}
       *[other] {" "}Meinten Sie „{ $nearest }“?
    }
    .title = Unbekannte Aufzählung
    .fix = Sie unter „enumerations:“ deklarieren.
    .cause = Der Name ist vertippt, oder die Aufzählung wurde umbenannt.
QIAO-P021 = „{ $name }“ ist deklariert, wird aber nirgends benutzt.
    .title = Deklariert, nicht benutzt
    .fix = Benutzen oder entfernen.
    .cause = Der Eintrag, der es benutzte, wurde entfernt oder nennt etwas anderes.
QIAO-P022 = Das Schema beschreibt „{ $pointer }“ nicht: Niemand würde es prüfen.
    .title = Nicht im Schema
    .fix = Die Angabe in schema.json beschreiben oder den Zeiger berichtigen.
    .cause = Die Zuordnung wurde erweitert, das Schema nicht, oder der Pointer ist vertippt.
QIAO-P023 = „{ $topic }“ ist keine Topic-Vorlage: { $detail }.
    .title = Keine Topic-Vorlage
    .fix = Durch „/“ getrennte Ebenen und bekannte Platzhalter verwenden, etwa „{"{"}gateway{"}"}“ und „{"{"}machine{"}"}“.
    .cause = Die Vorlage enthält Wildcards, Leerzeichen am Rand oder einen Platzhalter, den Topics nicht kennen.
QIAO-P024 = Diese Datei hat im Ordner eines Profils keinen Platz; niemand liest sie.
    .title = Unbekannte Datei
    .fix = Sie umbenennen oder entfernen; was dorthin gehört, steht in schemas/README.md.
    .cause = Die Datei ist eine Notiz, eine Sicherungskopie eines Editors, oder ihr Name ist vertippt.
QIAO-P025 = Erwartet sind drei Angaben, alle als Text: pointer, keyword, shows.
    .title = Erwartung unvollständig
    .fix = Angeben, was am Beispiel falsch ist: wo, nach welchem Schlüsselwort, und was es zeigt.
    .cause = Die Datei sagt, dass das Beispiel falsch ist, aber nicht, inwiefern.
QIAO-P026 = Ein gültiges Beispiel wird bei { $pointer } durch „{ $keyword }“ abgelehnt: { $text }
    .title = Gültiges Beispiel abgelehnt
    .fix = Das Beispiel oder das Schema berichtigen.
    .cause = Schema und Beispiel wurden nicht gemeinsam geändert.
QIAO-P027 = Ein ungültiges Beispiel wird angenommen; erwartet war „{ $keyword }“ bei { $pointer }.
    .title = Ungültiges Beispiel angenommen
    .fix = Das Schema verschärfen oder das Beispiel berichtigen.
    .cause = Dem Schema fehlt die Regel, oder das Beispiel hat seinen Fehler verloren.
QIAO-P028 = Ein ungültiges Beispiel wird durch „{ $keyword }“ bei { $pointer } abgelehnt; angegeben ist „{ $stated-keyword }“ bei { $stated-pointer }.
    .title = Aus anderem Grund abgelehnt
    .fix = Jedes ungültige Beispiel hat genau den einen Fehler, den seine .expect.json nennt.
    .cause = Das Beispiel hat einen zweiten Fehler, oder das Schema wurde nach der Erwartung geändert.
QIAO-P029 = Die Seite sagt nicht, was der Ordner sagt.
    .title = Seite veraltet
    .fix = „qiao profile check --write-readme ORDNER“ ausführen.
    .cause = Das Profil wurde nach dem Schreiben seiner Seite geändert.
QIAO-P030 = Das Profil „{ $profile }“ ist nicht installiert.{ $nearest ->
        [none] {""}
       *[other] {" "}Meinten Sie „{ $nearest }“?
    }
    .title = Unbekanntes Profil
    .fix = „qiao profile list“ zeigt alle; „--profiles ORDNER“ fügt eigene hinzu.
    .cause = Der Name ist vertippt, die Version fehlt, oder der Ordner mit eigenen Profilen wurde nicht angegeben.
QIAO-P031 = „{ $profile }“ gibt es schon, aus einem anderen Ordner.
    .title = Profil doppelt
    .fix = Einem der beiden einen anderen Namen oder eine andere Version geben.
    .cause = Es wurden zwei Ordner mit demselben Profil angegeben, etwa eine Kopie.
QIAO-P032 = Der Ordner lässt sich nicht lesen: { $detail }.
    .title = Ordner nicht lesbar
    .fix = Pfad und Rechte prüfen.
    .cause = Der Pfad ist vertippt, nennt eine Datei, oder der Benutzer, unter dem qiao läuft, darf ihn nicht lesen.
QIAO-P033 = Es gibt kein Beispiel.
    .title = Keine Beispiele
    .fix = Gültige Nachrichten in examples/valid/ ablegen und solche mit je einem Fehler in examples/invalid/.
    .cause = Das Profil ist neu; ohne Beispiele sieht niemand, ob sein Schema das Gemeinte sagt.
QIAO-P034 = „{ $key }“ hat einen Wert außerhalb seines Bereichs.
    .title = Wert außerhalb des Bereichs
    .fix = Zahlen einer Aufzählung sind ganz; Einheiten sind Codes der UNECE-Empfehlung 20 wie P1; „at-least-every“ ist nicht kürzer als „every“; „complete-within“ ist höchstens 1h.
    .cause = Zwei Zeiten widersprechen einander, eine Zahl hat Nachkommastellen, oder eine Einheit ist ein Zeichen statt eines Codes.
QIAO-P060 = „{ $predicate }“ ist kein Prädikat.{ $nearest ->
        [none] {""}
       *[other] {" "}Meinten Sie „{ $nearest }“?
    }
    .title = Unbekanntes Prädikat
    .fix = Eines der Prädikate nehmen, die docs/reference/rules.md aufführt.
    .cause = Das Wort ist verschrieben oder gehört zu einer anderen Regelsprache.
QIAO-P061 = „{ $id }“ kann nicht die Kennung einer Regel sein.
    .title = Kennung einer Regel fehlerhaft
    .fix = Wörter aus Großbuchstaben und Ziffern, mit „-“ verbunden, dann vier Ziffern schreiben, etwa ACME-PRESS-0101; QIAO- gehört dem Gateway.
    .cause = Die Kennung enthält Kleinbuchstaben, oder ihre vier Ziffern fehlen.
QIAO-P062 = Die Kennung „{ $id }“ wurde schon in Zeile { $first } vergeben.
    .title = Kennung einer Regel doppelt
    .fix = Jeder Regel eine eigene Kennung geben; sie wird nie wieder verwendet, auch wenn ihre Regel entfällt.
    .cause = Eine Regel wurde kopiert und ihre Kennung nicht geändert.
QIAO-P063 = Die Regel { $id } hat keine Seite.
    .title = Regel ohne Seite
    .fix = rules/{ $id }.md schreiben: was gelten muss, warum, und ein falsches und ein richtiges Beispiel.
    .cause = Die Regel ist neu, oder ihre Seite heißt anders.
QIAO-P064 = Die Seite gehört zu keiner Regel: „{ $id }“ steht nicht in rules.yaml.{ $nearest ->
        [none] {""}
       *[other] {" "}Meinten Sie „{ $nearest }“?
    }
    .title = Seite ohne Regel
    .fix = Die Seite nach der Kennung ihrer Regel benennen oder entfernen.
    .cause = Eine Regel wurde entfernt oder umbenannt, oder der Name der Seite ist verschrieben.
QIAO-P065 = Das Muster „{ $pattern }“ ist nicht verwendbar: { $detail }.
    .title = Muster nicht verwendbar
    .fix = Einen regulären Ausdruck ohne Vor- und Rückschau und ohne Rückverweise verwenden; er wird in linearer Zeit geprüft.
    .cause = Eine Klammer ist offen, oder das Muster enthält Vorschau oder Rückverweise.
QIAO-P066 = Der Pfad „{ $path }“ ist nicht verwendbar: { $detail }.
    .title = Pfad fehlerhaft
    .fix = Einen JSON-Pointer schreiben; er darf mit „$“ für die ganze Nachricht beginnen und die Schritte „*“ und „[member=value]“ enthalten.
    .cause = Ein „/“ am Anfang fehlt, oder eine Klammer ist nicht geschlossen.
QIAO-P067 = Ein Prädikat ist eine Zuordnung mit einem Schlüssel; hier sind es { $count }.
    .title = Nicht genau ein Prädikat
    .fix = Mehrere mit „all: [ … ]“ oder „any: [ … ]“ verbinden.
    .cause = Zwei Prädikate stehen nebeneinander, oder ein Spiegelstrich fehlt.
QIAO-P068 = Kein ungültiges Beispiel zeigt die Regel { $id }.
    .title = Regel ohne Beispiel
    .fix = In examples/invalid/ eine Nachricht ablegen, deren .expect.json „"rule": "{ $id }"“ enthält.
    .cause = Die Regel ist neu; ohne Beispiel sieht niemand, ob sie je verletzt wird.
QIAO-P069 = Die Regel { $id } ist an { $pointer } verletzt und sollte es nicht sein: { $title }
    .title = Ein Beispiel verletzt eine Regel
    .fix = Das Beispiel oder die Regel berichtigen; ein ungültiges Beispiel verletzt nur seine eigene Regel.
    .cause = Die Regel ist zu streng, oder das Beispiel hat einen unbeabsichtigten Fehler.
QIAO-P070 = Die Regel { $id } sollte nur an { $pointer } verletzt sein; verletzt ist sie an: { $found }.
    .title = Regel anderswo oder gar nicht verletzt
    .fix = Den Pointer in der .expect.json, das Beispiel oder die Regel berichtigen. Fehlt etwas, so gilt als Ort das, worin es fehlt.
    .cause = Das Beispiel hat seinen Fehler verloren, oder der Pointer ist verschrieben.
QIAO-P072 = „{ $id }“ steht nicht in rules.yaml.{ $nearest ->
        [none] {""}
       *[other] {" "}Meinten Sie „{ $nearest }“?
    }
    .title = Unbekannte Regel
    .fix = Die Kennung einer Regel dieses Profils schreiben.
    .cause = Die Kennung ist verschrieben, oder die Regel wurde entfernt.
QIAO-P073 = „{ $value }“ ist hier keine Zahl und auch kein Datum oder Zeitpunkt, wo einer stehen darf.
    .title = Keine Zahl
    .fix = Eine Zahl (bei Anzahlen eine ganze), ein Datum JJJJ-MM-TT, einen Zeitpunkt in UTC oder einen Pointer als „{"{"} at: /pointer {"}"}“ schreiben.
    .cause = Hinter der Zahl steht eine Einheit, oder ein Pointer steht ohne „at:“.
QIAO-P074 = Die Regel { $id } lässt sich an { $pointer } nicht beurteilen: { $title }
    .title = Beispiel lässt Regel offen
    .fix = Die Regel nur vergleichbare Werte betrachten lassen oder das Beispiel berichtigen.
    .cause = Der Wert dort lässt sich nicht vergleichen oder zählen, etwa Text statt einer Zahl.
QIAO-P035 = Das Konzept „{ $concept }“ gibt es nicht.{ $nearest ->
        [none] {""}
       *[other] {" "}Meinten Sie „{ $nearest }“?
    }
    .title = Unbekanntes Konzept
    .fix = Den Namen berichtigen oder das Konzept in einer Datei unter schemas/concepts/ anlegen.
    .cause = Der Name ist vertippt, oder das Konzept wurde umbenannt.
QIAO-P036 = „{ $concept }“ kennt den Wert „{ $value }“ nicht.{ $nearest ->
        [none] {""}
       *[other] {" "}Meinten Sie „{ $nearest }“?
    }
    .title = Unbekannter Wert eines Konzepts
    .fix = Einen Wert des Konzepts verwenden oder den Wert beim Konzept ergänzen.
    .cause = Statt des Wortes des Konzepts steht das der Nachricht da, oder es ist vertippt.
QIAO-P037 = Eine Zahl in „{ $unit }“ lässt sich nicht in „{ $expected }“ umrechnen, worin „{ $concept }“ zählt.
    .title = Einheit passt nicht zum Konzept
    .fix = Die Einheit des Felds berichtigen oder das Konzept wählen, das es misst.
    .cause = Einheit und Konzept meinen verschiedene Größen, etwa Länge und Geschwindigkeit.
QIAO-P038 = „{ $what }“ passt nicht zu „{ $concept }“ vom Typ { $type }.
    .title = Form passt nicht zum Konzept
    .fix = Eine Form für diesen Typ wählen, und eine Tabelle, deren „of:“ dieses Konzept nennt.
    .cause = Die Zeile wurde von einem Feld anderen Typs kopiert, oder das Konzept hat jetzt einen anderen Typ.
QIAO-P039 = Das Konzept „{ $concept }“ ist schon bei { $first } angelegt.
    .title = Konzept doppelt
    .fix = Eine der beiden Angaben behalten.
    .cause = Zwei Dateien beanspruchen denselben Namen, oder ein Block wurde kopiert.
QIAO-P040 = Ein Konzept vom Typ { $type } kann nicht in „{ $unit }“ zählen.{ $nearest ->
        [none] {""}
       *[other] {" "}Meinten Sie „{ $nearest }“?
    }
    .title = Einheit eines Konzepts
    .fix = Zahlen eine Einheit geben, deren Umrechnung bekannt ist; andere Typen haben keine.
    .cause = Der Code ist vertippt, oder qiao kennt die Umrechnung dieser Einheit nicht.
QIAO-P041 = „{ $concept }“ ist vom Typ { $type }: Nur eine Aufzählung nennt ihre Werte, und sie muss es.
    .title = Werte und Typ widersprechen einander
    .fix = Die Werte einer Aufzählung nennen; bei jedem anderen Typ entfernen.
    .cause = Der Typ wurde geändert, die Liste der Werte nicht.
QIAO-P042 = Wie sich die Einheit „{ $unit }“ umrechnet, ist nicht bekannt.{ $nearest ->
        [none] {""}
       *[other] {" "}Meinten Sie „{ $nearest }“?
    }
    .title = Unbekannte Einheit
    .fix = Den Code der UNECE-Empfehlung 20 für eine Einheit angeben, die qiao umrechnet.
    .cause = Der Code ist vertippt, statt des Codes steht ein Zeichen da, oder die Einheit fehlt in qiaos Tabelle.
QIAO-P043 = „{ $concept }“ ist vom Typ { $type }; nur eine Aufzählung hat eine Tabelle.
    .title = Tabelle ohne Aufzählung
    .fix = Bei „of:“ eine Aufzählung nennen oder das Konzept als solche anlegen.
    .cause = Es wurde das falsche Konzept genannt, oder es ist mit anderem Typ angelegt.
QIAO-P044 = Die Tabelle „{ $table }“ sagt nicht, was aus diesen Werten wird: { $values }.
    .title = Tabelle unvollständig
    .fix = Jedem Wert einen Eintrag geben („is“ oder „also“) oder ihn mit Grund unter „absent“ nennen.
    .cause = Das Konzept hat Werte, für die es in der Nachricht kein Wort gibt, oder es hat neue bekommen.
QIAO-P045 = „{ $name }“ ist weder unter „tables“ noch unter „unit-words“ angelegt.{ $nearest ->
        [none] {""}
       *[other] {" "}Meinten Sie „{ $nearest }“?
    }
    .title = Tabelle nicht angelegt
    .fix = Den Namen berichtigen oder die Tabelle anlegen.
    .cause = Der Name ist vertippt, oder die Angabe wurde entfernt.
QIAO-P046 = Die Tabelle nennt „{ $value }“ zweimal.
    .title = Wert doppelt in der Tabelle
    .fix = Eine der beiden Angaben behalten.
    .cause = Eine Zeile wurde kopiert, oder ein Wert sollte auf zwei Arten gelesen werden.
QIAO-P047 = „{ $concept }“ ist eine Aufzählung: Eine Tabelle muss sagen, welches Wort welchen Wert meint.
    .title = Aufzählung ohne Tabelle
    .fix = Unter „tables“ eine Tabelle anlegen und mit „table:“ nennen.
    .cause = Die Tabelle wurde vergessen; die Wörter der Nachricht sind nicht die des Konzepts.
QIAO-P048 = Das Muster „{ $pattern }“ ist nicht verwendbar: { $detail }.
    .title = Muster nicht verwendbar
    .fix = Das Muster berichtigen; „take“ ist die Nummer einer seiner Gruppen.
    .cause = Eine Klammer fehlt, oder es enthält Lookaround oder Rückbezüge, deren Laufzeit unbegrenzt ist.
QIAO-P049 = Das Feld sagt nicht, in welcher Einheit es zählt; sein Konzept zählt in „{ $unit }“.
    .title = Zahl ohne Einheit
    .fix = „unit:“, „unit-at:“ oder „unit-word-at:“ ergänzen.
    .cause = Die Einheit wurde als selbstverständlich angesehen; geraten wird sie nie.
QIAO-P075 = { $direction ->
        [backward] Rückwärts
       *[forward] Vorwärts
    }: Jede Nachricht von { $first } entspricht { $second }: bewiesen.
    .title = Kompatibel
    .fix = Nichts; die Schemata wurden Schlüsselwort für Schlüsselwort verglichen.
    .cause = Jede Einschränkung des einen Schemas folgt aus dem anderen.
QIAO-P076 = { $direction ->
        [backward] Rückwärts
       *[forward] Vorwärts
    }: Nicht jede Nachricht von { $first } entspricht { $second }. Zurückgewiesen an { $pointer }: { $text } Die Nachricht: { $message }
    .title = Nicht kompatibel
    .fix = Der neuen Version eine neue Hauptnummer geben oder ihr Schema wieder erweitern.
    .cause = Das eine Schema weist zurück, was das andere annimmt; die gezeigte Nachricht entspricht nur dem einen.
QIAO-P077 = { $direction ->
        [backward] Rückwärts
       *[forward] Vorwärts
    }: Nicht bewiesen, ob jede Nachricht von { $first } auch { $second } entspricht; { $tried } Nachrichten sprachen nicht dagegen.
    .title = Kompatibilität nicht bewiesen
    .fix = Die Schemata dort von Hand vergleichen, wo sie sich unterscheiden; ein Beispiel ergänzen, das den Unterschied zeigt.
    .cause = Die Schemata unterscheiden sich in Schlüsselwörtern, für die kein Beweis bekannt ist, etwa Mustern.
QIAO-P078 = Den Ordner gibt es schon.
    .title = Ordner vorhanden
    .fix = Einen anderen Namen oder eine andere Version wählen oder den Ordner entfernen.
    .cause = Das Profil wurde schon angelegt.
QIAO-P082 = „{ $topic }“ ist kein Topic neben den Nachrichten: Es muss aussehen wie „{ $expected }“.
    .title = Topic neben den Nachrichten falsch gebildet
    .fix = Mit `{"{"}base{"}"}/` beginnen; `{"{"}machine{"}"}` gehört genau einmal in das von `online` und in kein anderes; keine Platzhalterzeichen, keine weitere Klammer.
    .cause = Das Präfix wurde ausgeschrieben, oder dem Topic, das jede Maschine für sich hat, fehlt die Maschine.
QIAO-P083 = Die Nachrichten stehen unter „{ $topic }“; das endet nicht mit „{ $behind }“.
    .title = Keine Basis für Topics neben den Nachrichten
    .fix = `behind` muss das Ende von `topic` sein, ab einem `/` und mit `{"{"}machine{"}"}` darin; was davor steht, ist die Basis.
    .cause = Eines von beiden wurde ohne das andere geändert.
QIAO-P084 = Kein Feld aus mapping.yaml liegt unterhalb von „{ $pointer }“: Maschinenlisten würden nichts zeigen.
    .title = Nichts für die Listen
    .fix = `data` auf das Objekt der Nachricht zeigen lassen, das eine Maschine identifiziert.
    .cause = Der Zeiger ist falsch geschrieben, oder das Mapping legt die Identifikation woanders ab.

QIAO-P087 = Kein Feld der Zuordnung hat den Pointer `{ $pointer }`.{ $nearest ->
        [none] {""}
       *[other] {" "}War `{ $nearest }` gemeint?
    }
    .title = Kanal nennt ein unbekanntes Feld
    .fix = Den Pointer so schreiben, wie er in mapping.yaml hinter `to` steht, mit seinen Platzhaltern.
    .cause = Das Feld wurde in der Zuordnung umbenannt, oder der Pointer ist falsch geschrieben.

QIAO-P088 = `{ $channel }`: { $fault ->
        [twice] Ein anderer Kanal hat dieselbe Kennung
        [interval] Die Intervalle passen nicht zueinander
        [field] Das Feld steht schon in einem Kanal
       *[unwanted] Nur ein Profil mit Abtastwerten hat Kanäle
    }.
    .title = Abtastkanal nicht verwendbar
    .fix = { $fault ->
        [twice] Jedem Kanal eine eigene Kennung geben.
        [interval] `upload-interval` als ganzes Vielfaches von `interval` wählen, beide in ganzen Millisekunden, mit höchstens 10000 Zeilen je Nachricht.
        [field] Das Feld nur in einem Kanal nennen.
       *[unwanted] `message: sample` angeben oder `channels` entfernen.
    }
    .cause = Ein Kanal wurde kopiert, oder seine Zeiten wurden einzeln geändert.
QIAO-P079 = `spellings` gehört zu NC-Link; Nachrichten dieses Profils haben keine anderen Schreibweisen.
    .title = Schreibweisen ohne NC-Link
    .fix = `spellings` weglassen, oder `codec: nc-link` schreiben, wenn es NC-Link-Nachrichten sind.
    .cause = Der Schlüssel wurde aus einem anderen Profil übernommen.
QIAO-P080 = `{ $other }` kann nicht als `{ $name }` gelesen werden: { $fault ->
        [same] Beides ist dasselbe
        [kind] das eine ist ein Typ des Wörterbuchs (in Großbuchstaben), das andere ein Element von Nachrichten
       *[chain] das wird selbst als etwas anderes gelesen
    }.
    .title = Schreibweise führt ins Leere
    .fix = Links schreiben, was Adapter senden, rechts den Namen, den die Abbildung verwendet.
    .cause = Links und rechts wurden vertauscht, oder zwei Einträge gehören zusammen.

profile-check-good = { $profile }: alles in Ordnung. { $fields } Felder, { $valid } gültige und { $invalid } ungültige Beispiele, { $rules } Regeln.
profile-check-faults = { $errors } Fehler, { $warnings } Warnungen.
profile-readme-written = Geschrieben: { $file }
profile-sources = Quellen
profile-covered = Abgedeckt
profile-not-covered = Nicht abgedeckt
profile-travels = Übertragung
profile-fields = Felder ({ $count })
profile-values = Werte
profile-known-by = Woran sie erkannt wird (für eine Nachricht gilt alles davon)
profile-condition = { $pointer } { $test ->
    [exists] ist vorhanden
    [matches] entspricht { $value }
   *[equals] ist { $value }
}
profile-words = Wörter: in der Nachricht ↔ im gemeinsamen Konzept
profile-also-written = auch geschrieben für: { $values }
profile-also-read = auch gelesen: { $values }
profile-absent = Für { $value } hat die Nachricht kein Wort: { $because }
profile-unit-words = Wörter für Einheiten
profile-left-out = Absichtlich ausgelassen
profile-open = Jeder gewählte Knoten wird eine Angabe in { $pointer }, benannt nach seinem Pfad.
profile-read = { $reading ->
        [primary] das Dokument selbst wurde gelesen
       *[secondary] gelesen wurde, was andere darüber schrieben
    }
profile-disclaimer = Eigene Darstellung nach öffentlich bekannten Fakten über diese Dokumente; keine amtliche Konformität wird behauptet.
profile-mandatory = Pflicht
profile-once = einmal gelesen
profile-new-next = Angelegt: { $folder }
    Weiter: 1. in profile.yaml Titel, Beschreibung, Quellen, Umfang, Topic und detect ausfüllen;
    2. schema.json und mapping.yaml an die eigenen Nachrichten anpassen; 3. die Beispiele durch eigene ersetzen;
    4. „qiao profile check { $folder }“ ausführen, bis alles in Ordnung ist;
    5. den Ordner in der Konfiguration nennen: „profiles: [{ $below }]“.
