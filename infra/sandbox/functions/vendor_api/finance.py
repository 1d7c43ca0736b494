"""Finance: salary bands.

Example figures, CNY a month. Only 北京 and 成都 differ from the table: sales in 上海 and anywhere else
is the field's own example of 8,000 to 10,000. A role that is not in the table is paid like `general`, for a tenant
makes roles of its own.
"""

from decimal import Decimal
from typing import Any, Final

from aws_lambda_powertools.event_handler import APIGatewayRestResolver

from .refusal import Refusal

_BANDS: Final = {
    # role: base from, base to, bonus target in percent of base
    "sales": ("8000.00", "10000.00", "20"),
    "marketing": ("9000.00", "13000.00", "15"),
    "ecommerce_operations": ("8500.00", "12500.00", "20"),
    "general": ("6500.00", "9000.00", "10"),
}
_OTHER_ROLES: Final = "general"
_LOCATION_FACTOR: Final = {"北京": Decimal("1.10"), "成都": Decimal("0.90")}


def salary_band(role: str, location: str) -> dict[str, Any]:
    """The band of a role at a location. Amounts are strings with two decimals."""
    base_min, base_max, target_percent = _BANDS.get(role, _BANDS[_OTHER_ROLES])
    factor = _LOCATION_FACTOR.get(location, Decimal(1))
    return {
        "role": role,
        "location": location,
        "currency": "CNY",
        "base_min": f"{Decimal(base_min) * factor:.2f}",
        "base_max": f"{Decimal(base_max) * factor:.2f}",
        "bonus": {"target_percent": target_percent},
    }


def add_routes(app: APIGatewayRestResolver) -> None:
    @app.get("/finance/salary-bands")
    def get_salary_band() -> dict[str, Any]:
        query = app.current_event.query_string_parameters
        role = query.get("role", "")
        if not role:
            raise Refusal(400, "role is required.")
        return salary_band(role, query.get("location", ""))
