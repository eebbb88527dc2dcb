# Wörter der Befehlszeile, die keine Befunde sind.
cli-explain-unknown = { $code } ist kein Code dieser Version.
cli-explain-nearest = { $code } ist kein Code dieser Version. Meinten Sie { $nearest }?
