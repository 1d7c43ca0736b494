"""Chinese resident ids (居民身份证号): 18 characters, the birth date and a check digit among them (GB 11643)."""


def is_genuine(number: str) -> bool:
    """Whether an 18-character number, its X in upper case, has a birth date that is one and the right check digit.

    >>> is_genuine("11010519491231002X"), is_genuine("110105194912310021")
    (True, False)
    """
    # Here, not at the top: most people give no such number, and the module costs at cold start.
    from stdnum.cn import ric
    from stdnum.exceptions import ValidationError

    # Not ric.is_valid: it also refuses a district younger than the person, and those are real ids (the number was given
    # when the first card was, up to 16 years after birth).
    try:
        ric.get_birth_date(number)
    except ValidationError:
        return False
    return number[-1] == ric.calc_check_digit(number)
