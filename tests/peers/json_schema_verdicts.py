"""A second opinion on our schemas: what Python's jsonschema says of messages.

    json_schema_verdicts.py < LINES
    json_schema_verdicts.py generate COUNT SEED FOLDER... > LINES

LINES: one `{"schema": PATH, "message": ANY}` a line. The first form answers each with one line, in order: `{"valid": true}`
or `{"valid": false, "places": [[POINTER, KEYWORD], ...]}` (at most five). A schema with a format that cannot be checked here
ends it: a format passed unseen would be no opinion. The second form writes messages made by changing the examples of
profile folders; the same arguments always give the same lines.

Leap seconds and the year 0000 are refused here and taken by ours."""

import functools
import json
import pathlib
import random
import re
import sys

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import extend


def to_the_end(check):
    """Its regular expressions, too, let a last line feed pass."""
    return lambda value: check(value) and not (isinstance(value, str) and value.endswith("\n"))


CHECKER = FormatChecker()
CHECKER.checkers = {name: (to_the_end(check), raises) for name, (check, raises) in CHECKER.checkers.items()}
PLACES_MAX = 5


def our_pattern(text):
    """JSON Schema means the end of the text by `$`; Python also takes the place before a last line feed."""
    out, in_class, escaped = [], False, False
    for c in text:
        if not escaped and c == "$" and not in_class:
            out.append(r"\Z")
            continue
        if not escaped and c in "[]":
            in_class = c == "["
        escaped = c == "\\" and not escaped
        out.append(c)
    return "".join(out)


@functools.cache
def compiled(pattern):
    return re.compile(our_pattern(pattern))


def pattern(validator, wanted, instance, schema):
    if validator.is_type(instance, "string") and not compiled(wanted).search(instance):
        yield ValidationError("pattern")


Validator = extend(Draft202012Validator, {"pattern": pattern})


def formats(schema):
    """Every format that a schema names; a member of that name in `properties` is no format."""
    if isinstance(schema, list):
        for each in schema:
            yield from formats(each)
    elif isinstance(schema, dict):
        if isinstance(schema.get("format"), str):
            yield schema["format"]
        for each in schema.values():
            yield from formats(each)


@functools.cache
def validator(path):
    schema = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    unknown = sorted(set(formats(schema)) - set(CHECKER.checkers))
    if unknown:
        sys.exit(f"{path}: formats that are not checked here: {', '.join(unknown)}")
    return Validator(schema, format_checker=CHECKER)


def pointer(path):
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def verdict(line):
    places = []
    for error in validator(line["schema"]).iter_errors(line["message"]):
        places.append([pointer(error.absolute_path), error.validator])
        if len(places) == PLACES_MAX:
            break
    return {"valid": False, "places": places} if places else {"valid": True}


def places(value):
    """Every place below the root: (holder, key)."""
    if isinstance(value, dict):
        keys = list(value)
    elif isinstance(value, list):
        keys = range(len(value))
    else:
        return
    for key in keys:
        yield value, key
        yield from places(value[key])


OTHERS = [None, True, False, 0, -1, 1, 1.5, 1e300, 9007199254740993, "", "x", "0", "2026-02-30", [], {}, [None], {"": 0}]
ENDINGS = ["\n", " ", "0", "Z", "x", "ä", "中", "\U0001f50b", "%", "é"]


def changed_text(rng, text):
    at = rng.randrange(len(text) + 1)
    return rng.choice(
        [
            lambda: text + rng.choice(ENDINGS),
            lambda: rng.choice(ENDINGS) + text,
            lambda: text[:at] + text[at + 1 :],
            lambda: text[:at] + rng.choice("09AZaz.-:/+") + text[at + 1 :],
            lambda: text.swapcase(),
            lambda: text * 2,
            lambda: "",
        ]
    )()


def changed_number(rng, number):
    return rng.choice([number + 1, number - 1, -number, number + 0.5, number * 1000, 0, str(number)])


def change(rng, message):
    """One change at one place, in place."""
    found = list(places(message))
    if not found:
        return
    holder, key = rng.choice(found)
    value = holder[key]
    kind = rng.randrange(7)
    if kind == 0:
        del holder[key]
    elif kind == 1:
        holder[key] = rng.choice(OTHERS)
    elif kind == 2:
        other, of = rng.choice(found)
        holder[key] = json.loads(json.dumps(other[of]))
    elif kind == 3 and isinstance(value, dict):
        value[rng.choice(["added", "x:added", "Added", "$added", "value"])] = rng.choice(OTHERS)
    elif kind == 3 and isinstance(value, list) and value:
        value.append(json.loads(json.dumps(rng.choice(value))))
    elif kind == 4 and isinstance(holder, dict):
        holder[changed_text(rng, key)] = holder.pop(key)
    elif isinstance(value, str):
        holder[key] = changed_text(rng, value)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        holder[key] = changed_number(rng, value)
    else:
        holder[key] = rng.choice(OTHERS)


def examples(folder):
    """The valid and the invalid ones, as texts."""
    kinds = [sorted(pathlib.Path(folder, "examples", kind).glob("*.json")) for kind in ("valid", "invalid")]
    return [[file.read_text("utf-8") for file in files if not file.name.endswith(".expect.json")] for files in kinds]


def generate(count, seed, folders):
    rng = random.Random(seed)
    sources = [(str(pathlib.Path(folder, "schema.json")), examples(folder)) for folder in folders]
    for at in range(count):
        schema, (valid, invalid) = sources[at % len(sources)]
        message = json.loads(rng.choice(valid if rng.randrange(3) else invalid))
        for _ in range(rng.choice([0, 1, 1, 1, 2, 3])):
            change(rng, message)
        yield {"schema": schema, "message": message}


def main():
    if sys.argv[1:2] == ["generate"]:
        lines = generate(int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
    else:
        lines = (verdict(json.loads(line)) for line in sys.stdin)
    for line in lines:
        print(json.dumps(line, separators=(",", ":")), flush=True)


main()
