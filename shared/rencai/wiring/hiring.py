"""The hiring journey."""

from functools import cached_property
from typing import TYPE_CHECKING

from .base import Base
from .inbox import InboxWiring
from .vendors import Ports

if TYPE_CHECKING:
    from rencai.hiring.offer_desk import OfferDesk
    from rencai.hiring.store.assessments import Assessments
    from rencai.hiring.store.chases import Chases
    from rencai.hiring.store.journeys import Journeys
    from rencai.hiring.store.offers import Checks, Offers
    from rencai.hiring.vendor_told import VendorResults


class HiringWiring:
    """The hiring journey."""

    def __init__(self, base: Base, inbox: InboxWiring, vendors: Ports) -> None:
        self._base = base
        self._inbox = inbox
        self._vendors = vendors

    @cached_property
    def journeys(self) -> "Journeys":
        """Hiring journeys."""
        from rencai.hiring.rules.documents import HIRING_POLICY
        from rencai.hiring.store.journeys import Journeys

        return Journeys(
            self._base.table, lambda: self._base.configurations.latest(HIRING_POLICY).document.stage_due
        )

    @cached_property
    def offers(self) -> "Offers":
        """Offers."""
        from rencai.hiring.store.offers import Offers

        return Offers(self._base.table, self._base.vault)

    @cached_property
    def checks(self) -> "Checks":
        """Background checks."""
        from rencai.hiring.store.offers import Checks

        return Checks(self._base.table, self._base.vault, self._base.ids)

    @cached_property
    def assessments(self) -> "Assessments":
        """Psychometric assessments."""
        from rencai.hiring.store.assessments import Assessments

        return Assessments(self._base.table, self._base.vault)

    @cached_property
    def chases(self) -> "Chases":
        """What the watchdog did about late journeys."""
        from rencai.hiring.store.chases import Chases

        return Chases(self._base.table)

    @cached_property
    def offer_desk(self) -> "OfferDesk":
        """What HR does about offers."""
        from rencai.hiring.offer_desk import OfferDesk

        return OfferDesk(self.journeys, self.offers)

    @cached_property
    def vendor_results(self) -> "VendorResults":
        """What vendors tell of candidates, applied; the background vendor's client follows its configuration."""
        from rencai.hiring.vendor_told import VendorResults

        return VendorResults(
            self.journeys,
            self.offers,
            self.checks,
            self.assessments,
            self._inbox.links,
            lambda: self._vendors.background,
        )
