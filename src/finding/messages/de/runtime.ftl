QIAO-R001 = { $unit } ist ausgefallen ({ $why }) und wird in { $pause } ms neu gestartet. Bitte die Log-Zeilen davor melden.
    .title = Ein Teil des Gateways wurde neu gestartet
    .fix = Das Gateway stellt sich selbst wieder her; bitte die Log-Zeilen vor dieser melden, es sollte nicht vorkommen.
    .cause = Das ist ein Fehler von qiao, ausgelöst durch etwas, womit es nicht gerechnet hat.
QIAO-R002 = Ein anderes qiao (Prozess { $process }) benutzt dieses Datenverzeichnis.
    .title = Datenverzeichnis belegt
    .fix = Den anderen Prozess beenden oder diesem Gateway ein eigenes `gateway.data-dir` geben.
    .cause = Das Gateway wurde von Hand gestartet, während sein Dienst läuft, oder zwei Konfigurationen nennen dasselbe Verzeichnis.
QIAO-R003 = Das Datenverzeichnis ist nicht benutzbar: { $error }.
    .title = Datenverzeichnis nicht benutzbar
    .fix = Das Verzeichnis anlegen und für den Benutzer, unter dem qiao läuft, beschreibbar machen.
    .cause = Das Verzeichnis gehört einem anderen Benutzer, der Datenträger ist schreibgeschützt oder voll, oder dem Container fehlt dort ein Volume.
QIAO-R004 = Die Quarantäne kann nicht gelesen oder geschrieben werden: { $error }.
    .title = Quarantäne nicht benutzbar
    .fix = Freien Platz und Rechte unterhalb des Datenverzeichnisses prüfen. Bis dahin werden abgewiesene Nachrichten gezählt, können aber nicht gezeigt werden.
    .cause = Der Datenträger ist voll oder wurde nach einem Fehler schreibgeschützt eingehängt, oder die Rechte wurden geändert.
QIAO-R005 = HTTP kann dort nicht angeboten werden: { $error }.
    .title = HTTP-Adresse nicht benutzbar
    .fix = Den Port freimachen oder `gateway.http` ändern.
    .cause = Ein anderes Programm benutzt den Port, oder die Adresse gehört nicht zu diesem Rechner.
QIAO-R006 = Eine Transaktion von { $bytes } Bytes passt nicht in den Zwischenspeicher von { $limit } Bytes; ihre Nachrichten sind verloren und als geparkt gezählt.
    .title = Größer als der Zwischenspeicher
    .fix = `limits.memory` erhöhen oder je Maschine weniger Knoten auswählen.
    .cause = Eine Maschine hat sehr viele Knoten oder große Arrays, die gemeinsam in eine Nachricht gehören.
QIAO-R007 = Die Verarbeitung hat seit { $seconds } s kein Lebenszeichen gegeben.
    .title = Verarbeitung hängt
    .fix = Unter systemd startet der Watchdog das Gateway neu. Bitte das Log melden.
    .cause = Der Rechner ist überlastet oder war angehalten, oder qiao hat einen Fehler.
QIAO-R008 = Das Betriebssystem verweigert, was qiao zum Laufen braucht: { $error }.
    .title = Hier nicht lauffähig
    .fix = Die Grenzen des Benutzers oder Containers prüfen (Threads, Dateideskriptoren).
    .cause = Die Grenzen des Dienstes oder Containers sind zu niedrig, oder ein gehärtetes System verbietet einen Aufruf.
QIAO-R009 = Beendet, aber { $messages } Nachrichten wurden nicht zugestellt und { $units } Teile mussten abgebrochen werden. Sie lagen nur im Arbeitsspeicher und sind verloren.
    .title = Beim Beenden blieb etwas übrig
    .fix = `gateway.drain` erhöhen oder beenden, solange der Broker verbunden ist.
    .cause = Der Broker war beim Beenden nicht verbunden, oder die Zeit zum Leeren war zu kurz.
QIAO-R010 = In der Quarantäne gibt es keinen Eintrag { $id }.
    .title = Kein solcher Eintrag
    .fix = `qiao quarantine list` zeigt die Nummern; alte Einträge weichen, wenn die Quarantäne voll ist.
    .cause = Die Nummer ist vertippt, oder der Eintrag war der älteste, als die Quarantäne voll war.
QIAO-R011 = Die Konfiguration hat kein `gateway.http`; ein laufendes Gateway kann so nicht gefragt werden.
    .title = Keine HTTP-Adresse konfiguriert
    .fix = `http: "127.0.0.1:8080"` unter `gateway` ergänzen oder mit `--url` ein anderes fragen.
    .cause = Die Adresse ist keine Pflicht und fehlt; der Befehl fragt das Gateway über HTTP.
QIAO-R012 = Das Gateway antwortet nicht: { $error }.
    .title = Gateway antwortet nicht
    .fix = Läuft es? `qiao run -c DATEI` startet es; `gateway.http` sagt, wo es antwortet.
    .cause = Das Gateway läuft nicht, mit anderer Konfiguration oder in einem Container, dessen Port nicht freigegeben ist.
QIAO-R013 = { $records } Einträge konnten seit dem Start nicht in die Quarantäne geschrieben werden; sie fehlen als Beleg.
    .title = Quarantäne nicht geschrieben
    .fix = Platz auf dem Datenträger von `gateway.data-dir` schaffen oder `limits.quarantine` senken; den Grund nennt das Log unter QIAO-R004.
    .cause = Der Datenträger ist voll oder langsam, oder es wurden mehr Nachrichten abgewiesen, als geschrieben werden konnten.
QIAO-M109 = Die Rechnung des Flusses `{ $flow }` geht nicht auf: { $values } Quellwerte haben keinen bekannten Verbleib oder, unter null, mehr als einen. Das ist ein Fehler des Gateways.
    .title = Werte ohne bekannten Verbleib
    .fix = Mit `qiao status --json` und dem Log melden. Was auf dem Datenträger wartet, ist nicht betroffen; ein Neustart beginnt eine neue Rechnung.
    .cause = Ein Fehler des Gateways selbst: Empfangene Werte sind immer die Summe dessen, was aus ihnen wurde.
run-started = Das Gateway läuft. { $durability ->
    [durable] Dauerhafte Flüsse liegen auf dem Datenträger, bevor sie bestätigt werden; was die anderen halten, geht mit dem Prozess verloren.
   *[memory] Der Zwischenspeicher liegt im Arbeitsspeicher: Was darin wartet, geht mit dem Prozess verloren.
}
run-face = { $name }: OPC-UA-Clients erreichen das Gateway unter { $url }
run-kept = { $messages } Nachrichten liegen auf dem Datenträger; der nächste Start stellt sie zu.
run-stopping = Wird beendet: höchstens { $seconds } s lang wird noch zugestellt. Ein zweites Signal beendet sofort.
run-stopped = Beendet; nichts blieb übrig.
run-browsing = { $name }: der Server wird durchsucht, { $nodes } Knoten gesehen, { $pending } in dieser Tiefe noch offen
quarantine-total = { $entries ->
        [one] ein Eintrag
       *[other] { $entries } Einträge
    }{ $evicted ->
        [0] {""}
       *[other] ; { $evicted } ältere mussten weichen, weil die Quarantäne voll war
    }{ $unreadable ->
        [0] {""}
       *[other] ; { $unreadable } Zeilen waren nicht lesbar
    }.
quarantine-time = Zeit
quarantine-source = Quelle
quarantine-flow = Datenfluss
quarantine-machine = Maschine
quarantine-topic = Topic
quarantine-profile = Profil und Schemaversion
quarantine-count = Steht für Nachrichten
quarantine-pointer = Stelle
quarantine-rule = Regel
quarantine-node = Knoten
status-uptime = läuft seit { $seconds } s
status-ready = Daten können fließen.
status-not-ready = Daten können noch nicht fließen.
status-spool-memory = Zwischenspeicher im Arbeitsspeicher: { $used } von { $limit } KiB belegt; was darin wartet, geht mit dem Prozess verloren.
status-spool-durable = Zwischenspeicher auf dem Datenträger: { $records } Nachrichten warten dort, { $disk-used } von { $disk-limit } MiB belegt; { $used } von { $limit } KiB im Arbeitsspeicher.
status-spool-full = Der Zwischenspeicher auf dem Datenträger ist voll: Die Quellen warten.
QIAO-G001 = Die Uhr dieses Rechners zeigt { $time }: Sie wurde nie gestellt.
    .title = Uhr nie gestellt
    .fix = Die Uhr stellen oder einen Zeitserver nutzen (`timedatectl set-ntp true`). Werte gehen inzwischen mit den Zeiten ihrer Quellen weiter; was die eigene Zeit dieses Rechners trägt, ist bis dahin falsch, und Zertifikate werden als noch nicht gültig abgewiesen.
    .cause = Der Rechner hat keine oder eine leere Batterie für seine Uhr und hat seit dem Einschalten keinen Zeitserver erreicht.
QIAO-G002 = Die Uhr dieses Rechners wurde um { $seconds } s verstellt; sie zeigt jetzt { $time }.
    .title = Uhr verstellt
    .fix = Nichts, wenn sie jetzt richtig geht. Geschieht es immer wieder, herausfinden, wer sie stellt: zwei Zeitserver, die sich nicht einig sind, oder eine virtuelle Maschine, deren Wirt die Uhr stellt.
    .cause = Ein Zeitserver wurde erreicht, jemand hat die Uhr gestellt, oder der Rechner war im Ruhezustand. Abstände und Fristen folgen dieser Uhr nicht.
status-connecting = verbindet
status-connected = verbunden
status-lost = verloren
status-refused = abgelehnt
status-waiting = { $messages } Nachrichten warten
status-skew = Uhr { $seconds } s gegenüber unserer
status-cyclic = { $items } Items zyklisch gelesen
status-online = online
status-offline = offline
status-flow = { $name } ({ $profiles }): { $received } Werte empfangen, { $delivered } in { $messages } Nachrichten zugestellt; { $quarantined } Nachrichten in Quarantäne, { $violations } Verstöße, { $gaps } Lücken
status-account = { $received } empfangen = { $fates }
status-account-recovered = { $received } empfangen + { $recovered } aus einem früheren Lauf = { $fates }
status-fate-delivered = { $count } zugestellt
status-fate-spooled = { $count } im Spool
status-fate-held = { $count } für die nächste Nachricht bereit
status-fate-quarantined = { $count } in Quarantäne
status-fate-parked = { $count } abgestellt
status-fate-superseded = { $count } überholt
status-fate-filtered = { $count } ausgefiltert
status-fate-withheld = { $count } hier behalten
status-fate-rejected = { $count } abgewiesen
status-fate-dropped = { $count } fallen gelassen
status-fate-lost = { $count } verloren
status-translated = übersetzt: { $exact } exakt, { $converted } umgerechnet, { $approximated } angenähert, { $absent } ohne Entsprechung
status-write = { $name }: { $done } Befehle getan, { $refused } abgelehnt, { $unknown } mit unbekanntem Ergebnis
status-back-filled = { $values } Werte nach Lücken aus der Historie der Quelle gelesen
status-machine = { $id }  { $state }: { $fields } Felder ({ $bad } mit schlechter Qualität, { $missing } fehlend), { $messages } Nachrichten, letzte { $last }, Topic { $topic }
