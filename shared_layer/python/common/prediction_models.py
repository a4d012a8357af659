"""Parts of a prediction as clients see it, when it is made and when it is read again."""

from __future__ import annotations

from common.models import ResponseModel


class RankedLandmark(ResponseModel):
    """A landmark that the photo may show; `confidence` is a calibrated probability.

    `country` is an ISO 3166-1 code, coordinates are in degrees (WGS 84); all null where the
    catalogue does not know the place.
    """

    landmark_id: str
    landmark: str
    confidence: float
    country: str | None
    city: str | None
    latitude: float | None
    longitude: float | None


class SceneTag(ResponseModel):
    """A thing that the photo shows, one of ImageNet's thousand."""

    label: str
    confidence: float
