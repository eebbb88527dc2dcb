# Übersetzung zwischen Profilen; `qiao translate`.
QIAO-X001 = Die Nachricht lässt sich nicht lesen: { $detail }.
    .title = Nachricht nicht lesbar
    .fix = Pfad und Rechte prüfen, und ob es JSON ist.
    .cause = Die Datei ist kein JSON, ist zu groß oder darf nicht gelesen werden.
QIAO-X002 = Welches Profil die Nachricht spricht, ist nicht zu erkennen: { $count ->
        [0] keines passt
       *[other] { $profiles } passen gleich gut
    }.
    .title = Profil nicht erkannt
    .fix = Es mit `--from` nennen.
    .cause = Die Nachricht gehört zu einem anderen Standard, oder zwei Profile haben dieselben Kennzeichen.
QIAO-X003 = Das Ziel verlangt diese Angabe, und nichts hat sie gefüllt. Konzepte, die es könnten: { $concept ->
        [none] keine
       *[other] { $concept }
    }.
    .title = Pflichtangabe fehlt
    .fix = Den Wert mit `--set KONZEPT=WERT` vorgeben oder eine Quelle nehmen, die ihn hat.
    .cause = Die Quelle hat nicht, was das Ziel verlangt.
QIAO-X004 = Der vorgegebene Wert für `{ $concept }` findet im Ziel keinen Platz: { $reason }.
    .title = Vorgegebener Wert ohne Platz
    .fix = Dieses `--set` weglassen oder ein Konzept nennen, das das Ziel hat; `qiao profile show` listet sie auf.
    .cause = Das Ziel hat kein Feld für das Konzept, seine Wörter kennen den Wert nicht, oder die Nachricht hat den Platz schon gefüllt.

translate-exact = exakt
translate-exact-means = derselbe Wert, gleich geschrieben
translate-converted = umgewandelt
translate-converted-means = derselbe Wert, anders geschrieben; lässt sich zurückwandeln
translate-approximated = angenähert
translate-approximated-means = fast derselbe Wert, nach der genannten Regel
translate-absent = entfällt
translate-absent-means = nicht vorhanden, aus dem genannten Grund
translate-open = bleibt leer
translate-unreadable = der Wert lässt sich nicht so lesen, wie die Zuordnung es sagt
translate-no-value = es gibt keinen Wert
translate-unknown-word = die Tabelle kennt diesen Wert nicht
translate-other-spelling = andere Schreibweise desselben Worts
translate-many-to-one = mehrere Werte werden zu einem
translate-some-absent = für manche Werte hat das Ziel kein Wort
translate-not-whole = die Zahl ist in der Einheit des Ziels nicht ganz
translate-rounded = gerundet
translate-out-of-range = die Zahl passt nicht in das Ziel
translate-one-language = von mehreren Sprachen bleibt eine
translate-language-dropped = das Ziel sagt nicht, welche Sprache es ist
translate-language-unknown = die Sprache ist nicht angegeben (und)
translate-day-only = nur der Tag bleibt
translate-start-of-day = Tagesbeginn in UTC; die Uhrzeit war nicht angegeben
translate-unit-unknown = die Einheit ist nicht bekannt; geraten wird sie nie
translate-unit-unfit = die Einheiten messen verschiedene Größen
translate-unit-stated = Einheit einer Zahl
translate-frame = fester Bestandteil der Form
translate-unmapped = die Zuordnung der Quelle nennt es nicht
translate-no-concept = die Quelle nennt dafür kein Konzept
translate-no-target = das Ziel hat kein Feld für dieses Konzept
translate-no-source = nichts aus der Quelle füllt es
translate-no-place = das Ziel hat keinen Platz dafür
translate-already-filled = dort steht schon ein anderer Wert
translate-by-table = Wörter nach Tabelle
translate-derived = Teil eines längeren Texts
translate-first-instance = das Ziel hat nur einen Platz; der Erste von mehreren belegt ihn
translate-only-instance = das Ziel hat mehrere Plätze; der einzige Wert steht unter dem Namen 1
translate-withheld = auf Wunsch zurückgehalten
translate-person = betrifft eine Person und wurde nicht eigens genannt
translate-head-concept = Konzept (de / zh)
translate-head-source = Feld der Quelle
translate-head-target = Feld des Ziels
translate-head-fate = Verbleib
translate-head-rule = Regel oder Grund
translate-signed = Einverstanden
translate-sign-place = Ort, Datum
translate-sign-name = Name, Unterschrift
translate-coverage-summary = Felder der Quelle: { $exact } exakt, { $converted } umgewandelt, { $approximated } angenähert, { $absent } entfallen. Felder des Ziels, die nichts füllt: { $open }.
translate-coverage-source = Was aus den Feldern der Quelle wird
translate-coverage-target = Felder des Ziels, die nichts aus der Quelle füllt
translate-summary = { $exact } exakt, { $converted } umgewandelt, { $approximated } angenähert, { $absent } entfallen.
translate-given = von außen vorgegeben: { $concept } → { $pointer }
translate-form-plain = unmittelbar als JSON-Wert
translate-form-decimal-text = Zahl als Text
translate-form-epoch-ms = Millisekunden seit 1970
translate-form-epoch-ms-text = Millisekunden seit 1970 als Text
translate-form-date = Tag
translate-form-localized = Text mit Sprachangabe
translate-form-languages = Texte in mehreren Sprachen
translate-form-languages-any = Text ohne Sprachangabe
