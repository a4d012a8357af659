"""The document's schemas as TypeScript types, for the web page and the example in React."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

_HEADER = "// What the API takes and gives. Written by `make openapi`; do not edit.\n"
_PLAIN = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "null": "null",
}


def write_typescript(document: dict[str, Any]) -> str:
    """Return the source of a module with a type for each schema of `document`."""
    schemas: dict[str, Schema] = document["components"]["schemas"]
    return _HEADER + "".join(_declaration(name, schema) for name, schema in schemas.items())


def _declaration(name: str, schema: Schema) -> str:
    comment = schema.get("description", "").replace("\n", "\n * ").replace("* \n", "*\n")
    lines = ["", *([f"/** {comment} */"] if comment else [])]
    if "properties" not in schema:
        return "\n".join([*lines, f"export type {name} = {_type(schema)};", ""])
    required = schema.get("required", ())
    fields = [
        f"  {field}{'' if field in required else '?'}: {_type(inner)};"
        for field, inner in schema["properties"].items()
    ]
    return "\n".join([*lines, f"export interface {name} {{", *fields, "}", ""])


def _type(schema: Schema) -> str:
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " | ".join(_type(option) for option in schema["anyOf"])
    literals = [schema["const"]] if "const" in schema else schema.get("enum", [])
    if literals:
        return " | ".join(f'"{value}"' for value in literals)
    kinds = schema.get("type", "any")
    return " | ".join(
        _of_kind(kind, schema) for kind in (kinds if isinstance(kinds, list) else [kinds])
    )


def _of_kind(kind: str, schema: Schema) -> str:
    if kind == "array":
        return f"({_type(schema['items'])})[]"
    if kind == "object":
        values = schema.get("additionalProperties")
        return f"Record<string, {_type(values) if isinstance(values, dict) else 'unknown'}>"
    return _PLAIN.get(kind, "unknown")
