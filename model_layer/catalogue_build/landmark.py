"""The form of one landmark of the catalogue."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from catalogue_build.countries import country_boxes, lies_in
from catalogue_build.names import fold_name

CATEGORIES = frozenset(
    """
    tower monument memorial statue castle fortress palace church cathedral monastery mosque temple
    shrine pagoda stupa synagogue tomb pyramid ruins archaeological-site amphitheatre theatre
    rock-art megalith old-town village city square street market bridge aqueduct gate city-wall
    fountain lighthouse skyscraper stadium museum art-gallery library university house garden park
    zoo aquarium amusement-park cemetery prison industrial railway station canal harbour dam
    observatory mountain volcano hill cliff cave canyon gorge valley desert dunes rock-formation
    salt-flat glacier fjord lake lagoon river waterfall hot-spring geyser spring beach coast bay
    island archipelago reef diving forest rainforest wetland savanna national-park wildlife
    cultural-landscape terraces vineyard road trail resort winter-sports viewpoint entertainment
    modern-architecture festival
    """.split()  # noqa: SIM905 - a list of words
)

Text = Annotated[str, Field(min_length=1, max_length=160, pattern=r"^\S(.*\S)?$")]


class Landmark(BaseModel):
    """One place: what it is called, where it lies (degrees), and what one sees there."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    id: Annotated[str, Field(max_length=120, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    name: Text
    aliases: list[Text]
    country: str
    city: Text
    latitude: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    longitude: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
    categories: Annotated[list[str], Field(min_length=1, max_length=4)]
    unesco: bool
    popularity: Annotated[int, Field(ge=1, le=100)]
    description: Annotated[str, Field(min_length=1, max_length=2000)]

    @field_validator("country")
    @classmethod
    def _is_a_country(cls, code: str) -> str:
        if code not in country_boxes():
            message = f"{code} is no country of country_boxes.csv"
            raise ValueError(message)
        return code

    @field_validator("categories")
    @classmethod
    def _are_categories(cls, categories: list[str]) -> list[str]:
        if unknown := sorted(set(categories) - CATEGORIES):
            message = f"unknown: {', '.join(unknown)}"
            raise ValueError(message)
        if len(set(categories)) < len(categories):
            message = "one is given twice"
            raise ValueError(message)
        return categories

    @model_validator(mode="after")
    def _lies_in_its_country(self) -> Landmark:
        if not lies_in(self.country, self.latitude, self.longitude):
            message = f"{self.latitude}, {self.longitude} is outside {self.country}"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _aliases_add_something(self) -> Landmark:
        own = {" ".join(self.name.casefold().split())}
        for alias in self.aliases:
            plain = " ".join(alias.casefold().split())
            if plain in own:
                message = f"the alias {alias} adds nothing but case or spaces"
                raise ValueError(message)
            own.add(plain)
        return self

    def accent_only_aliases(self) -> list[str]:
        """Return the aliases that differ by accents alone from the name or an earlier alias."""
        own = {fold_name(self.name)}
        idle = []
        for alias in self.aliases:
            if fold_name(alias) in own:
                idle.append(alias)
            own.add(fold_name(alias))
        return idle


def parse_landmark(entry: dict[str, Any]) -> tuple[Landmark | None, list[str]]:
    """Return the landmark that `entry` describes and no reasons, or None and what is wrong."""
    try:
        return Landmark.model_validate(entry), []
    except ValidationError as error:
        return None, [_reason(detail) for detail in error.errors(include_url=False)]


def _reason(detail: Any) -> str:  # noqa: ANN401 - pydantic's ErrorDetails is a TypedDict of Any
    where = ".".join(str(part) for part in detail["loc"])
    what = str(detail["msg"]).removeprefix("Value error, ")
    return f"{where}: {what}" if where else what
