"""Tell the digits in images with a trained model."""
