# OPC UA: what the flows look for on a server, and what its values are made of. The place is a connection or a node.

QIAO-O101 = The server knows no namespace { $uri }, which { $node } names.
    .title = Namespace unknown to the server
    .fix = Compare the URI with the server's NamespaceArray, letter by letter and with its trailing slash. What it selects stays off until the server has it: no other node is read instead.
    .cause = The URI is mistyped, or the companion model is not loaded on this server or has another version.
    .example = place=lathe-7 | uri=http://opcfoundation.org/UA/MachineTool | node=nsu=http://opcfoundation.org/UA/MachineTool;i=13
QIAO-O102 = Nothing on the server is found by `each: { $each }`.
    .title = No machine found
    .fix = Browse the server and compare the path, type or node id. A machine that appears later is found with the next session or model change.
    .cause = The machine stands elsewhere in the address space or is of another type, or this user may not see it.
    .example = place=lathe-7 | each=Machines/*
QIAO-O103 = The selector { $selector } matches no variable below any machine of its flow.
    .title = Selector without effect
    .fix = Compare it with the browse names below the machine: `*` stands for one step, `**` for any number of steps; a `/` inside a name is written `\/`.
    .cause = A browse name is mistyped, or the selector was written for another machine.
    .example = place=lathe-7 | selector=Monitoring/Spindel/**
QIAO-O104 = No variable of this machine is selected.
    .title = Machine without variables
    .fix = Widen `select`, or name a profile that maps variables this machine has.
    .cause = `select` fits other machines of the flow but not this one, or the machine has none of the profile's variables.
    .example = place=nsu=urn:acme:cell;s=Robot2
QIAO-O105 = The server does not give this node: { $status }.
    .title = Node missing
    .fix = Check the node id, and whether the user of the connection may see the node. The other nodes are read meanwhile. If its id changes with the program of the controller, select it by its path below the machine instead: `select: [PATH]`.
    .cause = The program of the controller was changed, so the node is gone or has another id; or the user may not see it.
    .example = place=nsu=urn:acme:lathe;s=Spindle.Load | status=BadNodeIdUnknown
QIAO-O106 = This node exists, but lies below no machine of its flow.
    .title = Selected node outside the machines
    .fix = Select it in a flow whose `each` finds a node above it.
    .cause = The node belongs to another machine of the server, or to none, such as values of the hall.
    .example = place=nsu=urn:acme:hall;s=Temperature
QIAO-O107 = { $node } is no node id.
    .title = Not a node id
    .fix = Write it with the namespace's URI, such as `nsu=http://example.org/;s=Speed`, or `i=85` in namespace 0.
    .cause = The id was copied from a client that shows it with a namespace index, or with a character too many.
    .example = place=lathe-7 | node=ns=2;s=Spindle.Load
QIAO-O108 = The browse was ended at { $limit } nodes; what lies beyond is missing.
    .title = Node limit reached
    .fix = Narrow `each` and `select` so that fewer branches are browsed, or raise `max-nodes` of the connection.
    .cause = `each` or `select` begin so high that the whole server is browsed, or the server's tree has no end.
    .example = place=lathe-7 | limit=100000
QIAO-O109 = What lies below this node could not be browsed, or not all of it: { $status }.
    .title = Branch not browsed
    .fix = Check whether the user of the connection may browse the node. Variables below it may be missing.
    .cause = This user may not browse the branch, or the server gave up because it is too large.
    .example = place=nsu=urn:acme:lathe;s=Diagnostics | status=BadUserAccessDenied
QIAO-O110 = A deadband in per cent was asked for, but this variable has no EURange that could be read.
    .title = Per cent of an unknown range
    .fix = Give an absolute deadband, or have the range configured on the server.
    .cause = The variable has no range on the server, or this user may not read it.
    .example = place=nsu=urn:acme:lathe;s=Spindle.Load
QIAO-O111 = The server does not describe the data type { $type } of this variable.
    .title = Data type not described
    .fix = Values of built-in types arrive all the same; structures arrive undecoded. Have the server's type model completed.
    .cause = The server follows an edition before 1.04, or its model was loaded without the descriptions of its types.
    .example = place=nsu=urn:acme:lathe;s=Tool.Current | type=nsu=urn:acme:lathe;i=3012
QIAO-O112 = This node was selected by its id, but is no variable.
    .title = Selected node is no variable
    .fix = Select the variables below it, with a path or with their own node ids.
    .cause = The id is that of an object or a method, such as the machine itself instead of one of its values.
    .example = place=nsu=urn:acme:lathe;s=Spindle
QIAO-O114 = The server lists the namespace { $uri } twice, so { $node } may mean two nodes.
    .title = Namespace listed twice
    .fix = Have the server's NamespaceArray corrected; none of the two is read until then.
    .cause = The server was put together from several models, one of which was loaded twice.
    .example = place=lathe-7 | uri=urn:acme:lathe | node=nsu=urn:acme:lathe;s=Spindle.Load
QIAO-O130 = A value of this variable holds a part of type { $type } that cannot be decoded; it is passed on as its bytes.
    .title = Value passed on undecoded
    .fix = Have the server describe the type (attribute DataTypeDefinition, OPC UA 1.04 or later). A described type that still appears here was sent in another form than its description.
    .cause = The server does not describe its own type, or sends it in another form than it says.
    .example = place=nsu=urn:acme:lathe;s=Tool.Current | type=nsu=urn:acme:lathe;i=3012
