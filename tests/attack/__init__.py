"""What careful outsiders tried against the running product, and what they are answered: ``make attack``.

A module a kind. Each attack is a function that takes the one who attacks (:class:`tests.e2e.outsider.Outsider`), tries,
and returns the answer it got in a few words; what got through is an ``AssertionError``. Several run beside each other
on one stack, so each has its own people and counts nothing that is everybody's::

    @attack("A second interview sends the onboarding letter elsewhere")
    def another_address(outsider: Outsider) -> str:
        ...
        assert answer.status_code == 403, answer.text
        return "403, the vendor is not this caller's"

What cannot be tried from outside - a crash between two calls, two writers at one moment, a mutant - is named with the
tests that try it, and these are run::

    SHOWN = [shown_by("Two decisions at one moment", "tests/people/test_writers.py")]
"""
