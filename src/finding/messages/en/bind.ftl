# `bind:` of a machine: the table of nodes and fields, and what its conversions meet.
QIAO-B001 = The table `{ $path }` cannot be read: { $reason }.
    .title = Table not readable
    .fix = Check path and permissions; the path is relative to the configuration. `qiao init --csv FILE` writes a table.
QIAO-B002 = This is neither UTF-8 nor GB18030.
    .title = Unknown encoding of a table
    .fix = Save the table in the spreadsheet as "CSV UTF-8".
QIAO-B003 = This is not UTF-8; it is read as GB18030.
    .title = Table read as GB18030
    .fix = If names look wrong, save the table in the spreadsheet as "CSV UTF-8".
QIAO-B004 = The table is empty.
    .title = Empty table
    .fix = `qiao init --csv FILE` writes one with a header and all nodes.
QIAO-B005 = There is no column `{ $name }`. { $nearest ->
        [none] Known: { $known }.
       *[other] Did you mean `{ $nearest }`?
    }
    .title = Unknown column
    .fix = Columns: { $known }. Notes belong in `comment`.
QIAO-B006 = The column `{ $column }` stands here again.
    .title = Column given twice
    .fix = Keep one of the two.
QIAO-B007 = The row has { $cells } cells, the header { $columns }.
    .title = More cells than columns
    .fix = Look for a separator inside a cell: the cell needs quotes, and so does a decimal comma where commas separate.
QIAO-B008 = The table has more than { $limit } rows; the rest is not read.
    .title = Table too long
    .fix = Remove rows without a field.
QIAO-B009 = The table has no column `{ $column }`.
    .title = Column missing
    .fix = The first line names the columns; `field` and one of `node`, `path`, `value` are needed.
QIAO-B010 = `{ $column }` is filled, but no field.
    .title = Row without a field
    .fix = Write the JSON pointer or concept into `field`, or empty `{ $column }`.
QIAO-B011 = No profile of the flows has the field `{ $name }`. { $nearest ->
        [none] { "" }
       *[other] Did you mean `{ $nearest }`?
    }
    .title = Unknown field
    .fix = `qiao profile show NAME` lists the fields of a profile. A placeholder such as an element's name is written out. Known, among others: { $known }
QIAO-B012 = The concept `{ $name }` stands for several fields or elements: { $fields }.
    .title = Concept is not one field
    .fix = Write the JSON pointer with the element's name instead of the braces.
QIAO-B013 = The field `{ $field }` was filled in line { $first } already.
    .title = Field filled twice
    .fix = Keep one of the two rows; qiao does not guess which one is meant.
QIAO-B014 = `{ $node }` is { $fault ->
        [index] a node id with a namespace index, which may change with every restart of the server
       *[form] not a node id
    }.
    .title = Not a node id
    .fix = Write `nsu=URI;s=NAME` or `nsu=URI;i=NUMBER`, as `qiao init --csv` does.
QIAO-B015 = `{ $path }` is not a browse path: { $reason }.
    .title = Not a browse path
    .fix = Write the browse names below the machine's root, joined by `/`; `\` before `/ * {"{"} {"}"} , : =` takes them literally.
QIAO-B016 = { $kind ->
        [none] The row names a field, but no node, path or value
       *[both] The row has a node and a value; only one can fill the field
    }.
    .title = Row without, or with two sources
    .fix = Fill `node` or `path` for a node, or `value` alone for a value of your own.
QIAO-B017 = `{ $value }` is not a bit.
    .title = Not a bit
    .fix = Write one bit as `3` (true or false), several as `4..7` (a whole number); the lowest bit is 0, the highest 63.
QIAO-B018 = `{ $value }` is not a number for `{ $column }`{ $separator ->
        [comma] ; in a table separated by commas the decimal point is `.`
       *[other] { "" }
    }.
    .title = Not a number
    .fix = Write it without thousands separators, such as `0.1`; `0,1` where semicolons or tabs separate the cells. A scale is not 0.
QIAO-B019 = The unit `{ $name }` is not known. { $nearest ->
        [none] { "" }
       *[other] Did you mean `{ $nearest }`?
    }
    .title = Unknown unit
    .fix = Write a common code of UNECE Recommendation 20, such as `MMT`, or its symbol, such as `mm`. Known, among others: { $known }
QIAO-B020 = There is no node { $node } below { $machine }, so nothing fills `{ $field }` of { $profile }. { $nearest ->
        [none] { "" }
       *[other] Did you mean `{ $nearest }`?
    }
    .title = Bound node not found
    .fix = Compare with what the server has: `qiao init --csv FILE -c CONFIG` writes its nodes.
QIAO-B021 = { $machine } has several nodes there, so none fills `{ $field }` of { $profile }: { $nodes }.
    .title = Bound path names several nodes
    .fix = Write the node id into `node`.
QIAO-B022 = { $source } does not turn into { $target }, in which `{ $field }` counts.
    .title = Units of different kinds
    .fix = Write into `source-unit` what the node counts in after scale and offset.
QIAO-B023 = The server says { $source }, `{ $field }` counts in { $target }, and the row declares no unit.
    .title = Unit not declared
    .fix = Write { $source } into `source-unit` to have it converted, or { $target } if the server is wrong.
QIAO-B024 = `{ $entry }` is not `STATE=MEANING`.
    .title = Not a state and its meaning
    .fix = Write `RUN=1|STOP=0`; `\` before `|` and `=` takes them literally.
QIAO-B025 = `{ $name }` is no meaning that this field has. { $nearest ->
        [none] Known: { $known }.
       *[other] Did you mean `{ $nearest }`?
    }
    .title = Unknown meaning of a state
    .fix = Write a number or name of the field's enumeration: { $known }.
QIAO-B026 = One state has two meanings.
    .title = State given twice
    .fix = Keep one of the two; `1` and `01` are one number.
QIAO-B027 = `{ $column }` and `{ $other }` exclude each other.
    .title = Columns that exclude each other
    .fix = Empty one of the two cells.
QIAO-B028 = { $value } of { $node } does not become a value of `{ $pointer }`: { $kind ->
        [type] it is of another type
        [range] the result is no number, or does not fit
        [state] the table has no such state
       *[bits] it has fewer bits
    }. The field is { $status } until another value comes.
    .title = Value not converted
    .fix = Compare the row of the table with what the node sends; add a state that is missing.
QIAO-B029 = { $node } sends { $type }, which the table's conversion for `{ $pointer }` cannot take: { $kind ->
        [bits] it has fewer bits
       *[type] it needs another type
    }.
    .title = Conversion does not fit the type
    .fix = Look at the columns `bit`, `scale`, `offset` and `enumeration` of this row: a text needs `enumeration`, bits need a whole number.
QIAO-B030 = The table binds no field.
    .title = Table binds nothing
    .fix = Fill the column `field`.
QIAO-B031 = Nothing says in what `{ $field }` counts; { $unit } is not converted.
    .title = Unit has no use
    .fix = Use `scale` if a factor is needed, or empty `source-unit`.
QIAO-B032 = This looks like JSON and is none: { $reason }.
    .title = Broken JSON in a table
    .fix = Check quotes and braces. A text needs no quotes, unless it looks like a number.
