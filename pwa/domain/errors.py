"""The three ways a rule can say no. Each carries a sentence that a person may read."""

# ruff: noqa: N818  they are named by what they say, and read well after `raise` and `except`


class Invalid(ValueError):
    """What came in makes no sense. Web answers 422 or 400 with the sentence."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class NotThere(LookupError):
    """There is no such thing, or it is not yours: web answers 404, the same for both."""

    def __init__(self, sentence: str = "There is nothing here.") -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Refused(Exception):
    """It makes sense, but a rule says no. Web answers 409 with the sentence."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
