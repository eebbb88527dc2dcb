# `qiao init`, `qiao check --online`.
QIAO-I001 = The file exists already; nothing was written.
    .title = File exists
    .fix = Choose another file, or let it be overwritten with `--force`.
    .cause = The command ran before, or the file was written by hand; what somebody wrote is not overwritten by itself.
    .example = place=qiao.yaml
QIAO-I002 = The file cannot be written: { $reason }.
    .title = File not writable
    .fix = Check free space and permissions of the folder.
    .cause = The folder is missing, belongs to another user, or the disk is full.
    .example = place=/etc/qiao/qiao.yaml | reason=Permission denied (os error 13)
QIAO-I010 = The server monitors at most { $limit } variables, { $items } are selected.
    .title = More variables than the server monitors
    .fix = Select fewer with `select`, or raise the server's limit (MaxMonitoredItems).
    .cause = Small controllers monitor only some hundred variables; `select` takes more.
    .example = place=lathe-7 | limit=500 | items=1240
QIAO-I011 = The server looks at values every { $granted } at most; { $asked } were asked for.
    .title = Sampling faster than the server
    .fix = Set `sampling` to what the server can.
    .cause = The server has a lower limit for the sampling interval, often the cycle of the controller.
    .example = place=lathe-7 | granted=100 ms | asked=10 ms
QIAO-I012 = The server says that { $node } counts in { $stated }, the table declares { $declared } for `{ $field }`.
    .title = Unit of the server and of the table differ
    .fix = Correct `source-unit`; if the server is wrong, leave it as it is.
    .cause = The unit was configured wrongly on the server, or the row was copied from another one.
    .example = place=lathe-7.csv:4:4 | node=nsu=urn:acme:lathe;s=PowerOn | stated=SEC | declared=HUR | field=/Monitoring/MachineTool/PowerOnDuration
QIAO-I013 = No message of this flow came while the check listened ({ $seconds } s). What comes of it shows with the first one.
    .title = Nothing was heard of a flow from a broker
    .fix = Nothing has to be done if its machines are silent now. Otherwise see what arrives: `qiao tap -c FILE --connection NAME --topic '#'`.
    .cause = Machines at a broker show themselves by messages alone. It keeps none here, the topic is another one, or it is embedded and runs only with the gateway.
    .example = place=line-4 | seconds=3
init-variables = The server has { $variables ->
    [one] one variable
   *[other] { $variables } variables
} of its own.
init-recognised = Recognised as { $profile }: { $machines }
init-companions = Companion specifications without a profile here (their values can be read as they are): { $names }
init-unknown = No machine of a known type. Below Objects, with the number of variables: { $objects }
init-broker = The broker lets us in.
init-written = Written: { $file }
init-trust = If it is the server's, go on with the same command and: --trust { $fingerprint }
init-next-table = Next: fill in the columns field, source-unit, scale, … of { $file }; one row for each field. `qiao profile show NAME` lists the fields.
init-next = Next: qiao check --online -c { $config }, then qiao run -c { $config }
init-config-head = Written by `qiao init` for { $endpoint }. `qiao check` says what is wrong with it; every key: config/qiao.yaml.
init-config-server = The server; an encrypted connection unless another security is written here.
init-config-broker = The broker the messages go to.
init-config-embedded = The built-in broker, on this computer only; replace it by { "{" } broker: "mqtts://HOST:8883" { "}" }.
init-config-table = Which node fills which field of the profile: a table for a spreadsheet.
init-config-known = Recognised by their type: { $machines }
init-config-bound = What the table binds fills the messages of this profile.
init-config-plain = No known type: every variable is published as it is, with type, status and times.
online-progress = Nodes seen:
online-reached = { $name }: lets us in.{ $items ->
    [0] { "" }
    [one] { " " }One variable would be monitored.
   *[other] { " " }{ $items } variables would be monitored.
}
online-not-reached = { $name }: does not let us in; the reason stands below.
online-machine = { $machine } ({ $flow }, { $profile }) → { $topic }: { $fields } fields, { $bad } of them without a good value
online-example = What { $flow } would publish to { $topic } ({ $profile }):
online-shape = No event happened while the check looked. What { $flow } would publish to { $topic } has this shape; the values are made up ({ $profile }):
online-summary = { $errors ->
    [one] One error
   *[other] { $errors } errors
}, { $warnings ->
    [one] one warning
   *[other] { $warnings } warnings
}. Nothing was published.
