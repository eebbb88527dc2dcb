# Wörter der Befehlszeile, die keine Befunde sind.
cli-explain-unknown = { $code } ist kein Code dieser Version.
cli-explain-nearest = { $code } ist kein Code dieser Version. Meinten Sie { $nearest }?
cli-explain-pointer = { $pointer } ist die Stelle einer Regel im Schema eines Profils (JSON-Pointer), kein Code. Nach dem Code fragen, der daneben steht; `qiao profile show PROFIL` sagt mehr über das Profil.
cli-explain-cause = Ursache
cli-explain-fix = Abhilfe
cli-explain-example = Beispiel
cli-explain-right = Richtig
cli-explain-family = { $family ->
    [A] A: die Aufzeichnung der Befehle (`qiao audit`)
    [B] B: Tabellen, die Knoten an Felder binden (`bind`)
    [C] C: Konfiguration
    [D] D: Demo und Simulator
    [G] G: der Rechner, auf dem qiao läuft
    [I] I: `qiao init`, `qiao check --online`
    [J] J: `qiao test`
    [L] L: `qiao selftest`
    [M] M: MQTT
    [O] O: OPC UA
    [P] P: Profile
    [R] R: das laufende Gateway
    [S] S: der Zwischenspeicher auf dem Datenträger
    [T] T: `qiao tap`
    [V] V: Schemas, Nachrichten und Werte
    [W] W: Befehle an Maschinen
    [X] X: `qiao translate`
   *[other] { $family }
}
cli-check-good = { $file }: nichts zu beanstanden. { $connections ->
    [one] eine Verbindung
   *[other] { $connections } Verbindungen
}, { $flows ->
    [one] ein Datenfluss
   *[other] { $flows } Datenflüsse
}, { $machines ->
    [one] eine benannte Maschine
   *[other] { $machines } benannte Maschinen
}.
cli-check-wrong = { $errors ->
    [one] ein Fehler
   *[other] { $errors } Fehler
}, { $warnings ->
    [one] eine Warnung
   *[other] { $warnings } Warnungen
}. `qiao explain CODE` sagt mehr zu einem Code.
cli-check-warned = { $file }: gut, mit { $warnings ->
    [one] einer Warnung
   *[other] { $warnings } Warnungen
}.
