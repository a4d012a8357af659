"""What the routes of this function read and write."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator, model_validator

from common.models import QueryModel, RequestModel, ResponseModel
from recommend.names import fold

MAX_TOP_K = 50
DEFAULT_TOP_K = 5
MAX_ITINERARY = 100
# Some 4,500 tokens, or 18 windows of the encoder: many times what a model writes of a photo.
MAX_DESCRIPTION_CHARACTERS = 20_000
DEFAULT_DISTANCE_KM = 50.0
# Half of the way around the Earth, rounded up.
MAX_DISTANCE_KM = 20_040.0
MAX_NAME_CHARACTERS = 200
DEFAULT_LIMIT = 20
MAX_LIMIT = 100

Name = Annotated[str, Field(min_length=1, max_length=MAX_NAME_CHARACTERS)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]


class RecommendRequest(RequestModel):
    """What the traveller visits, sees or looks for, and where they are.

    At least one of: places of the itinerary, a description, a prediction, a position.
    `max_distance_km` is to the nearest of the places and the position; null means anywhere.
    """

    itinerary_landmarks: list[Name] = Field(default=[], max_length=MAX_ITINERARY)
    llava_description: str | None = Field(default=None, max_length=MAX_DESCRIPTION_CHARACTERS)
    prediction_id: str | None = Field(default=None, min_length=1, max_length=64)
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    max_distance_km: Annotated[float, Field(gt=0, le=MAX_DISTANCE_KM)] | None = DEFAULT_DISTANCE_KM
    top_k: int = Field(default=DEFAULT_TOP_K, ge=1, le=MAX_TOP_K)

    @field_validator("itinerary_landmarks")
    @classmethod
    def _names_something(cls, names: list[str]) -> list[str]:
        if any(not name.strip() for name in names):
            message = "A place's name is empty."
            raise ValueError(message)
        return names

    @field_validator("llava_description")
    @classmethod
    def _has_a_word(cls, description: str | None) -> str | None:
        """Take a description without a letter or digit for none: it would be answered by chance."""
        described = description and any(character.isalnum() for character in description)
        return description if described else None

    @model_validator(mode="after")
    def _position_is_whole(self) -> RecommendRequest:
        if (self.latitude is None) != (self.longitude is None):
            message = "Send latitude and longitude together, or neither."
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _says_something(self) -> RecommendRequest:
        position = self.latitude is not None
        if not (
            self.itinerary_landmarks or self.llava_description or self.prediction_id or position
        ):
            message = (
                "Say what to look for or where: send itinerary_landmarks, llava_description, "
                "prediction_id, or latitude and longitude."
            )
            raise ValueError(message)
        return self


class Recommendation(ResponseModel):
    """A place worth going to, and why.

    `distance_km` is along the surface, to `closest_itinerary_landmark`, or to the position sent
    where that is null; null where the request named no place. `similarity` to what was described
    is a cosine; `score` combines it with distance and popularity.
    """

    landmark_id: str
    landmark: str
    country: str
    city: str
    latitude: float
    longitude: float
    distance_km: float | None
    closest_itinerary_landmark: str | None
    similarity: float | None
    score: float
    reason: str
    description: str
    categories: list[str]


class UnresolvedName(ResponseModel):
    """A name of the itinerary that no landmark has, and what it may have meant."""

    name: str
    suggestions: list[str]


class RecommendResponse(ResponseModel):
    """Places, best first. `nearby`: within the distance asked for; `global`: anywhere."""

    recommendations: list[Recommendation]
    search_mode: Literal["nearby", "global"]
    unresolved: list[UnresolvedName]


def _letters_or_digits(text: str) -> str:
    if not fold(text):
        message = "Send letters or digits to look for."
        raise ValueError(message)
    return text


def _country_code(text: str) -> str:
    code = text.strip().upper()
    if not (len(code) == 2 and code.isascii() and code.isalpha()):  # noqa: PLR2004 - ISO 3166-1
        message = "Send an ISO 3166-1 code of two letters, as in FR."
        raise ValueError(message)
    return code


def _point(text: str) -> str:
    try:
        latitude, longitude = (float(part) for part in text.split(","))
    except ValueError:
        message = "Send latitude,longitude in degrees, as in 48.86,2.29."
        raise ValueError(message) from None
    # False for NaN too.
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):  # noqa: PLR2004 - degrees
        message = "Latitude is from -90 to 90, longitude from -180 to 180."
        raise ValueError(message)
    return f"{latitude},{longitude}"


class LandmarksQuery(QueryModel):
    """Which landmarks: called or lying in something like `q`, in a country, of a category.

    `near`, as latitude,longitude in degrees, sorts by distance; else the best match comes first,
    or the best known.
    """

    q: (
        Annotated[str, Field(max_length=MAX_NAME_CHARACTERS), AfterValidator(_letters_or_digits)]
        | None
    ) = None
    country: (
        Annotated[
            str,
            AfterValidator(_country_code),
            Field(json_schema_extra={"pattern": "^[A-Za-z]{2}$"}),
        ]
        | None
    ) = None
    category: Annotated[str, AfterValidator(lambda text: text.strip().lower())] | None = None
    near: (
        Annotated[
            str,
            AfterValidator(_point),
            Field(json_schema_extra={"pattern": "^ *[-+]?[0-9.]+ *, *[-+]?[0-9.]+ *$"}),
        ]
        | None
    ) = None
    limit: int = Field(default=DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)
    cursor: str | None = None

    @property
    def point(self) -> tuple[float, float] | None:
        """`near` as numbers: latitude and longitude."""
        if self.near is None:
            return None
        latitude, longitude = map(float, self.near.split(","))
        return latitude, longitude


class LandmarkResponse(ResponseModel):
    """One landmark of the catalogue; coordinates in degrees, popularity from 1 to 100."""

    landmark_id: str
    landmark: str
    aliases: list[str]
    country: str
    city: str
    latitude: float
    longitude: float
    categories: list[str]
    unesco: bool
    popularity: int
    description: str


class ListedLandmark(LandmarkResponse):
    """A landmark in a list; `distance_km` from `near`, where that was sent."""

    distance_km: float | None


class LandmarksResponse(ResponseModel):
    """One page of landmarks. Send `cursor` for the next; null means that this was the last."""

    landmarks: list[ListedLandmark]
    total: int
    cursor: str | None
