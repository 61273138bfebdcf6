"""What stands in the place of a stored value that is none: another program wrote it, or it rotted."""

DAMAGED = "damaged"


class Unreadable(str):
    """The words that were stored. In the place of a member of an enumeration, equal to none of them."""

    __slots__ = ()

    @property
    def value(self) -> str:
        return str(self)
