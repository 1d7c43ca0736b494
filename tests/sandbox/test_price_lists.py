"""Finance and benefits: what a band and a package are."""

from urllib.parse import quote

import pytest

from tests.sandbox.stage import Stage


@pytest.mark.parametrize("location", ["上海", "乌有", ""])
def test_sales_is_8000_to_10000_in_shanghai_and_wherever_nothing_else_is_known(
    stage: Stage, location: str
) -> None:
    reply = stage.get(f"/finance/salary-bands?role=sales&location={quote(location)}")
    assert (reply.status, reply.json) == (
        200,
        {
            "role": "sales",
            "location": location,
            "currency": "CNY",
            "base_min": "8000.00",
            "base_max": "10000.00",
            "bonus": {"target_percent": "20"},
        },
    )


def test_a_location_moves_the_band(stage: Stage) -> None:
    band = stage.get(f"/finance/salary-bands?role=marketing&location={quote('北京')}").json
    assert (band["base_min"], band["base_max"]) == ("9900.00", "14300.00")


@pytest.mark.parametrize("role", ["marketing", "ecommerce_operations", "general"])
def test_every_role_has_a_band(stage: Stage, role: str) -> None:
    assert stage.get(f"/finance/salary-bands?role={role}&location=x").status == 200


@pytest.mark.parametrize("role", ["astronaut", "sales_executive", "财务"])
def test_a_role_that_only_the_tenant_knows_is_paid_like_a_general_one(stage: Stage, role: str) -> None:
    band, general = (
        stage.get(f"/finance/salary-bands?role={quote(one)}&location={quote('北京')}").json
        for one in (role, "general")
    )
    assert band == general | {"role": role}


@pytest.mark.parametrize("query", ["role=", "location=x"])
def test_a_role_is_needed(stage: Stage, query: str) -> None:
    reply = stage.get(f"/finance/salary-bands?{query}")
    assert (reply.status, reply.headers["content-type"]) == (400, "application/problem+json")


@pytest.mark.parametrize(("location", "fund"), [("北京", "12"), ("乌有", "7")])
def test_a_package_holds_amounts_as_strings(stage: Stage, location: str, fund: str) -> None:
    package = stage.get(f"/benefits/packages?location={quote(location)}").json
    assert package["housing_fund"] == {"percent": fund}
    assert set(package["social_insurance"]) == {"employer_percent", "employee_percent"}
    assert package["allowances"][0] == {
        "name": "餐饮补贴",
        "amount": "500.00",
        "currency": "CNY",
        "period": "month",
    }
    amounts = [*package["social_insurance"].values(), *(one["amount"] for one in package["allowances"])]
    assert all(isinstance(amount, str) for amount in amounts)
