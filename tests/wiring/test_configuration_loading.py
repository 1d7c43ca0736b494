"""The loader puts the shipped configuration (or HR's own) into a tenant whole, or not at all."""

import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from infra.admin import DEFAULTS
from infra.admin.configuration import InvalidConfiguration, as_yaml, load, read, read_all, store
from rencai.hiring.rules.offer import SALARY_POLICY, SalaryPolicy
from rencai.interviews.rules.competency import COMPETENCY_MODEL
from rencai.kernel.configuration import Kind, validated
from rencai.store.configurations import Configurations
from rencai.store.table import Table
from rencai.training.rules.rules import COURSE_CATALOGUE, TRAINING_RULES
from rencai.wiring.documents import KINDS
from tests.aws import fresh_table
from tests.builders import NOW
from tests.shipped import DOCUMENTS, MODELS, ROLES, SHIPPED


@pytest.fixture
def configurations() -> Iterator[Configurations]:
    with fresh_table() as client:
        yield Configurations(Table(client, "rencai-test"), lambda: NOW)


def test_loading_again_stores_nothing(configurations: Configurations) -> None:
    first = load(DEFAULTS, configurations, NOW)
    again = load(DEFAULTS, configurations, NOW)
    assert [(one.version, one.changed) for one in first] == [(1, True)] * len(DOCUMENTS)
    assert [(one.version, one.changed) for one in again] == [(1, False)] * len(DOCUMENTS)


def test_a_change_is_a_new_version_and_the_old_one_stays(
    configurations: Configurations, tmp_path: Path
) -> None:
    load(DEFAULTS, configurations, NOW)
    file = copied(tmp_path, "salary_policy/default.yaml")
    file.write_text(file.read_text().replace("minimum_at: 80", "minimum_at: 78"))
    (stored,) = load(tmp_path, configurations, NOW)
    kind = SALARY_POLICY
    assert (stored.version, stored.changed) == (2, True)
    old, new = (configurations.of_version(kind, version).document for version in (1, 2))
    assert isinstance(old, SalaryPolicy)
    assert isinstance(new, SalaryPolicy)
    assert (old.default.minimum_at, new.default.minimum_at) == (Decimal(80), Decimal(78))


def test_one_mistake_and_nothing_is_stored(configurations: Configurations, tmp_path: Path) -> None:
    copied(tmp_path, "competency_model/sales.yaml")
    general = copied(tmp_path, "competency_model/general.yaml")
    general.write_text(
        general.read_text().replace("weight: 0.05", "weight: 0.15").replace("base: 65", "base: x", 1)
    )
    letter = copied(tmp_path, "notice_template/talent_pool.yaml")
    letter.write_text(letter.read_text().replace("{{ name }}", "{{ nmae }}"))
    (tmp_path / "holidays").mkdir()
    (tmp_path / "holidays" / "2026.yaml").write_text("days: []\n")
    with pytest.raises(InvalidConfiguration) as caught:
        load(tmp_path, configurations, NOW)
    assert [error.removeprefix(f"{tmp_path}/") for error in caught.value.errors] == [
        "competency_model/general.yaml: competencies.problem_solving.base: should be a whole number",
        f"holidays/2026.yaml: 'holidays' is not a kind of configuration; there are {', '.join(KINDS)}",
        "notice_template/talent_pool.yaml: body.zh-CN: 'nmae' is undefined",
        "notice_template/talent_pool.yaml: sms.zh-CN: 'nmae' is undefined",
        "notice_template/talent_pool.yaml: body.en: 'nmae' is undefined",
        "notice_template/talent_pool.yaml: sms.en: 'nmae' is undefined",
    ]
    assert configurations.names(COMPETENCY_MODEL) == []


def edited(folder: Path, name: str, old: str, new: str) -> Path:
    file = copied(folder, name)
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))
    return file


CATALOGUE, RULES = "course_catalogue/default.yaml", "training_rules/default.yaml"


def test_c1_rules_that_name_a_course_the_stored_catalogue_does_not_have_are_refused(
    configurations: Configurations, tmp_path: Path
) -> None:
    load(DEFAULTS, configurations, NOW)
    file = edited(tmp_path, RULES, "fmcg-negotiation", "haggling")
    with pytest.raises(InvalidConfiguration) as caught:
        store(read(file), configurations, NOW, actor="admin")
    where = "there is no course 'haggling' in course_catalogue/default version 1; add it there first, or name another"
    assert caught.value.errors == (
        f"{file}: gap rule 'negotiation': {where}",
        f"{file}: proposal 'negotiation_coaching': {where}",
    )
    assert configurations.latest(TRAINING_RULES).version == 1


def test_c1_a_catalogue_that_drops_a_course_the_newest_rules_name_is_refused(
    configurations: Configurations, tmp_path: Path
) -> None:
    load(DEFAULTS, configurations, NOW)
    file = edited(tmp_path, CATALOGUE, "  product-mentoring:", "  product-hour:")
    with pytest.raises(InvalidConfiguration) as caught:
        store(read(file), configurations, NOW, actor="admin")
    named = "of training_rules/default version 1 names it; keep the course, or take it out of the rules first"
    assert caught.value.errors == (
        f"{file}: course 'product-mentoring' is gone, and gap rule 'product_knowledge' {named}",
        f"{file}: course 'product-mentoring' is gone, and progress rule 'product_learnt' {named}",
    )
    assert configurations.latest(COURSE_CATALOGUE).version == 1


def test_c1_a_directory_is_held_against_its_own_documents_first(
    configurations: Configurations, tmp_path: Path
) -> None:
    load(DEFAULTS, configurations, NOW)
    catalogue = edited(tmp_path, CATALOGUE, "product-mentoring:", "product-hour:")
    rules = edited(tmp_path, RULES, "product-mentoring", "product-hour")
    stored = load(tmp_path, configurations, NOW)
    assert [(one.version, one.changed) for one in stored] == [(2, True), (2, True)]
    rules.write_text(rules.read_text().replace("product-case-study", "no-such"))
    with pytest.raises(InvalidConfiguration) as caught:
        load(tmp_path, configurations, NOW)
    where = f"in {catalogue}; add it there first, or name another"
    assert caught.value.errors == (
        f"{rules}: progress rule 'product_cases': there is no course 'no-such' {where}",
    )
    assert (
        configurations.latest(COURSE_CATALOGUE).version,
        configurations.latest(TRAINING_RULES).version,
    ) == (2, 2)


MODEL, LEXICON_FILE = "competency_model/sales.yaml", "lexicon/competency.yaml"


def test_a2_a_model_that_asks_for_an_unknown_claim_is_refused_with_those_there_are(
    configurations: Configurations, tmp_path: Path
) -> None:
    load(DEFAULTS, configurations, NOW)
    file = edited(tmp_path, MODEL, "says: [gives_in]", "says: [gives_way]")
    with pytest.raises(InvalidConfiguration) as caught:
        store(read(file), configurations, NOW, actor="admin")
    (error,) = caught.value.errors
    assert error.startswith(
        f"{file}: rule 'gives_in' of negotiation: there is no claim 'gives_way'; lexicon/competency version 1 has "
        "empathy, "
    )
    assert "gives_in" in error.split(" has ")[1].split(", ")
    assert configurations.latest(COMPETENCY_MODEL, "sales").version == 1


def test_a2_a_claim_that_a_stored_model_asks_for_cannot_go(
    configurations: Configurations, tmp_path: Path
) -> None:
    load(DEFAULTS, configurations, NOW)
    file = edited(tmp_path, LEXICON_FILE, "  gives_in:", "  gives_way:")
    with pytest.raises(InvalidConfiguration) as caught:
        store(read(file), configurations, NOW, actor="admin")
    where = "rule 'gives_in' of negotiation of competency_model/sales version 1"
    assert caught.value.errors == (
        f"{file}: claim 'gives_in' is gone, and {where} names it; keep the claim, or take it out there first",
    )
    # Both at once agree.
    edited(tmp_path, MODEL, "says: [gives_in]", "says: [gives_way]")
    assert [(one.version, one.changed) for one in load(tmp_path, configurations, NOW)] == [
        (2, True),
        (2, True),
    ]


def test_a2_a_model_that_asks_for_claims_needs_a_lexicon(
    configurations: Configurations, tmp_path: Path
) -> None:
    file = copied(tmp_path, MODEL)
    with pytest.raises(InvalidConfiguration) as caught:
        load(tmp_path, configurations, NOW)
    assert caught.value.errors[0] == (
        f"{file}: rule 'no_empathy' of customer_orientation: there is no claim 'empathy'; no lexicon/competency is "
        "stored, and has to be first"
    )
    assert configurations.names(COMPETENCY_MODEL) == []


def test_c1_rules_without_any_catalogue_are_refused(configurations: Configurations, tmp_path: Path) -> None:
    file = copied(tmp_path, RULES)
    with pytest.raises(InvalidConfiguration) as caught:
        load(tmp_path, configurations, NOW)
    assert caught.value.errors[0] == (
        f"{file}: required rule 'everyone': there is no course 'company-orientation' in the course catalogue, "
        "for none is stored; add it there first, or name another"
    )
    assert configurations.names(TRAINING_RULES) == []


def test_a_catalogue_may_come_before_there_are_rules(configurations: Configurations, tmp_path: Path) -> None:
    copied(tmp_path, CATALOGUE)
    (stored,) = load(tmp_path, configurations, NOW)
    assert (stored.version, stored.changed) == (1, True)


@pytest.mark.parametrize(
    ("kind", "named", "course", "called"),
    [
        ("career_ladder", "skill 'product_selection'", "amazon-product-selection", "the ladder"),
        ("scorecard", "incentive 'advertising'", "amazon-advertising", "the scorecard"),
    ],
)
def test_a_ladder_and_a_scorecard_are_held_against_the_catalogue(
    configurations: Configurations, tmp_path: Path, kind: str, named: str, course: str, called: str
) -> None:
    name = f"{kind}/ecommerce_operations"
    load(DEFAULTS, configurations, NOW)
    file = edited(tmp_path, f"{name}.yaml", f"course: {course}", "course: haggling")
    with pytest.raises(InvalidConfiguration) as caught:
        store(read(file), configurations, NOW, actor="admin")
    where = "in course_catalogue/default version 1; add it there first, or name another"
    assert caught.value.errors == (f"{file}: {named}: there is no course 'haggling' {where}",)
    catalogue = edited(tmp_path, CATALOGUE, f"  {course}:", "  haggling:")
    with pytest.raises(InvalidConfiguration) as caught:
        store(read(catalogue), configurations, NOW, actor="admin")
    gone = (
        f"{catalogue}: course '{course}' is gone, and {named} of {name} version 1 names it; keep the course, "
    )
    assert f"{gone}or take it out of {called} first" in caught.value.errors


def test_rules_about_a_role_or_a_competency_that_no_model_has_are_refused(
    configurations: Configurations, tmp_path: Path
) -> None:
    load(DEFAULTS, configurations, NOW)
    file = edited(tmp_path, RULES, "roles: [sales]", "roles: [salse]")
    file.write_text(file.read_text().replace("competency: teamwork", "competency: team_work"))
    file.write_text(
        file.read_text().replace("roles: [marketing]\n    add:\n", "roles: [general]\n    add:\n")
    )
    with pytest.raises(InvalidConfiguration) as caught:
        store(read(file), configurations, NOW, actor="admin")
    roles = ", ".join(ROLES)
    general = f"the model of general; there are {', '.join(sorted(MODELS['general'].competencies))}"
    every = ", ".join(sorted({id_ for model in MODELS.values() for id_ in model.competencies}))
    assert [error.removeprefix(f"{file}: ") for error in caught.value.errors] == [
        f"required rule 'sales_basics': there is no competency model of the role 'salse'; there are {roles}",
        f"gap rule 'marketing_data_analysis': 'data_analysis' is no competency of {general}",
        f"gap rule 'teamwork': 'team_work' is no competency of any model; there are {every}",
    ]


def test_rules_for_a_role_of_the_tenants_own_are_taken(
    configurations: Configurations, tmp_path: Path
) -> None:
    load(DEFAULTS, configurations, NOW)
    model = edited(tmp_path, "competency_model/general.yaml", "role: general", "role: designer")
    store(read(model.rename(model.with_stem("designer"))), configurations, NOW, actor="admin")
    rules = edited(tmp_path, RULES, "roles: [general]", "roles: [designer]")
    assert store(read(rules), configurations, NOW, actor="admin").version == 2


def test_a_time_needs_no_quotes(tmp_path: Path) -> None:
    file = tmp_path / "default.yaml"
    file.write_text("day_ends: 17:30\n")
    assert read(file, kind="work_calendar").content == {"day_ends": "17:30"}


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (
            "default: {minimum_at: 80, maximum_at: 90}\ndefault: {}\n",
            "line 2, column 1: 'default' is there twice",
        ),
        ("default: {minimum_at: 80\n", "line 2, column 1: expected ',' or '}', but got '<stream end>'"),
        ("- 1\n", "should be a mapping (name: value), not list"),
        ("default: {minimum_at: 90, maximum_at: 80}\n", "default: minimum_at must be below maximum_at"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_place(tmp_path: Path, content: str, error: str) -> None:
    file = tmp_path / "default.yaml"
    file.write_text(content)
    with pytest.raises(InvalidConfiguration) as caught:
        read(file, kind="salary_policy")
    assert caught.value.errors == (f"{file}: {error}",)


def test_an_empty_folder_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(InvalidConfiguration, match="no <kind>/<name>"):
        read_all(tmp_path)


@pytest.mark.parametrize("key", DOCUMENTS, ids=lambda key: f"{key[0]}/{key[1]}")
def test_a_document_shown_as_yaml_is_the_same_document(key: tuple[Kind[Any], str], tmp_path: Path) -> None:
    file = tmp_path / f"{key[1]}.yaml"
    file.write_text(as_yaml(SHIPPED[key]))
    again = read(file, kind=key[0].name)
    assert validated(*key, again.content) == SHIPPED[key]


def copied(folder: Path, name: str) -> Path:
    target = folder / name
    target.parent.mkdir(exist_ok=True)
    shutil.copyfile(DEFAULTS / name, target)
    return target
