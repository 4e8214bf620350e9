"""Reproduction of a comparison of seven training methods on five MNIST digits."""
