"""Users' feedback becomes labels: one a photo, of what most of its users say."""

from __future__ import annotations

import pytest

from classifier.feedback_labels import COLUMNS, Label, settle

CATALOGUE = [
    {"id": "colosseum", "name": "Colosseum", "aliases": ["Colosseo"]},
    {"id": "arles-amphitheatre", "name": "Arles Amphitheatre", "aliases": []},
]


def label(photo: str, landmark: str, voter: str, at: str = "2026-01-01") -> Label:
    return Label(photo, landmark, voter, "colosseum", "v1", at)


def named(*labels: Label) -> dict[str, str]:
    return {row["image_sha256"]: row["landmark"] for row in settle(labels, CATALOGUE)[0]}


@pytest.mark.parametrize("name", ["Colosseum", "colosseum", " COLOSSEO"])
def test_a_name_is_looked_up_in_the_catalogue_however_it_is_written(name: str) -> None:
    ((row,), undecided) = settle([label("a", name, "U1")], CATALOGUE)
    assert tuple(row) == COLUMNS
    assert (row["landmark_id"], row["landmark"]) == ("colosseum", "Colosseum")
    assert (row["correct"], row["votes"], row["votes_against"]) == ("true", 1, 0)
    assert undecided == 0


def test_a_name_that_the_catalogue_lacks_is_kept_without_an_id() -> None:
    ((row,), _) = settle([label("a", "My Garden", "U1")], CATALOGUE)
    assert (row["landmark_id"], row["landmark"], row["correct"]) == ("", "my garden", "false")


def test_the_majority_of_a_photos_users_decides() -> None:
    votes = [
        label("a", "Colosseum", "U1"),
        label("a", "Colosseo", "U2"),
        label("a", "Arles Amphitheatre", "U3"),
    ]
    ((row,), _) = settle(votes, CATALOGUE)
    assert (row["landmark_id"], row["votes"], row["votes_against"]) == ("colosseum", 2, 1)


def test_without_a_majority_a_photo_is_left_out_and_counted() -> None:
    votes = [label("a", "Colosseum", "U1"), label("a", "Arles Amphitheatre", "U2")]
    rows, undecided = settle([*votes, label("b", "Colosseum", "U1")], CATALOGUE)
    assert [row["image_sha256"] for row in rows] == ["b"]
    assert undecided == 1


def test_a_user_has_one_vote_on_a_photo_and_may_change_it() -> None:
    stuffed = [label("a", "Arles Amphitheatre", "U1", f"2026-01-0{day}") for day in range(1, 5)]
    assert named(*stuffed, label("a", "Colosseum", "U2"), label("a", "Colosseo", "U3")) == {
        "a": "Colosseum"
    }
    changed = [
        label("a", "Colosseum", "U1", "2026-01-02"),
        label("a", "Arles Amphitheatre", "U1", "2026-01-01"),
    ]
    assert named(*changed) == {"a": "Colosseum"}


def test_who_said_it_is_not_told() -> None:
    rows, _ = settle([label("a", "Colosseum", "USER#U1")], CATALOGUE)
    assert "U1" not in repr(rows)
