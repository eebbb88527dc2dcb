"""Fills in a table of nodes as a person with a German spreadsheet would: reads the CSV that qiao wrote, sets cells, adds
rows, saves with semicolons, decimal commas and a byte order mark.

    edit_table.py FILE < JSON

JSON: a list of {"path": …, COLUMN: TEXT, …}; without a path it is a row of its own."""

import csv
import json
import sys

edits = json.load(sys.stdin)
with open(sys.argv[1], encoding="utf-8-sig", newline="") as file:
    rows = list(csv.DictReader(file))
columns = list(rows[0])
by_path = {row["path"]: row for row in rows}
as_exported = {path: dict(row) for path, row in by_path.items()}
used = set()
for edit in edits:
    path = edit.pop("path", None)
    row = by_path[path] if path else dict.fromkeys(columns, "")
    # One node may fill several fields: each has a row of its own.
    if path and path in used:
        row = as_exported[path].copy()
    if not path or path in used:
        rows.append(row)
    used.add(path)
    row.update(edit)
with open(sys.argv[1], "w", encoding="utf-8-sig", newline="") as file:
    writer = csv.DictWriter(file, columns, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
