# Profile: Ordner, Angaben, Zuordnungen, Beispiele; „qiao profile“.
QIAO-P001 = Die Datei fehlt.
    .title = Datei fehlt
    .fix = Die Datei anlegen; was in den Ordner eines Profils gehört, steht in schemas/README.md.
QIAO-P002 = Ab hier ist die Datei kein UTF-8.
    .title = Kein UTF-8
    .fix = Als UTF-8 speichern.
QIAO-P003 = Die Datei überschreitet die Grenze von { $limit }.
    .title = Datei zu groß oder zu tief
    .fix = Das Profil aufteilen oder Gemeinsames zusammenfassen.
QIAO-P004 = Ab hier lässt sich die Datei nicht lesen: { $detail }.
    .title = Syntax
    .fix = Den Text an dieser Stelle berichtigen.
QIAO-P005 = Anker, Verweise, Tags, zusammengesetzte Schlüssel und weitere Dokumente werden hier nicht gelesen.
    .title = YAML-Mittel hier nicht erlaubt
    .fix = Den Wert ausschreiben.
QIAO-P006 = „{ $key }“ steht doppelt, zuerst in Zeile { $first }.
    .title = Schlüssel doppelt
    .fix = Einen der beiden behalten.
QIAO-P007 = „{ $key }“ ist hier unbekannt.{ $nearest ->
        [none] {""}
       *[other] {" "}Meinten Sie „{ $nearest }“?
    }
    .title = Unbekannter Schlüssel
    .fix = Den Namen berichtigen oder entfernen.
QIAO-P008 = „{ $key }“ fehlt.
    .title = Schlüssel fehlt
    .fix = Ihn ergänzen.
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
QIAO-P010 = „{ $value }“ ist keiner der zulässigen Werte: { $choices }.{ $nearest ->
        [none] {""}
       *[other] {" "}Meinten Sie „{ $nearest }“?
    }
    .title = Unbekannte Auswahl
    .fix = Einen der genannten Werte verwenden.
QIAO-P011 = „{ $value }“ ist keine Dauer.
    .title = Keine Dauer
    .fix = Eine ganze Zahl mit Einheit schreiben: 250ms, 10s, 2min, 1h.
QIAO-P012 = „{ $value }“ ist nicht geschrieben wie „{ $example }“.
    .title = Falsch geschriebener Name
    .fix = Kleinbuchstaben, Ziffern und „-“ verwenden; Versionen bestehen aus Ziffern und Punkten.
QIAO-P013 = Ein Profil liegt dort, wo sein Name es sagt: erwartet { $expected }, gefunden { $found }.
    .title = Ordner und Name verschieden
    .fix = Den Ordner verschieben oder „profile“ und „version“ berichtigen.
QIAO-P014 = „{ $key }“ muss „{ $expected }“ lauten, lautet aber „{ $found }“.
    .title = Kopf des Schemas
    .fix = Den gezeigten Wert setzen; die Kennung bindet das Schema an Profil und Version.
QIAO-P015 = „{ $value }“ ist kein JSON-Pointer: { $detail }.
    .title = Kein JSON-Pointer
    .fix = Mit „/“ beginnen; ein Platzhalter wie „{"{"}channel{"}"}“ ist ein ganzer Schritt.
QIAO-P016 = „{ $value }“ lässt sich nicht als Browse-Pfad oder NodeId lesen: { $detail }.
    .title = Kein Browse-Pfad
    .fix = BrowseNames schreiben, getrennt durch „/“, und „nsu=URI:Name“, wo ein Name allein mehrdeutig ist; Typen als „nsu=URI;i=ZAHL“.
QIAO-P017 = Der Platzhalter „{ $name }“ ist nicht deklariert.{ $nearest ->
        [none] {""}
       *[other] {" "}Meinten Sie „{ $nearest }“?
    }
    .title = Unbekannter Platzhalter
    .fix = Ihn unter „placeholders:“ deklarieren, mit den Typen, für die er steht.
QIAO-P018 = Der Platzhalter „{ $name }“ steht nicht in „{ $path }“: Zeiger und Browse-Pfad müssen dieselben haben.
    .title = Platzhalter verschieden
    .fix = Ihn auf der anderen Seite ergänzen oder hier entfernen.
QIAO-P019 = „{ $pointer }“ wird doppelt gefüllt, zuerst in Zeile { $first }.
    .title = Doppelt gefüllt
    .fix = Einen der beiden Einträge behalten.
QIAO-P020 = Die Aufzählung „{ $name }“ ist nicht deklariert.{ $nearest ->
        [none] {""}
       *[other] {" "}Meinten Sie „{ $nearest }“?
    }
    .title = Unbekannte Aufzählung
    .fix = Sie unter „enumerations:“ deklarieren.
QIAO-P021 = „{ $name }“ ist deklariert, wird aber nirgends benutzt.
    .title = Deklariert, nicht benutzt
    .fix = Benutzen oder entfernen.
QIAO-P022 = Das Schema beschreibt „{ $pointer }“ nicht: Niemand würde es prüfen.
    .title = Nicht im Schema
    .fix = Die Angabe in schema.json beschreiben oder den Zeiger berichtigen.
QIAO-P023 = „{ $topic }“ ist keine Topic-Vorlage: { $detail }.
    .title = Keine Topic-Vorlage
    .fix = Durch „/“ getrennte Ebenen und bekannte Platzhalter verwenden, etwa „{"{"}gateway{"}"}“ und „{"{"}machine{"}"}“.
QIAO-P024 = Diese Datei hat im Ordner eines Profils keinen Platz; niemand liest sie.
    .title = Unbekannte Datei
    .fix = Sie umbenennen oder entfernen; was dorthin gehört, steht in schemas/README.md.
QIAO-P025 = Erwartet sind drei Angaben, alle als Text: pointer, keyword, shows.
    .title = Erwartung unvollständig
    .fix = Angeben, was am Beispiel falsch ist: wo, nach welchem Schlüsselwort, und was es zeigt.
QIAO-P026 = Ein gültiges Beispiel wird bei { $pointer } durch „{ $keyword }“ abgelehnt: { $text }
    .title = Gültiges Beispiel abgelehnt
    .fix = Das Beispiel oder das Schema berichtigen.
QIAO-P027 = Ein ungültiges Beispiel wird angenommen; erwartet war „{ $keyword }“ bei { $pointer }.
    .title = Ungültiges Beispiel angenommen
    .fix = Das Schema verschärfen oder das Beispiel berichtigen.
QIAO-P028 = Ein ungültiges Beispiel wird durch „{ $keyword }“ bei { $pointer } abgelehnt; angegeben ist „{ $stated-keyword }“ bei { $stated-pointer }.
    .title = Aus anderem Grund abgelehnt
    .fix = Jedes ungültige Beispiel hat genau den einen Fehler, den seine .expect.json nennt.
QIAO-P029 = Die Seite sagt nicht, was der Ordner sagt.
    .title = Seite veraltet
    .fix = „qiao profile check --write-readme ORDNER“ ausführen.
QIAO-P030 = Das Profil „{ $profile }“ ist nicht installiert.{ $nearest ->
        [none] {""}
       *[other] {" "}Meinten Sie „{ $nearest }“?
    }
    .title = Unbekanntes Profil
    .fix = „qiao profile list“ zeigt alle; „--profiles ORDNER“ fügt eigene hinzu.
QIAO-P031 = „{ $profile }“ gibt es schon, aus einem anderen Ordner.
    .title = Profil doppelt
    .fix = Einem der beiden einen anderen Namen oder eine andere Version geben.
QIAO-P032 = Der Ordner lässt sich nicht lesen: { $detail }.
    .title = Ordner nicht lesbar
    .fix = Pfad und Rechte prüfen.
QIAO-P033 = Es gibt kein Beispiel.
    .title = Keine Beispiele
    .fix = Gültige Nachrichten in examples/valid/ ablegen und solche mit je einem Fehler in examples/invalid/.
QIAO-P034 = „{ $key }“ hat einen Wert außerhalb seines Bereichs.
    .title = Wert außerhalb des Bereichs
    .fix = Zahlen einer Aufzählung sind ganz; Einheiten sind Codes der UNECE-Empfehlung 20 wie P1; „at-least-every“ ist nicht kürzer als „every“; „complete-within“ ist höchstens 1h.

profile-check-good = { $profile }: alles in Ordnung. { $fields } Felder, { $valid } gültige und { $invalid } ungültige Beispiele.
profile-check-faults = { $errors } Fehler, { $warnings } Warnungen.
profile-readme-written = Geschrieben: { $file }
profile-sources = Quellen
profile-covered = Abgedeckt
profile-not-covered = Nicht abgedeckt
profile-travels = Übertragung
profile-fields = Felder ({ $count })
profile-values = Werte
profile-left-out = Absichtlich ausgelassen
profile-open = Jeder gewählte Knoten wird eine Angabe in { $pointer }, benannt nach seinem Pfad.
profile-read = { $reading ->
        [primary] das Dokument selbst wurde gelesen
       *[secondary] gelesen wurde, was andere darüber schrieben
    }
profile-disclaimer = Eigene Darstellung nach öffentlich bekannten Fakten über diese Dokumente; keine amtliche Konformität wird behauptet.
profile-mandatory = Pflicht
profile-once = einmal gelesen
