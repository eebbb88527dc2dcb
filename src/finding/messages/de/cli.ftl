# Wörter der Befehlszeile, die keine Befunde sind.
cli-explain-unknown = { $code } ist kein Code dieser Version.
cli-explain-nearest = { $code } ist kein Code dieser Version. Meinten Sie { $nearest }?
cli-explain-pointer = { $pointer } ist die Stelle einer Regel im Schema eines Profils (JSON-Pointer), kein Code. Nach dem Code fragen, der daneben steht; `qiao profile show PROFIL` sagt mehr über das Profil.
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
