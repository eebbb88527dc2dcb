# `qiao test`: Dateien und Nachrichten gegen ein Profil.
QIAO-J001 = Nicht lesbar: { $detail }.
    .title = Ziel nicht lesbar
    .fix = Pfad und Zugriffsrechte prüfen.
    .cause = Der Pfad ist verschrieben, oder die Datei darf nicht gelesen werden.
QIAO-J002 = Größer als { $limit }; was darüber hinausgeht, wurde nicht beurteilt.
    .title = Ziel zu groß
    .fix = Datei oder Ordner aufteilen.
    .cause = Eine lange Aufzeichnung liegt in einer Datei, oder der falsche Ordner wurde angegeben.
QIAO-J003 = Das ist kein hier lesbares JSON: { $kind ->
        [too-long] länger als { $limit } Byte
        [too-deep] mehr als { $limit } Ebenen aus Arrays und Objekten
        [too-many] mehr als { $limit } Werte
        [not-utf-8] kein UTF-8
        [incomplete] es endet mitten in einem Wert
        [unexpected] erwartet wird hier: { $expected }
        [duplicate-name] der Name „{ $name }“ steht zweimal in einem Objekt
        [lone-surrogate] ein halbes Surrogatpaar ohne die andere Hälfte
        [number-too-large] eine Zahl außerhalb des Bereichs eines Double
        [name-too-long] ein zu langer Name
       *[other] { $detail }
    }.
    .title = Kein JSON
    .fix = Den Text an dieser Stelle berichtigen; eine Nachricht hat höchstens 64 Ebenen, 16 MiB und 1.000.000 Werte.
    .cause = Die Nachricht wurde abgeschnitten, von Hand geändert oder ist anders codiert.
QIAO-J004 = Die Nachricht beginnt mit einer Byte-Reihenfolge-Markierung (BOM).
    .title = BOM am Anfang
    .fix = UTF-8 ohne BOM schreiben.
    .cause = Ein Editor oder ein .NET-Programm hat sie hinzugefügt; viele JSON-Leser weisen sie zurück.
QIAO-J005 = Kein Profil erkennt diese Nachricht.
    .title = Profil nicht erkannt
    .fix = Das Profil mit „--profile“ nennen; „qiao profile list“ zeigt alle.
    .cause = Die Nachricht gehört zu keinem installierten Profil, oder ihr fehlt das Erkennungsmerkmal.
QIAO-J006 = Mehrere Profile erkennen diese Nachricht: { $profiles }.
    .title = Mehrere Profile erkannt
    .fix = Das Profil mit „--profile“ nennen.
    .cause = Zwei Fassungen eines Profils sind installiert, die sich an der Nachricht nicht unterscheiden lassen.
QIAO-J007 = Hier ist keine Nachricht.
    .title = Nichts zu prüfen
    .fix = Eine Datei oder einen Ordner mit .json-, .jsonl- oder .ndjson-Dateien angeben.
    .cause = Der Ordner ist leer, oder seine Dateien haben andere Endungen.
QIAO-J008 = Die Regel { $rule } ließ sich nicht beurteilen: { $why ->
        [size] die Nachricht hat dafür zu viele Werte
       *[kind] der Wert hier lässt sich nicht vergleichen oder zählen
    }.
    .title = Regel nicht beurteilt
    .fix = Zuerst beheben, was das Schema an dieser Stelle beanstandet; eine sehr große Nachricht aufteilen.
    .cause = Der Wert hat den falschen Typ, oder die Nachricht ist sehr groß.
QIAO-J009 = Das Schema von { $profile } ist nicht verwendbar: { $detail }.
    .title = Schema nicht verwendbar
    .fix = „qiao profile check“ auf den Ordner dieses Profils anwenden.
    .cause = Das Profil ist ein eigenes und wurde nie geprüft.
QIAO-J010 = Der Bericht lässt sich nicht schreiben: { $detail }.
    .title = Bericht nicht geschrieben
    .fix = Pfad und Zugriffsrechte prüfen.
    .cause = Der Ordner ist nicht vorhanden, oder der Datenträger ist voll.

test-summary = { $count } Nachrichten: { $pass } bestanden, { $fail } nicht bestanden, { $inconclusive } nicht entscheidbar.
test-more = Und { $count } weitere.
test-left-out = { $count } weitere Nachrichten wurden beurteilt und gezählt; ihre Befunde sind nicht aufgeführt.
test-report = Konformitätsbericht
test-pass = bestanden
test-fail = nicht bestanden
test-inconclusive = nicht entscheidbar
test-not-applicable = nicht anwendbar
test-rule = Regel
test-rules = Regeln
test-place = Stelle
test-text = Was gelten muss und was zu ändern ist
test-clause = Fundstelle
test-progress = Geprüfte Dateien:
