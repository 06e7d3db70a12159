"""Helpers of the territorial survey studies."""
