# Simulator und Demo.
QIAO-D001 = Diese Adresse belegt ein anderes Programm; stattdessen wird ein freier Port verwendet.
    .title = Adresse des Simulators ist belegt
    .fix = Das andere Programm beenden oder mit --listen einen anderen Port wählen.
    .cause = Auf diesem Rechner läuft schon ein Simulator oder ein OPC-UA-Server.
QIAO-D002 = Der Simulator kann hier nicht lauschen: { $error }.
    .title = Simulator kann nicht lauschen
    .fix = Mit --listen eine Adresse dieses Rechners und einen Port über 1023 wählen.
    .cause = Die Adresse gehört einem anderen Rechner, oder der Port ist dem Administrator vorbehalten.
QIAO-D003 = { $value } sind zu viele; möglich sind höchstens { $limit }.
    .title = Zu viele Maschinen oder Variablen
    .fix = Mehrere Simulatoren starten, jeden mit eigenem Port und eigenem --folder.
    .cause = Der Simulator baut jede Maschine und Variable im Arbeitsspeicher auf, deshalb ist ihre Zahl begrenzt.
QIAO-D004 = Dieser Ordner ist nicht benutzbar: { $error }.
    .title = Ordner des Simulators nicht benutzbar
    .fix = Einen Ordner mit Schreibrecht wählen oder die Rechte dieses Ordners ändern.
    .cause = Der Ordner gehört einem anderen Benutzer, ist eine Datei oder liegt auf einem vollen oder schreibgeschützten Datenträger.
QIAO-D005 = Für den Simulator ließ sich kein Zertifikat erzeugen: { $reason }.
    .title = Simulator ohne Zertifikat
    .fix = Den Ordner des Simulators löschen und erneut starten.
    .cause = Der Ordner enthält ein beschädigtes Zertifikat eines früheren Laufs oder ist nicht beschreibbar.
QIAO-D006 = Der OPC-UA-Server des Simulators ist nicht gestartet: { $reason }.
    .title = Simulator nicht gestartet
    .fix = Mit --log debug erneut starten und die Zeile vor dieser lesen.
    .cause = Etwas im Ordner des Simulators oder im Netz ist nicht so, wie der Server es braucht.
QIAO-D007 = Ein Benutzer braucht ein Passwort, die Umgebungsvariable QIAO_SIMULATOR_PASSWORD ist aber nicht gesetzt.
    .title = Benutzer ohne Passwort
    .fix = QIAO_SIMULATOR_PASSWORD setzen oder --user weglassen.
    .cause = `--user` wurde angegeben; das Passwort kommt nicht aus der Befehlszeile, wo andere es lesen könnten.
simulate-started = Die simulierten Maschinen { $machines } sind unter { $url } erreichbar
simulate-load = Außerdem ändern sich { $variables } einfache Variablen, jede { $rate }-mal je Sekunde.
simulate-device = Das simulierte NC-Link-Gerät { $device } ist am Broker { $broker }: Es meldet sich an, sendet jede Sekunde Abtastwerte und antwortet.
simulate-device-set = Sein Vorschub-Override (0 bis 150) lässt sich mit einer Nachricht an Set/Request/{ $device } setzen: {"{"}"@id":"1","values":[{"{"}"id":"010305","params":{"{"}"value":80{"}"}{"}"}]{"}"}
simulate-browse = Durchsuchen mit jedem OPC-UA-Client, zum Beispiel: uals -u { $url } -p "0:Objects,3:Machines"
simulate-certificate = Gesicherte Endpunkte: Basic256Sha256 und Aes256Sha256RsaPss; das Zertifikat liegt in { $folder }/own.
simulate-mistakes = Nach 20 Sekunden und dann einmal je Minute ist ein Wert absichtlich falsch.
simulate-stop = Strg-C beendet die Simulation.
simulate-stopped = Beendet.
QIAO-D010 = Den Port der Seite belegt ein anderes Programm; stattdessen wird ein freier verwendet.
    .title = Port der Seite ist belegt
    .fix = Das andere Programm beenden oder gateway.http ändern, in der qiao.yaml der Demo.
    .cause = Auf diesem Rechner läuft schon ein Gateway, eine Demo oder ein Webserver.
QIAO-D011 = Den Port des eingebauten Brokers belegt ein anderes Programm; stattdessen wird ein freier verwendet.
    .title = Port des Brokers ist belegt
    .fix = Das andere Programm beenden oder den Port hinter mqtt: embedded: ändern, in der qiao.yaml der Demo.
    .cause = Auf diesem Rechner läuft schon ein Broker wie mosquitto oder eine andere Demo.
demo-started = qiao-Demo: eine simulierte Werkzeugmaschine, geprüft, auf MQTT
demo-machine = { "  " }Maschine    { $url }   (mit jedem OPC-UA-Client durchsuchen: uals -u { $url } -p "0:Objects,3:Machines")
demo-broker = { "  " }mitlesen    mosquitto_sub -h { $host } -p { $port } -t '#' -v
demo-line = { "  " }Linie       { $url }   (ein NC-Link-Gerät am Broker, gezeigt als umati-Werkzeugmaschine unter Objects/Machines)
demo-command = { "  " }Befehl      qiao writes send feed-override 80 -c { $config }   (80 wird ausgeführt, 200 abgelehnt; die Demo tut beides von selbst)
demo-commanded = Befehl { $name } = { $value }: { $outcome }
demo-page = { "  " }Seite       { $url }   (auch { $url }metrics und { $url }status)
demo-files = { "  " }Dateien     { $config }   (ändern und neu starten: sie wird nicht überschrieben)
demo-quarantine = { "  " }abgewiesen  qiao quarantine list -c { $config }   (nach 20 Sekunden, dann jede Minute ist ein Wert absichtlich falsch)
demo-stop = { "  " }Ende        Strg-C
demo-stopping = Wird beendet …
demo-stopped = Beendet; alle Ports sind wieder frei.
demo-own-server = Die Konfiguration liest von einem Server, der nicht auf diesem Rechner läuft; darum wird keine Maschine simuliert.
demo-config-head =
    Die Konfiguration der Demo. Sie wird einmal angelegt; ändern Sie, was Sie mögen, und starten Sie qiao demo
    im selben Ordner erneut. Prüfen: qiao check -c qiao-demo/qiao.yaml. Ohne Demo: qiao run -c qiao-demo/qiao.yaml.
demo-config-http = Eine Seite für Menschen unter /, dieselben Angaben als JSON unter /status und für Prometheus unter /metrics.
demo-config-machine =
    Die Maschine: ein OPC-UA-Server. Unter dieser Adresse startet die Demo einen simulierten.
    Setzen Sie die Adresse einer echten Maschine ein, und nichts wird simuliert. Ohne Sicherheit nur, weil die Daten
    diesen Rechner nie verlassen; für eine echte Maschine: security: sign-and-encrypt, danach qiao cert trust.
demo-config-broker =
    Wohin die Nachrichten gehen: der eingebaute Broker. Für Ihren eigenen schreiben Sie stattdessen:
    mqtt: { "{" } broker: "mqtts://broker.example:8883" { "}" }
demo-config-state =
    Je Sekunde eine Nachricht für die ganze Maschine, wie umati-Dashboards sie erwarten, gegen ihr Schema geprüft.
    Was nicht besteht, geht stattdessen in die Quarantäne.
demo-config-process = Einzelne Werte, so schnell sie sich ändern, jeder mit Typ, Qualität und Zeit.
live-item-state = Zustand
live-operation-mode = Betriebsart
live-program = Programm
live-program-state = Programmzustand
live-feed = Vorschub
live-spindle = Spindel
live-rotating = dreht
live-parts = Teile
live-online = online
live-offline = offline
live-connected = verbunden
live-connecting = verbindet
live-lost = getrennt
live-refused = abgelehnt
live-yes = ja
live-no = nein
live-more = … und { $count } weitere Maschinen
live-values = { $count } Werte/s
live-messages = { $count } Nachrichten/s
live-good = gut { $count }
live-quarantined = in Quarantäne { $count }
live-last = zuletzt
demo-config-face =
    Der eigene OPC-UA-Server des Gateways: Was Flows an ihn senden, steht dort als Maschinen zum Durchsehen. Ohne Sicherheit
    nur, weil nichts diesen Rechner verlässt, und nur zum Lesen.
demo-config-line =
    Der andere Weg: Eine simulierte NC-Link-Maschine am Broker erscheint auf diesem Server als umati-Werkzeugmaschine.
demo-config-writes =
    Was befohlen werden darf und in welchen Grenzen; sonst nichts. Zum Ausprobieren:
    qiao writes send feed-override 80     und     qiao writes send feed-override 200
demo-config-senders =
    Wer befehlen darf: hier, wer am eingebauten Broker veröffentlichen darf, den nur dieser Rechner erreicht. In einem Werk
    bekommt jeder Absender einen eigenen Schlüssel.
demo-config-given =
    Was die Maschine der Linie nicht von sich sagt, eine umati-Werkzeugmaschine aber sagen muss.
