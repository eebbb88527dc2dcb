QIAO-V201 = Zwei Knoten würden dieses Feld von { $machine } in { $profile } füllen: { $nodes }. Es bleibt leer; welcher gemeint ist, wird nicht geraten.
    .title = Zwei Knoten für ein Feld
    .fix = `select` des Datenflusses so eingrenzen, dass einer der Knoten übrig bleibt, oder im Mapping des Profils den Namensraum nennen.
    .cause = Die Maschine hat zwei Knoten mit gleichem Pfad in verschiedenen Namensräumen, oder zwei ihrer Teile passen zum Mapping.
QIAO-V202 = { $machine } hat keinen Knoten für dieses Pflichtfeld von { $profile }: `{ $path }` fehlt oder ist nicht ausgewählt.
    .title = Pflichtknoten fehlt
    .fix = Den Knoten im Server ergänzen, ihn im Datenfluss auswählen oder ein Profil nehmen, das die Maschine spricht.
    .cause = Der Hersteller hat den Knoten weggelassen, der Maschine fehlt die Option, oder `select` erfasst ihn nicht.
QIAO-V203 = { $count } ausgewählte Knoten von { $machine } haben in { $profile } keinen Platz und werden nicht veröffentlicht, etwa `{ $example }`.
    .title = Knoten ohne Feld
    .fix = Sie aus `select` nehmen oder dem Datenfluss das Profil core/data-set-message@1.0 hinzufügen, das jeden Knoten aufnimmt.
    .cause = `select` nimmt ganze Zweige, in denen auch Werte des Herstellers liegen, die das Profil nicht kennt.
QIAO-V204 = Der Knoten { $node } von { $machine } kann in { $profile } hier nicht stehen: Ein anderes Feld hat diesen Platz oder umschließt ihn.
    .title = Platz ist belegt
    .fix = Tragen zwei Knoten denselben Browse-Pfad, einen davon über die NodeId auswählen; sonst das Mapping des Profils berichtigen.
    .cause = Zwei Knoten tragen denselben Browse-Pfad, oder der eine ist ein Wert, wo der andere eigene Angaben hat.
QIAO-V205 = { $machine } und { $other } würden beide { $id } heißen. Eine Maschine, die schon läuft, läuft weiter; die anderen werden abgewiesen.
    .title = Zwei Maschinen mit einer Id
    .fix = Jeder einen eigenen Namen geben: `machines: - match: NODE-ID` mit `name: NAME`, und mit `connection: NAME`, wo zwei Server gleiche NodeIds haben.
    .cause = Zwei Server nennen ihre Maschine gleich, meist nach der Voreinstellung des Herstellers.
QIAO-V206 = { $machine } und { $other } würden beide auf { $topic } veröffentlichen. Eine Maschine, die schon läuft, läuft weiter; die anderen werden abgewiesen.
    .title = Zwei Maschinen mit einem Topic
    .fix = `{"{machine}"}`, `{"{flow}"}` oder `{"{profile}"}` in das `topic` des Datenflusses setzen oder den Maschinen unter `machines:` verschiedene Namen geben.
    .cause = Im Topic des Datenflusses unterscheidet kein Platzhalter diese Maschinen, Datenflüsse oder Profile.
QIAO-V207 = Aus `{ $template }` lässt sich für { $machine } kein Topic bilden: { $reason }. Die Maschine wird abgewiesen, ihre Nachbarn laufen.
    .title = Topic nicht möglich
    .fix = Das `topic` des Datenflusses berichtigen oder der Maschine unter `machines:` einen kürzeren Namen geben.
    .cause = Der Name der Maschine enthält Zeichen, die in einem Topic nicht stehen können, oder das Ganze wird zu lang.
QIAO-V208 = Das Topic `{ $template }` verlangt { $places } von { $machine }, und niemand hat es angegeben; die Ebene lautet `%_`.
    .title = Ort nicht bekannt
    .fix = Der Maschine unter `machines:` ein `location:` geben oder die Ebene aus dem Topic nehmen.
    .cause = Das Topic nennt einen Ort wie Halle oder Linie, und die Maschine sagt nicht, wo sie steht.
QIAO-V209 = Keiner der { $count } ausgewählten Knoten von { $machine } füllt ein Feld von { $profile }; sie veröffentlicht nichts.
    .title = Nichts zu veröffentlichen
    .fix = `each` und `select` des Datenflusses prüfen, und ob die Maschine dieses Profil spricht; `qiao profile show PROFIL` zeigt dessen Felder.
    .cause = Die Maschine spricht eine andere Companion Specification, oder `each` findet einen Knoten über oder unter der Maschine selbst.
QIAO-V210 = Nach { $seconds } s haben { $count } Pflichtfelder von { $machine } weder Wert noch Status: { $fields }. Die erste Nachricht nach { $profile } geht ohne sie hinaus, wenn das Schema es zulässt.
    .title = Erste Nachricht unvollständig
    .fix = Prüfen, ob der Server diese Knoten liefert: Zugriffsrechte, Abtastung, die Maschine dahinter.
    .cause = Die Maschine hinter dem laufenden Server ist aus, oder der Benutzer darf die Knoten sehen, aber nicht lesen.
QIAO-V211 = Nach { $seconds } s haben { $count } optionale Felder von { $machine } weder Wert noch Status: { $fields }. Die erste Nachricht nach { $profile } geht ohne sie hinaus.
    .title = Optionale Felder schweigen
    .fix = Es ist nichts zu tun; sie folgen, sobald der Server sie liefert.
    .cause = Die Maschine hat die Knoten, füllt sie aber nur während der Produktion.
QIAO-V212 = { $pointer } von { $machine } hat jetzt schlechte Qualität ({ $status }, Knoten { $node }). { $profile } hat keinen Platz für Qualität: Der Wert ist null oder entfällt.
    .title = Wert hat schlechte Qualität
    .fix = Die Ursache an der Maschine suchen. Ein Profil mit Qualität, etwa core/data-set-message@1.0, gäbe den Status weiter.
    .cause = Ein Sensor oder eine Steuerung hinter dem Server ist ausgefallen, oder die Maschine wurde ausgeschaltet.
QIAO-V213 = Die Quellzeit von { $pointer } von { $machine } (Knoten { $node }) ist auffällig: { $kind ->
        [missing] sie fehlt
        [1601] sie liegt im Jahr 1601 oder davor, die Uhr wurde nie gestellt
        [9999] sie liegt im Jahr 9999
        [future] sie ist unserer Uhr mehr als eine Minute voraus
        [backwards] sie liegt vor der des vorigen Werts
       *[other] { $kind }
    }. Sie geht unverändert weiter.
    .title = Auffällige Quellzeit
    .fix = Die Uhr der Maschine stellen, oder für die Verbindung `time: server`, `arrival` oder einen Versatz wählen; die Nachrichten sagen es dann.
    .cause = Die Uhr der Steuerung wurde nie gestellt, steht auf Ortszeit, oder der Server gibt keine eigene Zeit an.
QIAO-V214 = Ein Stapel von { $values } Werten einer früheren Sitzung wurde abgewiesen: Wozu die Werte gehören, ist nicht mehr bekannt.
    .title = Stapel einer früheren Sitzung
    .fix = Es ist nichts zu tun; die neue Sitzung liest alles noch einmal.
    .cause = Werte waren noch unterwegs, als die Sitzung endete und eine neue begann.
QIAO-V220 = { $pointer } von { $machine } verletzt { $profile } (Regel { $rule }): { $reason } Das Feld entfällt, bis ein neuer Wert kommt, und liegt in Quarantäne; der Rest der Nachricht geht hinaus.
    .title = Feld ausgelassen
    .fix = `qiao quarantine list` und `show` zeigen Wert und Regel; den Wert am Knoten { $node } berichtigen.
    .cause = Ein Wert passt nicht zum Profil: falsche Einheit oder Skalierung, ein Zustand des Herstellers oder ein gestörter Sensor.
QIAO-V221 = Eine Nachricht von { $machine } verletzt { $profile } bei { $pointer } (Regel { $rule }): { $reason } Sie liegt in Quarantäne.
    .title = Nachricht in Quarantäne
    .fix = `qiao quarantine list` und `show` zeigen Nachricht und Regel; den Wert an seiner Quelle berichtigen oder das Profil wählen, das die Maschine spricht.
    .cause = Die Nachricht als Ganzes passt nicht zum Profil, meist weil eine Pflichtangabe fehlt.
QIAO-V222 = { $pointer } von { $machine } verletzt { $profile } (Regel { $rule }): { $reason } Der Wert wird verworfen und gezählt; der Rest der Nachricht geht hinaus.
    .title = Feld verworfen
    .fix = Den Wert am Knoten { $node } berichtigen. `on-violation: quarantine` würde ihn aufheben.
    .cause = Ein Wert passt nicht zum Profil, und `on-violation: reject` bewahrt keine Kopie auf.
QIAO-V223 = Eine Nachricht von { $machine } verletzt { $profile } bei { $pointer } (Regel { $rule }): { $reason } Sie wird verworfen und gezählt.
    .title = Nachricht verworfen
    .fix = Den Wert an seiner Quelle berichtigen. `on-violation: quarantine` würde die Nachricht aufheben.
    .cause = Die Nachricht als Ganzes passt nicht zum Profil, und `on-violation: reject` bewahrt keine Kopie auf.
QIAO-V224 = Eine Nachricht von { $machine } verletzt { $profile } bei { $pointer } (Regel { $rule }): { $reason } Sie wird trotzdem veröffentlicht, wie `on-violation: mark` es will.
    .title = Nachricht mit Vermerk veröffentlicht
    .fix = Den Wert an seiner Quelle berichtigen. `on-violation: quarantine` hielte solche Nachrichten von den Lesern fern.
    .cause = Die Nachricht passt nicht zum Profil, und der Datenfluss soll solche Nachrichten markiert veröffentlichen.
QIAO-V225 = Der Wert von { $pointer } von { $machine } (Knoten { $node }) lässt sich nicht schreiben: { $reason }. Er entfällt; der Rest der Nachricht geht hinaus.
    .title = Wert nicht darstellbar
    .fix = Den Knoten aus `select` nehmen und den Datentyp des Werts melden.
    .cause = Der Wert ist eine Struktur ohne Beschreibung, zu tief verschachtelt oder zu lang für eine Nachricht.
QIAO-V230 = Noch { $count }-mal: { $text }
    .title = Dasselbe noch einmal
    .fix = `qiao explain { $code }` sagt, was zu tun ist.
    .cause = Derselbe Fehler kommt mit jeder Nachricht; er wird einmal gemeldet und dann gezählt.
QIAO-V231 = { $count } weitere Befunde dieser Quelle werden nicht einzeln gezeigt: zu viele verschiedene auf einmal. Sie sind gezählt.
    .title = Zu viele Befunde
    .fix = Mit den gezeigten beginnen; die Zähler des Datenflusses enthalten alle.
    .cause = Eine Maschine ist für ihr Profil nicht eingerichtet, sodass sehr viele Felder zugleich falsch sind.
QIAO-V240 = Der Server hat diese Maschine nicht mehr.
    .title = Maschine ist weg
    .fix = Den Adressraum des Servers prüfen; die Maschine kommt von selbst wieder, sobald sie gefunden wird.
    .cause = Die Maschine wurde entfernt oder umbenannt, oder das Programm der Steuerung wurde neu geladen.
QIAO-V241 = Das Gateway wurde beendet.
    .title = Gateway beendet
    .fix = Es wieder starten.
    .cause = Jemand hat den Dienst beendet, oder der Rechner wurde heruntergefahren.
QIAO-V242 = Die neueste Nachricht von { $machine } konnte nicht veröffentlicht werden: Sie verletzt { $profile }. Was auf { $topic } gespeichert (retained) lag, ist zurückgenommen, bis eine gültige folgt; niemand soll es als den jetzigen Zustand lesen.
    .title = Gespeicherter Zustand zurückgenommen
    .fix = Siehe den Eintrag in der Quarantäne (`qiao quarantine list`); der Zustand kommt mit der nächsten gültigen Nachricht von selbst wieder.
    .cause = Eine Nachricht auf einem Topic mit Retain verletzt ihr Profil; die alte würde weiter als aktueller Zustand gelesen.
QIAO-V243 = Die Quelle dieser Maschine ist im Gateway ausgefallen und wird neu gestartet.
    .title = Quelle ausgefallen
    .fix = Nichts, wenn sie wiederkommt; sonst das Log um QIAO-R001 melden.
    .cause = Ein Fehler von qiao hat den Teil beendet, der diese Quelle liest; QIAO-R001 nennt ihn.
QIAO-V244 = Die Quelle fiel aus, als { $values } ihrer Werte noch in keiner Nachricht waren; sie sind verloren und gezählt.
    .title = Werte mit ihrer Quelle verloren
    .fix = Das Log um QIAO-R001 melden; die neue Sitzung liest jeden Wert noch einmal.
    .cause = Ein Fehler von qiao hat den Teil beendet, der diese Quelle liest, während Werte zu Nachrichten zusammengesetzt wurden.
QIAO-V260 = { $machine }: { $pointer } lässt sich in { $target } nicht ausdrücken: { $reason }.
    .title = Wert ohne Entsprechung
    .fix = Nichts, wenn der Empfänger darauf verzichten kann. Sonst unter `machines:` einen Wert für das Feld angeben oder die Zuordnung des Profils erweitern.
    .cause = Der andere Standard hat für diesen Wert kein Wort, keinen Platz oder keine Einheit; geraten wird nichts.

QIAO-V261 = { $machine }: Ein Wert von { $pointer } { $kind ->
        [missing] hat keine Quellzeit
        [late] ist älter als die schon gesendeten Zeilen
       *[ahead] liegt weiter in der Zukunft, als das Zeitraster reicht
    }; er gilt { $kind ->
        [late] ab der ersten noch nicht gesendeten Zeile
       *[other] ab seiner Ankunft
    }.
    .title = Zeit eines Abtastwerts passt nicht ins Raster
    .fix = { $kind ->
        [missing] Für die Verbindung `time: server` oder `time: arrival` wählen.
        [late] Das Publishing-Intervall kürzer wählen als das Sendeintervall des Kanals.
       *[ahead] Die Uhr der Maschine richtig stellen.
    }
    .cause = Der Server gibt keine Quellzeit an, der Wert war lange unterwegs, oder die Uhr der Maschine geht falsch.

QIAO-V262 = { $machine }: Nichts, was die Quelle nennt, füllt { $count ->
        [one] ein Pflichtfeld
       *[other] { $count } Pflichtfelder
    } von { $profile }: { $fields }.
    .title = Pflichtfelder ohne Quelle
    .fix = Die Werte in einer Tabelle angeben (`bind` unter `machines:`) oder mit `on-violation: mark` veröffentlichen; ohne sie werden Nachrichten abgewiesen.
    .cause = Die Quelle sagt weniger, als das veröffentlichte Profil verlangt; was fehlt, wird nicht erfunden.

QIAO-V265 = Die Verbindung des Gateways zu diesem Broker ging ohne Abschied verloren.
    .title = Gateway verloren
    .fix = Nachsehen, ob das Gateway läuft (`qiao status`), und das Netz zwischen ihm und dem Broker prüfen. Es meldet sich von selbst wieder.
    .cause = Das Gateway oder sein Rechner fiel aus oder das Netz zwischen ihm und dem Broker.

QIAO-V250 = Eine Nachricht auf { $topic } ist für { $flow } nicht lesbar: { $reason } Sie liegt in der Quarantäne.
    .title = Nachricht nicht lesbar
    .fix = Mit `qiao quarantine list` ansehen; den Absender berichtigen oder `decode` des Datenflusses.
    .cause = Dort veröffentlicht ein anderer Sender, oder `decode` passt nicht zu dem, was kommt.
QIAO-V251 = Eine Nachricht auf { $topic } ist für { $flow } nicht lesbar: { $reason } Sie wurde abgewiesen.
    .title = Nachricht als unlesbar abgewiesen
    .fix = Den Absender berichtigen oder `decode` des Datenflusses; mit `on-violation: quarantine` würde sie aufbewahrt.
    .cause = Dort veröffentlicht ein anderer Sender, oder `decode` passt nicht zu dem, was kommt.
QIAO-V252 = Die Zahl an { $pointer } hat Stellen, die kein Double fasst; sie wird unverändert als Text weitergegeben.
    .title = Zahl als Text behalten
    .fix = Es muss nichts getan werden. Sind die Stellen nicht gemeint, soll der Absender runden.
    .cause = Der Sender schreibt mehr als 17 Stellen oder eine ganze Zahl über 64 Bit.
QIAO-V253 = Die Nachricht hat an { $member } keine brauchbare Zeit: { $fault ->
        [missing] das Element fehlt
        [kind] es ist nicht der Text oder die Zahl, die `format` verlangt
       *[form] es ist nicht so geschrieben, wie `format` sagt
    }. Ihre Werte tragen keine Quellzeit; es wird keine erfunden.
    .title = Zeit der Nachricht fehlt
    .fix = `time` des Datenflusses berichtigen oder den Absender die Zeit angeben lassen.
    .cause = Der Sender hat keine Uhr, nennt das Element anders oder schreibt die Zeit in anderer Form.
QIAO-V254 = Die Nachricht auf { $topic } verletzt { $profile } an { $pointer }: { $reason } Sie liegt in der Quarantäne (Regel { $rule }).
    .title = Nachricht verletzt ihr Profil
    .fix = Den Absender berichtigen; `qiao quarantine list` zeigt die Nachricht und jede verletzte Regel.
    .cause = Der Sender hat einen Fehler oder spricht eine andere Fassung des Profils.
QIAO-V255 = Die Nachricht auf { $topic } verletzt { $profile } an { $pointer }: { $reason } Sie wurde abgewiesen (Regel { $rule }).
    .title = Nachricht abgewiesen
    .fix = Den Absender berichtigen; mit `on-violation: quarantine` würde die Nachricht aufbewahrt.
    .cause = Der Sender hat einen Fehler oder spricht eine andere Fassung des Profils.
QIAO-V256 = Die Nachricht auf { $topic } verletzt { $profile } an { $pointer }: { $reason } Sie wurde trotzdem unverändert weitergegeben (Regel { $rule }).
    .title = Nachricht mit Verletzung weitergegeben
    .fix = Den Absender berichtigen; mit `on-violation: quarantine` würde die Nachricht zurückgehalten.
    .cause = Der Sender hat einen Fehler, und der Datenfluss sagt `on-violation: mark`.
QIAO-V257 = Es ist nicht { $expected ->
        [number] genau eine Zahl, wie JSON sie schreibt
       *[boolean] true, false, 1 oder 0
    }.
    .title = Nicht der erwartete Wert
    .fix = Den Absender berichtigen oder `decode` des Datenflusses.
    .cause = Der Sender hängt eine Einheit an oder schreibt ein Wort, wo ein einfacher Wert erwartet wird.
QIAO-V258 = Sie ist leer: Das nimmt eine aufbewahrte Nachricht zurück und sagt nichts über einen Wert.
    .title = Leere Nachricht
    .fix = War ein Wert gemeint, soll der Absender ihn schreiben; sonst muss nichts getan werden.
    .cause = Jemand hat eine Retained Message gelöscht.
QIAO-V270 = Eine Anfrage an das NC-Link-Gerät { $machine } ist nicht lesbar: { $reason }. Sie wird nicht beantwortet.
    .title = NC-Link-Anfrage nicht lesbar
    .fix = Die sendende Anwendung berichtigen; Anfragen sind JSON-Objekte von höchstens 256 KiB.
    .cause = Eine Anwendung schreibt kein JSON, kürzt ihre Nachrichten oder fragt auf einmal nach mehr, als gelesen wird.
QIAO-V271 = Keine Anwendung hat die Registrierung des NC-Link-Geräts { $machine } beantwortet. Seine Daten werden trotzdem veröffentlicht; es registriert sich alle { $seconds } s erneut.
    .title = Niemand beantwortet die Registrierung
    .fix = Soll eine Anwendung die Maschine kennen, diese an diesem Broker starten und auf { $topic } antworten lassen; sonst muss nichts getan werden.
    .cause = Keine NC-Link-Anwendung ist verbunden, oder sie nimmt Geräte an, ohne zu antworten.
QIAO-V272 = Eine Anwendung lehnt die Registrierung des NC-Link-Geräts { $machine } ab: { $reason }
    .title = Registrierung abgelehnt
    .fix = Das Gerät dort unter genau dieser Kennung anlegen oder der Maschine die dort angelegte Kennung geben (`machines:`, `name`).
    .cause = Die Anwendung kennt nur Geräte, die vorher angelegt wurden.
QIAO-V273 = { $path } benennt kein Datenelement des NC-Link-Geräts { $machine } oder eines, das schon ein anderes Feld füllt. Das Gerätemodell lässt es weg.
    .title = Elementpfad nicht brauchbar
    .fix = `to` dieses Feldes im Mapping des Profils berichtigen.
    .cause = Zwei Felder des Mappings haben denselben Pfad, oder ein Pfad ist leer oder zu lang.
QIAO-V274 = Ereignisse von { $machine }, die keine Alarme sind oder einen früheren Zustand betreffen, haben in { $profile } keinen Platz.
    .title = Ereignisse ohne Platz
    .fix = Werden sie gebraucht, in einem eigenen Datenfluss ohne `publish-as` übernehmen; sonst ist nichts zu tun.
    .cause = Der Server meldet neben Alarmen auch Meldungen und frühere Zustände; das veröffentlichte Profil nennt, was jetzt ansteht.
QIAO-V275 = Bei { $machine } stehen mehr als { $limit } Alarme zugleich an; was darüber hinausgeht, wird nicht gemeldet.
    .title = Zu viele Alarme
    .fix = Klären, warum die Maschine so viele meldet; `min-severity` unter `events` lässt Unwichtiges weg.
    .cause = Eine Maschine meldet Zustände als Alarme oder nimmt Alarme nie zurück.
QIAO-V280 = Abtastwerte des Kanals { $channel } sagen nicht, welche Elemente ihre Spalten sind, und das Gerätemodell sagt es auch nicht; sie werden nicht übernommen.
    .title = Sample ohne Pfade
    .fix = Den Adapter `paths` senden lassen, oder `Probe/Query/Request` mit einem Modell beantworten, das den Kanal enthält.
    .cause = Ein älterer Adapter überlässt die Pfade dem Gerätemodell.
QIAO-V281 = Die Zeit bei { $pointer } ist ohne führende Nullen geschrieben, wie es das klassische umati-Gateway tut; sie wird so gelesen, wie sie gemeint ist.
    .title = Zeit in klassischer Schreibweise
    .fix = Es ist nichts zu tun. Ein neueres Gateway schreibt Zeiten nach RFC 3339.
    .cause = Das klassische umati-Gateway schreibt `2024-1-5T9:3:7:45Z`; die letzte Zahl sind Millisekunden.
QIAO-V282 = { $device } hat kein Modell genannt: { $why ->
        [refused] Es weist die Frage ab ({ $reason })
        [other] die Antwort handelt von mehreren anderen Geräten
       *[missing] die Antwort enthält keines
    }.
    .title = Kein Gerätemodell
    .fix = Den Adapter berichtigen. Abtastwerte mit Pfaden werden trotzdem übernommen; was nur das Modell sagt (Hersteller, Einheiten), fehlt.
    .cause = Der Adapter antwortet für ein anderes Gerät oder darf sein Modell nicht nennen.
QIAO-V283 = { $device } zählt { $pointer } in `{ $unit }`; diese Einheit ist hier nicht bekannt, die Zahlen werden nicht umgerechnet.
    .title = Unbekannte Einheit eines Elements
    .fix = Im Modell eine Einheit der Norm nennen, etwa mm/min.
    .cause = Der Adapter schreibt die Einheit auf eigene Weise.
QIAO-V284 = Es ist kein JSON-Objekt.
    .title = Kein Objekt
    .fix = Den Absender oder `each: topic` des Datenflusses berichtigen.
    .cause = Auf diesem Topic läuft eine andere Art von Nachricht, etwa eine Liste oder ein einfacher Wert.

QIAO-V350 = An `{ $pointer }`, wo ihre Daten stehen sollten, steht nichts.
    .title = Hülle ohne Daten
    .fix = Den Absender oder `envelope: data` des Datenflusses berichtigen.
    .cause = Auf diesem Topic läuft eine andere Art von Nachricht, oder der Absender hat seine Form geändert.
QIAO-V351 = Was an `{ $pointer }` steht, ist keine Liste von Datensätzen.
    .title = Keine Liste von Datensätzen
    .fix = Den Absender oder `envelope: records` des Datenflusses berichtigen.
    .cause = Der Absender gibt einen Datensatz allein, oder nennt die Liste anders.
QIAO-V352 = Ein Datensatz sagt an `{ $member }` nichts, oder etwas, das kein Name ist.
    .title = Einem Datensatz fehlt, was er braucht
    .fix = Den Absender oder den Zeiger in `envelope` des Datenflusses berichtigen. Die anderen Datensätze der Nachricht gingen weiter.
    .cause = Der Absender hat das Element weggelassen, oder gibt als Namen eine Bruchzahl, eine Liste oder einen leeren Text.
QIAO-V353 = Was an `{ $pointer }` steht, ist kein { $form ->
        [base64] Base64
       *[text] Text
    }, der Daten enthält.
    .title = Daten anders geschrieben als erwartet
    .fix = Den Absender oder `envelope: written-as` des Datenflusses berichtigen.
    .cause = Manche Absender verpacken ihre Daten als JSON-Wert, manche als Text, manche als Base64.
QIAO-V354 = Mehr als { $limit } Zustandsmeldungen von { $machine } sollen zugleich gehalten werden; weitere haben kein Topic.
    .title = Zu viele Zustandsmeldungen
    .fix = Mit `events: types` oder `min-severity` weniger davon nehmen, oder nachsehen, warum der Server so viele hält; core/event meldet alle.
    .cause = Der Server legt je Vorfall eine Zustandsmeldung an, oder niemand quittiert sie.
