"""The document's schemas as Python types, for the example client: `TypedDict`s and unions."""

from __future__ import annotations

import textwrap
from typing import Any

Schema = dict[str, Any]

_HEADER = '''"""What the API takes and gives. Written by `make openapi`; do not edit."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict
'''
_PLAIN = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "null": "None",
}


def write_types(document: dict[str, Any]) -> str:
    """Return the source of a module with a type for each schema of `document`."""
    schemas: dict[str, Schema] = document["components"]["schemas"]
    # Classes first: a union is made of them when the module is loaded.
    classes = [_class(name, schema) for name, schema in schemas.items() if "properties" in schema]
    unions = [
        _union(name, schema) for name, schema in schemas.items() if "properties" not in schema
    ]
    return _HEADER + "\n\n" + "\n\n\n".join(classes) + "\n\n\n" + "\n".join(unions) + "\n"


def _class(name: str, schema: Schema) -> str:
    required = schema.get("required", ())
    fields = []
    for field, inner in schema["properties"].items():
        written = _type(inner)
        fields.append(f"{field}: {written if field in required else f'NotRequired[{written}]'}")
    body = [*_docstring(schema), *fields]
    return "\n".join([f"class {name}(TypedDict):", *(f"    {line}".rstrip() for line in body)])


def _docstring(schema: Schema) -> list[str]:
    lines = schema.get("description", "").splitlines()
    if not lines:
        return []
    if len(lines) == 1:
        return [f'"""{lines[0]}"""', ""]
    return [f'"""{lines[0]}', *lines[1:], '"""', ""]


def _union(name: str, schema: Schema) -> str:
    line = f"{name} = {_type(schema)}"
    if len(line) <= 100:  # noqa: PLR2004 - the width of a line here
        return line
    kind, _, inner = _type(schema).partition("[")
    return f"{name} = {kind}[\n" + textwrap.indent(inner[:-1].replace(", ", ",\n"), "    ") + ",\n]"


def _type(schema: Schema) -> str:
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " | ".join(_type(option) for option in schema["anyOf"])
    literals = [schema["const"]] if "const" in schema else schema.get("enum", [])
    if literals:
        return "Literal[" + ", ".join(f'"{value}"' for value in literals) + "]"
    kinds = schema.get("type", "any")
    return " | ".join(
        _of_kind(kind, schema) for kind in (kinds if isinstance(kinds, list) else [kinds])
    )


def _of_kind(kind: str, schema: Schema) -> str:
    if kind == "array":
        return f"list[{_type(schema['items'])}]"
    if kind == "object":
        values = schema.get("additionalProperties")
        return f"dict[str, {_type(values) if isinstance(values, dict) else 'Any'}]"
    return _PLAIN.get(kind, "Any")
