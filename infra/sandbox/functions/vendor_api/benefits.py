"""Benefits: 社保 (social insurance), 公积金 (housing fund) and 补贴 (allowances) by city.

Illustrative, in the order of magnitude of 2025/26 contribution rates; a simulator's figures are not advice.
Percentages are of the contribution base; the housing fund's is paid by each side.
"""

from typing import Any, Final

from aws_lambda_powertools.event_handler import APIGatewayRestResolver

_RATES: Final = {
    # city: social insurance employer %, employee %, housing fund %
    "上海": ("25.70", "10.50", "7"),
    "北京": ("26.50", "10.50", "12"),
    "深圳": ("22.50", "10.30", "5"),
    "广州": ("23.50", "10.20", "7"),
    "杭州": ("25.20", "10.50", "12"),
    "成都": ("24.50", "10.40", "6"),
}
_ELSEWHERE: Final = ("25.00", "10.50", "7")
_ALLOWANCES: Final = (("餐饮补贴", "500.00"), ("交通补贴", "300.00"), ("通讯补贴", "100.00"))


def benefits_package(location: str) -> dict[str, Any]:
    """The package at a location, usual figures for one not listed. Amounts and percentages are strings."""
    employer, employee, housing_fund = _RATES.get(location, _ELSEWHERE)
    return {
        "social_insurance": {"employer_percent": employer, "employee_percent": employee},
        "housing_fund": {"percent": housing_fund},
        "allowances": [
            {"name": name, "amount": amount, "currency": "CNY", "period": "month"}
            for name, amount in _ALLOWANCES
        ],
    }


def add_routes(app: APIGatewayRestResolver) -> None:
    @app.get("/benefits/packages")
    def get_package() -> dict[str, Any]:
        return benefits_package(app.current_event.query_string_parameters.get("location", ""))
