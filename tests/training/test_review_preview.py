"""What another reader or policy would have made of stored mentors' reviews, and of the marks of them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from infra.admin import __main__ as admin
from infra.admin import tenant as tenants
from infra.admin.configuration import Document
from infra.admin.previews import preview, said
from infra.admin.review_preview import compared
from infra.admin.stored_words import newest_reviews
from infra.admin.tenant import Tenant
from rencai.training.rules.probation import PROBATION_POLICY
from tests.aws import client, key_id
from tests.moto_table import TABLE
from tests.training.training_office import EMPLOYEE, Office

BETTER = "谈判技巧有明显提升"
OTHER = "还不错"


def tenant(**names: str) -> Tenant:
    return Tenant(client, TABLE, names)


def named(one: Office) -> dict[str, str]:
    return {"KeyArn": key_id(), "TenantId": one.wired.settings.tenant_id}


def policy(score: int) -> Document:
    rules = [{"id": "clearly_better", "present": ["明显提升"], "score": score}]
    return Document(Path("p"), PROBATION_POLICY, "default", {"mentor": rules})


def test_a_policy_shows_what_reviews_would_count_and_nobodys_words(one: Office) -> None:
    one.hires()
    one.learns("negotiation", 100, 85, BETTER)
    one.learns("product", 100, 85, OTHER)
    lines = list(said(preview(policy(70), tenant(**named(one)))))
    assert lines == [
        "over the 2 newest mentors' reviews that no person has rated:",
        "  1 change",
        "  1 from rule clearly_better (100) to rule clearly_better (70)",
        "  scores: 1 move, by -30.00 on average, the largest by -30",
        f"  {EMPLOYEE}/negotiation",
    ]


def test_a_review_that_a_person_has_rated_stays_and_is_not_opened(one: Office) -> None:
    one.hires()
    one.learns("negotiation", 100, 85, "谈判嘛,还行吧,总体。")
    asked = one.training_plans.get(EMPLOYEE).enrolments["negotiation"].asked
    assert asked is not None
    one.wired.training.rating_desk.rate(EMPLOYEE, asked.rating_id, 4, "hr", one.now)
    (kept,) = newest_reviews(client("dynamodb"), TABLE, 200)
    assert kept.by_person
    never: Callable[..., None] = pytest.fail
    found = compared([kept], one.wired.vault, never, never)  # type: ignore[arg-type]  # neither is asked
    assert (found.by_person, found.looked_at) == (1, 0)


def test_the_newest_are_looked_at(one: Office) -> None:
    one.hires()
    for item in ("product", "negotiation"):
        one.passes(days=1)
        one.learns(item, 100, 85, BETTER)
    (kept,) = newest_reviews(client("dynamodb"), TABLE, 1)
    assert (kept.item_id, kept.words(one.wired.vault)) == ("negotiation", BETTER)


def test_the_command_says_what_would_change(
    one: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-southeast-1")
    for module in (admin, tenants):
        monkeypatch.setattr(module, "names_of", lambda *_: {"TableName": TABLE, **named(one)})
    one.hires()
    one.learns("negotiation", 100, 85, BETTER)
    file = tmp_path / "probation_policy" / "default.json"
    file.parent.mkdir()
    file.write_text(json.dumps(policy(70).content), encoding="utf-8")
    done = CliRunner().invoke(
        admin.app, ["configuration", "put", str(file), "--preview", "--stack", "rencai-test"]
    )
    assert done.exit_code == 0, done.output
    assert "1 from rule clearly_better (100) to rule clearly_better (70)" in done.output
    assert BETTER not in done.output
