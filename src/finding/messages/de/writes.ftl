# Befehle an Maschinen: warum einer abgelehnt wird, und die Aufzeichnung aller.
QIAO-W001 = Der Befehl ist keine lesbare Nachricht: { $fault ->
        [too-long] länger als ein Befehl
        [too-deep] tiefer als ein Befehl
        [too-many] mehr Werte als ein Befehl
        [not-utf-8] kein UTF-8
        [incomplete] sie endet mitten in einem Wert
        [duplicate-name] ein Name steht zweimal in einem Objekt
        [lone-surrogate] ein halbes Surrogatpaar ohne die andere Hälfte
        [number-too-large] eine Zahl außerhalb des Bereichs eines Double
        [name-too-long] ein zu langer Name
       *[unexpected] kein JSON
    }, bei Byte { $at }.
    .title = Befehl nicht lesbar
    .fix = Ein JSON-Objekt senden, jeden Namen einmal; `qiao writes schema NAME` zeigt, wie es aussieht.
    .cause = Die Nachricht wurde von Hand zusammengesetzt, abgeschnitten oder ist größer oder tiefer als ein Befehl.
QIAO-W002 = Ein Befehl hat kein Element `{ $name }`{ $nearest ->
        [none] .
       *[other] ; meinten Sie `{ $nearest }`?
    }
    .title = Unbekanntes Element eines Befehls
    .fix = Weglassen; in einem Befehl wird nichts übergangen, damit kein Versehen unbemerkt bleibt.
    .cause = Der Name ist vertippt oder für ein anderes Programm bestimmt.
QIAO-W003 = Dem Befehl fehlt `{ $name }`.
    .title = Element eines Befehls fehlt
    .fix = Mitsenden; `qiao writes schema NAME` nennt, was da sein muss.
    .cause = Ein Befehl älterer oder anderer Form wurde gesendet.
QIAO-W004 = `{ $name }` ist { $expected ->
        [uuid] keine UUID (8-4-4-4-12 Hexadezimalziffern, nicht nur Nullen)
        [time] keine Zeit nach RFC 3339, nicht feiner als 100 ns
        [milliseconds] keine ganze Zahl von Millisekunden über 0
        [hexadecimal] keine Folge von 64 Hexadezimalziffern
        [guid] keine Guid (8-4-4-4-12 Hexadezimalziffern)
        [base64] keine Bytefolge in Base64 mit Auffüllung
        [localized-text] kein Objekt aus `text` und `locale`
        [object] kein Objekt
        [no-call] bei einem Aufruf nicht möglich: Eine Methode hat keinen Wert zum Vergleichen
       *[text] kein Text
    }.
    .title = Element eines Befehls falsch geschrieben
    .fix = In dieser Form schreiben.
    .cause = Das sendende Programm schreibt es anders.
QIAO-W005 = Der Befehl war beim Broker aufbewahrt (retained): Niemand weiß, wie lange.
    .title = Aufbewahrter Befehl
    .fix = Befehle ohne Retain-Flag veröffentlichen und das Topic mit einer leeren aufbewahrten Nachricht räumen.
    .cause = Ein Testwerkzeug setzte das Flag; der Broker gäbe den Befehl jedem neuen Abonnenten erneut.
QIAO-W006 = Nichts in der Konfiguration erlaubt dies: { $what }.
    .title = Kein Eintrag für den Befehl
    .fix = Einen Eintrag zu `writes` hinzufügen, wenn es erlaubt sein soll. Ohne Eintrag wird nichts geschrieben.
    .cause = Topic, Knoten oder Gerät sind vertippt oder wurden nie erlaubt.
QIAO-W007 = Niemand namens `{ $name }` darf hier befehlen.
    .title = Unbekannter Absender
    .fix = Bei `sender` einen der `senders` nennen; ein Befehl ohne `sender` gilt nur, wo befehlen darf, wer veröffentlichen darf.
    .cause = Der Name ist vertippt, oder der Absender ist auf anderem Weg bekannt, als der Befehl kam.
QIAO-W008 = `{ $name }` signiert seine Befehle, und dieser trägt kein `mac`.
    .title = Befehl nicht signiert
    .fix = Die HMAC-SHA-256 des Befehls als `mac` mitsenden; die Seite „Commands to machines“ zeigt, wie sie entsteht.
    .cause = Ein Programm ohne den Schlüssel sendet unter diesem Namen.
QIAO-W009 = Das `mac` passt nicht zum Befehl und zum Schlüssel von `{ $name }`.
    .title = Falsche Signatur
    .fix = Schlüssel, Namen des Gateways und des Eintrags und die Reihenfolge der Teile vergleichen; Wert und Zeiten zählen Byte für Byte, wie sie in der Nachricht stehen.
    .cause = Der Schlüssel ist ein anderer, oder die Nachricht wurde unterwegs verändert.
QIAO-W010 = `{ $name }` hat keine der Rollen, die dies befehlen dürfen: { $roles }.
    .title = Absender ohne Rolle
    .fix = Dem Absender in `senders` eine dieser Rollen geben, wenn er dies befehlen darf.
    .cause = Der Absender ist für andere Einträge gedacht.
QIAO-W011 = Der Befehl kam { $late } nach seiner Zeit: Er gilt { $ttl }.
    .title = Befehl abgelaufen
    .fix = Mit neuer Kennung erneut senden, wenn er noch gewünscht ist. Nichts wird für später aufgehoben.
    .cause = Netz oder Broker sind langsam, oder die Uhr des Absenders geht nach.
QIAO-W012 = Der Befehl entstand { $ahead } in der Zukunft; erlaubt sind { $skew }.
    .title = Befehl aus der Zukunft
    .fix = Die Uhren des Absenders und dieses Rechners nach einem Zeitserver stellen.
    .cause = Die Uhr des Absenders geht vor, oder sie schreibt Ortszeit als UTC.
QIAO-W013 = Die Uhr dieses Rechners geht um { $off } falsch; erlaubt sind { $skew }. Niemand kann sagen, ob ein Befehl neu ist.
    .title = Auf die Uhr ist kein Verlass
    .fix = Die Uhr stellen. Ging sie vorher falsch und geht nun richtig, das Gateway anhalten und den Ordner `commands` aus seinem Datenverzeichnis wegbewegen.
    .cause = Es gibt keinen Zeitserver, die Uhr wurde nie gestellt oder zurückgestellt.
QIAO-W014 = Der Befehl entstand, bevor dieses Gateway zuhörte oder bevor seine Uhr gestellt wurde.
    .title = Befehl aus der Zeit vor dem Start
    .fix = Mit neuer Kennung erneut senden, wenn er noch gewünscht ist.
    .cause = Der Broker hob den Befehl auf, während das Gateway fort war.
QIAO-W015 = Die Kennung { $id } wurde für einen anderen Befehl benutzt.
    .title = Kennung zweimal benutzt
    .fix = Für jeden Befehl eine neue UUID erzeugen; nur die Wiederholung genau desselben behält sie.
    .cause = Kennungen werden gezählt oder einer Liste entnommen, statt zufällig zu sein.
QIAO-W016 = Der Befehl { $id } wird gerade ausgeführt; das Ergebnis folgt.
    .title = Befehl wird ausgeführt
    .fix = Auf die Antwort zum ersten warten.
    .cause = Die Nachricht wurde doppelt zugestellt, oder der Absender war ungeduldig.
QIAO-W017 = Was dies erlaubte, galt bis { $until }.
    .title = Eintrag abgelaufen
    .fix = Den Eintrag erneut prüfen lassen und ihm einen neuen letzten Tag geben.
    .cause = Die Erlaubnis war befristet.
QIAO-W018 = Die Konfiguration sagt read-only: Nichts wird geschrieben.
    .title = Nur lesend
    .fix = `access: as-listed` unter `gateway` schreiben, wenn Maschinen beschrieben werden dürfen.
    .cause = Das Gateway wurde nur zum Beobachten eingerichtet.
QIAO-W019 = Der örtliche Schalter steht auf aus: An Maschinen wird nichts geschrieben.
    .title = Schreiben abgeschaltet
    .fix = `qiao writes status` sagt, warum; `qiao writes on` an diesem Rechner erlaubt es wieder.
    .cause = Jemand arbeitet an der Maschine, oder etwas ging schief und wurde angehalten.
QIAO-W020 = Der Befehl lässt sich nicht festhalten: Ohne Aufzeichnung wird nichts geschrieben.
    .title = Befehl nicht festgehalten
    .fix = Platz auf der Platte schaffen und prüfen, dass das Datenverzeichnis beschreibbar ist; `qiao audit verify` sagt, wie es um die Aufzeichnung steht.
    .cause = Die Platte ist voll oder defekt.
QIAO-W021 = Zu `{ $connection }` besteht keine Verbindung; kein Befehl wartet darauf.
    .title = Nicht verbunden
    .fix = Mit neuer Kennung erneut senden, wenn die Verbindung wieder besteht.
    .cause = Die Maschine ist aus, oder das Netz ist gestört.
QIAO-W022 = `{ $name }` muss { $expected } sein; es ist { $found ->
        [text] Text
        [number] eine Zahl
        [fraction] eine Zahl mit Bruch oder Exponent
        [boolean] wahr oder falsch
        [array] ein Array
        [object] ein Objekt
       *[null] nichts
    }.
    .title = Wert anderen Typs
    .fix = Genau diesen Typ senden; nichts wird umgewandelt. Ganze Zahlen von 64 Bit über 9007199254740991 werden als Text geschrieben.
    .cause = Das Programm sendet Zahlen als Text oder mit Einheit.
QIAO-W023 = `{ $name }`: { $value } übersteigt, was { $type } fasst.
    .title = Wert übersteigt den Typ
    .fix = Einen Wert im Bereich des Typs senden.
    .cause = Der Wert war für einen weiteren Typ bestimmt.
QIAO-W024 = `{ $name }`: { $type } kann { $value } nicht genau fassen, oder nicht jeder Leser von JSON kann es.
    .title = Wert nicht genau
    .fix = So viele Stellen senden, wie der Typ fasst; ganze Zahlen von 64 Bit über 9007199254740991 als Text.
    .cause = Die Zahl wurde mit mehr Stellen berechnet, als der Typ der Maschine hat.
QIAO-W025 = `{ $name }` muss { $expected } sein; es ist { $found }.
    .title = Wert anderer Form
    .fix = So viele Elemente senden, wie der Eintrag sagt, Zeile für Zeile.
    .cause = Elemente fehlen, oder statt eines Arrays kam ein einzelner Wert.
QIAO-W026 = `{ $name }`: { $value } liegt nicht zwischen { $min } und { $max }.
    .title = Wert außerhalb des Bereichs
    .fix = Einen Wert im Bereich senden.
    .cause = Ein Versehen, eine andere Einheit oder der Versuch, über das Erlaubte hinauszugehen.
QIAO-W027 = `{ $name }`: { $value } liegt auf keiner Stufe von { $step }.
    .title = Wert zwischen zwei Stufen
    .fix = Ein Vielfaches der Stufe senden, vom kleinsten Wert an gezählt.
    .cause = Der Wert wurde berechnet und nicht gerundet.
QIAO-W028 = `{ $name }`: { $value } gehört nicht zu { $known }.
    .title = Wert nicht in der Liste
    .fix = Einen Wert der Liste senden.
    .cause = Die Maschine kennt andere Werte.
QIAO-W029 = `{ $name }` ist { $length } lang; erlaubt sind { $limit }.
    .title = Wert zu lang
    .fix = Einen kürzeren senden oder `max-length` auf das anheben, was die Maschine nimmt.
    .cause = Statt eines Namens wurde eine ganze Datei gesendet.
QIAO-W030 = Von { $present } auf { $value } ist auf einmal weiter als { $most }.
    .title = Änderung zu groß
    .fix = In mehreren Befehlen gehen, jeder innerhalb der erlaubten Änderung.
    .cause = Der Wert ist lange her, oder die Maschine steht anders als gedacht.
QIAO-W031 = Der vorhandene Wert ließ sich nicht lesen oder ist nicht gut ({ $status }): Niemand weiß, was sich ändern würde.
    .title = Vorhandener Wert unbekannt
    .fix = Nachsehen, warum die Maschine den Wert nicht nennt; dann den Befehl mit neuer Kennung erneut senden.
    .cause = Der Sensor oder die Steuerung hinter dem Server ist fort.
QIAO-W032 = Der Befehl erwartet { $expected }, und da ist { $present }.
    .title = Anderer Wert als erwartet
    .fix = Den Wert lesen, neu entscheiden und einen Befehl senden, der ihn erwartet.
    .cause = Jemand anderes hat dazwischen geschrieben.
QIAO-W033 = Jeder Befehl dieses Eintrags muss sagen, welchen Wert er erwartet: `expected` fehlt.
    .title = Nichts erwartet
    .fix = Den zuletzt gesehenen Wert als `expected` senden.
    .cause = Das Programm ist für einen Eintrag gemacht, der es nicht verlangt.
QIAO-W034 = { $node } ist { $present } und muss { $needed } sein.
    .title = Verriegelung
    .fix = Die Maschine in den Zustand bringen, den das Schreiben braucht; dann den Befehl mit neuer Kennung erneut senden.
    .cause = Die Tür ist offen, die Maschine nicht im Automatikbetrieb, oder jemand arbeitet daran.
QIAO-W035 = { $node } ließ sich nicht lesen oder ist nicht gut ({ $status }): Das gilt als Nein.
    .title = Verriegelung unbekannt
    .fix = Nachsehen, warum die Maschine den Wert nicht nennt.
    .cause = Der Sensor oder die Steuerung hinter dem Server ist fort, oder es gibt den Knoten nicht.
QIAO-W036 = Dies wurde so oft befohlen, wie es darf: { $rate }.
    .title = Zu viele Befehle
    .fix = Warten und mit neuer Kennung erneut senden.
    .cause = Ein Programm sendet in einer Schleife, oder zwei teilen sich den Eintrag.
QIAO-W037 = { $node } ist { $found }, und der Eintrag sagt { $expected }.
    .title = Knoten anderen Typs
    .fix = Den Typ schreiben, den der Knoten hat; dann die Grenzen erneut prüfen.
    .cause = Die Software der Maschine wurde geändert, oder der Typ war geraten.
QIAO-W038 = Ein anderer Befehl an dasselbe Ziel wird gerade ausgeführt.
    .title = Ziel beschäftigt
    .fix = Das Ergebnis abwarten, den Wert ansehen und den Befehl mit neuer Kennung erneut senden, wenn er noch gewünscht ist.
    .cause = Zwei Absender befehlen dasselbe.
QIAO-W039 = Ein Befehl dieses Eintrags gilt höchstens { $limit }; dieser sagt { $ttl }.
    .title = Geltungsdauer zu lang
    .fix = `ttl` weglassen oder ein kürzeres senden.
    .cause = Das Programm ist für ein langsames Netz gemacht.
QIAO-W040 = Es sind so viele Kennungen aufbewahrt, wie es sein dürfen, und keine ist alt genug, vergessen zu werden: Eine Wiederholung wäre von einem neuen Befehl nicht zu unterscheiden.
    .title = Zu viele Befehle an einem Tag
    .fix = Die Raten der Einträge senken; uns Bescheid geben, wenn `qiao check` es zuließ.
    .cause = Es wurden mehr Befehle gegeben, als die Raten der Konfiguration erlauben.
QIAO-W041 = Die Maschine hat es nicht angenommen: { $status }.
    .title = Von der Maschine abgelehnt
    .fix = Die Rechte des Benutzers des Gateways am Server und den Zustand der Maschine prüfen.
    .cause = Der Server verbietet diesem Benutzer das Schreiben, oder die Maschine nimmt in ihrem Zustand nichts an.
QIAO-W042 = Das Gateway endete zwischen dem Senden und der Kenntnis des Ergebnisses: Der Befehl wurde ausgeführt oder nicht.
    .title = Ergebnis nach einem Ende unbekannt
    .fix = Die Maschine ansehen, bevor der Befehl erneut gegeben wird.
    .cause = Das Gateway wurde beendet, oder der Strom fiel aus.
QIAO-W043 = Die Variable `{ $node }` auf `{ $face }` hält keine Werte des Typs, den dieser Eintrag erlaubt: Sie lässt sich nicht schreiben.
    .title = Eintrag von anderem Typ als seine Variable
    .fix = Dem Eintrag Typ und Abmessungen geben, die die Variable den Clients zeigt. Eine Variable, die die Nummer eines Wortes zeigt, und ein Objekt lassen sich nicht schreiben.
    .cause = Es wurde der Typ der Maschine genommen; ihr Profil zeigt den Wert in einem anderen.
QIAO-A001 = Das Journal der Befehle lässt sich nicht schreiben: { $error }. An Maschinen wird nichts geschrieben, die Telemetrie läuft weiter.
    .title = Befehle nicht festgehalten
    .fix = Platz auf der Platte schaffen und prüfen, dass das Verzeichnis beschreibbar ist. Es wird von selbst erneut versucht.
    .cause = Die Platte ist voll oder defekt, oder das Verzeichnis gehört einem anderen Benutzer.
QIAO-A002 = Die Aufzeichnung lässt sich nicht lesen: { $error }.
    .title = Aufzeichnung nicht lesbar
    .fix = Als Benutzer des Gateways ausführen oder als jemand, der dessen Datenverzeichnis lesen darf.
    .cause = Das Verzeichnis gehört allein dem Benutzer des Gateways.
QIAO-A003 = Der Schalter lässt sich nicht stellen: { $error }. Er steht wie zuvor.
    .title = Schalter nicht gestellt
    .fix = Als Benutzer des Gateways ausführen; zur Not die Datei von Hand anlegen: Solange sie da ist, wird nichts geschrieben.
    .cause = Das Datenverzeichnis gehört dem Benutzer des Gateways, oder die Platte ist voll.
QIAO-A004 = In `writes` gibt es keinen Eintrag `{ $name }`. { $nearest ->
        [none] Bekannt: { $known }.
       *[other] Meinten Sie `{ $nearest }`?
    }
    .title = Unbekannter Eintrag
    .fix = Einen nennen von: { $known }.
    .cause = Der Name ist vertippt, oder eine andere Konfiguration ist gemeint.
QIAO-A010 = Der Eintrag ist nicht, was geschrieben wurde: Seine Prüfsumme passt nicht.
    .title = Eintrag der Aufzeichnung verändert
    .fix = Das Verzeichnis unverändert sichern und klären, wer es beschreiben konnte. Das Gateway macht hinter der Stelle weiter.
    .cause = Jemand hat die Datei bearbeitet, oder die Platte hat ein Bit verloren.
QIAO-A011 = Vor diesem fehlen die Einträge { $first } bis { $last }.
    .title = Einträge der Aufzeichnung fehlen
    .fix = Das Verzeichnis unverändert sichern und klären, wer es beschreiben konnte. Das Gateway macht hinter der Stelle weiter.
    .cause = Sie wurden entfernt oder verändert, oder ein Abschnitt wurde gelöscht.
QIAO-A012 = Eintrag { $seq } steht hier noch einmal, wo { $expected } folgt.
    .title = Eintrag der Aufzeichnung wiederholt
    .fix = Das Verzeichnis unverändert sichern und klären, wer es beschreiben konnte. Das Gateway macht hinter der Stelle weiter.
    .cause = Eine Zeile oder ein Abschnitt wurde hineinkopiert.
QIAO-A013 = Eintrag { $seq } steht hier, wo { $expected } folgt: Er wurde verschoben.
    .title = Eintrag der Aufzeichnung verschoben
    .fix = Das Verzeichnis unverändert sichern und klären, wer es beschreiben konnte. Das Gateway macht hinter der Stelle weiter.
    .cause = Zeilen wurden umgestellt.
QIAO-A014 = Eintrag { $seq } folgt nicht auf den vor ihm.
    .title = Kette der Aufzeichnung gebrochen
    .fix = Das Verzeichnis unverändert sichern und klären, wer es beschreiben konnte. Das Gateway macht hinter der Stelle weiter.
    .cause = Einer der beiden wurde durch einen anderen mit eigener Prüfsumme ersetzt.
QIAO-A015 = Die Aufzeichnung beginnt mit Eintrag { $first }, und nichts sagt, dass die davor abgelegt wurden.
    .title = Anfang der Aufzeichnung fehlt
    .fix = Das Verzeichnis unverändert sichern und klären, wer es beschreiben konnte. Das Gateway macht hinter der Stelle weiter.
    .cause = Der älteste Abschnitt wurde von Hand gelöscht.
QIAO-A016 = Die Aufzeichnung endet mit Eintrag { $last }, und { $told } wurde geschrieben: Ihr Ende wurde abgeschnitten.
    .title = Ende der Aufzeichnung fehlt
    .fix = Das Verzeichnis unverändert sichern und klären, wer es beschreiben konnte. Das Gateway macht hinter der Stelle weiter.
    .cause = Die letzten Zeilen oder der letzte Abschnitt wurden gelöscht.
QIAO-A017 = Eintrag { $seq } ist nicht der des angegebenen Zeichens.
    .title = Zeichen passt nicht
    .fix = Das Verzeichnis unverändert sichern und klären, wer es beschreiben konnte. Das Gateway macht hinter der Stelle weiter.
    .cause = Die Aufzeichnung wurde neu geschrieben, oder das Zeichen stammt von einem anderen Gateway.
QIAO-A018 = Eintrag { $seq } ist inzwischen abgelegt: Das Zeichen lässt sich nicht vergleichen.
    .title = Zeichen zu alt
    .fix = Ein neueres Zeichen angeben oder `audit` unter `limits` anheben.
    .cause = Die Aufzeichnung hält nicht mehr, als sie darf.
QIAO-A019 = `{ $name }` nimmt Befehle von keinem Topic an: Nur solche lassen sich von hier senden.
    .title = Eintrag ohne Topic
    .fix = Auf dem Weg befehlen, den sein `from` nennt: als Client des OPC-UA-Servers oder mit einem Set/Request von NC-Link.
    .cause = Der Eintrag hat `nc-link-request` oder kommt vom eigenen Server des Gateways.
QIAO-A020 = Niemand, der von hier aus erkennbar ist, darf `{ $name }` befehlen: Das dürfen { $roles }.
    .title = Kein Absender für einen Befehl
    .fix = Einen mit `--sender` nennen, oder einem Absender einen Schlüssel und eine dieser Rollen geben: { $roles }.
    .cause = Die Absender mit diesen Rollen sind Benutzer des OPC-UA-Servers oder an einem anderen Broker bekannt.
QIAO-A021 = Auf den Befehl { $id } hat niemand rechtzeitig geantwortet. Ob er ausgeführt wurde, ist nicht bekannt.
    .title = Befehl ohne Antwort
    .fix = Die Maschine und `qiao audit show` ansehen; nicht einfach noch einmal senden. Läuft das Gateway, und mit dieser Konfiguration?
    .cause = Das Gateway läuft nicht, der Broker lässt niemanden antworten, oder eine andere Konfiguration ist gemeint.

audit-whole = { $records ->
        [one] ein Eintrag
       *[other] { $records } Einträge
    }, ab { $first }; Zeichen des Endes, anderswo aufzubewahren: { $mark }
audit-empty = kein Eintrag: Hier wurde nichts befohlen
audit-before = wird gesendet
audit-after = beendet
audit-refused = abgelehnt
audit-refused-more = weitere abgelehnt
audit-started = Gateway gestartet
audit-stopped = Gateway beendet
audit-switched-off = Schreiben abgeschaltet
audit-switched-on = Schreiben angeschaltet
audit-dropped = älteste Einträge abgelegt
audit-broken = Einträge davor fehlen
audit-journal-damaged = das Journal der Befehle ist beschädigt
audit-value = Wert
audit-present = vorhanden
audit-expected = erwartet
audit-reason = Grund
audit-configuration = Konfiguration
audit-count = Anzahl
audit-code = Code
audit-last = bis
audit-outcome-done = ausgeführt
audit-outcome-refused = abgelehnt
audit-outcome-unknown = unbekannt
writes-on = Der Schalter steht auf an: Was die Konfiguration erlaubt, wird geschrieben. `qiao writes off` legt { $file } an.
writes-off = Der Schalter steht auf aus: Nichts wird geschrieben, solange { $file } da ist. { $reason }
writes-read-only = Die Konfiguration sagt read-only: Nichts wird geschrieben.
