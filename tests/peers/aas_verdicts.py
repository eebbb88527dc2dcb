"""What others say of shells: two programs of the Asset Administration Shell, each with its own reading of the standards.

    aas_verdicts.py FOLDER                  judges every *.json below FOLDER (not *.expect.json)
    aas_verdicts.py --write-shells FOLDER   writes shells, sound and broken, made from the valid examples in schemas/

Judging prints one JSON line per shell: `{"file", "aas-test-engines", "aas-submodel-validate", "why"}`. A verdict is
`takes`, `refuses`, or `silent` when the program has no table for the submodel and the metamodel gave no reason. The first
program knows the metamodel 3.0 and the nameplate 2.0; the second the metamodel and the nameplate 3.0, the carbon footprint
and the battery passport.

Writing puts one fault, or none, into each shell, only faults that a program can see: `<profile>--<example>--<what>.json`,
`/` and `@` of the profile as `_`. A profile that refuses other shells than the programs together has a reason to give.
"""

import copy
import json
import pathlib
import sys

SCHEMAS = pathlib.Path(__file__).resolve().parents[2] / "schemas"

# Profile, the submodel's idShort, example, where the elements stand that the template asks for.
BASES = [
    ("aas/digital-nameplate@3.0", "machining-centre", []),
    ("aas/digital-nameplate@3.0", "two-markings", []),
    ("aas/digital-nameplate@2.0", "machining-centre", []),
    ("carbon/pcf@1.0", "machining-centre", [0, "value", 0, "value"]),
]

MANDATORY = {
    "aas/digital-nameplate@3.0": [
        "URIOfTheProduct", "ManufacturerName", "ManufacturerProductDesignation", "AddressInformation",
        "OrderCodeOfManufacturer",
    ],
    "aas/digital-nameplate@2.0": [
        "URIOfTheProduct", "ManufacturerName", "ManufacturerProductDesignation", "ContactInformation",
        "YearOfConstruction",
    ],
    "carbon/pcf@1.0": [
        "PcfCalculationMethods", "PcfCO2eq", "ReferenceImpactUnitForCalculation", "QuantityOfMeasureForCalculation",
        "LifeCyclePhases", "PublicationDate",
    ],
}


def judge(path):
    from aas_submodel_validate import validate
    from aas_test_engines.file import check_json_data

    shell = json.loads(path.read_text(encoding="utf-8"))
    try:
        engines = check_json_data(shell)
        first = "takes" if engines.ok() else "refuses"
        why = [] if engines.ok() else [f"aas-test-engines: {line}" for line in errors_of(engines)[:5]]
    except (AttributeError, KeyError, TypeError, ValueError) as error:  # It stumbles over some broken shells.
        first, why = "refuses", [f"aas-test-engines: {type(error).__name__}: {error}"]

    report = validate(str(path), meta="error", allow_unmatched=True).as_dict()
    errors = [finding for finding in report["findings"] if finding["severity"] == "error"]
    why += [f"aas-submodel-validate: {finding['rule']} {finding['message']}" for finding in errors[:5]]
    is_judged = report["summary"]["submodelsJudged"] > 0
    second = "refuses" if not report["ok"] else "takes" if is_judged else "silent"
    return {"aas-test-engines": first, "aas-submodel-validate": second, "why": why}


def errors_of(result):
    """The messages of the innermost results that are not all right."""
    inner = [line for part in result.sub_results for line in errors_of(part)]
    return inner if inner or result.ok() else [result.message]


def shells():
    """Name and shell, one after the other."""
    for profile, example, at in BASES:
        name, version = profile.split("@")
        base = json.loads((SCHEMAS / name / version / "examples/valid" / f"{example}.json").read_text(encoding="utf-8"))

        def changed(what, change):
            shell = copy.deepcopy(base)
            elements = shell["submodels"][0]["submodelElements"]
            for step in at:
                elements = elements[step]
            change(shell, elements)
            return f"{profile.replace('/', '_').replace('@', '_')}--{example}--{what}", shell

        names = [element["idShort"] for element in inner(base, at)]
        for short in names:
            kind = "mandatory" if short in MANDATORY[profile] else "optional"
            yield changed(f"without-{kind}-{short}", lambda _, elements, short=short: elements.remove(one(elements, short)))
        for short in MANDATORY[profile]:
            yield changed(
                f"other-meaning-{short}",
                lambda _, elements, short=short: meaning(one(elements, short), "0173-1#02-AAA000#001"),
            )
        for what, change in (SOUND | BROKEN).items():
            yield changed(what, change)


def inner(shell, at):
    elements = shell["submodels"][0]["submodelElements"]
    for step in at:
        elements = elements[step]
    return elements


def one(elements, short):
    return next(element for element in elements if element["idShort"] == short)


def first(elements, kind):
    return next(element for element in elements if element["modelType"] == kind)


def dated(elements):
    return next((element for element in elements if element.get("valueType") in ("xs:date", "xs:dateTime")), None)


def meaning(element, value):
    element["semanticId"]["keys"][0]["value"] = value


def put(element, key, value):
    element[key] = value


def break_date(shell, elements):
    put(dated(elements) or add(elements, valueType="xs:date"), "value", "17.05.2024")


def add(elements, **members):
    element = {"modelType": "Property", "idShort": "OwnElement", "valueType": "xs:string", "value": "7", **members}
    elements.append(element)
    return element


def own(elements, kind, **members):
    elements.append({"modelType": kind, "idShort": "OwnElement", **members})
    return elements[-1]


def another_submodel(shell, _):
    shell["submodels"].append({"modelType": "Submodel", "id": "https://aas.nordwerk.example/sm/own/1", "idShort": "Own"})


def another_shell(shell, _, **members):
    information = {"assetKind": "Instance", "globalAssetId": "https://id.nordwerk.example/other", **members}
    for key in [key for key, value in information.items() if value is None]:
        del information[key]
    shell.setdefault("assetAdministrationShells", []).append({
        "modelType": "AssetAdministrationShell",
        "id": "https://aas.nordwerk.example/aas/other",
        "assetInformation": information,
    })


TEXTS = [{"language": "en", "text": "one"}]

SOUND = {
    "unchanged": lambda shell, elements: None,
    "elements-reversed": lambda shell, elements: elements.reverse(),
    "own-element": lambda shell, elements: add(elements),
    "own-number": lambda shell, elements: add(elements, valueType="xs:double", value="-1.5e3"),
    "own-boolean": lambda shell, elements: add(elements, valueType="xs:boolean", value="1"),
    "described": lambda shell, elements: put(elements[0], "description", TEXTS),
    "language-of-a-region": lambda shell, elements: put(
        add(elements), "displayName", [{"language": "zh-Hans-CN", "text": "一"}]
    ),
    "qualified": lambda shell, elements: put(
        elements[0], "qualifiers", [{"type": "origin", "valueType": "xs:string", "value": "plate"}]
    ),
    "another-submodel": another_submodel,
    "another-shell": another_shell,
    "asset-by-specific-id": lambda shell, elements: another_shell(
        shell, elements, globalAssetId=None, specificAssetIds=[{"name": "serialNumber", "value": "7"}]
    ),
    "version-and-revision": lambda shell, elements: put(
        shell["submodels"][0], "administration", {"version": "10", "revision": "3"}
    ),
}

BROKEN = {
    "value-as-number": lambda shell, elements: put(first(elements, "Property"), "value", 7),
    "no-value-type": lambda shell, elements: first(elements, "Property").pop("valueType"),
    "unknown-value-type": lambda shell, elements: put(first(elements, "Property"), "valueType", "string"),
    "no-model-type": lambda shell, elements: elements[0].pop("modelType"),
    "unknown-model-type": lambda shell, elements: put(add(elements), "modelType", "Parameter"),
    "hyphen-in-name": lambda shell, elements: put(add(elements), "idShort", "Own-Element"),
    "digit-before-name": lambda shell, elements: put(add(elements), "idShort", "1Own"),
    "name-twice": lambda shell, elements: elements.append(copy.deepcopy(elements[-1])),
    "no-integer": lambda shell, elements: add(elements, valueType="xs:int", value="1.5"),
    "no-boolean": lambda shell, elements: add(elements, valueType="xs:boolean", value="yes"),
    "no-number": lambda shell, elements: add(elements, valueType="xs:double", value="1,5"),
    "local-date": break_date,
    "reference-without-keys": lambda shell, elements: elements[0]["semanticId"].pop("keys"),
    "no-keys": lambda shell, elements: put(elements[0]["semanticId"], "keys", []),
    "unknown-key-type": lambda shell, elements: put(elements[0]["semanticId"]["keys"][0], "type", "Global"),
    "unknown-reference-type": lambda shell, elements: put(elements[0]["semanticId"], "type", "GlobalReference"),
    "no-language": lambda shell, elements: put(add(elements), "description", [{"text": "one"}]),
    "empty-language": lambda shell, elements: put(add(elements), "description", [{"language": "", "text": "one"}]),
    "empty-text": lambda shell, elements: put(add(elements), "description", [{"language": "en", "text": ""}]),
    "language-twice": lambda shell, elements: put(own(elements, "MultiLanguageProperty"), "value", TEXTS + TEXTS),
    "no-submodel-id": lambda shell, elements: shell["submodels"][0].pop("id"),
    "empty-submodel-id": lambda shell, elements: put(shell["submodels"][0], "id", ""),
    "no-shells": lambda shell, elements: put(shell, "assetAdministrationShells", []),
    "asset-without-id": lambda shell, elements: another_shell(shell, elements, globalAssetId=None),
    "unknown-asset-kind": lambda shell, elements: another_shell(shell, elements, assetKind="Machine"),
    "no-asset-kind": lambda shell, elements: another_shell(shell, elements, assetKind=None),
    "no-specific-asset-ids": lambda shell, elements: another_shell(shell, elements, specificAssetIds=[]),
    "revision-without-version": lambda shell, elements: put(
        shell["submodels"][0], "administration", {"revision": "0"}
    ),
    "version-with-letter": lambda shell, elements: put(
        shell["submodels"][0], "administration", {"version": "v1"}
    ),
    "file-without-type": lambda shell, elements: put(own(elements, "File"), "value", "/aasx/files/own.pdf"),
    "qualifier-without-type": lambda shell, elements: put(
        elements[0], "qualifiers", [{"valueType": "xs:string", "value": "plate"}]
    ),
    "named-list-element": lambda shell, elements: put(
        own(elements, "SubmodelElementList", typeValueListElement="Property"),
        "value",
        [{"modelType": "Property", "idShort": "Own", "valueType": "xs:string", "value": "7"}],
    ),
    "list-of-no-type": lambda shell, elements: put(
        own(elements, "SubmodelElementList"), "value", [{"modelType": "Property", "valueType": "xs:string"}]
    ),
}


def main(arguments):
    if arguments[:1] == ["--write-shells"] and len(arguments) == 2:
        folder = pathlib.Path(arguments[1])
        folder.mkdir(parents=True, exist_ok=True)
        for name, shell in shells():
            (folder / f"{name}.json").write_text(json.dumps(shell, ensure_ascii=False), encoding="utf-8")
        return 0
    if len(arguments) == 1 and not arguments[0].startswith("-"):
        folder = pathlib.Path(arguments[0])
        for path in sorted(folder.rglob("*.json")):
            if not path.name.endswith(".expect.json"):
                print(json.dumps({"file": path.relative_to(folder).as_posix(), **judge(path)}, ensure_ascii=False))
        return 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
