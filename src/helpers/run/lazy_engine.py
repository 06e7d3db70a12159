"""What papermill loads as its engine ``forked``, whichever of the two is imported first."""


class LazyEngine:
    """Stands for `helpers.run.engine.ForkedEngine` until it is used.

    Papermill loads all its engines while it is imported itself, and that engine is made
    from one of papermill's: whoever imported the engine first would go in a circle.
    """

    def __getattr__(self, name: str):
        from helpers.run.engine import ForkedEngine

        return getattr(ForkedEngine, name)


forked = LazyEngine()
