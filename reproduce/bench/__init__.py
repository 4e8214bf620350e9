"""How fast the engine is: beside stock `fit`, hand-written C, JAX and PyTorch."""

PARTS = ("updates", "growth", "seeds")  # what `run.bench` measures
