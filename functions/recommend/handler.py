"""Routes of `recommend`."""

from __future__ import annotations

from common.clients import client, prepare_on_lambda
from common.cursors import Cursors
from common.errors import (
    LandmarkNotFound,
    LandmarksUnknown,
    PredictionNotFound,
    Unavailable,
)
from common.http import HttpApi, Reply, Request
from common.observability import load_tracer, logger
from common.predictions import Predictions
from common.settings import read_settings
from common.table import DynamoTable
from recommend.browse import Browser
from recommend.bundle import Bundle
from recommend.earth import Places
from recommend.models import (
    LandmarkResponse,
    LandmarksQuery,
    LandmarksResponse,
    RecommendRequest,
    RecommendResponse,
)
from recommend.names import Names
from recommend.ranking import Weights
from recommend.recommender import Recommender
from recommend.settings import RecommendSettings

settings = read_settings(RecommendSettings)
bundle = Bundle(settings.model_root, settings.text_encoder, settings.encoder_threads)
names = Names(bundle.catalogue.landmarks)
browser = Browser(bundle.catalogue, Cursors(settings.table_name))
recommender = Recommender(
    catalogue=bundle.catalogue,
    names=names,
    places=Places(bundle.catalogue.directions),
    embeddings=bundle.embeddings,
    encoder=lambda: bundle.encoder,
    wording=bundle.wording,
    history=Predictions(DynamoTable(settings.table_name)),
    weights=Weights.of(settings),
    correct=bundle.correct,
)
api = HttpApi()
# The catalogue changes with deployments alone: browsers and proxies may keep what they read of it.
CATALOGUE_HEADERS = {"cache-control": "public, max-age=3600"}


@api.route(
    "POST",
    "/recommend",
    body=RecommendRequest,
    response=RecommendResponse,
    errors=(LandmarksUnknown, PredictionNotFound, Unavailable),
)
def recommend(request: Request, body: RecommendRequest) -> RecommendResponse:
    """Recommend places, from an itinerary, a description, a photo or a position.

    Names are found whatever their case, accents and articles, and by their aliases. Places of
    the itinerary are not recommended. Without an itinerary and a position, the search is global.
    """
    answer = recommender.recommend(request.user_id, body)
    logger.append_keys(
        results=len(answer.recommendations),
        search_mode=answer.search_mode,
        unknown_names=len(answer.unresolved),
    )
    return answer


@api.route("GET", "/landmarks", query=LandmarksQuery, response=LandmarksResponse, public=True)
def list_landmarks(_request: Request, query: LandmarksQuery) -> Reply:
    """List landmarks, in pages.

    Filter by `q` (names, aliases, cities), `country` (ISO 3166-1) and `category`; `near` as
    latitude,longitude sorts by distance. `limit` is from 1 to 100; `cursor` goes on.
    """
    return Reply(browser.page(query).model_dump_json(), headers=CATALOGUE_HEADERS)


@api.route(
    "GET",
    "/landmarks/{landmark_id}",
    response=LandmarkResponse,
    errors=(LandmarkNotFound,),
    public=True,
)
def show_landmark(_request: Request, landmark_id: str) -> Reply:
    """Show one landmark."""
    return Reply(browser.show(landmark_id).model_dump_json(), headers=CATALOGUE_HEADERS)


handle = api.handle
prepare_on_lambda(load_tracer, lambda: client("dynamodb"), lambda: bundle.encoder)
