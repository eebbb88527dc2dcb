# `bind:` of a machine: the table of nodes and fields, and what its conversions meet.
QIAO-B001 = The table `{ $path }` cannot be read: { $reason }.
    .title = Table not readable
    .fix = Check path and permissions; the path is relative to the configuration. `qiao init --csv FILE` writes a table.
    .cause = The table was not copied along, its path is relative to another folder than thought, or a spreadsheet holds it open.
    .example = place=qiao.yaml:18:14 | path=lathe-7.csv | reason=No such file or directory (os error 2)
QIAO-B002 = This is neither UTF-8 nor GB18030.
    .title = Unknown encoding of a table
    .fix = Save the table in the spreadsheet as "CSV UTF-8".
    .cause = The spreadsheet saved in an encoding of its own, such as UTF-16, or the file is no table but a workbook.
    .example = place=lathe-7.xlsx:1:1
QIAO-B003 = This is not UTF-8; it is read as GB18030.
    .title = Table read as GB18030
    .fix = If names look wrong, save the table in the spreadsheet as "CSV UTF-8".
    .cause = A spreadsheet on a Chinese Windows saves CSV in GB18030; other eight-bit encodings can look like it.
    .example = place=lathe-7.csv:1:1
QIAO-B004 = The table is empty.
    .title = Empty table
    .fix = `qiao init --csv FILE` writes one with a header and all nodes.
    .cause = The file was created but never filled, or a script wrote nothing into it.
    .example = place=lathe-7.csv:1:1
QIAO-B005 = There is no column `{ $name }`. { $nearest ->
        [none] Known: { $known }.
       *[other] Did you mean `{ $nearest }`?
    }
    .title = Unknown column
    .fix = Columns: { $known }. Notes belong in `comment`.
    .cause = The column is mistyped, was translated, or was added for notes.
    .example = place=lathe-7.csv:1:4 | name=soure-unit | nearest=source-unit | known=node, path, value, field, source-unit, scale, offset, bit, enumeration, comment
QIAO-B006 = The column `{ $column }` stands here again.
    .title = Column given twice
    .fix = Keep one of the two.
    .cause = Columns were copied inside the spreadsheet.
    .example = place=lathe-7.csv:1:7 | column=scale
QIAO-B007 = The row has { $cells } cells, the header { $columns }.
    .title = More cells than columns
    .fix = Look for a separator inside a cell: the cell needs quotes, and so does a decimal comma where commas separate.
    .cause = A name or note contains the separator, or a number has a decimal comma.
    .example = place=lathe-7.csv:12:1 | cells=9 | columns=8
QIAO-B008 = The table has more than { $limit } rows; the rest is not read.
    .title = Table too long
    .fix = Remove rows without a field.
    .cause = The table lists every node of a large server, also those that fill no field.
    .example = place=lathe-7.csv:100002:1 | limit=100000
QIAO-B009 = The table has no column `{ $column }`.
    .title = Column missing
    .fix = The first line names the columns; `field` and one of `node`, `path`, `value` are needed.
    .cause = The first line was deleted, or a title was put above it.
    .example = place=lathe-7.csv:1:1 | column=field
QIAO-B010 = `{ $column }` is filled, but no field.
    .title = Row without a field
    .fix = Write the JSON pointer or concept into `field`, or empty `{ $column }`.
    .cause = The unit or scale was filled in beforehand, or the field was deleted and the rest left.
    .example = place=lathe-7.csv:9:5 | column=source-unit
QIAO-B011 = No profile of the flows has the field `{ $name }`. { $nearest ->
        [none] { "" }
       *[other] Did you mean `{ $nearest }`?
    }
    .title = Unknown field
    .fix = `qiao profile show NAME` lists the fields of a profile. A placeholder such as an element's name is written out. Known, among others: { $known }
    .cause = The pointer is mistyped, the flow uses another profile, or the placeholder was not written out.
    .example = place=lathe-7.csv:2:3 | name=/Monitoring/MachineTool/OperatonMode | nearest=/Monitoring/MachineTool/OperationMode | known=/Monitoring/MachineTool/OperationMode
QIAO-B012 = The concept `{ $name }` stands for several fields or elements: { $fields }.
    .title = Concept is not one field
    .fix = Write the JSON pointer with the element's name instead of the braces.
    .cause = The profile has the concept for every channel, spindle or tool.
    .example = place=lathe-7.csv:5:3 | name=channel.state | fields=/Monitoring/Channels/{"{"}channel{"}"}/State
QIAO-B013 = The field `{ $field }` was filled in line { $first } already.
    .title = Field filled twice
    .fix = Keep one of the two rows; qiao does not guess which one is meant.
    .cause = A row was copied, or a concept and a pointer mean the same field.
    .example = place=lathe-7.csv:14:3 | field=/Monitoring/MachineTool/OperationMode | first=2
QIAO-B014 = `{ $node }` is { $fault ->
        [index] a node id with a namespace index, which may change with every restart of the server
       *[form] not a node id
    }.
    .title = Not a node id
    .fix = Write `nsu=URI;s=NAME` or `nsu=URI;i=NUMBER`, as `qiao init --csv` does.
    .cause = The id was copied from a client that shows it with a namespace index, or a part of it is missing.
    .example = place=lathe-7.csv:3:2 | node=ns=2;s=Spindle.Load | fault=index
QIAO-B015 = `{ $path }` is not a browse path: { $reason }.
    .title = Not a browse path
    .fix = Write the browse names below the machine's root, joined by `/`; `\` before `/ * {"{"} {"}"} , : =` takes them literally.
    .cause = The path was copied from another tool, or a browse name has a character with a meaning of its own here.
    .example = place=lathe-7.csv:4:1 | path=Spindle//Load | reason=a step is empty
QIAO-B016 = { $kind ->
        [none] The row names a field, but no node, path or value
       *[both] The row has a node and a value; only one can fill the field
    }.
    .title = Row without, or with two sources
    .fix = Fill `node` or `path` for a node, or `value` alone for a value of your own.
    .cause = The source was left out, or a fixed value was entered beside a node.
    .example = place=lathe-7.csv:6:3 | kind=both
QIAO-B017 = `{ $value }` is not a bit.
    .title = Not a bit
    .fix = Write one bit as `3` (true or false), several as `4..7` (a whole number); the lowest bit is 0, the highest 63.
    .cause = The bit was written as a mask, or counted from 1 beyond the last one.
    .example = place=lathe-7.csv:7:8 | value=0x08
QIAO-B018 = `{ $value }` is not a number for `{ $column }`{ $separator ->
        [comma] ; in a table separated by commas the decimal point is `.`
       *[other] { "" }
    }.
    .title = Not a number
    .fix = Write it without thousands separators, such as `0.1`; `0,1` where semicolons or tabs separate the cells. A scale is not 0.
    .cause = The spreadsheet wrote the number in the way of its country, or a unit stands behind it.
    .example = place=lathe-7.csv:4:5 | value=0,1 | column=scale | separator=comma
QIAO-B019 = The unit `{ $name }` is not known. { $nearest ->
        [none] { "" }
       *[other] Did you mean `{ $nearest }`?
    }
    .title = Unknown unit
    .fix = Write a common code of UNECE Recommendation 20, such as `MMT`, or its symbol, such as `mm`. Known, among others: { $known }
    .cause = The unit is written in the way of the maker, or is mistyped.
    .example = place=lathe-7.csv:8:4 | name=U/min | nearest=none | known=MMT, RPM, CEL, HUR
QIAO-B020 = There is no node { $node } below { $machine }, so nothing fills `{ $field }` of { $profile }. { $nearest ->
        [none] { "" }
       *[other] Did you mean `{ $nearest }`?
    }
    .title = Bound node not found
    .fix = Compare with what the server has: `qiao init --csv FILE -c CONFIG` writes its nodes.
    .cause = The program of the controller was changed, or the table was made for another machine.
    .example = place=lathe-7.csv:8:1 | node=Spindle/Laod | machine=lathe-7 | field=/Monitoring/Spindle/Load | profile=umati/machine-tool@1.02 | nearest=Spindle/Load
QIAO-B021 = { $machine } has several nodes there, so none fills `{ $field }` of { $profile }: { $nodes }.
    .title = Bound path names several nodes
    .fix = Write the node id into `node`.
    .cause = Several namespaces have a node of this name, or the path has wildcards.
    .example = place=lathe-7.csv:8:1 | machine=lathe-7 | field=/Monitoring/Spindle/Load | profile=umati/machine-tool@1.02 | nodes=nsu=urn:acme:lathe;s=S1.Load, nsu=urn:acme:lathe;s=S2.Load
QIAO-B022 = { $source } does not turn into { $target }, in which `{ $field }` counts.
    .title = Units of different kinds
    .fix = Write into `source-unit` what the node counts in after scale and offset.
    .cause = The wrong node or field was chosen, or the unit was mistaken for another, such as a length for a time.
    .example = place=lathe-7.csv:4:4 | source=MMT | target=HUR | field=/Monitoring/MachineTool/PowerOnDuration
QIAO-B023 = The server says { $source }, `{ $field }` counts in { $target }, and the row declares no unit.
    .title = Unit not declared
    .fix = Write { $source } into `source-unit` to have it converted, or { $target } if the server is wrong.
    .cause = The server states a unit; whether it is right is not guessed, because many servers state a wrong one.
    .example = place=lathe-7.csv:4:4 | source=SEC | field=/Monitoring/MachineTool/PowerOnDuration | target=HUR
QIAO-B024 = `{ $entry }` is not `STATE=MEANING`.
    .title = Not a state and its meaning
    .fix = Write `RUN=1|STOP=0`; `\` before `|` and `=` takes them literally.
    .cause = The `=` is missing, or another separator than `|` was used.
    .example = place=lathe-7.csv:3:6 | entry=AUTO
QIAO-B025 = `{ $name }` is no meaning that this field has. { $nearest ->
        [none] Known: { $known }.
       *[other] Did you mean `{ $nearest }`?
    }
    .title = Unknown meaning of a state
    .fix = Write a number or name of the field's enumeration: { $known }.
    .cause = The meaning is mistyped, or was translated.
    .example = place=lathe-7.csv:3:6 | name=Automatik | nearest=Automatic | known=Manual, Automatic, Setup, AutoWithManualIntervention, Service, Other
QIAO-B026 = One state has two meanings.
    .title = State given twice
    .fix = Keep one of the two; `1` and `01` are one number.
    .cause = An entry was copied, or a number is written in two ways.
    .example = place=lathe-7.csv:3:6
QIAO-B027 = `{ $column }` and `{ $other }` exclude each other.
    .title = Columns that exclude each other
    .fix = Empty one of the two cells.
    .cause = A row was changed to another kind of conversion, and the old cell was not emptied.
    .example = place=lathe-7.csv:9:5 | column=enumeration | other=scale
QIAO-B028 = { $value } of { $node } does not become a value of `{ $pointer }`: { $kind ->
        [type] it is of another type
        [range] the result is no number, or does not fit
        [state] the table has no such state
       *[bits] it has fewer bits
    }. The field is { $status } until another value comes.
    .title = Value not converted
    .fix = Compare the row of the table with what the node sends; add a state that is missing.
    .cause = The machine sends a state that the table does not list, or a number that the field cannot hold.
    .example = place=lathe-7.csv:3:6 | value=7 | node=nsu=urn:acme:lathe;s=Mode | pointer=/Monitoring/MachineTool/OperationMode | kind=state | status=BadDataEncodingInvalid
QIAO-B029 = { $node } sends { $type }, which the table's conversion for `{ $pointer }` cannot take: { $kind ->
        [bits] it has fewer bits
       *[type] it needs another type
    }.
    .title = Conversion does not fit the type
    .fix = Look at the columns `bit`, `scale`, `offset` and `enumeration` of this row: a text needs `enumeration`, bits need a whole number.
    .cause = The row was filled in for another node, or the controller's program changed the data type.
    .example = place=lathe-7.csv:7:8 | node=nsu=urn:acme:lathe;s=Mode | type=String | pointer=/Monitoring/MachineTool/OperationMode | kind=type
QIAO-B030 = The table binds no field.
    .title = Table binds nothing
    .fix = Fill the column `field`.
    .cause = The table is as `qiao init --csv` wrote it; nobody has filled in fields yet.
    .example = place=lathe-7.csv:1:1
QIAO-B031 = Nothing says in what `{ $field }` counts; { $unit } is not converted.
    .title = Unit has no use
    .fix = Use `scale` if a factor is needed, or empty `source-unit`.
    .cause = The profile states no unit for this field, so there is nothing to convert to.
    .example = place=lathe-7.csv:8:4 | field=/Identification/Model | unit=MMT
QIAO-B032 = This looks like JSON and is none: { $reason }.
    .title = Broken JSON in a table
    .fix = Check quotes and braces. A text needs no quotes, unless it looks like a number.
    .cause = The spreadsheet doubled or changed the quotes, or a brace is missing.
    .example = place=lathe-7.csv:10:2 | reason=the text ends in the middle of a value
