# `qiao selftest`: das Fehlerlabor auf dem eigenen Rechner.
QIAO-L001 = Der Selbsttest war nicht möglich: { $error }.
    .title = Selbsttest nicht möglich
    .fix = Den Grund ansehen: Nötig sind freie Ports auf Loopback, Platz im temporären Ordner und einige hundert MiB Arbeitsspeicher. Danach `qiao selftest` erneut starten.
    .cause = Auf diesem Rechner werden Quelle, Broker, Verbraucher und Gateway gestartet; eines davon startete nicht oder antwortete nicht rechtzeitig.
QIAO-L002 = Dieser Fehler wurde nicht wie versprochen überstanden: { $missing } Wertestrecken fehlen ohne Meldung, { $wrong } weitere Dinge sind falsch, { $gaps } Lücken wurden gemeldet.
    .title = Selbsttest: Versprechen nicht gehalten
    .fix = `qiao selftest --fault` mit diesem Fehler auf einem unbelasteten Rechner wiederholen. Tritt er wieder auf, sich nicht auf diese Installation verlassen und die Ausgabe von `--json` melden.
    .cause = Diese Version hat einen Fehler, oder der Rechner ist so langsam oder so voll, dass Zeiten oder Grenzen nicht reichten.
selftest-begins = { $count ->
    [one] Ein Fehler
   *[other] { $count } Fehler
}, einer nach dem anderen, an einem Gateway auf diesem Rechner: Quelle und Broker sind simuliert, Gateway, Zwischenspeicher und Prozess sind echt.
selftest-setting-up = Quelle, Broker, Verbraucher und Gateway werden aufgebaut
selftest-column-verdict = Ergebnis
selftest-column-healed = geheilt
selftest-column-made = erzeugt
selftest-column-arrived = da
selftest-column-declared = in Lücken
selftest-column-missing = verloren
selftest-column-wrong = falsch
selftest-column-twice = doppelt
selftest-column-fault = Fehler: erwartet
selftest-held = hält
selftest-broken = BRUCH
selftest-harm-line-cut = die Leitung zum Server ist eine Sekunde getrennt
selftest-harm-half-open = der Server ist ohne ein Wort verschwunden
selftest-harm-reset-in-message = die Verbindung zum Server wird mitten in einer Nachricht zurückgesetzt
selftest-harm-bit-flip = ein Bit einer signierten OPC-UA-Nachricht kippt unterwegs
selftest-harm-server-restart = der Server startet neu und kennt keine Subscription mehr
selftest-harm-broker-restart = der Broker startet neu und erinnert sich an nichts
selftest-harm-lost-acknowledgement = die Bestätigungen des Brokers gehen verloren
selftest-harm-silent-broker = der Broker hält seine Verbindung und verstummt
selftest-harm-slow-broker = der Broker nimmt ein Zehntel dessen, was kommt
selftest-harm-kill = das Gateway wird mit wartenden Nachrichten abgeschossen (kill -9)
selftest-expected-nothing-lost = alles kommt an
selftest-expected-nothing-lost-some-twice = alles kommt an, manches doppelt mit seinem Schlüssel
selftest-expected-nothing-in-silence = alles kommt an oder ist als Lücke gemeldet
selftest-good = { $good } von { $count } Fehlern: nichts ging unbemerkt verloren, nichts war falsch. { $seconds } s.
selftest-bad = { $good } von { $count } Fehlern wurden wie versprochen überstanden. { $seconds } s.
