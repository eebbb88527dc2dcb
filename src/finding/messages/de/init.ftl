# `qiao init`, `qiao check --online`.
QIAO-I001 = Die Datei gibt es schon; es wurde nichts geschrieben.
    .title = Datei vorhanden
    .fix = Eine andere Datei wählen oder mit `--force` überschreiben lassen.
    .cause = Der Befehl lief schon einmal, oder die Datei ist von Hand geschrieben; von selbst wird nichts überschrieben.
QIAO-I002 = Die Datei kann nicht geschrieben werden: { $reason }.
    .title = Datei nicht schreibbar
    .fix = Freien Platz und Rechte des Ordners prüfen.
    .cause = Der Ordner fehlt, gehört einem anderen Benutzer, oder der Datenträger ist voll.
QIAO-I010 = Der Server überwacht höchstens { $limit } Variablen, ausgewählt sind { $items }.
    .title = Mehr Variablen, als der Server überwacht
    .fix = Mit `select` weniger auswählen oder die Grenze des Servers anheben (MaxMonitoredItems).
    .cause = Kleine Steuerungen überwachen nur einige Hundert Variablen; `select` nimmt mehr.
QIAO-I011 = Der Server sieht höchstens alle { $granted } nach den Werten; verlangt sind { $asked }.
    .title = Abtastung schneller als der Server
    .fix = `sampling` auf das setzen, was der Server kann.
    .cause = Der Server hat eine Untergrenze für das Abtastintervall, oft den Zyklus der Steuerung.
QIAO-I012 = Der Server sagt, { $node } zähle in { $stated }; die Tabelle gibt für `{ $field }` { $declared } an.
    .title = Einheit von Server und Tabelle verschieden
    .fix = `source-unit` berichtigen; irrt sich der Server, so lassen.
    .cause = Die Einheit ist am Server falsch eingetragen, oder die Zeile wurde von einer anderen kopiert.
QIAO-I013 = Während die Prüfung zuhörte ({ $seconds } s), kam keine Nachricht dieses Datenflusses. Was aus ihm wird, zeigt sich mit der ersten.
    .title = Von einem Datenfluss von einem Broker war nichts zu hören
    .fix = Nichts ist zu tun, wenn seine Maschinen jetzt schweigen. Sonst nachsehen, was ankommt: `qiao tap -c DATEI --connection NAME --topic '#'`.
    .cause = Maschinen zeigen sich nur durch Nachrichten. Der Broker hebt keine auf, das Topic ist ein anderes, oder er ist eingebettet und läuft nur mit dem Gateway.
init-variables = Der Server hat { $variables ->
    [one] eine eigene Variable
   *[other] { $variables } eigene Variablen
}.
init-recognised = Erkannt als { $profile }: { $machines }
init-companions = Companion Specifications ohne Profil hier (ihre Werte können gelesen werden, wie sie sind): { $names }
init-unknown = Keine Maschine eines bekannten Typs. Unterhalb von Objects, mit der Zahl der Variablen: { $objects }
init-broker = Der Broker lässt uns ein.
init-written = Geschrieben: { $file }
init-trust = Ist es das des Servers, denselben Befehl wiederholen mit: --trust { $fingerprint }
init-next-table = Als Nächstes: die Spalten field, source-unit, scale, … von { $file } ausfüllen; eine Zeile je Feld. `qiao profile show NAME` zeigt die Felder.
init-next = Als Nächstes: qiao check --online -c { $config }, dann qiao run -c { $config }
init-config-head = Von `qiao init` geschrieben für { $endpoint }. `qiao check` sagt, was daran falsch ist; alle Schlüssel: config/qiao.yaml.
init-config-server = Der Server; verschlüsselt, wenn hier nichts anderes steht.
init-config-broker = Der Broker, zu dem die Nachrichten gehen.
init-config-embedded = Der eingebaute Broker, nur auf diesem Rechner; ersetzen durch { "{" } broker: "mqtts://HOST:8883" { "}" }.
init-config-table = Welcher Knoten welches Feld des Profils füllt: eine Tabelle für ein Tabellenprogramm.
init-config-known = Am Typ erkannt: { $machines }
init-config-bound = Was die Tabelle bindet, füllt die Nachrichten dieses Profils.
init-config-plain = Kein bekannter Typ: Jede Variable wird veröffentlicht, wie sie ist, mit Typ, Status und Zeiten.
online-progress = Gesehene Knoten:
online-reached = { $name }: lässt uns ein.{ $items ->
    [0] { "" }
    [one] { " " }Eine Variable würde überwacht.
   *[other] { " " }{ $items } Variablen würden überwacht.
}
online-not-reached = { $name }: lässt uns nicht ein; der Grund steht unten.
online-machine = { $machine } ({ $flow }, { $profile }) → { $topic }: { $fields } Felder, davon { $bad } ohne guten Wert
online-example = Was { $flow } an { $topic } veröffentlichen würde ({ $profile }):
online-shape = Während der Prüfung geschah kein Ereignis. Was { $flow } an { $topic } veröffentlichen würde, hat diese Gestalt; die Werte sind erfunden ({ $profile }):
online-summary = { $errors ->
    [one] Ein Fehler
   *[other] { $errors } Fehler
}, { $warnings ->
    [one] eine Warnung
   *[other] { $warnings } Warnungen
}. Veröffentlicht wurde nichts.
