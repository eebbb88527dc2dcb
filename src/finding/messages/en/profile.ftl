# Profiles: folders, manifests, mappings, examples; `qiao profile`.
QIAO-P001 = The file is missing.
    .title = File missing
    .fix = Add it; what belongs into a profile's folder stands in schemas/README.md.
    .cause = The folder was copied without it, or its name is spelt otherwise.
    .example = place=acme/press/1.0/schema.json
QIAO-P002 = The file is not UTF-8 from here on.
    .title = Not UTF-8
    .fix = Save it as UTF-8.
    .cause = The editor saved in the encoding of the country, such as Windows-1252 or GB18030.
    .example = place=acme/press/1.0/profile.yaml:12:9
QIAO-P003 = The file goes beyond the limit of { $limit }.
    .title = File too large or too deep
    .fix = Split the profile, or move shared parts together.
    .cause = The file was generated, or carries data that belong elsewhere, such as recordings.
    .example = place=acme/press/1.0/schema.json:1:1 | limit=256 KiB
QIAO-P004 = The file cannot be read from here on: { $detail }.
    .title = Syntax
    .fix = Correct the text at this place.
    .cause = A comma, quote or bracket is missing or too many, or the indentation does not fit.
    .example = place=acme/press/1.0/profile.yaml:14:3 | detail=a key is not followed by `:`
QIAO-P005 = Anchors, aliases, tags, composed keys and second documents are not read here.
    .title = YAML feature not used here
    .fix = Write the value out in full.
    .cause = The file was shortened with the means of YAML, or a text begins with `*`, `&` or `!` without quotes.
    .example = place=acme/press/1.0/mapping.yaml:9:12
QIAO-P006 = `{ $key }` stands twice; first in line { $first }.
    .title = Key twice
    .fix = Keep one of the two.
    .cause = A block was copied and its key left as it was.
    .example = place=acme/press/1.0/profile.yaml:18:1 | key=title | first=3
QIAO-P007 = `{ $key }` is unknown here.{ $nearest ->
        [none] {""}
       *[other] {" "}Did you mean `{ $nearest }`?
    }
    .title = Unknown key
    .fix = Correct the name or take it out.
    .cause = The key is mistyped or indented to the wrong place.
    .example = place=acme/press/1.0/profile.yaml:4:1 | key=verison | nearest=version
QIAO-P008 = `{ $key }` is missing.
    .title = Key missing
    .fix = Add it.
    .cause = The key was forgotten, or stands elsewhere because of its indentation.
    .example = place=acme/press/1.0/profile.yaml:1:1 | key=sources
QIAO-P009 = Expected { $expected ->
        [text] a text
        [list] a list
        [map] a map of keys
       *[nothing] nothing
    }, found { $found ->
        [text] a text
        [list] a list
        [map] a map of keys
       *[nothing] nothing
    }.
    .title = Wrong kind of value
    .fix = Write the value in the expected form.
    .cause = A dash or a colon is missing, or one word was written where several keys belong.
    .example = place=acme/press/1.0/profile.yaml:7:12 | expected=list | found=text
QIAO-P010 = `{ $value }` is none of: { $choices }.{ $nearest ->
        [none] {""}
       *[other] {" "}Did you mean `{ $nearest }`?
    }
    .title = Unknown choice
    .fix = Take one of the listed words.
    .cause = The word is mistyped or written in another case.
    .example = place=acme/press/1.0/profile.yaml:11:14 | value=primry | choices=primary, secondary | nearest=primary
QIAO-P011 = `{ $value }` is no duration.
    .title = Not a duration
    .fix = Write a whole number with its unit: 250ms, 10s, 2min, 1h.
    .cause = The unit is missing, is unknown, or stands apart from the number.
    .example = place=acme/press/1.0/profile.yaml:21:10 | value=10 seconds
QIAO-P012 = `{ $value }` is not written like `{ $example }`.
    .title = Malformed name
    .fix = Use lower-case letters, digits and `-`; versions consist of digits and dots.
    .cause = The name has capitals, blanks or underscores; profiles and their parts are named alike on every system.
    .example = place=acme/press/1.0/profile.yaml:1:10 | value=Acme Press | example=acme/press
QIAO-P013 = A profile lies where its name says: expected { $expected }, found { $found }.
    .title = Folder and name differ
    .fix = Move the folder, or correct `profile` and `version`.
    .cause = The folder was copied for a new version, and one of the two was not changed.
    .example = place=acme/press/1.1/profile.yaml | expected=acme/press/1.0 | found=acme/press/1.1
QIAO-P014 = `{ $key }` must be `{ $expected }`; it is `{ $found }`.
    .title = Head of the schema
    .fix = Set it as shown; the id ties the schema to its profile and version.
    .cause = The schema was copied from another profile or version.
    .example = place=acme/press/1.1/schema.json:3:3 | key=$id | expected=urn:qiao:acme/press@1.1 | found=urn:qiao:acme/press@1.0
QIAO-P015 = `{ $value }` is no JSON pointer: { $detail }.
    .title = Not a JSON pointer
    .fix = Begin with `/`; a placeholder such as `{"{"}channel{"}"}` takes a whole step.
    .cause = The leading slash is missing, or the path was written with dots as in program code.
    .example = place=acme/press/1.0/mapping.yaml:6:9 | value=Monitoring.Force | detail=it does not begin with `/`
QIAO-P016 = `{ $value }` cannot be read as a browse path or node id: { $detail }.
    .title = Not a browse path
    .fix = Write browse names joined by `/`, `nsu=URI:Name` where a name alone is ambiguous; types as `nsu=URI;i=NUMBER`.
    .cause = The path was copied from a client, with a namespace index or in a notation of its own.
    .example = place=acme/press/1.0/mapping.yaml:7:11 | value=2:Press//Force | detail=a step is empty
QIAO-P017 = The placeholder `{ $name }` is not declared.{ $nearest ->
        [none] {""}
       *[other] {" "}Did you mean `{ $nearest }`?
    }
    .title = Unknown placeholder
    .fix = Declare it under `placeholders:` with the types it stands for.
    .cause = The placeholder is mistyped, or was used before it was declared.
    .example = place=acme/press/1.0/mapping.yaml:8:9 | name=chanel | nearest=channel
QIAO-P018 = The placeholder `{ $name }` does not stand in `{ $path }`: pointer and browse path must have the same ones.
    .title = Placeholders differ
    .fix = Add it on the other side, or take it out here.
    .cause = One side was changed, and the other was forgotten.
    .example = place=acme/press/1.0/mapping.yaml:9:11 | name=channel | path=Press/Channels/Force
QIAO-P019 = `{ $pointer }` is filled twice; first in line { $first }.
    .title = Member filled twice
    .fix = Keep one of the two entries.
    .cause = A block was copied and its pointer left as it was.
    .example = place=acme/press/1.0/mapping.yaml:22:9 | pointer=/Monitoring/Force | first=14
QIAO-P020 = The enumeration `{ $name }` is not declared.{ $nearest ->
        [none] {""}
       *[other] {" "}Did you mean `{ $nearest }`?
    }
    .title = Unknown enumeration
    .fix = Declare it under `enumerations:`.
    .cause = The name is mistyped, or the enumeration was renamed.
    .example = place=acme/press/1.0/mapping.yaml:15:16 | name=press-stat | nearest=press-state
QIAO-P021 = `{ $name }` is declared and nowhere used.
    .title = Declared, not used
    .fix = Use it or take it out.
    .cause = The entry that used it was removed, or names another.
    .example = place=acme/press/1.0/mapping.yaml:30:3 | name=press-state
QIAO-P022 = The schema does not describe `{ $pointer }`: nobody would check it.
    .title = Not in the schema
    .fix = Describe the member in schema.json, or correct the pointer.
    .cause = The mapping was extended and the schema was not, or the pointer is mistyped.
    .example = place=acme/press/1.0/mapping.yaml:16:9 | pointer=/Monitoring/Forse
QIAO-P023 = `{ $topic }` is no topic template: { $detail }.
    .title = Not a topic template
    .fix = Use levels joined by `/` and known placeholders such as `{"{"}gateway{"}"}` and `{"{"}machine{"}"}`.
    .cause = The template has wildcards, blanks at its ends or a placeholder that topics do not know.
    .example = place=acme/press/1.0/profile.yaml:24:10 | topic=plant/+/state | detail=+ #
QIAO-P024 = This file has no place in a profile's folder; nobody reads it.
    .title = Unknown file
    .fix = Rename it or take it out; what belongs there stands in schemas/README.md.
    .cause = The file is a note, a backup of an editor, or its name is mistyped.
    .example = place=acme/press/1.0/schema.json.bak
QIAO-P025 = Three members are expected, all texts: pointer, keyword, shows.
    .title = Expectation incomplete
    .fix = State what is wrong with the example: where, by which keyword, and what it shows.
    .cause = The file says that the example is wrong, but not in what way.
    .example = place=acme/press/1.0/examples/invalid/force.expect.json:1:1
QIAO-P026 = A valid example is refused at { $pointer } by `{ $keyword }`: { $text }
    .title = Valid example refused
    .fix = Correct the example, or the schema.
    .cause = Schema and example were not changed together.
    .example = place=acme/press/1.0/examples/valid/running.json | pointer=/Monitoring/Force | keyword=type | text=QIAO-V101
QIAO-P027 = An invalid example conforms; expected was `{ $keyword }` at { $pointer }.
    .title = Invalid example accepted
    .fix = Tighten the schema, or correct the example.
    .cause = The schema lacks the rule, or the example has lost its fault.
    .example = place=acme/press/1.0/examples/invalid/force.json | keyword=maximum | pointer=/Monitoring/Force
QIAO-P028 = An invalid example is refused by `{ $keyword }` at { $pointer }; stated is `{ $stated-keyword }` at { $stated-pointer }.
    .title = Refused for another reason
    .fix = Each invalid example has exactly the one fault that its .expect.json states.
    .cause = The example has a second fault, or the schema was changed after the expectation was written.
    .example = place=acme/press/1.0/examples/invalid/force.json | keyword=type | pointer=/Monitoring/Force | stated-keyword=maximum | stated-pointer=/Monitoring/Force
QIAO-P029 = The page does not say what the folder says.
    .title = Page out of date
    .fix = Run `qiao profile check --write-readme FOLDER`.
    .cause = The profile was changed after its page was written.
    .example = place=acme/press/1.0/README.md
QIAO-P030 = The profile `{ $profile }` is not installed.{ $nearest ->
        [none] {""}
       *[other] {" "}Did you mean `{ $nearest }`?
    }
    .title = Unknown profile
    .fix = `qiao profile list` shows all; `--profiles FOLDER` adds your own.
    .cause = The name is mistyped, the version is missing, or the folder of your own profiles was not given.
    .example = profile=umati/machine-tool@1.2 | nearest=umati/machine-tool@1.02
QIAO-P031 = `{ $profile }` is already there, from another folder.
    .title = Profile twice
    .fix = Give one of the two another name or version.
    .cause = Two folders were given that hold the same profile, such as a copy.
    .example = place=acme/press/1.0/profile.yaml | profile=acme/press@1.0
QIAO-P032 = The folder cannot be read: { $detail }.
    .title = Folder unreadable
    .fix = Check the path and its permissions.
    .cause = The path is mistyped, names a file, or the user that qiao runs as may not read it.
    .example = place=/etc/qiao/profiles | detail=Permission denied (os error 13)
QIAO-P033 = There is no example.
    .title = No examples
    .fix = Add messages that conform to examples/valid/, and messages with one fault each to examples/invalid/.
    .cause = The profile is new; without examples nobody sees whether its schema says what is meant.
    .example = place=acme/press/1.0/examples
QIAO-P034 = `{ $key }` has a value out of its range.
    .title = Value out of range
    .fix = Numbers of an enumeration are whole; units are codes of UNECE Recommendation 20 such as P1; `at-least-every` is not shorter than `every`; `complete-within` is at most 1h.
    .cause = Two times contradict each other, a number has decimals, or a unit is a symbol instead of a code.
    .example = place=acme/press/1.0/profile.yaml:20:3 | key=every, at-least-every, complete-within
QIAO-P060 = `{ $predicate }` is no predicate.{ $nearest ->
        [none] {""}
       *[other] {" "}Did you mean `{ $nearest }`?
    }
    .title = Unknown predicate
    .fix = Take one of the predicates that docs/reference/rules.md lists.
    .cause = The word is mistyped, or meant for another rule language.
    .example = place=acme/press/1.0/rules.yaml:9:14 | predicate=exist | nearest=exists
QIAO-P061 = `{ $id }` cannot be the id of a rule.
    .title = Id of a rule malformed
    .fix = Write words of capitals and digits joined by `-`, then four digits, such as ACME-PRESS-0101; QIAO- is the gateway's own.
    .cause = The id has small letters or lacks its four digits.
    .example = place=acme/press/1.0/rules.yaml:2:9 | id=press-1
QIAO-P062 = The id `{ $id }` was already given in line { $first }.
    .title = Id of a rule twice
    .fix = Give each rule an id of its own; an id is never used again, even after its rule has gone.
    .cause = A rule was copied, and its id not changed.
    .example = place=acme/press/1.0/rules.yaml:12:9 | id=ACME-PRESS-0101 | first=2
QIAO-P063 = The rule { $id } has no page.
    .title = Rule without a page
    .fix = Write rules/{ $id }.md: what must hold, why, and an example wrong and right.
    .cause = The rule is new, or its page has another name.
    .example = place=acme/press/1.0/rules.yaml:2:9 | id=ACME-PRESS-0101
QIAO-P064 = The page belongs to no rule: `{ $id }` is not in rules.yaml.{ $nearest ->
        [none] {""}
       *[other] {" "}Did you mean `{ $nearest }`?
    }
    .title = Page without a rule
    .fix = Rename the page to the id of its rule, or remove it.
    .cause = A rule was removed or renamed, or the name of the page is mistyped.
    .example = place=acme/press/1.0/rules/ACME-PRESS-0110.md | id=ACME-PRESS-0110 | nearest=ACME-PRESS-0101
QIAO-P065 = The pattern `{ $pattern }` cannot be used: { $detail }.
    .title = Pattern beyond use
    .fix = Use a regular expression without look-around and back references, which is matched in linear time.
    .cause = A bracket is open, or the pattern looks around or refers back.
    .example = place=acme/press/1.0/rules.yaml:9:45 | pattern=^(a | detail=unclosed group
QIAO-P066 = The path `{ $path }` cannot be used: { $detail }.
    .title = Path malformed
    .fix = Write a JSON pointer; it may begin with `$` for the whole message, and have the steps `*` and `[member=value]`.
    .cause = A `/` at the beginning is missing, or a bracket is not closed.
    .example = place=acme/press/1.0/rules.yaml:9:22 | path=Force | detail=it begins neither with `/` nor with `$`
QIAO-P067 = A predicate is a map with one key; here are { $count }.
    .title = Not one predicate
    .fix = Join several with `all: [ … ]` or `any: [ … ]`.
    .cause = Two predicates stand side by side, or a dash is missing.
    .example = place=acme/press/1.0/rules.yaml:9:12 | count=2
QIAO-P068 = No invalid example shows the rule { $id }.
    .title = Rule without an example
    .fix = Add a message to examples/invalid/ whose .expect.json has `"rule": "{ $id }"`.
    .cause = The rule is new; without an example nobody sees whether it ever fails.
    .example = place=acme/press/1.0/rules.yaml:2:9 | id=ACME-PRESS-0101
QIAO-P069 = The rule { $id } fails at { $pointer }, and should not: { $title }
    .title = An example breaks a rule
    .fix = Correct the example or the rule; an invalid example breaks its own rule and no other.
    .cause = The rule is too strict, or the example has a fault that was not meant.
    .example = place=acme/press/1.0/examples/valid/stroke.json:4:5 | id=ACME-PRESS-0101 | pointer=/Force | title=The force stays below the rated force.
QIAO-P070 = The rule { $id } should fail at { $pointer } alone; it fails at: { $found }.
    .title = Rule fails elsewhere, or not
    .fix = Correct the pointer in the .expect.json, the example, or the rule. Of what is missing, the place is what it is missing from.
    .cause = The example has lost its fault, or the pointer is mistyped.
    .example = place=acme/press/1.0/examples/invalid/force.json:4:5 | id=ACME-PRESS-0101 | pointer=/Force | found=none
QIAO-P072 = `{ $id }` is not in rules.yaml.{ $nearest ->
        [none] {""}
       *[other] {" "}Did you mean `{ $nearest }`?
    }
    .title = Unknown rule
    .fix = Write the id of a rule of this profile.
    .cause = The id is mistyped, or the rule was removed.
    .example = place=acme/press/1.0/examples/invalid/force.expect.json | id=ACME-PRESS-0110 | nearest=ACME-PRESS-0101
QIAO-P073 = `{ $value }` is no number here, nor a date or time where one may stand.
    .title = Not a number
    .fix = Write a number (of a count: a whole one), a date YYYY-MM-DD, a time in UTC, or a pointer as `{"{"} at: /pointer {"}"}`.
    .cause = A unit stands behind the number, or a pointer stands bare.
    .example = place=acme/press/1.0/rules.yaml:9:40 | value=20 kN
QIAO-P074 = The rule { $id } cannot be judged at { $pointer }: { $title }
    .title = Rule left open by an example
    .fix = Make the rule look only at values that can be compared, or correct the example.
    .cause = The value there is of a kind that the predicate cannot compare or count, such as text where a number is meant.
    .example = place=acme/press/1.0/examples/valid/stroke.json:4:5 | id=ACME-PRESS-0101 | pointer=/Force | title=The force stays below the rated force.
QIAO-P035 = The concept `{ $concept }` does not exist.{ $nearest ->
        [none] {""}
       *[other] {" "}Did you mean `{ $nearest }`?
    }
    .title = Unknown concept
    .fix = Correct the name, or declare the concept in a file of schemas/concepts/.
    .cause = The name is mistyped, or the concept was renamed.
    .example = place=acme/press/1.0/mapping.yaml:11:36 | concept=machine.operation-mod | nearest=machine.operation-mode
QIAO-P036 = `{ $concept }` has no value `{ $value }`.{ $nearest ->
        [none] {""}
       *[other] {" "}Did you mean `{ $nearest }`?
    }
    .title = Unknown value of a concept
    .fix = Use one of the concept's values, or add the value to the concept.
    .cause = The word of the wire was written where the word of the hub belongs, or it is mistyped.
    .example = place=acme/press/1.0/mapping.yaml:8:20 | concept=machine.operation-mode | value=automatik | nearest=automatic
QIAO-P037 = A number in `{ $unit }` does not turn into one in `{ $expected }`, in which `{ $concept }` counts.
    .title = Unit does not fit the concept
    .fix = Correct the unit of the field, or choose the concept that it measures.
    .cause = Unit and concept speak of different quantities, such as a length and a speed.
    .example = place=acme/press/1.0/mapping.yaml:11:50 | unit=MMT | expected=MTS | concept=axis.speed
QIAO-P038 = `{ $what }` does not fit `{ $concept }`, which is of type { $type }.
    .title = Form does not fit the concept
    .fix = Choose a form for this type, and a table that is `of:` this concept.
    .cause = The line was copied from a field of another type, or the concept changed its type.
    .example = place=acme/press/1.0/mapping.yaml:12:20 | what=epoch-ms | concept=identity.serial-number | type=text
QIAO-P039 = The concept `{ $concept }` is already declared at { $first }.
    .title = Concept declared twice
    .fix = Keep one of the two declarations.
    .cause = Two files claim the same name, or a block was copied.
    .example = place=schemas/concepts/machine.yaml:9:3 | concept=identity.model | first=schemas/concepts/identity.yaml:20:3
QIAO-P040 = A concept of type { $type } cannot count in `{ $unit }`.{ $nearest ->
        [none] {""}
       *[other] {" "}Did you mean `{ $nearest }`?
    }
    .title = Unit of a concept
    .fix = Give numbers a unit whose conversion is known; other types have none.
    .cause = The code is mistyped, or qiao does not know how this unit converts.
    .example = place=schemas/concepts/machine.yaml:12:11 | type=number | unit=KWHH | nearest=KWH
QIAO-P041 = `{ $concept }` is of type { $type }: an enumeration lists its values, and nothing else does.
    .title = Values and type contradict each other
    .fix = List the values of an enumeration; take them away from any other type.
    .cause = The type was changed and the list of values was not.
    .example = place=schemas/concepts/machine.yaml:12:3 | concept=machine.operation-mode | type=enumeration
QIAO-P042 = How the unit `{ $unit }` converts is not known.{ $nearest ->
        [none] {""}
       *[other] {" "}Did you mean `{ $nearest }`?
    }
    .title = Unknown unit
    .fix = Use the common code of UNECE Recommendation 20 for a unit that qiao converts.
    .cause = The code is mistyped, a symbol stands instead of the code, or the unit is missing in qiao's table.
    .example = place=acme/press/1.0/mapping.yaml:7:30 | unit=MMM | nearest=MMT
QIAO-P043 = `{ $concept }` is of type { $type }; only an enumeration has a table.
    .title = Table without enumeration
    .fix = Name an enumeration in `of:`, or declare the concept as one.
    .cause = The wrong concept was named, or it was declared with another type.
    .example = place=acme/press/1.0/mapping.yaml:5:9 | concept=identity.serial-number | type=text
QIAO-P044 = The table `{ $table }` does not say what becomes of: { $values }.
    .title = Table not complete
    .fix = Give each value an entry (`is` or `also`), or name it in `absent` with the reason.
    .cause = The concept has values that the wire has no word for, or it got new ones.
    .example = place=acme/press/1.0/mapping.yaml:5:3 | table=work-mode | values=setup, service
QIAO-P045 = `{ $name }` is not declared under `tables` or `unit-words`.{ $nearest ->
        [none] {""}
       *[other] {" "}Did you mean `{ $nearest }`?
    }
    .title = Table not declared
    .fix = Correct the name, or declare it.
    .cause = The name is mistyped, or the declaration was removed.
    .example = place=acme/press/1.0/mapping.yaml:11:44 | name=work-mod | nearest=work-mode
QIAO-P046 = The table speaks of `{ $value }` twice.
    .title = Value twice in a table
    .fix = Keep one of the two.
    .cause = A line was copied, or one value was meant to be read in two ways.
    .example = place=acme/press/1.0/mapping.yaml:9:20 | value=manual
QIAO-P047 = `{ $concept }` is an enumeration: a table must say which word stands for which value.
    .title = Enumeration without table
    .fix = Declare a table under `tables` and name it with `table:`.
    .cause = The table was forgotten; the words of the wire are not those of the hub.
    .example = place=acme/press/1.0/mapping.yaml:11:9 | concept=machine.operation-mode
QIAO-P048 = The pattern `{ $pattern }` cannot be used: { $detail }.
    .title = Pattern unusable
    .fix = Correct the pattern; `take` is the number of one of its groups.
    .cause = A bracket is missing, or look-around and back references are used, which take unbounded time.
    .example = place=acme/press/1.0/mapping.yaml:14:20 | pattern=^(.{3} | detail=unclosed group
QIAO-P049 = The field does not say in which unit it counts; its concept counts in `{ $unit }`.
    .title = Number without unit
    .fix = Add `unit:`, `unit-at:` or `unit-word-at:`.
    .cause = The unit was taken for granted; it is never guessed.
    .example = place=acme/press/1.0/mapping.yaml:11:9 | unit=P1
QIAO-P075 = { $direction ->
        [backward] Backward
       *[forward] Forward
    }: every message of { $first } conforms to { $second }: proved.
    .title = Compatible
    .fix = Nothing; the schemas were compared keyword by keyword.
    .cause = Every constraint of the one schema follows from the other.
    .example = direction=backward | first=acme/press@1.0 | second=acme/press@1.1
QIAO-P076 = { $direction ->
        [backward] Backward
       *[forward] Forward
    }: not every message of { $first } conforms to { $second }. Refused at { $pointer }: { $text } The message: { $message }
    .title = Not compatible
    .fix = Give the new version a new main number, or widen its schema again.
    .cause = The one schema refuses what the other takes; the message shown conforms to the one alone.
    .example = direction=backward | first=acme/press@1.0 | second=acme/press@1.1 | pointer=/ | text=`Force` is missing. | message={"{"}{"}"}
QIAO-P077 = { $direction ->
        [backward] Backward
       *[forward] Forward
    }: not proven whether every message of { $first } conforms to { $second }; { $tried } messages showed nothing against it.
    .title = Compatibility not proven
    .fix = Compare the two schemas by hand where they differ; add an example that shows the difference.
    .cause = The schemas differ in keywords of which no proof is known, such as patterns.
    .example = direction=forward | first=acme/press@1.1 | second=acme/press@1.0 | tried=30000
QIAO-P078 = The folder is already there.
    .title = Folder exists
    .fix = Take another name or version, or remove the folder.
    .cause = The profile was made before.
    .example = place=profiles/acme/press/1.0
QIAO-P082 = `{ $topic }` is no topic beside messages: it has to look like `{ $expected }`.
    .title = Topic beside messages malformed
    .fix = Begin it with `{"{"}base{"}"}/`; put `{"{"}machine{"}"}` into that of `online`, once, and into no other; no wildcard, no other brace.
    .cause = The prefix was written out, or the machine is missing in the topic that every machine has its own of.
    .example = place=profiles/acme/press/1.0/profile.yaml:41:20 | topic=acme/list | expected={"{"}base{"}"}/…
QIAO-P083 = Messages are on `{ $topic }`, which does not end with `{ $behind }`.
    .title = No base for topics beside messages
    .fix = Let `behind` be the end of `topic`, from a `/` on, with `{"{"}machine{"}"}` in it; what stands before is the base.
    .cause = One of the two was changed without the other.
    .example = place=profiles/acme/press/1.0/profile.yaml:38:11 | topic=acme/press/{"{"}machine{"}"} | behind=/PressType/{"{"}machine{"}"}
QIAO-P084 = No field of mapping.yaml lies below `{ $pointer }`: lists of machines would show nothing.
    .title = Nothing to show in lists
    .fix = Let `data` point to the object of the message that identifies a machine.
    .cause = The pointer is misspelt, or the mapping puts the identification elsewhere.
    .example = place=profiles/acme/press/1.0/profile.yaml:39:9 | pointer=/Identity

QIAO-P087 = No field of the mapping has the pointer `{ $pointer }`.{ $nearest ->
        [none] {""}
       *[other] {" "}Did you mean `{ $nearest }`?
    }
    .title = Channel names an unknown field
    .fix = Write the pointer as it stands behind `to` in mapping.yaml, with its placeholders.
    .cause = The field was renamed in the mapping, or the pointer is mistyped.
    .example = place=profiles/acme/press/1.0/profile.yaml:30:9 | pointer=/STATE | nearest=/STATUS

QIAO-P088 = `{ $channel }`: { $fault ->
        [twice] another channel has the same id
        [interval] the intervals do not fit each other
        [field] the field stands in a channel already
       *[unwanted] only a profile of samples has channels
    }.
    .title = Sampling channel not usable
    .fix = { $fault ->
        [twice] Give each channel an id of its own.
        [interval] Let `upload-interval` be a whole multiple of `interval`, both in whole milliseconds, with at most 10000 rows in a message.
        [field] Name the field in one channel alone.
       *[unwanted] Say `message: sample`, or remove `channels`.
    }
    .cause = A channel was copied, or its times were changed one by one.
    .example = place=profiles/acme/press/1.0/profile.yaml:28:5 | channel=motion | fault=interval
QIAO-P079 = `spellings` are of NC-Link; messages of this profile have no other spellings.
    .title = Spellings without NC-Link
    .fix = Leave `spellings` out, or write `codec: nc-link` if these are messages of NC-Link.
    .cause = The key was copied from another profile.
    .example = place=profiles/acme/press/1.0/profile.yaml:40:3
QIAO-P080 = `{ $other }` cannot be read as `{ $name }`: { $fault ->
        [same] both are the same
        [kind] one is a type of the dictionary (in capitals), the other a member of messages
       *[chain] that is itself read as something else
    }.
    .title = Spelling leads nowhere
    .fix = Write on the left what adapters send, on the right the name that the mapping uses.
    .cause = Left and right were exchanged, or two entries belong together.
    .example = place=profiles/acme/cnc/1.0/profile.yaml:41:3 | other=SERVO | name=servoDriver | fault=kind

profile-check-good = { $profile }: nothing is wrong. { $fields } fields, { $valid } valid and { $invalid } invalid examples, { $rules } rules.
profile-check-faults = { $errors } errors, { $warnings } warnings.
profile-readme-written = Written: { $file }
profile-sources = Sources
profile-covered = Covered
profile-not-covered = Not covered
profile-travels = How it travels
profile-fields = Fields ({ $count })
profile-values = Values
profile-known-by = Known by (all of these hold for a message)
profile-condition = { $pointer } { $test ->
    [exists] is there
    [matches] matches { $value }
   *[equals] is { $value }
}
profile-words = Words: in the message ↔ in the shared concept
profile-also-written = also written for: { $values }
profile-also-read = also read: { $values }
profile-absent = The message has no word for { $value }: { $because }
profile-unit-words = Words for units
profile-left-out = Left out on purpose
profile-open = Every selected node becomes a member of { $pointer }, named by its path.
profile-read = { $reading ->
        [primary] the document itself was read
       *[secondary] what others wrote about it was read
    }
profile-disclaimer = Own writing, modelled on public facts about these documents; no official conformity is claimed.
profile-mandatory = mandatory
profile-once = read once
profile-new-next = Made: { $folder }
    Next: 1. in profile.yaml fill in title, description, sources, what is covered, topic and detect;
    2. fit schema.json and mapping.yaml to your messages; 3. replace the examples by your own;
    4. run `qiao profile check { $folder }` until nothing is wrong;
    5. name the folder in your configuration: `profiles: [{ $below }]`.
