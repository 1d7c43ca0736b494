"""Greenhouse Harvest API v3: the ATS.

Harvest takes no idempotency key, so the application is looked at before it is changed: what is so already is not done
again, and what an older message would undo is left.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, ClassVar, Final, TypeVar
from urllib.parse import parse_qs, urlsplit

from pydantic import BaseModel, ConfigDict, Field, RootModel

from rencai.hiring.rules.stages import Stage
from rencai.inbox.dialect import NotInContract
from rencai.kernel.errors import VendorRefusal
from rencai.kernel.page import Page
from rencai.kernel.texts import WEB_ADDRESS
from rencai.people.rules.application import Application
from rencai.people.rules.facts import ApplicationUpdated

from .auth import CachedToken, Token, basic, bearer
from .dialects import greenhouse as webhooks
from .http import Answered, Line, VendorHttp

_Id = Annotated[int, Field(gt=0, lt=2**63)]
_PER_PAGE: Final = 50
"""So that a page of candidates, each with the account's custom fields, stays well within an answer's size."""
_SLACK: Final = timedelta(minutes=1)
"""A pull begins where the last one began, less this: clocks differ, and what changes during a pull may slip by."""
_CLOSED: Final = frozenset({"hired", "rejected"})
_NEXT: Final = re.compile(r'<([^<>]*)>\s*;[^<>]*\brel="?next"?')


class GreenhouseSettings(BaseModel):
    """``stages``: where an application is moved at each of our stages: a stage's name, which each job has one of, or
    its id, which is one job's. ``rejections``: the stages that reject, with the id of the reason. ``hires``: the stages
    that hire. Other stages are not told. ``user_id`` is in whose name it is done; without one, the credentials' own
    service user.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    stages: dict[Stage, Annotated[str, Field(min_length=1, max_length=200)] | _Id] = {}
    rejections: dict[Stage, _Id] = {}
    hires: frozenset[Stage] = frozenset({Stage.ONBOARDED})
    user_id: _Id | None = None
    auth_url: Annotated[str, Field(pattern=WEB_ADDRESS)] = "https://auth.greenhouse.io"


class _TokenAnswer(BaseModel):
    """When it ends is told in one of two ways."""

    access_token: Annotated[str, Field(min_length=1)]
    expires_in: Annotated[int | None, Field(gt=0)] = None
    expires_at: datetime | None = None

    def ends(self, now: datetime) -> datetime:
        """When the token ends, in UTC where no zone is said; at once when nothing is said at all."""
        if self.expires_at is not None:
            return self.expires_at if self.expires_at.tzinfo else self.expires_at.replace(tzinfo=UTC)
        return now + timedelta(seconds=self.expires_in or 0)


class _Application(BaseModel):
    id: _Id
    candidate_id: _Id | None = None
    job_id: _Id | None = None
    job_interview_stage_id: _Id | None = None
    stage_name: str | None = None
    status: str | None = None
    prospect: bool | None = None
    last_activity_at: str | None = None


class _Contact(BaseModel):
    value: str | None = None
    type: str | None = None


class _Candidate(BaseModel):
    id: _Id
    first_name: str | None = None
    last_name: str | None = None
    email_addresses: Annotated[list[_Contact], Field(fail_fast=True)] | None = None
    phone_numbers: Annotated[list[_Contact], Field(fail_fast=True)] | None = None


class _Job(BaseModel):
    id: _Id
    name: str | None = None
    requisition_id: str | None = None


class _JobStage(BaseModel):
    id: _Id
    job_id: _Id
    name: str
    active: bool = True


_Listed = TypeVar("_Listed", _Application, _Candidate, _Job, _JobStage)


class _Found(RootModel[Annotated[list[_Application], Field(fail_fast=True)]]):
    """The application that was asked for, or none."""


class _Items(RootModel[list[Any]]):
    """A list is answered as a bare array; where the next page is stands in a header."""


class GreenhouseAts:
    """One account; ``base_url`` is ``https://harvest.greenhouse.io/v3``."""

    knows_interview_ids: ClassVar[bool] = False
    orders_by_time: ClassVar[bool] = False

    def __init__(
        self, settings: GreenhouseSettings, line: Line, base_url: str, credentials: Callable[[], str]
    ) -> None:
        """``credentials`` is ``<client id>:<client secret>`` of Harvest v3 (OAuth) credentials."""
        token = access_token(settings, line, credentials)
        self._settings = settings
        self._clock = line.clock
        self._http = VendorHttp(line, base_url, bearer(token), renew=token.drop)

    def tell_stage(
        self,
        *,
        external_id: str,
        stage: str,
        reason: str,  # noqa: ARG002 - Greenhouse knows its own reasons only
        occurred_at: datetime,  # noqa: ARG002 - Greenhouse has no place for it
        idempotency_key: str,  # noqa: ARG002 - Harvest takes none: the application is looked at instead
    ) -> None:
        """Move, hire or reject the application; nothing for a stage that is not in the settings.

        A closed application is not moved. Raises ``VendorRefusal`` for an application or a stage that is not there.
        """
        ours = Stage(stage)
        if ours not in {*self._settings.stages, *self._settings.rejections, *self._settings.hires}:
            return
        application = self._application(external_id)
        if ours in self._settings.rejections:
            if application.status != "rejected":
                reason_id = self._settings.rejections[ours]
                self._change(application, "reject", {"rejection_reason_id": reason_id})
        elif ours in self._settings.hires:
            if application.status != "hired":
                self._change(application, "hire", {})
        elif application.status not in _CLOSED:
            target = self._stage_id(application, self._settings.stages[ours])
            if application.job_interview_stage_id != target:
                body = {"from_stage_id": application.job_interview_stage_id, "to_stage_id": target}
                self._change(application, "move", body)

    def applications(self, since: str | None) -> Page[Application]:
        """One page of what has changed, with names, contact data and position.

        An application comes again in the next pull when it changed about the time when this one began.
        """
        begun, cursor = _position(since)
        if cursor:
            params = {"cursor": cursor}
        else:
            params = {"per_page": str(_PER_PAGE)}
            if begun:
                params["updated_at"] = f"gte|{begun}"
            # From here on, where the pull after this one begins.
            begun = (self._clock() - _SLACK).isoformat()
        raw, onward = self._http.call(
            "GET",
            "/applications",
            lambda answered: (_Items.model_validate_json(answered.body).root, _next_cursor(answered)),
            params=params,
        )
        told, skipped = self._http.good_ones(raw, _Application)
        candidates = self._by_id("/candidates", _Candidate, (one.candidate_id for one in told))
        jobs = self._by_id("/jobs", _Job, (one.job_id for one in told))
        read = [
            _as_webhook_tells(one, candidates.get(one.candidate_id or 0), jobs.get(one.job_id or 0))
            for one in told
            if not one.prospect
        ]
        good = tuple(one for one in read if one is not None)
        next_ = f"{begun}|{onward}" if onward else f"{begun}|"
        return Page(good, next_, onward is not None, skipped + len(read) - len(good))

    def _application(self, external_id: str) -> _Application:
        # A number of ours is none of theirs.
        if not (external_id.isascii() and external_id.isdigit()):
            raise VendorRefusal(self._http.vendor, "has numbers for applications, and this is none")
        found = self._http.get("/applications", {"ids": external_id}, _Found).root
        if not found:
            raise VendorRefusal(self._http.vendor, "has no such application")
        return found[0]

    def _stage_id(self, application: _Application, wanted: str | int) -> int:
        if isinstance(wanted, int):
            return wanted
        stages = self._listed("/job_interview_stages", _JobStage, {"job_ids": str(application.job_id or 0)})
        found = [stage.id for stage in stages if stage.name == wanted and stage.active]
        if not found:
            raise VendorRefusal(self._http.vendor, "has no stage of that name in the application's job")
        return found[0]

    def _change(self, application: _Application, what: str, body: Mapping[str, Any]) -> None:
        self._http.post_for_nothing(f"/applications/{application.id}/{what}", body)

    def _listed(self, path: str, model: type[_Listed], params: Mapping[str, str]) -> list[_Listed]:
        """Up to a whole page: enough for the stages of a job, and for as many ids as we ask for."""
        page = self._http.get(path, {**params, "per_page": "500"}, _Items)
        return self._http.good_ones(page.root, model)[0]

    def _by_id(self, path: str, model: type[_Listed], ids: Iterable[int | None]) -> dict[int, _Listed]:
        wanted = sorted({one for one in ids if one})
        if not wanted:
            return {}
        return {one.id: one for one in self._listed(path, model, {"ids": ",".join(map(str, wanted))})}


def access_token(settings: GreenhouseSettings, line: Line, credentials: Callable[[], str]) -> CachedToken:
    """Tokens by client credentials."""
    http = VendorHttp(line.unguarded(), settings.auth_url, basic(credentials))

    def fetch() -> Token:
        now = line.clock()
        form = {"grant_type": "client_credentials"}
        if settings.user_id:
            form["sub"] = str(settings.user_id)
        told = http.call(
            "POST", "/token", lambda answered: _TokenAnswer.model_validate_json(answered.body), form=form
        )
        return Token(told.access_token, told.ends(now))

    return CachedToken(fetch, line.clock)


def _as_webhook_tells(
    told: _Application, candidate: _Candidate | None, job: _Job | None
) -> Application | None:
    """The application read as the webhook's is, so that both ways in give the same person; None for one that has no
    sense as an application.
    """
    application = {
        "id": told.id,
        "status": told.status,
        "last_activity_at": told.last_activity_at,
        "current_stage": {"name": told.stage_name},
        "candidate": candidate.model_dump(exclude={"id"}) if candidate else None,
        "jobs": [job.model_dump(exclude={"id"})] if job else None,
    }
    body = json.dumps({"action": "application_updated", "payload": {"application": application}}).encode()
    try:
        facts = webhooks.parse("ats", body)
    except NotInContract:
        return None
    return next((fact.application for fact in facts if isinstance(fact, ApplicationUpdated)), None)


def _position(since: str | None) -> tuple[str, str]:
    """When the pull began, and Greenhouse's cursor within it."""
    begun, _, cursor = (since or "").partition("|")
    return begun, cursor


def _next_cursor(answered: Answered) -> str | None:
    """The cursor of the link to the next page. Of the link nothing else is used: it might lead anywhere.

    >>> _next_cursor(Answered(200, {"Link": '<https://x/v3/jobs?cursor=abc>; rel="next"'}, b""))
    'abc'
    """
    found = _NEXT.search(answered.headers.get("Link", ""))
    return next(iter(parse_qs(urlsplit(found[1]).query).get("cursor", ())), None) if found else None
