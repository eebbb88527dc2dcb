QIAO-F050 = { $place }: a record on its way to this face cannot be read; it is passed over.
    .title = Unreadable record
    .fix = If it comes up again, report it with the log; nothing that is shown is wrong.
    .cause = Another version of qiao wrote the record to the spool, or the disk gave it back damaged.
    .example = place=face

QIAO-F051 = { $place }: values came for a machine that is not shown now; they are passed over.
    .title = Values of a machine that is gone
    .fix = Nothing. The machine's nodes come back with the machine.
    .cause = The values waited in the spool while the gateway was away, and the machine or its flow has gone since.
    .example = place=face

QIAO-F052 = { $place }: { $why ->
        [range] the value does not fit into the node's data type
        [exact] the value cannot be held exactly by the node's data type
        [word] the text is none of the words that the profile knows
        [unknown] there is no node for a field
        [structure] the value is a structure that has no form on this server
        [cut] the record ends in the middle of a value
       *[other] the value is of another type than the node
    }; the node is bad until a value fits ({ $profile }, shown on { $face }).
    .title = Value without a place on the face
    .fix = Correct the type in the schema or mapping of the profile, or the value at its source. Other values are not held up.
    .cause = The source sends another type than the profile describes, and nothing is rounded or guessed.
    .example = place=nsu=urn:qiao:hall-3;s=cells/press-4/Force | why=range | profile=acme/press@1.0 | face=face

QIAO-F053 = { $place }: an event cannot be told to OPC UA clients; it is passed over.
    .title = Event without a form
    .fix = Look at the event with `qiao tap`; report it if it conforms to its profile.
    .cause = The record of the event holds no structure with named fields.
    .example = place=lathe-7

QIAO-F054 = { $place }: its nodes cannot be shown on { $face }: { $reason }.
    .title = Nodes that cannot be shown
    .fix = Give the machine another name under `machines:`, or lead fewer machines to this face.
    .cause = Two machines of one flow have one name, or the face holds as many nodes as it may.
    .example = place=lathe-7 | face=face | reason=a face holds at most 1000000 nodes of flows

QIAO-C140 = The flow `{ $flow }` passes messages on whole; an OPC UA server shows their values one by one.
    .title = Whole messages to the gateway's own server
    .fix = Write `decode: profile`, or `decode: json` for messages without a profile.
    .cause = `decode: message` was taken over from a flow between brokers.
    .example = place=qiao.yaml:9:14 | flow=cells

QIAO-C141 = The flow `{ $flow }` turns values into samples of `{ $profile }`; an OPC UA server shows the values themselves.
    .title = Samples to the gateway's own server
    .fix = Leave `publish-as` out, or name a profile of whole machines such as `umati/machine-tool@1.02`.
    .cause = `publish-as` was taken over from a flow to a broker.
    .example = place=qiao.yaml:9:14 | flow=cells | profile=nclink/cnc@3.0
