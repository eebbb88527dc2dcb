"""Writes the `nodes.yaml` of a profile from NodeSet2 files: the types that a machine is made of, as facts.

    companion_nodes.py FOLDER ROOT NAMESPACE=SHORT=FILE...

ROOT is the type of the machines (`short:number`); behind it, after commas, types that stand where it has
placeholders. Taken are the types that are reached from them, their instance declarations with modelling rules, and
enumerations. Methods are left out: the gateway calls none of them.
"""

import sys
import xml.etree.ElementTree as ET
from pathlib import Path

U = "{http://opcfoundation.org/UA/2011/03/UANodeSet.xsd}"
T = "{http://opcfoundation.org/UA/2008/02/Types.xsd}"
RULES = {"i=78": "mandatory", "i=80": "optional", "i=11508": "placeholder", "i=11510": "mandatory-placeholder"}
LINKS = {"i=47": "component", "i=46": "property", "i=17604": "add-in", "i=49": "ordered", "i=35": "organized", "i=44": "property"}
# Files are no part of what a gateway shows, and components have identifications of their own.
LEFT_OUT = {"FileSystem", "Components"}


def load(sources):
    nodes, shorts = {}, {}
    for uri, short, file in sources:
        shorts[uri] = short
    for uri, short, file in sources:
        root = ET.parse(file).getroot()
        uris = ["http://opcfoundation.org/UA/"]
        uris += [one.text for one in root.find(f"{U}NamespaceUris") or []]
        aliases = {one.get("Alias"): one.text for one in root.find(f"{U}Aliases") or []}

        def full(text, aliases=aliases, uris=uris):
            text = aliases.get(text, text)
            index = 0
            if text.startswith("ns="):
                index, text = text[3:].split(";", 1)
            uri = uris[int(index)]
            return f"{shorts.get(uri, uri)}:{text[2:]}" if text.startswith("i=") else f"{shorts.get(uri, uri)}:{text}"

        for element in root:
            kind = element.tag.replace(U, "")
            if not kind.startswith("UA") or kind == "UAMethod":
                continue
            index, _, name = element.get("BrowseName").partition(":")
            if not index.isdigit():
                index, name = "0", element.get("BrowseName")
            node = {
                "kind": kind,
                "name": f"{shorts.get(uris[int(index)], uris[int(index)])}:{name}",
                "abstract": element.get("IsAbstract") == "true",
                "data-type": full(element.get("DataType", "i=24")),
                "rank": int(element.get("ValueRank", "-1")),
                "forward": [],
                "back": [],
                "members": [],
                "value": (element.find(f"{U}Value/{T}UInt32").text if element.find(f"{U}Value/{T}UInt32") is not None else None),
            }
            for reference in element.find(f"{U}References") or []:
                way = "back" if reference.get("IsForward") == "false" else "forward"
                node[way].append((full(reference.get("ReferenceType")), full(reference.text)))
            definition = element.find(f"{U}Definition")
            if definition is not None and kind == "UADataType":
                members = [(int(field.get("Value", "-1")), field.get("Name")) for field in definition]
                if all(value >= 0 for value, _ in members):
                    node["members"] = members
            nodes[full(element.get("NodeId"))] = node
    return nodes


def children(nodes, at):
    """Hierarchical references from a node, and those that only the other end tells."""
    found = {}
    for kind, target in nodes[at]["forward"]:
        link = LINKS.get(kind.replace("ua:", "i="))
        if link and target in nodes:
            found[target] = link
    for other in nodes[at].setdefault("told", []):
        found.setdefault(*other[::-1])
    return sorted(found.items(), key=lambda pair: (nodes[pair[0]]["name"], pair[0]))


def definition(nodes, at):
    return next((target for kind, target in nodes[at]["forward"] if kind == "ua:40"), None)


def rule(nodes, at):
    return next((RULES.get(t.replace("ua:", "i=")) for kind, t in nodes[at]["forward"] if kind == "ua:37"), None)


def supertype(nodes, at):
    up = [target for kind, target in nodes[at]["back"] if kind == "ua:45"]
    return up[0] if up else nodes[at].get("up")


class Writer:
    def __init__(self, nodes):
        self.nodes, self.types, self.enumerations, self.wanted = nodes, [], [], []
        for at, node in nodes.items():
            for kind, target in node["forward"]:
                if kind == "ua:45" and target in nodes:
                    nodes[target]["up"] = at
            for kind, target in node["back"]:
                link = LINKS.get(kind.replace("ua:", "i="))
                if link and target in nodes:
                    nodes[target].setdefault("told", []).append((link, at))

    def want(self, at):
        if at and at in self.nodes and at not in self.wanted:
            up = supertype(self.nodes, at)
            self.want(up)
            self.wanted.append(at)
            for line in self.declarations(at, None, 0):
                pass

    def inherited(self, at):
        """Names that a type declares itself or above, with whether they are mandatory."""
        found = {}
        while at in self.nodes:
            for child, _ in children(self.nodes, at):
                if rule(self.nodes, child):
                    found.setdefault(self.nodes[child]["name"], (rule(self.nodes, child), definition(self.nodes, child)))
            at = supertype(self.nodes, at)
        return found

    def declarations(self, at, known, depth):
        lines = []
        for child, link in children(self.nodes, at):
            node, presence = self.nodes[child], rule(self.nodes, child)
            name = node["name"].split(":", 1)[1]
            if not presence or name in LEFT_OUT or depth > 6:
                continue
            kind = definition(self.nodes, child)
            if kind not in self.nodes:
                # Of a model that is not read.
                continue
            self.want(kind)
            if node["kind"] == "UAVariable":
                self.want_data_type(node["data-type"])
            below = self.declarations(child, self.inherited(kind), depth + 1)
            if known and known.get(node["name"]) == (presence, kind) and not below:
                continue
            shown = [f"name: {quoted(node['name'])}", f"type: {kind}", f"presence: {presence}"]
            if link != "component":
                shown.insert(1, f"link: {link}")
            if node["kind"] == "UAVariable":
                shown.append(f"data-type: {node['data-type']}")
                if node["rank"] != -1:
                    shown.append(f"rank: {node['rank']}")
            pad = "  " * (2 + 2 * depth)
            if below:
                lines.append(f"{pad}  - {shown[0]}")
                lines += [f"{pad}    {one}" for one in shown[1:]]
                lines.append(f"{pad}    nodes:")
                lines += below
            else:
                lines.append(f"{pad}  - {{ {', '.join(shown)} }}")
        return lines

    def want_data_type(self, at):
        node = self.nodes.get(at)
        if node and not at.startswith("ua:") and at not in self.enumerations:
            self.enumerations.append(at)

    def write(self, root, namespaces):
        root, *others = root.split(",")
        for at in [root, *others]:
            self.want(at)
        out = ["namespaces:"] + [f"  {short}: {uri}" for uri, short, _ in namespaces]
        out += ["types:"]
        for at in self.wanted:
            node = self.nodes[at]
            out.append(f"  {quoted(at)}:")
            out.append(f"    name: {node['name'].split(':', 1)[1]}")
            up = supertype(self.nodes, at)
            if up:
                out.append(f"    of: {up}")
            if node["kind"] == "UAVariableType":
                out.append("    class: variable")
                out.append(f"    data-type: {node['data-type']}")
            if node["abstract"]:
                out.append("    abstract: yes")
            lines = self.declarations(at, None, 0)
            if lines:
                out.append("    nodes:")
                out += lines
            states = self.states(at)
            if states:
                out.append("    states:")
                out += states
        out.append("data-types:")
        for at in self.enumerations:
            node = self.nodes[at]
            values = next((target for target, _ in children(self.nodes, at)), None)
            out.append(f"  {quoted(at)}:")
            out.append(f"    name: {node['name'].split(':', 1)[1]}")
            out.append(f"    of: {supertype(self.nodes, at)}")
            if node["members"]:
                out.append("    members: { " + ", ".join(f"{value}: {name}" for value, name in node["members"]) + " }")
            if values:
                out.append(f"    values: {values}")
        return "\n".join(out) + "\n"

    def states(self, at):
        """States below a state machine's type: node ids are what `Id` of a current state names."""
        lines = []
        for child, _ in children(self.nodes, at):
            if definition(self.nodes, child) in ("ua:2307", "ua:2309"):
                number = next((c for c, _ in children(self.nodes, child) if self.nodes[c]["name"].endswith(":StateNumber")), None)
                lines.append(f"      {quoted(child)}: {{ name: {quoted(self.nodes[child]['name'])}, type: {definition(self.nodes, child)}, number: {number}, value: {self.nodes[number]['value']} }}")
        return lines


def quoted(text):
    return f'"{text}"'


if __name__ == "__main__":
    folder, root, sources = Path(sys.argv[1]), sys.argv[2], [one.split("=") for one in sys.argv[3:]]
    sources = [(uri, short, folder / file) for uri, short, file in sources]
    sys.stdout.write(Writer(load(sources)).write(root, sources))
