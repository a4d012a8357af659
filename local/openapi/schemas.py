"""Pydantic models as JSON Schema (2020-12), which OpenAPI 3.1 takes as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic.json_schema import models_json_schema

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import BaseModel
    from pydantic.json_schema import JsonSchemaMode

Schema = dict[str, Any]
Model = type["BaseModel"]

REFERENCE = "#/components/schemas/{model}"


class Schemas:
    """The schemas of all models that cross HTTP, by name."""

    def __init__(self, requests: Iterable[Model], responses: Iterable[Model]) -> None:
        """Describe requests as they are read and responses as they are written.

        Raises:
            ValueError: two models share a name.

        """
        wanted: dict[tuple[Model, JsonSchemaMode], None] = {}
        wanted |= {(model, "validation"): None for model in requests}
        wanted |= {(model, "serialization"): None for model in responses}
        references, definitions = models_json_schema(list(wanted), ref_template=REFERENCE)
        self.components: dict[str, Schema] = {
            name: _without_titles(schema) for name, schema in definitions["$defs"].items()
        }
        longer = [name for name in self.components if "__" in name or "-" in name]
        if longer:
            message = f"Models of different functions share a name: {', '.join(longer)}"
            raise ValueError(message)
        self._references = {model: reference for (model, _), reference in references.items()}

    def reference(self, model: Model) -> Schema:
        """Return what stands for a model's schema elsewhere in the document."""
        return dict(self._references[model])

    def of(self, model: Model) -> Schema:
        """Return a model's own schema."""
        return self.components[model.__name__]


def read_parameters(model: Model) -> Schema:
    """Return the schema of a query, whose properties become parameters."""
    return _without_titles(model.model_json_schema(ref_template=REFERENCE))


def _without_titles(schema: Schema) -> Schema:
    """Drop the titles that pydantic makes of names: they say nothing that the names do not."""
    kept: Schema = {}
    for keyword, value in schema.items():
        if keyword in {"properties", "$defs"}:
            kept[keyword] = {name: _without_titles(inner) for name, inner in value.items()}
        elif keyword in {"anyOf", "allOf", "oneOf"}:
            kept[keyword] = [_without_titles(inner) for inner in value]
        elif keyword in {"items", "additionalProperties"} and isinstance(value, dict):
            kept[keyword] = _without_titles(value)
        elif keyword != "title":
            kept[keyword] = value
    return kept
