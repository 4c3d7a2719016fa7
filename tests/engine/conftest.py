from hypothesis import settings

settings.register_profile("nodeflow", deadline=None)  # the first example pays for imports
settings.load_profile("nodeflow")
