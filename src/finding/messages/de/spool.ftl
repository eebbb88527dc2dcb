# Der Zwischenspeicher auf dem Datenträger.
QIAO-S001 = Ein anderer Prozess schreibt in diesen Zwischenspeicher.
    .title = Zwischenspeicher in Gebrauch
    .fix = Das andere qiao beenden oder diesem ein eigenes `gateway.data-dir` geben.
    .cause = Zwei Gateways benutzen dasselbe Datenverzeichnis, oder ein früheres ist noch nicht beendet.
QIAO-S002 = Der Zwischenspeicher hat Format { $version }, das diese Version nicht kennt; es wurde nichts darin verändert.
    .title = Unbekanntes Format des Zwischenspeichers
    .fix = Die Version von qiao, die ihn geschrieben hat, laufen lassen, bis `qiao spool list` nichts Wartendes mehr zeigt, dann diese; oder das Verzeichnis wegbewegen und damit, was darin wartet.
    .cause = Eine neuere Version von qiao hat den Zwischenspeicher geschrieben, oder eine zu alte.
QIAO-S003 = Der Zwischenspeicher kann nicht geöffnet werden: { $error }.
    .title = Zwischenspeicher lässt sich nicht öffnen
    .fix = Platz, Rechte und Zustand des Datenträgers von `gateway.data-dir` prüfen.
    .cause = Das Verzeichnis ist nicht lesbar oder nicht beschreibbar, der Datenträger ist voll oder meldet Fehler.
QIAO-S004 = { $records } Nachrichten (Folgenummern { $first } bis { $last }) werden nicht zugestellt: { $reason ->
    [full] der Zwischenspeicher war voll, und die ältesten mussten weichen
    [age] sie waren älter, als der Zwischenspeicher sie hält
    [damaged] sie sind auf dem Datenträger beschädigt
    [missing] ihre Datei fehlt
    [uncertain] es sind Zustände, und beschädigte oder fehlende Nachrichten dahinter waren vielleicht neuere ihrer Topics
   *[cut] das Ende des Zwischenspeichers wurde durch einen Stromausfall abgeschnitten; soweit erkennbar hatte ihre Quelle keine Bestätigung dafür und sendet sie erneut
}.
    .title = Lücke im Zwischenspeicher
    .fix = Bei `full`: `limits.spool` erhöhen oder `when-full: block` schreiben. Bei `age`: `limits.spool-age` erhöhen. Bei `damaged`, `missing` und `uncertain`: den Datenträger prüfen; die Datei mit den beschädigten Datensätzen bleibt als `….damaged` erhalten.
    .cause = Der Broker nahm zu lange zu wenig ab, der Datenträger ist schadhaft, jemand hat Dateien entfernt, oder der Strom fiel beim Schreiben aus.
QIAO-S005 = Die letzten { $bytes } Bytes des Zwischenspeichers waren kein vollständiger Datensatz und wurden abgeschnitten.
    .title = Ende des Zwischenspeichers abgeschnitten
    .fix = Es ist nichts zu tun. Eine USV oder ein Datenträger, der beim Leeren seines Schreibpuffers Wort hält, macht es seltener.
    .cause = Während in den Zwischenspeicher geschrieben wurde, fiel der Strom aus oder der Rechner wurde zurückgesetzt.
QIAO-S006 = Die Datei, die festhält, wie weit der Zwischenspeicher zugestellt ist, ist beschädigt; was zuletzt zugestellt wurde, wird vielleicht erneut gesendet.
    .title = Lesemarke des Zwischenspeichers beschädigt
    .fix = Den Datenträger prüfen. Empfänger erkennen Wiederholungen an Folgenummer oder Zeit.
    .cause = Der Datenträger hat die Datei beschädigt, oder jemand hat sie verändert.
QIAO-S007 = Das Schreiben von Segment { $segment } des Zwischenspeichers schlug fehl: { $error }. Was noch nicht sicher war, wird neu geschrieben, in eine andere Datei.
    .title = Schreiben in den Zwischenspeicher fehlgeschlagen
    .fix = Den Datenträger von `gateway.data-dir` prüfen (`dmesg`, SMART) und ersetzen, wenn es wieder vorkommt.
    .cause = Der Datenträger meldete einen Fehler; was er seit dem letzten Erfolg bekam, kann verloren sein, was immer er später sagt.
QIAO-S008 = Der Zwischenspeicher ist voll: { $used } von { $limit } MiB. Die Quellen warten, bis der Broker etwas abgenommen hat.
    .title = Zwischenspeicher voll
    .fix = Den Broker wieder in Gang bringen, `limits.spool` erhöhen, Platz auf dem Datenträger schaffen oder `when-full: drop-oldest` schreiben, wenn neuere Nachrichten mehr wert sind als ältere.
    .cause = Der Broker war länger weg oder langsamer als die Quellen, als der Zwischenspeicher groß ist.
QIAO-S009 = In den Zwischenspeicher kann gerade nicht geschrieben werden: { $error }. Es wird wieder versucht; bis dahin wird den Quellen nichts bestätigt.
    .title = Zwischenspeicher nicht beschreibbar
    .fix = Platz, Rechte und Zustand des Datenträgers von `gateway.data-dir` prüfen; ein Neustart ist nicht nötig.
    .cause = Der Datenträger ist schreibgeschützt, defekt oder nicht mehr da.
QIAO-S010 = Aus dem Zwischenspeicher kann gerade nicht gelesen werden: { $error }. Nachrichten für diesen Broker ruhen so lange; keine wird übergangen.
    .title = Zwischenspeicher nicht lesbar
    .fix = Den Datenträger von `gateway.data-dir` prüfen. Ist er nicht zu retten, das Gateway beenden und das Segment wegbewegen: Was es enthielt, wird dann als Lücke gemeldet.
    .cause = Der Datenträger meldet Fehler, oder eine Datei wurde entfernt oder gesperrt.
QIAO-S011 = Diese Datei gehört zu einem anderen Zwischenspeicher; sie bleibt unberührt, und nichts davon wird gesendet.
    .title = Fremde Datei im Zwischenspeicher
    .fix = Die Datei in den Zwischenspeicher bringen, aus dem sie stammt, oder wegbewegen.
    .cause = Jemand hat Dateien eines Zwischenspeichers in einen anderen kopiert oder eine Sicherung nur zum Teil zurückgespielt.
QIAO-S012 = Ein Segment mit beschädigten Datensätzen bleibt unter diesem Namen erhalten; aufgehoben werden die vier neuesten.
    .title = Beschädigtes Segment aufgehoben
    .fix = Ansehen oder entfernen, wenn es niemand mehr braucht. Was verloren ging, wurde als Lücke gemeldet.
    .cause = Datensätze darin haben ihre Prüfung nicht bestanden.
QIAO-S013 = Der Teil des Gateways, der den Zwischenspeicher schreibt, hat geendet; nichts Dauerhaftes wird mehr angenommen.
    .title = Schreiber des Zwischenspeichers beendet
    .fix = Das Gateway neu starten; systemd tut es von selbst, wenn ein Watchdog gesetzt ist. Bitte die Zeilen des Protokolls davor melden.
    .cause = Ein Fehler in qiao.
QIAO-S014 = Der Zwischenspeicher enthält Nachrichten für `{ $name }`, wohin kein Fluss mehr veröffentlicht; sie bleiben, wo sie sind.
    .title = Nachrichten für eine Verbindung, die es nicht mehr gibt
    .fix = Der Verbindung ihren früheren Namen wiedergeben, bis sie zugestellt sind (`qiao spool list`), oder das Verzeichnis entfernen und damit die Nachrichten.
    .cause = Die Verbindung oder ihre Flüsse wurden umbenannt oder entfernt, bevor ihre Nachrichten zugestellt waren.
QIAO-S015 = `limits.spool` ist { $wanted } MiB, aber der Datenträger hat nur Platz für { $limit } MiB; das ist jetzt die Grenze.
    .title = Zwischenspeicher größer als der Datenträger
    .fix = Platz auf dem Datenträger von `gateway.data-dir` schaffen oder `limits.spool` senken.
    .cause = Der Datenträger ist kleiner oder voller als die Grenze; ein Zehntel des freien Platzes bleibt anderen.
QIAO-S016 = { $records } Datensätze dieses Segments sind nicht lesbar.
    .title = Beschädigte Datensätze im Zwischenspeicher
    .fix = Den Datenträger prüfen. Das Gateway übergeht sie, meldet die Lücke und hebt die Datei auf; die übrigen werden zugestellt.
    .cause = Der Datenträger hat Daten beschädigt, oder jemand hat die Datei verändert.
QIAO-S017 = Kein Segment enthält die Datensätze { $first } bis { $last }, und keine Lücke ist dafür gemeldet.
    .title = Segment des Zwischenspeichers fehlt
    .fix = Die Datei zurückbringen, wenn sie wegbewegt wurde; sonst meldet das Gateway die Lücke beim nächsten Start.
    .cause = Jemand hat eine Datei des Zwischenspeichers entfernt oder wegbewegt oder eine Sicherung nur zum Teil zurückgespielt.
QIAO-S018 = Der Datenträger antwortet seit { $seconds } s nicht. Solange wird den Quellen nichts Dauerhaftes bestätigt; Flüsse im Arbeitsspeicher laufen weiter.
    .title = Datenträger antwortet nicht
    .fix = Den Datenträger prüfen, auf dem `gateway.data-dir` liegt (`dmesg`, SMART), sein Kabel oder sein Netz; antwortet er wieder, ist kein Neustart nötig.
    .cause = Der Datenträger, oder das Netz oder der Controller davor, hängt beim Schreiben oder Sichern.
QIAO-S019 = Die Quarantäne nimmt nichts an: Was dieser Fluss zurückweist, geht solange verloren und wird gezählt.
    .title = Quarantäne antwortet nicht
    .fix = Den Datenträger prüfen, auf dem `gateway.data-dir` liegt; `delivery: durable` schreiben, wenn das Zurückgewiesene erhalten bleiben muss und die Quelle warten darf.
    .cause = Der Datenträger hängt oder ist viel zu langsam, und ein Fluss mit `delivery: memory` wartet nicht auf ihn.
QIAO-S020 = Von { $gaps } früher gemeldeten Lücken weiß der Zwischenspeicher nicht mehr, welche Nachrichten es waren.
    .title = Liste der Lücken beschädigt
    .fix = Den Datenträger prüfen. Die Lücken wurden im Protokoll gemeldet, als sie entstanden (`QIAO-S004`).
    .cause = Der Datenträger hat die Datei `gaps` des Zwischenspeichers beschädigt, oder jemand hat sie verändert.
spool-none = Auf dem Datenträger liegt nichts: { $path } ist leer.
spool-log = { $name }: { $messages } Nachrichten warten ({ $kib } KiB), in { $segments } Dateien mit { $mib } MiB
spool-flow = { $flow }: { $messages } Nachrichten, { $values } Werte
spool-verified = { $name }: { $records } Datensätze in { $segments } Dateien gelesen, { $faults ->
    [0] alle einwandfrei
   *[other] { $faults } Fehler gefunden
}
