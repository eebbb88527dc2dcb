# Translation between profiles; `qiao translate`.
QIAO-X001 = The message cannot be read: { $detail }.
    .title = Message unreadable
    .fix = Check path, permissions and whether it is JSON.
    .cause = The file is no JSON, is too large, or may not be read.
    .example = place=machine.json | detail=expected value at line 1 column 1
QIAO-X002 = Which profile the message speaks cannot be told: { $count ->
        [0] none fits
       *[other] { $profiles } fit alike
    }.
    .title = Profile not recognised
    .fix = Name it with `--from`.
    .cause = The message is of another standard, or two profiles are known by the same marks.
    .example = place=machine.json | count=0 | profiles=none
QIAO-X003 = The target requires this member, and nothing filled it. Concepts that would: { $concept ->
        [none] none
       *[other] { $concept }
    }.
    .title = Mandatory member missing
    .fix = Give the value with `--set CONCEPT=VALUE`, or take a source that has it.
    .cause = The source does not have what the target requires.
    .example = place=/Identification/SerialNumber | concept=identity.serial-number
QIAO-X004 = The value given for `{ $concept }` finds no place in the target: { $reason }.
    .title = Given value not placed
    .fix = Leave this `--set` out, or name a concept that the target has; `qiao profile show` lists them.
    .cause = The target has no field for the concept, its words do not know the value, or the message filled the place already.
    .example = concept=machine.room | reason=the target has no field for this concept

translate-exact = exact
translate-exact-means = the same value, written the same way
translate-converted = converted
translate-converted-means = the same value, written otherwise; it can be converted back
translate-approximated = approximated
translate-approximated-means = nearly the same, by the rule that is stated
translate-absent = absent
translate-absent-means = not there, for the reason that is stated
translate-open = left empty
translate-unreadable = the value cannot be read as the mapping says
translate-no-value = there is no value
translate-unknown-word = the table does not know this value
translate-other-spelling = another spelling of the same word
translate-many-to-one = several values become one
translate-some-absent = some values have no word in the target
translate-not-whole = the number is not whole in the unit of the target
translate-rounded = rounded
translate-out-of-range = the number does not fit into the target
translate-one-language = one of several languages is kept
translate-language-dropped = the target does not say which language it is
translate-language-unknown = the language is not told (und)
translate-day-only = only the day is kept
translate-start-of-day = start of the day in UTC; the hour was not told
translate-unit-unknown = the unit is not known; it is never guessed
translate-unit-unfit = the units measure different quantities
translate-unit-stated = unit of a number
translate-frame = fixed part of the form
translate-unmapped = the mapping of the source does not speak of it
translate-no-concept = the source names no concept for it
translate-no-target = the target has no field for this concept
translate-no-source = nothing of the source fills it
translate-no-place = the target has no place for it
translate-already-filled = another value already stands there
translate-by-table = words by table
translate-derived = part of a longer text
translate-first-instance = the target has one place; the first of several takes it
translate-only-instance = the target has several places; the only value stands under the name 1
translate-withheld = withheld on request
translate-person = speaks of a person and was not named
translate-head-concept = Concept (en / de / zh)
translate-head-source = Field of the source
translate-head-target = Field of the target
translate-head-fate = Fate
translate-head-rule = Rule or reason
translate-signed = Agreed
translate-sign-place = Place, date
translate-sign-name = Name, signature
translate-coverage-summary = Fields of the source: { $exact } exact, { $converted } converted, { $approximated } approximated, { $absent } absent. Fields of the target that nothing fills: { $open }.
translate-coverage-source = What becomes of the fields of the source
translate-coverage-target = Fields of the target that nothing of the source fills
translate-summary = { $exact } exact, { $converted } converted, { $approximated } approximated, { $absent } absent.
translate-given = given from outside: { $concept } → { $pointer }
translate-form-plain = as JSON of its type
translate-form-decimal-text = number as text
translate-form-epoch-ms = milliseconds since 1970
translate-form-epoch-ms-text = milliseconds since 1970 as text
translate-form-date = day
translate-form-localized = text with its language
translate-form-languages = texts in several languages
translate-form-languages-any = text without its language
