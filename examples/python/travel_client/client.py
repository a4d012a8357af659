"""Every operation of the API as a method, named like it."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Literal, Self, cast

import httpx

from travel_client.session import TIMEOUT_SECONDS, ApiError, Session, Tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from travel_client import models

__all__ = ["ApiError", "Tokens", "TravelApi"]

Form = Literal["application/geo+json", "application/gpx+xml", "text/calendar"]


class TravelApi:
    """The API at one address, for one user at a time; may be shared by threads.

    Methods raise `ApiError` for what the API refuses, `httpx.TransportError` if it cannot be
    reached. `on_tokens` is told of every change of the tokens, to store them (None: signed out).
    """

    def __init__(
        self,
        url: str,
        *,
        tokens: Tokens | None = None,
        on_tokens: Callable[[Tokens | None], None] | None = None,
        http: httpx.Client | None = None,
    ) -> None:
        """Talk to the API at `url`, with stored tokens or signed out."""
        client = http or httpx.Client(timeout=TIMEOUT_SECONDS)
        client.base_url = httpx.URL(url)
        self._session = Session(client, tokens, on_tokens)

    def __enter__(self) -> Self:
        """Keep connections open between requests."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close them."""
        self._session.http.close()

    @property
    def tokens(self) -> Tokens | None:
        """The tokens of the signed-in user."""
        return self._session.tokens

    # Sessions

    def sign_up(self, body: models.SignUpRequest) -> models.SignedInResponse:
        """Open an account and sign in."""
        return self._sign_in("/auth/signup", body)

    def sign_in(self, body: models.SignInRequest) -> models.SignedInResponse:
        """Sign in."""
        return self._sign_in("/auth/login", body)

    def refresh(self) -> models.SignedInResponse:
        """Exchange the tokens now; `send` does so by itself when they end."""
        return self._sign_in("/auth/refresh", {"refresh_token": self._refresh_token()})

    def sign_out(self, *, everywhere: bool = False) -> None:
        """End this session, or every session of the user."""
        body = {"refresh_token": self._refresh_token(), "everywhere": everywhere}
        self._session.send("POST", "/auth/logout", signed_in=False, json=body)
        self._session.keep(None)

    def change_password(self, body: models.ChangePasswordRequest) -> models.SignedInResponse:
        """Change the password; other sessions end."""
        return self._sign_in("/auth/password", body, signed_in=True)

    def request_reset(self, body: models.ResetRequest) -> models.ResetRequestedResponse:
        """Have a token for a new password sent by mail."""
        sent = self._session.send(
            "POST", "/auth/password-reset/request", signed_in=False, json=body
        )
        return cast("models.ResetRequestedResponse", sent.json())

    def confirm_reset(self, body: models.ResetConfirmation) -> None:
        """Set a new password with the token from the mail."""
        self._session.send("POST", "/auth/password-reset/confirm", signed_in=False, json=body)

    # The account

    def show_profile(self) -> models.ProfileResponse:
        """Show the account."""
        return cast("models.ProfileResponse", self._get("/user/profile"))

    def change_profile(self, body: models.ProfileChanges) -> models.ProfileResponse:
        """Change the username."""
        answer = self._session.send("PATCH", "/user/profile", json=body)
        return cast("models.ProfileResponse", answer.json())

    def delete_account(self, body: models.DeleteAccountRequest) -> None:
        """Delete the account and all that is kept of the user."""
        self._session.send("DELETE", "/user/profile", json=body)
        self._session.keep(None)

    def export_account(self, cursor: str | None = None) -> models.ExportResponse:
        """Export all that is kept of the user, or the part that `cursor` asks for."""
        return cast("models.ExportResponse", self._get("/user/export", cursor=cursor))

    # Photos

    def predict(
        self, photo: bytes, media_type: str = "image/jpeg", *, top_k: int | None = None
    ) -> models.PredictResponse:
        """Name the landmark in a photo."""
        answer = self._session.send(
            "POST",
            "/predict",
            headers={"content-type": media_type},
            params=_sent(top_k=top_k),
            content=photo,
        )
        return cast("models.PredictResponse", answer.json())

    def predict_all(self, photos: Sequence[bytes]) -> models.BatchResponse:
        """Name the landmarks in up to 8 photos; one that cannot be used fails alone."""
        body = {"images": [base64.b64encode(photo).decode() for photo in photos]}
        return cast("models.BatchResponse", self._post("/predict", body))

    def offer_upload(self) -> models.UploadFormResponse:
        """Get a form for a photo that is too large for a request."""
        return cast("models.UploadFormResponse", self._session.send("POST", "/uploads").json())

    def describe(self, body: models.DescribeRequest) -> models.DescribeResponse:
        """Describe a photo in words."""
        return cast("models.DescribeResponse", self._post("/describe", body))

    # What was predicted

    def list_predictions(self, **query: Any) -> models.HistoryResponse:  # noqa: ANN401
        """List predictions: `limit`, `cursor`, `since`, `until`."""
        return cast("models.HistoryResponse", self._get("/predictions", **query))

    def show_prediction(self, prediction_id: str) -> models.PredictionResponse:
        """Show one prediction, with its feedback."""
        return cast("models.PredictionResponse", self._get(f"/predictions/{prediction_id}"))

    def delete_prediction(self, prediction_id: str) -> None:
        """Delete one prediction."""
        self._session.send("DELETE", f"/predictions/{prediction_id}")

    def give_feedback(self, body: models.FeedbackRequest) -> models.FeedbackResponse:
        """Say whether a prediction was right."""
        return cast("models.FeedbackResponse", self._post("/feedback", body))

    # Places

    def recommend(self, body: models.RecommendRequest) -> models.RecommendResponse:
        """Recommend places."""
        return cast("models.RecommendResponse", self._post("/recommend", body))

    def list_landmarks(self, **query: Any) -> models.LandmarksResponse:  # noqa: ANN401
        """List landmarks: `q`, `country`, `category`, `near`, `limit`, `cursor`."""
        found = self._get("/landmarks", signed_in=False, **query)
        return cast("models.LandmarksResponse", found)

    def show_landmark(self, landmark_id: str) -> models.LandmarkResponse:
        """Show one landmark."""
        found = self._get(f"/landmarks/{landmark_id}", signed_in=False)
        return cast("models.LandmarkResponse", found)

    # Itineraries

    def create_itinerary(
        self, body: models.NewItineraryRequest, *, idempotency_key: str | None = None
    ) -> models.ItineraryResponse:
        """Store a new itinerary; with a key, once however often it is sent."""
        headers = {} if idempotency_key is None else {"idempotency-key": idempotency_key}
        answer = self._session.send("POST", "/itinerary", headers=headers, json=body)
        return cast("models.ItineraryResponse", answer.json())

    def list_itineraries(self, **query: Any) -> models.ItinerariesResponse:  # noqa: ANN401
        """List itineraries: `limit`, `cursor`."""
        return cast("models.ItinerariesResponse", self._get("/itinerary", **query))

    def show_itinerary(self, itinerary_id: str) -> models.ItineraryResponse:
        """Show one itinerary."""
        return cast("models.ItineraryResponse", self._get(f"/itinerary/{itinerary_id}"))

    def save_itinerary(self, itinerary_id: str, form: Form) -> bytes:
        """Get an itinerary as a file for a map, a navigator or a calendar."""
        answer = self._session.send("GET", f"/itinerary/{itinerary_id}", headers={"accept": form})
        return answer.content

    def change_itinerary(
        self, itinerary_id: str, etag: str, body: models.ItineraryChanges
    ) -> models.ItineraryResponse:
        """Change the version of an itinerary that has this `etag`."""
        headers = {"if-match": etag}
        answer = self._session.send(
            "PATCH", f"/itinerary/{itinerary_id}", headers=headers, json=body
        )
        return cast("models.ItineraryResponse", answer.json())

    def delete_itinerary(self, itinerary_id: str, etag: str) -> None:
        """Delete an itinerary, if it still has this `etag`."""
        self._session.send("DELETE", f"/itinerary/{itinerary_id}", headers={"if-match": etag})

    def suggest_order(
        self, itinerary_id: str, day: int, start: str | None = None
    ) -> models.OrderResponse:
        """Suggest in which order to visit the stops of a day."""
        path = f"/itinerary/{itinerary_id}/order"
        return cast("models.OrderResponse", self._get(path, day=day, start=start))

    # The service

    def tell_health(self) -> models.HealthResponse:
        """Tell that the service answers."""
        return cast("models.HealthResponse", self._get("/health", signed_in=False))

    def tell_info(self) -> models.InfoResponse:
        """Tell which service, build and models answer."""
        return cast("models.InfoResponse", self._get("/info", signed_in=False))

    def _sign_in(
        self, path: str, body: object, *, signed_in: bool = False
    ) -> models.SignedInResponse:
        answer = self._session.send("POST", path, signed_in=signed_in, json=body)
        tokens = cast("models.SignedInResponse", answer.json())
        self._session.keep(Tokens.of(tokens))
        return tokens

    def _refresh_token(self) -> str:
        if self.tokens is None:
            message = "Nobody is signed in."
            raise ValueError(message)
        return self.tokens.refresh

    def _get(self, path: str, *, signed_in: bool = True, **query: object) -> object:
        return self._session.send("GET", path, signed_in=signed_in, params=_sent(**query)).json()

    def _post(self, path: str, body: object) -> object:
        return self._session.send("POST", path, json=body).json()


def _sent(**query: Any) -> dict[str, Any]:  # noqa: ANN401 - as httpx has it
    return {name: value for name, value in query.items() if value is not None}
