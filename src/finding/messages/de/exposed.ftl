QIAO-F050 = { $place }: Ein Datensatz auf dem Weg zu diesem Server ist nicht lesbar und wird übergangen.
    .title = Unlesbarer Datensatz
    .fix = Tritt es erneut auf, bitte mit dem Protokoll melden; was angezeigt wird, ist nicht falsch.
    .cause = Eine andere Version von qiao hat den Datensatz in den Spool geschrieben, oder die Platte gab ihn beschädigt zurück.

QIAO-F051 = { $place }: Es kamen Werte für eine Maschine, die zurzeit nicht angezeigt wird; sie werden übergangen.
    .title = Werte einer Maschine, die fort ist
    .fix = Nichts. Die Knoten der Maschine kommen mit ihr zurück.
    .cause = Die Werte warteten im Spool, während das Gateway aus war, und die Maschine oder ihr Flow ist seither entfallen.

QIAO-F052 = { $place }: { $why ->
        [range] Der Wert passt nicht in den Datentyp des Knotens
        [exact] Der Datentyp des Knotens kann den Wert nicht genau aufnehmen
        [word] Der Text ist keines der Wörter, die das Profil kennt
        [unknown] Für ein Feld gibt es keinen Knoten
        [structure] Der Wert ist eine Struktur, für die es auf diesem Server keine Form gibt
        [cut] Der Datensatz endet mitten in einem Wert
       *[other] Der Wert hat einen anderen Typ als der Knoten
    }; der Knoten bleibt schlecht, bis ein Wert passt ({ $profile }, angezeigt auf { $face }).
    .title = Wert ohne Platz auf dem Server
    .fix = Den Typ im Schema oder in der Zuordnung des Profils berichtigen, oder den Wert an seiner Quelle. Andere Werte werden nicht aufgehalten.
    .cause = Die Quelle sendet einen anderen Typ, als das Profil beschreibt; gerundet oder geraten wird nicht.

QIAO-F053 = { $place }: Ein Ereignis lässt sich OPC-UA-Clients nicht mitteilen und wird übergangen.
    .title = Ereignis ohne Form
    .fix = Das Ereignis mit `qiao tap` ansehen; melden, wenn es seinem Profil entspricht.
    .cause = Der Datensatz des Ereignisses enthält keine Struktur mit benannten Feldern.

QIAO-F054 = { $place }: Die Knoten können auf { $face } nicht angezeigt werden: { $reason }.
    .title = Knoten, die sich nicht anzeigen lassen
    .fix = Der Maschine unter `machines:` einen anderen Namen geben, oder weniger Maschinen auf diesen Server führen.
    .cause = Zwei Maschinen eines Flows heißen gleich, oder der Server hält so viele Knoten, wie er darf.

QIAO-C140 = Der Flow `{ $flow }` reicht Nachrichten im Ganzen weiter; ein OPC-UA-Server zeigt ihre Werte einzeln.
    .title = Ganze Nachrichten an den eigenen Server
    .fix = `decode: profile` schreiben, oder `decode: json` für Nachrichten ohne Profil.
    .cause = `decode: message` wurde von einem Flow zwischen Brokern übernommen.

QIAO-C141 = Der Flow `{ $flow }` macht aus Werten Abtastreihen von `{ $profile }`; ein OPC-UA-Server zeigt die Werte selbst.
    .title = Abtastreihen an den eigenen Server
    .fix = `publish-as` weglassen oder ein Profil ganzer Maschinen nennen, etwa `umati/machine-tool@1.02`.
    .cause = `publish-as` wurde von einem Flow zu einem Broker übernommen.
