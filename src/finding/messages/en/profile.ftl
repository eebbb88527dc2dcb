# Profiles: folders, manifests, mappings, examples; `qiao profile`.
QIAO-P001 = The file is missing.
    .title = File missing
    .fix = Add it; what belongs into a profile's folder stands in schemas/README.md.
QIAO-P002 = The file is not UTF-8 from here on.
    .title = Not UTF-8
    .fix = Save it as UTF-8.
QIAO-P003 = The file goes beyond the limit of { $limit }.
    .title = File too large or too deep
    .fix = Split the profile, or move shared parts together.
QIAO-P004 = The file cannot be read from here on: { $detail }.
    .title = Syntax
    .fix = Correct the text at this place.
QIAO-P005 = Anchors, aliases, tags, composed keys and second documents are not read here.
    .title = YAML feature not used here
    .fix = Write the value out in full.
QIAO-P006 = `{ $key }` stands twice; first in line { $first }.
    .title = Key twice
    .fix = Keep one of the two.
QIAO-P007 = `{ $key }` is unknown here.{ $nearest ->
        [none] {""}
       *[other] {" "}Did you mean `{ $nearest }`?
    }
    .title = Unknown key
    .fix = Correct the name or take it out.
QIAO-P008 = `{ $key }` is missing.
    .title = Key missing
    .fix = Add it.
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
QIAO-P010 = `{ $value }` is none of: { $choices }.{ $nearest ->
        [none] {""}
       *[other] {" "}Did you mean `{ $nearest }`?
    }
    .title = Unknown choice
    .fix = Take one of the listed words.
QIAO-P011 = `{ $value }` is no duration.
    .title = Not a duration
    .fix = Write a whole number with its unit: 250ms, 10s, 2min, 1h.
QIAO-P012 = `{ $value }` is not written like `{ $example }`.
    .title = Malformed name
    .fix = Use lower-case letters, digits and `-`; versions consist of digits and dots.
QIAO-P013 = A profile lies where its name says: expected { $expected }, found { $found }.
    .title = Folder and name differ
    .fix = Move the folder, or correct `profile` and `version`.
QIAO-P014 = `{ $key }` must be `{ $expected }`; it is `{ $found }`.
    .title = Head of the schema
    .fix = Set it as shown; the id ties the schema to its profile and version.
QIAO-P015 = `{ $value }` is no JSON pointer: { $detail }.
    .title = Not a JSON pointer
    .fix = Begin with `/`; a placeholder such as `{"{"}channel{"}"}` takes a whole step.
QIAO-P016 = `{ $value }` cannot be read as a browse path or node id: { $detail }.
    .title = Not a browse path
    .fix = Write browse names joined by `/`, `nsu=URI:Name` where a name alone is ambiguous; types as `nsu=URI;i=NUMBER`.
QIAO-P017 = The placeholder `{ $name }` is not declared.{ $nearest ->
        [none] {""}
       *[other] {" "}Did you mean `{ $nearest }`?
    }
    .title = Unknown placeholder
    .fix = Declare it under `placeholders:` with the types it stands for.
QIAO-P018 = The placeholder `{ $name }` does not stand in `{ $path }`: pointer and browse path must have the same ones.
    .title = Placeholders differ
    .fix = Add it on the other side, or take it out here.
QIAO-P019 = `{ $pointer }` is filled twice; first in line { $first }.
    .title = Member filled twice
    .fix = Keep one of the two entries.
QIAO-P020 = The enumeration `{ $name }` is not declared.{ $nearest ->
        [none] {""}
       *[other] {" "}Did you mean `{ $nearest }`?
    }
    .title = Unknown enumeration
    .fix = Declare it under `enumerations:`.
QIAO-P021 = `{ $name }` is declared and nowhere used.
    .title = Declared, not used
    .fix = Use it or take it out.
QIAO-P022 = The schema does not describe `{ $pointer }`: nobody would check it.
    .title = Not in the schema
    .fix = Describe the member in schema.json, or correct the pointer.
QIAO-P023 = `{ $topic }` is no topic template: { $detail }.
    .title = Not a topic template
    .fix = Use levels joined by `/` and known placeholders such as `{"{"}gateway{"}"}` and `{"{"}machine{"}"}`.
QIAO-P024 = This file has no place in a profile's folder; nobody reads it.
    .title = Unknown file
    .fix = Rename it or take it out; what belongs there stands in schemas/README.md.
QIAO-P025 = Three members are expected, all texts: pointer, keyword, shows.
    .title = Expectation incomplete
    .fix = State what is wrong with the example: where, by which keyword, and what it shows.
QIAO-P026 = A valid example is refused at { $pointer } by `{ $keyword }`: { $text }
    .title = Valid example refused
    .fix = Correct the example, or the schema.
QIAO-P027 = An invalid example conforms; expected was `{ $keyword }` at { $pointer }.
    .title = Invalid example accepted
    .fix = Tighten the schema, or correct the example.
QIAO-P028 = An invalid example is refused by `{ $keyword }` at { $pointer }; stated is `{ $stated-keyword }` at { $stated-pointer }.
    .title = Refused for another reason
    .fix = Each invalid example has exactly the one fault that its .expect.json states.
QIAO-P029 = The page does not say what the folder says.
    .title = Page out of date
    .fix = Run `qiao profile check --write-readme FOLDER`.
QIAO-P030 = The profile `{ $profile }` is not installed.{ $nearest ->
        [none] {""}
       *[other] {" "}Did you mean `{ $nearest }`?
    }
    .title = Unknown profile
    .fix = `qiao profile list` shows all; `--profiles FOLDER` adds your own.
QIAO-P031 = `{ $profile }` is already there, from another folder.
    .title = Profile twice
    .fix = Give one of the two another name or version.
QIAO-P032 = The folder cannot be read: { $detail }.
    .title = Folder unreadable
    .fix = Check the path and its permissions.
QIAO-P033 = There is no example.
    .title = No examples
    .fix = Add messages that conform to examples/valid/, and messages with one fault each to examples/invalid/.
QIAO-P034 = `{ $key }` has a value out of its range.
    .title = Value out of range
    .fix = Numbers of an enumeration are whole; units are codes of UNECE Recommendation 20 such as P1; `at-least-every` is not shorter than `every`; `complete-within` is at most 1h.

profile-check-good = { $profile }: nothing is wrong. { $fields } fields, { $valid } valid and { $invalid } invalid examples.
profile-check-faults = { $errors } errors, { $warnings } warnings.
profile-readme-written = Written: { $file }
profile-sources = Sources
profile-covered = Covered
profile-not-covered = Not covered
profile-travels = How it travels
profile-fields = Fields ({ $count })
profile-values = Values
profile-left-out = Left out on purpose
profile-open = Every selected node becomes a member of { $pointer }, named by its path.
profile-read = { $reading ->
        [primary] the document itself was read
       *[secondary] what others wrote about it was read
    }
profile-disclaimer = Own writing, modelled on public facts about these documents; no official conformity is claimed.
profile-mandatory = mandatory
profile-once = read once
