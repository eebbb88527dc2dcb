# MQTT: Broker und was dort aus Nachrichten wird. Der Ort ist die Adresse des Brokers oder das Topic der Nachricht.

QIAO-M001 = Der Broker ist nicht erreichbar: { $reason }. Es wird weiter versucht, in wachsenden Abständen.
    .title = Broker nicht erreichbar
    .fix = Prüfen, ob der Broker läuft und ob Rechner und Port in `mqtt.broker` stimmen; danach die Firewalls auf dem Weg.
QIAO-M002 = Der Name { $host } ist nicht bekannt: { $reason }.
    .title = Name des Brokers nicht bekannt
    .fix = Die Schreibweise in `mqtt.broker` und den Namensdienst dieses Rechners prüfen.
QIAO-M003 = Der Broker hat die Verbindung angenommen und binnen { $seconds } s nicht geantwortet.
    .title = Broker antwortet nicht
    .fix = Prüfen, ob an diesem Port ein MQTT-Broker lauscht und ob er überlastet ist.
QIAO-M004 = Der Broker hat die Verbindung geschlossen, bevor er geantwortet hat.
    .title = Verbindung sofort geschlossen
    .fix = Vielleicht erwartet der Port TLS (dann `mqtts://` schreiben), ist kein MQTT-Port, oder der Broker ist voll. Sein Log sagt mehr.
QIAO-M005 = Der Broker nimmt Benutzernamen und Passwort nicht an.
    .title = Benutzername oder Passwort falsch
    .fix = `mqtt.user` und `mqtt.password` berichtigen; es wird von selbst weiter versucht, langsam.
QIAO-M006 = Der Broker erlaubt diesem Client keine Verbindung. Manche Broker antworten so auf ein falsches Passwort.
    .title = Keine Berechtigung zur Verbindung
    .fix = Benutzername, Passwort und Client-Zertifikat prüfen, dazu die Zugriffsliste des Brokers.
QIAO-M007 = Der Broker nimmt die Client-ID { $client } nicht an.
    .title = Client-ID abgelehnt
    .fix = Eine andere `mqtt.client-id` wählen; manche Broker der Version 3.1.1 nehmen nur 23 Buchstaben und Ziffern.
QIAO-M008 = Der Broker ist da, aber zurzeit nicht verfügbar.
    .title = Broker beschäftigt
    .fix = Warten; bleibt es so, Last und Log des Brokers ansehen.
QIAO-M009 = Der Broker spricht diese MQTT-Version nicht.
    .title = MQTT-Version nicht unterstützt
    .fix = `mqtt.version` auf die andere setzen („5“ oder „3.1.1“).
QIAO-M010 = Der Broker lehnt die Verbindung ab: { $reason }.
    .title = Verbindung abgelehnt
    .fix = Der Grund liegt beim Broker; sein Log oder sein Administrator weiß mehr.
QIAO-M011 = { $reason ->
    [closed] Der Broker hat die Verbindung ohne Begründung geschlossen.
   *[other] Die Verbindung ist abgerissen: { $reason }.
} Was nicht bestätigt war, wird noch einmal gesendet.
    .title = Verbindung verloren
    .fix = Nichts, wenn sie von selbst wiederkommt. Geschieht es oft, das Netz und das Log des Brokers ansehen.
QIAO-M012 = Ein anderer Client hat sich mit unserer Client-ID { $client } verbunden und uns verdrängt.
    .title = Client-ID doppelt benutzt
    .fix = Jedem Gateway und jedem Werkzeug eine eigene `mqtt.client-id` geben.
QIAO-M013 = Die Verbindung wird immer wieder kurz nach dem Aufbau geschlossen. Wahrscheinlich benutzt ein anderer Client unsere Client-ID { $client }.
    .title = Client-ID wahrscheinlich doppelt benutzt
    .fix = Im Log des Brokers nach { $client } suchen; jedem Gateway und jedem Werkzeug eine eigene `mqtt.client-id` geben.
QIAO-M014 = Der Broker ist verbunden, hat aber seit { $seconds } s nichts bestätigt. Die Verbindung wird neu aufgebaut, was nicht bestätigt war, noch einmal gesendet.
    .title = Broker schweigt
    .fix = Last und Speicherplatz des Brokers ansehen, dazu das Netz auf dem Weg.
QIAO-M015 = Der Broker verletzt das MQTT-Protokoll: { $reason }. Die Verbindung wird neu aufgebaut, was nicht bestätigt war, noch einmal gesendet.
    .title = Broker verletzt das MQTT-Protokoll
    .fix = Prüfen, ob dort ein MQTT-Broker lauscht; wenn ja, seinem Hersteller melden, mit dieser Meldung.
QIAO-M016 = Der Broker hat die Verbindung beendet: { $reason }.
    .title = Broker hat die Verbindung beendet
    .fix = Nichts, wenn sie von selbst wiederkommt. Sonst liegt der Grund beim Broker; sein Log sagt mehr.

QIAO-M020 = Der Broker lehnt diese Nachricht ab: { $reason }. Sie liegt in der Quarantäne, die nächste geht weiter.
    .title = Nachricht abgelehnt
    .fix = Das Topic in der Zugriffsliste des Brokers erlauben oder das Topic des Datenflusses ändern. `qiao quarantine show` zeigt die Nachricht.
QIAO-M021 = Der Broker nimmt die Nachricht jetzt nicht: { $reason }. Sie wird in { $seconds } s noch einmal gesendet.
    .title = Kontingent des Brokers überschritten
    .fix = Das Kontingent dieses Clients am Broker erhöhen oder weniger senden.
QIAO-M022 = Die Nachricht hat { $bytes } Bytes, erlaubt sind { $limit }. Sie liegt in der Quarantäne, die nächste geht weiter.
    .title = Nachricht zu groß
    .fix = Die Grenze des Brokers und `mqtt.max-packet` erhöhen oder weniger Knoten je Nachricht auswählen.
QIAO-M023 = Der Broker hat bei dieser Nachricht ({ $bytes } Bytes) { $tries }-mal die Verbindung getrennt, obwohl sie allein unterwegs war. Sie liegt in der Quarantäne, die nächste geht weiter.
    .title = Nachricht bricht die Verbindung ab
    .fix = Wahrscheinlich ist sie größer, als der Broker erlaubt; sein Log sagt mehr. Ein Broker der Version 5 nennt seine Grenze vorher.
QIAO-M024 = Der Broker nimmt die Nachricht nicht: { $reason }. Sie wird in { $seconds } s noch einmal gesendet, insgesamt dreimal.
    .title = Nachricht nicht angenommen
    .fix = Das Log des Brokers sagt mehr.
QIAO-M025 = Der Broker unterstützt keine Retained Messages. Zustands-Topics werden ohne Retain-Flag gesendet: Wer später abonniert, sieht sie nicht.
    .title = Keine Retained Messages
    .fix = Retained Messages am Broker einschalten oder einen anderen benutzen.
QIAO-M026 = Der Broker kennt nur QoS 0. Nachrichten gehen ohne Zustellgarantie hinaus: Niemand weiß, ob sie angekommen sind.
    .title = Nur QoS 0
    .fix = QoS 1 am Broker erlauben oder einen anderen benutzen.
QIAO-M027 = Der Broker lehnt die Statusmeldung des Gateways ab: { $reason }.
    .title = Statusmeldung abgelehnt
    .fix = Dieses Topic in der Zugriffsliste des Brokers erlauben.

QIAO-M030 = Das Zertifikat des Brokers ist { $days ->
    [0] heute
    [one] vor einem Tag
   *[other] vor { $days } Tagen
} abgelaufen.
    .title = Zertifikat des Brokers abgelaufen
    .fix = Am Broker erneuern, oder die Uhr dieses Rechners stellen, wenn sie falsch geht.
QIAO-M031 = Das Zertifikat des Brokers gilt noch nicht.
    .title = Zertifikat des Brokers gilt noch nicht
    .fix = Die Uhren dieses Rechners und des Rechners prüfen, der das Zertifikat erstellt hat.
QIAO-M032 = Das Zertifikat des Brokers ist von keiner Zertifizierungsstelle signiert, der wir vertrauen.
    .title = Unbekannter Aussteller
    .fix = Das Zertifikat der Zertifizierungsstelle (PEM) in `mqtt.ca` nennen. Nach ihrer Erneuerung ist es ein anderes mit demselben Namen.
QIAO-M033 = Das Zertifikat des Brokers gilt nicht für { $host }, sondern für: { $presented }.
    .title = Zertifikat für einen anderen Rechner
    .fix = In `mqtt.broker` einen Namen benutzen, der im Zertifikat steht, oder eines für { $host } ausstellen lassen.
QIAO-M034 = Der Broker spricht an diesem Port kein TLS.
    .title = Dort kein TLS
    .fix = Den TLS-Port des Brokers benutzen (oft 8883), oder `mqtt://` schreiben, wenn die Verbindung unverschlüsselt sein darf.
QIAO-M035 = Der Broker verlangt ein Client-Zertifikat und nimmt unseres nicht an, oder es gibt keines: { $reason }.
    .title = Client-Zertifikat abgelehnt
    .fix = `mqtt.certificate` und `mqtt.key` auf ein Paar setzen, das die Zertifizierungsstelle des Brokers signiert hat und das nicht abgelaufen ist.
QIAO-M036 = TLS ist gescheitert: { $reason }.
    .title = TLS gescheitert
    .fix = TLS-Versionen und Zertifikate beider Seiten vergleichen; hier werden TLS 1.2 und 1.3 gesprochen.
QIAO-M037 = Die Datei der vertrauten Zertifizierungsstelle ist nicht benutzbar: { $reason }.
    .title = Zertifizierungsstelle nicht lesbar
    .fix = Eine PEM-Datei mit mindestens einem Zertifikat einer Zertifizierungsstelle nennen, lesbar für den Benutzer, unter dem qiao läuft.
QIAO-M038 = Auf diesem System wurde keine Liste vertrauter Zertifizierungsstellen gefunden. Gesucht: { $tried }.
    .title = Keine vertrauten Zertifizierungsstellen
    .fix = Das Paket `ca-certificates` installieren oder die Zertifizierungsstelle des Brokers in `mqtt.ca` nennen.
QIAO-M039 = Client-Zertifikat oder Schlüssel sind nicht benutzbar: { $reason }.
    .title = Client-Zertifikat nicht benutzbar
    .fix = Beide müssen PEM sein, zusammengehören und für den Benutzer lesbar sein, unter dem qiao läuft.
QIAO-M040 = { $host } ist kein Name, den TLS prüfen könnte.
    .title = Kein Name für TLS
    .fix = In `mqtt.broker` einen Rechnernamen oder eine IP-Adresse schreiben.

QIAO-M050 = Der Port des eingebauten Brokers ist belegt.
    .title = Port belegt
    .fix = Beenden, was dort lauscht, oder für `mqtt.embedded` einen anderen Port wählen.
QIAO-M051 = Der eingebaute Broker startet nicht: { $reason }.
    .title = Eingebauter Broker startet nicht
    .fix = Die Adresse von `mqtt.embedded` prüfen.
QIAO-M052 = Der eingebaute Broker kennt keine Passwörter und lauscht nur auf diesem Rechner; diese Adresse ist für andere offen.
    .title = Eingebauter Broker bleibt lokal
    .fix = Für `mqtt.embedded` 127.0.0.1 benutzen, oder für ein Netz einen Broker wie mosquitto installieren.
