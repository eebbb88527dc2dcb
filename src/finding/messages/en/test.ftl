# `qiao test`: files and messages against a profile.
QIAO-J001 = It cannot be read: { $detail }.
    .title = Target unreadable
    .fix = Check the path and its permissions.
    .cause = The path is mistyped, or the file may not be read.
    .example = place=messages/a.json | detail=Permission denied (os error 13)
QIAO-J002 = It is larger than { $limit }; what lies beyond was not judged.
    .title = Target too large
    .fix = Split the file or the folder.
    .cause = A long recording lies in one file, or the wrong folder was given.
    .example = place=messages/a.jsonl | limit=256 MiB
QIAO-J003 = This is not JSON that is read here: { $kind ->
        [too-long] longer than { $limit } bytes
        [too-deep] more than { $limit } levels of arrays and objects
        [too-many] more than { $limit } values
        [not-utf-8] not UTF-8
        [incomplete] it ends in the middle of a value
        [unexpected] expected here: { $expected }
        [duplicate-name] the name `{ $name }` stands twice in one object
        [lone-surrogate] half of a surrogate pair without the other half
        [number-too-large] a number beyond the range of a double
        [name-too-long] a name that is too long
       *[other] { $detail }
    }.
    .title = Not JSON
    .fix = Correct the text at this place; a message has at most 64 levels, 16 MiB and 1,000,000 values.
    .cause = The message was cut off, edited by hand, or is of another encoding.
    .example = place=messages/a.json:4:12 | kind=incomplete | limit= | expected= | name= | detail=
QIAO-J004 = The message begins with a byte order mark.
    .title = Byte order mark
    .fix = Write UTF-8 without a byte order mark.
    .cause = An editor or a .NET program added it; many readers of JSON refuse it.
    .example = place=messages/a.json:1:1
QIAO-J005 = No profile recognises this message.
    .title = Profile not recognised
    .fix = Name the profile with `--profile`; `qiao profile list` shows all.
    .cause = The message belongs to no installed profile, or lacks what it is recognised by.
    .example = place=messages/a.json:1:1
QIAO-J006 = Several profiles recognise this message: { $profiles }.
    .title = Several profiles recognised
    .fix = Name the profile with `--profile`.
    .cause = Two versions of a profile are installed that nothing in the message tells apart.
    .example = place=messages/a.json:1:1 | profiles=acme/press@1.0, acme/press@1.1
QIAO-J007 = There is no message here.
    .title = Nothing to test
    .fix = Give a file, or a folder with .json, .jsonl or .ndjson files.
    .cause = The folder is empty, or its files have other endings.
    .example = place=messages
QIAO-J008 = The rule { $rule } could not be judged: { $why ->
        [size] the message has too many values for it
       *[kind] the value here is of a kind that it cannot compare or count
    }.
    .title = Rule not judged
    .fix = Correct what the schema finds at this place first; split a very large message.
    .cause = The value is of the wrong type, or the message is very large.
    .example = place=messages/a.json:3:5 | rule=ACME-PRESS-0101 | why=kind
QIAO-J009 = The schema of { $profile } cannot be used: { $detail }.
    .title = Schema beyond use
    .fix = Run `qiao profile check` on the folder of this profile.
    .cause = The profile is one of your own and was never checked.
    .example = place=messages/a.json:1:1 | profile=acme/press@1.0 | detail=not a JSON Schema
QIAO-J010 = The report cannot be written: { $detail }.
    .title = Report not written
    .fix = Check the path and its permissions.
    .cause = The folder does not exist, or the disk is full.
    .example = place=reports/a.html | detail=No such file or directory (os error 2)

test-summary = { $count } messages: { $pass } pass, { $fail } fail, { $inconclusive } could not be told.
test-more = And { $count } more.
test-left-out = { $count } more messages were judged and counted; their findings are not listed.
test-report = Conformance report
test-pass = pass
test-fail = fail
test-inconclusive = could not be told
test-not-applicable = not applicable
test-rule = Rule
test-rules = Rules
test-place = Place
test-text = What must hold, and what to change
test-clause = Written in
test-progress = Files judged:
