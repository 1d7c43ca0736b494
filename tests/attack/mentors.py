"""A mark of a learner, given by who has no link to give it, or no longer."""

import json
import re
import uuid
from datetime import UTC, datetime, timedelta

from rencai.kernel import ids
from rencai.kernel.signed import said_by, signed
from rencai.platform.pages import MAX_BODY
from tests.attack.attacks import attack, shown_by
from tests.e2e.deployment import stranger
from tests.e2e.outsider import Outsider, eventually

_ITEM = "company-orientation"


def _learner(outsider: Outsider) -> str:
    """Somebody whom the learning platform has in a course; their id."""
    candidate = outsider.hand_in(stranger())
    outsider.sign(candidate)
    outsider.at(candidate, "onboarded")
    return ids.employee_id(candidate)


def _link(outsider: Outsider, learner: str) -> str:
    """The link that a mentor of theirs, newly named, finds in the letter."""
    address = f"m{uuid.uuid4().hex[:10]}@example.com"
    path = f"/employees/{learner}/training/items/{_ITEM}/mentor"
    mentor = {"name": "李敏", "email": address, "language": "zh-CN"}

    def named() -> bool | None:
        answer = outsider.call("POST", path, json=mentor)
        assert answer.status_code in (200, 404, 409), answer.text
        return answer.status_code == 200 or None

    eventually("the mentor is named", named)
    outsider.post(f"{path}/letter", None)
    letters = eventually(
        "the invitation", lambda: [str(one) for one in outsider.letters() if address in str(one)] or None
    )
    link = re.search(r"https?://[^\s\"'<>\\]+/mentor/[A-Za-z0-9_.~-]+", letters[0])
    assert link, letters[0][:500]
    return link[0]


def _tried(outsider: Outsider, link: str) -> tuple[int, int]:
    """What the page and a mark sent to it are answered."""
    shown, sent = outsider.http.get(link), outsider.http.post(link, data={"level": "5"})
    assert "<form" not in shown.text + sent.text
    return shown.status_code, sent.status_code


def _marked(outsider: Outsider, *learners: str) -> bool:
    """Whether a mark of one of them is on record."""
    kept = {(item["pk"]["S"], item["sk"]["S"]) for item in outsider.items()}
    return any((f"MENTOR#{learner}", f"MARK#{_ITEM}") in kept for learner in learners)


def _signed_anew(outsider: Outsider, link: str, purpose: str, **changed: str) -> str:
    """The link saying something else, signed with the tenant's own key, which only an admin can read."""
    manager = outsider.stack.session.client("secretsmanager")
    secret = manager.get_secret_value(SecretId=outsider.resource("SurveySecret"))["SecretString"]
    key = json.loads(secret)["key"].encode()
    head, _, token = link.rpartition("/")
    said = said_by(token, "mentor", [key])
    assert said
    names = ("employee", "item", "number", "closes_on")
    parts = dict(zip(names, said.split("|"), strict=True)) | changed
    return f"{head}/{signed('|'.join(parts.values()), purpose, key)}"


@attack("A link to a mentor's page is forged: cut, lengthened, of another purpose, saying another learner")
def forged(outsider: Outsider) -> str:
    mine, theirs = _learner(outsider), _learner(outsider)
    link, other = _link(outsider, mine), _link(outsider, theirs)
    said, mark = link.rpartition(".")[::2]
    links = (
        f"{link}x",
        link[:-1],
        said,
        f"{said}.",
        # What another learner's link says, under the mark of one's own.
        f"{other.rpartition('.')[0]}.{mark}",
        _signed_anew(outsider, link, "survey"),
        # Signed as it should be, and of nobody.
        _signed_anew(outsider, link, "mentor", employee="emp_nobody"),
    )
    answers = {_tried(outsider, one) for one in links}
    assert answers == {(404, 404)}, answers
    assert not _marked(outsider, mine, theirs)
    assert outsider.http.post(link, data={"level": "4"}).status_code == 200
    assert (_marked(outsider, mine), _marked(outsider, theirs)) == (True, False)
    return (
        f"404 for {len(links)} links, read and sent, and no mark; the link itself marks its own learner alone"
    )


@attack("A mentor marks by a link whose days are over, and one of before by theirs after another was named")
def no_longer(outsider: Outsider) -> str:
    learner = _learner(outsider)
    before = _link(outsider, learner)
    link = _link(outsider, learner)
    past = f"{datetime.now(UTC) - timedelta(days=2):%Y-%m-%d}"
    over = _tried(outsider, _signed_anew(outsider, link, "mentor", closes_on=past))
    replaced = _tried(outsider, before)
    assert (over, replaced) == ((410, 410), (410, 410)), (over, replaced)
    assert not _marked(outsider, learner)
    assert outsider.http.get(link).status_code == 200
    return "410 for both, read and sent, and no mark"


@attack("A mark with a megabyte of words, levels that there are not, and a form that is none")
def oversized(outsider: Outsider) -> str:
    learner = _learner(outsider)
    link = _link(outsider, learner)
    large = [
        outsider.http.post(link, data={"level": "5", "words": "x" * size}).status_code
        for size in (MAX_BODY, 1_000_000)
    ]
    assert large == [413, 413], large
    wrong = [
        outsider.http.post(link, content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
        for body in (
            b"level=6",
            b"level=-1",
            b"level=5&words=" + b"x" * 4_001,
            b"{}",
            b"%ff%fe=%zz",
            "&".join(f"q{number}=1" for number in range(300)).encode(),
        )
    ]
    assert {answer.status_code for answer in wrong} == {422}, wrong
    assert not _marked(outsider, learner)
    return f"413 above {MAX_BODY // 1024} KB, 422 for {len(wrong)} others, and no mark"


SHOWN = [
    shown_by(
        "A mentor's page tells what is on record of the learner, or leaves link and words in a log",
        "tests/training/test_mentor_page.py",
    ),
]
